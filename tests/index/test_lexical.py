"""Counts of terms, and BM25: rank-bm25 itself is the oracle, on both sides of the crossover to bm25s."""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from index.errors import IndexCorruptError
from index.lexical import DELTA, K1, RANK_BM25_MAX_CHUNKS, B, LexicalIndex, Postings

UNHURRIED = settings(deadline=None, max_examples=60)
Rows = list[list[str]]
rows_of_terms = st.lists(st.lists(st.sampled_from(["ant", "bee", "cat", "dog", "é", "東"]), max_size=12), max_size=12)


def same(left: Postings, right: Postings) -> bool:
    a, b = left.to_arrays(), right.to_arrays()
    assert a.keys() == b.keys()
    return all(a[name].dtype == b[name].dtype and np.array_equal(a[name], b[name]) for name in a)


class TestPostings:
    def test_counts_of_three_rows(self) -> None:
        postings = Postings.from_terms([["bee", "ant", "bee"], [], ["cat", "ant"]])
        assert postings.vocabulary == ("ant", "bee", "cat")
        assert postings.indptr.tolist() == [0, 2, 2, 4]
        assert postings.term_ids.tolist() == [0, 1, 0, 2]
        assert postings.counts.tolist() == [1, 2, 1, 1]
        assert postings.lengths.tolist() == [3, 0, 2]
        assert len(postings) == 3

    @UNHURRIED
    @given(rows_of_terms)
    def test_counts_are_those_of_the_rows(self, rows: Rows) -> None:
        postings = Postings.from_terms(rows)
        counted = [
            {
                postings.vocabulary[term]: int(count)
                for term, count in zip(postings.term_ids[start:end], postings.counts[start:end], strict=True)
            }
            for start, end in zip(postings.indptr[:-1], postings.indptr[1:], strict=True)
        ]
        assert counted == [Counter(row) for row in rows]
        assert postings.vocabulary == tuple(sorted({term for row in rows for term in row}))
        assert postings.lengths.tolist() == [len(row) for row in rows]

    @UNHURRIED
    @given(st.lists(rows_of_terms, max_size=4))
    def test_concatenated_parts_are_those_of_all_rows(self, parts: list[Rows]) -> None:
        joined = Postings.concatenate([Postings.from_terms(part) for part in parts])
        assert same(joined, Postings.from_terms([row for part in parts for row in part]))

    @UNHURRIED
    @given(rows_of_terms, st.data())
    def test_taken_rows_are_those_of_a_fresh_count(self, rows: Rows, data: st.DataObject) -> None:
        wanted = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=15) if rows else st.just([]))
        taken = Postings.from_terms(rows).take(np.array(wanted, dtype=np.int64))
        assert same(taken, Postings.from_terms([rows[i] for i in wanted]))

    @UNHURRIED
    @given(rows_of_terms)
    def test_arrays_survive_a_file_without_pickle(self, rows: Rows) -> None:
        postings = Postings.from_terms(rows)
        files = {name: io.BytesIO() for name in postings.to_arrays()}
        for name, array in postings.to_arrays().items():
            np.save(files[name], array, allow_pickle=False)
            files[name].seek(0)
        arrays = {name: np.load(file, allow_pickle=False) for name, file in files.items()}
        assert same(Postings.from_arrays(arrays), postings)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("counts", [1, 2]),
            ("counts", [1, 0, 1, 1]),
            ("term_ids", [0, 1, 0, 3]),
            ("term_ids", [0, -1, 0, 2]),
            ("indptr", [0, 3, 2, 4]),
            ("indptr", [0, 2, 5]),
            ("indptr", [1, 4]),
            ("indptr", []),
        ],
    )
    def test_arrays_that_do_not_fit_are_refused(self, name: str, value: list[int]) -> None:
        arrays = Postings.from_terms([["bee", "ant", "bee"], [], ["cat", "ant"]]).to_arrays()
        with pytest.raises(IndexCorruptError, match="do not fit together"):
            Postings.from_arrays(arrays | {name: np.array(value, dtype=np.int64)})

    def test_a_missing_array_is_named(self) -> None:
        arrays = Postings.from_terms([["ant"]]).to_arrays()
        del arrays["counts"]
        with pytest.raises(IndexCorruptError, match="without counts"):
            Postings.from_arrays(arrays)


def random_rows(number: int, seed: int = 3) -> Rows:
    """Rows of words whose frequencies differ as those of a language do; some rows are empty, many are alike."""
    random = np.random.default_rng(seed)
    return [[f"w{min(299, word)}" for word in random.zipf(1.3, random.integers(0, 30))] for _ in range(number)]


def ranked(scores: Sequence[float]) -> list[int]:
    return sorted(range(len(scores)), key=lambda row: (-scores[row], row))


class TestLexicalIndex:
    def test_scores_by_hand(self) -> None:
        index = LexicalIndex(Postings.from_terms([["ant", "bee", "ant"], ["bee"], ["cat", "bee"]]), k1=1.2, b=0.75)
        # N = 3, average length 2. ant: df 1, idf log(4 / 1); bee: df 3, idf log(4 / 3).
        ant = math.log(4) * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2))
        bee = [math.log(4 / 3) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length / 2)) for length in (3, 1, 2)]
        assert index.scores(["ant", "bee", "bee"]) == pytest.approx([ant + 2 * bee[0], 2 * bee[1], 2 * bee[2]])

    @pytest.mark.parametrize("number", [RANK_BM25_MAX_CHUNKS, RANK_BM25_MAX_CHUNKS + 1])
    def test_both_sides_of_the_crossover_score_as_rank_bm25(self, number: int) -> None:
        rows = random_rows(number)
        oracle: Any = BM25Plus(rows, k1=K1, b=B, delta=DELTA)
        index = LexicalIndex(Postings.from_terms(rows))
        for query in (["w1"], ["w299", "w7", "w1"], ["w4", "w4", "unknown", "w2", "w60"], ["w8"] * 3 + ["w9"] * 2):
            expected = oracle.get_scores(query)
            scores = index.scores(query)
            assert scores.dtype == np.float64
            assert np.abs(scores - expected).max() <= 1e-9
            assert ranked(scores.tolist()) == ranked(expected.tolist())

    @pytest.mark.parametrize("number", [10, RANK_BM25_MAX_CHUNKS + 2])
    def test_a_row_scores_the_same_wherever_it_stands(self, number: int) -> None:
        postings = Postings.from_terms(random_rows(number))
        order = np.random.default_rng(5).permutation(number)
        query = ["w3", "w1", "w20"]
        scores = LexicalIndex(postings).scores(query)
        assert np.array_equal(LexicalIndex(postings.take(order)).scores(query), scores[order])

    @pytest.mark.parametrize("number", [2, RANK_BM25_MAX_CHUNKS * 2])
    def test_a_term_in_half_of_the_rows_or_in_all_counts(self, number: int) -> None:
        index = LexicalIndex(Postings.from_terms([["all", "half"], ["all", "other"]] * (number // 2)))
        assert (index.scores(["half"]) > 0).tolist() == [True, False] * (number // 2)
        assert (index.scores(["all"]) > 0).all()

    @pytest.mark.parametrize("rows", [[], [[]], [[], []], [["ant"], []], [[]] * (RANK_BM25_MAX_CHUNKS + 1)])
    def test_empty_rows_and_queries_score_zero(self, rows: Rows) -> None:
        index = LexicalIndex(Postings.from_terms(rows))
        assert len(index) == len(rows)
        for query in ([], ["unknown"]):
            assert index.scores(query).tolist() == [0.0] * len(rows)
        assert (index.scores(["ant"]) > 0).tolist() == [row == ["ant"] for row in rows]

    @pytest.mark.parametrize("number", [50, RANK_BM25_MAX_CHUNKS + 1])
    def test_a_search_changes_no_other(self, number: int) -> None:
        index = LexicalIndex(Postings.from_terms(random_rows(number)))
        queries = [[f"w{i}", f"w{i // 3}", "w1"] for i in range(1, 40)]
        alone = [LexicalIndex(Postings.from_terms(random_rows(number))).scores(queries[0]).tolist()]
        alone += [index.scores(query).tolist() for query in queries[1:]]
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda query: index.scores(query).tolist(), queries * 4))
        assert together == alone * 4
