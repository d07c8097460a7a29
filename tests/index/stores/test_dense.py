"""Dense scores are exact, and the same bits wherever a vector stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import IndexCorruptError
from index.stores.local.dense import DenseIndex


@st.composite
def collections(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Vectors, a query, and the chunks' first rows and numbers of rows."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    dim = draw(st.sampled_from([1, 2, 3, 4, 7, 8, 12, 16, 31, 384, 385]))
    rows = draw(st.integers(1, 40))
    vectors = random.standard_normal((rows, dim)).astype(np.float32)
    query = random.standard_normal(dim).astype(np.float32)
    chunks = draw(st.integers(1, 12))
    first = random.integers(0, rows, chunks)
    count = np.array([random.integers(1, rows - start + 1) for start in first])
    return vectors, query, first, count


@settings(max_examples=60, deadline=None)
@given(collection=collections(), random=st.randoms(use_true_random=False))
def test_scores_are_exact_and_do_not_depend_on_the_place(
    collection: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], random: st.DrawFn
) -> None:
    vectors, query, first, count = collection
    together = DenseIndex([vectors], first, count)
    scores = together.chunk_scores(query)
    exact = vectors.astype(np.float64) @ query
    for chunk, (start, rows) in enumerate(zip(first, count, strict=True)):
        assert scores[chunk] == pytest.approx(exact[start : start + rows].max(), abs=1e-3)

    # Each chunk alone, out of a copy of its own rows: the same bits.
    for chunk, (start, rows) in enumerate(zip(first, count, strict=True)):
        alone = DenseIndex([vectors[start : start + rows].copy()], np.array([0]), np.array([rows]))
        (found,) = alone.row_scores(query, np.array([0]))
        assert found.tobytes() == together.row_scores(query, np.array([chunk]))[0].tobytes()
        assert found.max() == scores[chunk] == alone.chunk_scores(query)[0]
        assert found == pytest.approx(exact[start : start + rows], abs=1e-3)

    # Cut into parts anywhere, with any chunks asked for in any order: the same bits.
    cut = int(np.random.default_rng(len(vectors)).integers(0, len(vectors) + 1))
    parts = DenseIndex([vectors[:cut].copy(), vectors[:0], vectors[cut:].copy()], first, count)
    some = np.random.default_rng(0).permutation(len(first))[: (len(first) + 1) // 2]
    assert parts.chunk_scores(query).tobytes() == scores.tobytes()
    assert parts.chunk_scores(query, some).tobytes() == scores[some].tobytes()
    for chunk, found in zip(some, parts.row_scores(query, some), strict=True):
        assert len(found) == count[chunk]
        assert found.max() == scores[chunk]


def test_nothing_gives_nothing() -> None:
    none = np.empty(0, np.int64)
    query = np.ones(4, np.float32)
    for index in (DenseIndex([], none, none), DenseIndex([np.empty((0, 4), np.float32)], none, none)):
        assert index.chunk_scores(query).shape == (0,)
        assert index.row_scores(query, none) == []
    one = DenseIndex([np.ones((1, 4), np.float32)], np.array([0]), np.array([1]))
    assert one.chunk_scores(query, none).shape == (0,)


@pytest.mark.parametrize(("first", "count"), [(1, 2), (-1, 1), (0, 0), (2, 1)])
def test_rows_that_are_not_there_are_refused(first: int, count: int) -> None:
    with pytest.raises(IndexCorruptError, match="2 that there are"):
        DenseIndex([np.ones((2, 4), np.float32)], np.array([first]), np.array([count]))
