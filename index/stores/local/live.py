"""The live rows of several segments, in the order of a fresh build.

All segments' rows are numbered in turn: segment 0's from 0, segment 1's go on from there. A snapshot's chunks are the
live ones of these, ordered by chunk id. So the same live articles make the same postings in the same order, however
they came in, and ties that are broken by place are broken by chunk id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.lexical import Postings
from index.stores.base import ArticleSummary
from index.stores.local.segment import Segment
from index.stores.local.text_db import TextDB

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ArticlePlace:
    """Where an article is stored.

    Attributes:
        segment: the number of its segment.
        row: its row in that segment's text.
        first_vector, end_vector: the half-open range of its vectors in that segment.
    """

    segment: int
    row: int
    first_vector: int
    end_vector: int


@dataclass(frozen=True, slots=True, eq=False)
class LiveRows:
    """What is live in some segments. All arrays have one element a live chunk, in the order of ``chunk_ids``.

    Attributes:
        articles: the live articles' listings, by article id.
        places: where each of ``articles`` is stored.
        chunk_ids: the live chunks' ids, ascending.
        article: the place of the chunk's article in ``articles``.
        segment: the number of its segment.
        row: its row in that segment.
        row_in_all: its row when the chunks of all segments are numbered in turn.
        first_vector: its first vector when the vectors of all segments are numbered in turn.
        vectors: how many vectors it has.
    """

    articles: tuple[ArticleSummary, ...]
    places: tuple[ArticlePlace, ...]
    chunk_ids: tuple[str, ...]
    article: Integers
    segment: Integers
    row: Integers
    row_in_all: Integers
    first_vector: Integers
    vectors: Integers


def live_rows(segments: Sequence[Segment], texts: Sequence[TextDB]) -> LiveRows:
    """Find the live articles and chunks of ``segments``, whose opened texts are ``texts``."""
    found: list[tuple[ArticleSummary, ArticlePlace]] = []
    chunk_ids: list[str] = []
    owners: list[str] = []
    columns: list[Integers] = []
    chunks_before = vectors_before = 0
    for number, (segment, text) in enumerate(zip(segments, texts, strict=True)):
        summaries = text.summaries()
        ids = [summary.article_id for summary in summaries]
        live = segment.live(ids)
        vector_limits = np.cumsum([0, *text.vector_counts()])
        for row in np.flatnonzero(live).tolist():
            place = ArticlePlace(number, row, int(vector_limits[row]), int(vector_limits[row + 1]))
            found.append((summaries[row], place))
        article_row, start, end, first_vector, vectors = text.chunk_columns()
        rows = np.flatnonzero(live[article_row])
        for owner, first, last in zip(
            article_row[rows].tolist(), start[rows].tolist(), end[rows].tolist(), strict=True
        ):
            owners.append(ids[owner])
            chunk_ids.append(f"{ids[owner]}:{first}-{last}")  # Chunk.chunk_id, without making the chunk
        first_vector = vectors_before + vector_limits[article_row] + first_vector
        columns.append(
            np.stack([np.full_like(rows, number), rows, chunks_before + rows, first_vector[rows], vectors[rows]])
        )
        chunks_before += len(article_row)
        vectors_before += int(vector_limits[-1])
    found.sort(key=lambda pair: pair[0].article_id)
    article_number = {summary.article_id: number for number, (summary, _) in enumerate(found)}
    order = sorted(range(len(chunk_ids)), key=chunk_ids.__getitem__)
    in_order = np.concatenate([np.empty((5, 0), np.int64), *columns], axis=1)[:, order]
    return LiveRows(
        tuple(summary for summary, _ in found),
        tuple(place for _, place in found),
        tuple(chunk_ids[place] for place in order),
        np.array([article_number[owners[place]] for place in order], dtype=np.int64),
        *in_order,
    )


def gather_postings(postings: Sequence[Postings], rows: LiveRows) -> Postings:
    """The live chunks' term counts, in order; ``postings`` are each segment's."""
    together = postings[0] if len(postings) == 1 else Postings.concatenate(postings)
    in_order = np.array_equal(rows.row_in_all, np.arange(len(together)))  # one segment without tombstones, mostly
    return together if in_order else together.take(rows.row_in_all)
