"""BM25 over chunks: counts of terms that can be saved, and scores.

Formula: BM25+ (Lv and Zhai 2011, "Lower-Bounding Term Frequency Normalization") with delta 0, as both rank-bm25 and
bm25s have it: the sum over the query's terms, repeated ones repeatedly, of::

    log((N + 1) / df) * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average_length))

Its inverse document frequency is above 0 for every term, also for one that stands in all chunks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import bm25s
import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Plus

from index.errors import IndexCorruptError

Floats = npt.NDArray[np.float64]

K1 = 0.6
B = 0.5
DELTA = 0.0
RANK_BM25_MAX_CHUNKS = 1_000
"""Up to so many chunks rank-bm25 scores a query, above it bm25s.

Measured with a query of 21 terms: rank-bm25 takes 5 ms on 1,000 chunks, 12 on 2,000, 28 on 4,000 and 470 on 42,000;
bm25s stays below 1 ms. Up to 1,000 chunks that is less than embedding the query takes."""


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """How often each term stands in each of some chunks (rows): a sparse matrix in compressed rows.

    Attributes:
        vocabulary: the terms, sorted, each standing in at least one row.
        indptr: int64, shape ``(rows + 1,)``: row i's entries are ``indptr[i]:indptr[i + 1]``.
        term_ids: int32, shape ``(entries,)``: places in ``vocabulary``, ascending within a row.
        counts: int32, shape ``(entries,)``, 1 or more.
    """

    vocabulary: tuple[str, ...]
    indptr: npt.NDArray[np.int64]
    term_ids: npt.NDArray[np.int32]
    counts: npt.NDArray[np.int32]

    def __post_init__(self) -> None:
        entries = len(self.term_ids)
        sound = (
            len(self.indptr) > 0
            and self.indptr[0] == 0
            and self.indptr[-1] == entries == len(self.counts)
            and bool(np.all(np.diff(self.indptr) >= 0))
            and (entries == 0 or (self.term_ids.min() >= 0 and self.term_ids.max() < len(self.vocabulary)))
            and (entries == 0 or self.counts.min() >= 1)
        )
        if not sound:
            raise IndexCorruptError(
                f"postings do not fit together: {len(self.indptr)} row limits, {entries} term ids, "
                f"{len(self.counts)} counts, {len(self.vocabulary)} terms; build the index again"
            )

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def lengths(self) -> npt.NDArray[np.int32]:
        """Each row's number of terms, repeated ones counted repeatedly, shape ``(rows,)``."""
        totals = np.concatenate(([0], np.cumsum(self.counts, dtype=np.int64)))
        return (totals[self.indptr[1:]] - totals[self.indptr[:-1]]).astype(np.int32)

    @classmethod
    def from_terms(cls, rows: Iterable[Sequence[str]]) -> Self:
        """Count the terms of each row."""
        numbers: dict[str, int] = {}
        flat: list[int] = []
        ends = [0]
        for row in rows:
            flat.extend(numbers.setdefault(term, len(numbers)) for term in row)
            ends.append(len(flat))
        vocabulary = sorted(numbers)
        place = np.empty(len(numbers), dtype=np.int64)
        place[[numbers[term] for term in vocabulary]] = np.arange(len(numbers))
        row_of = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
        # One number for each (row, term), ascending by row, then by term.
        entries, counts = np.unique(row_of * max(1, len(numbers)) + place[flat], return_counts=True)
        entry_rows, term_ids = np.divmod(entries, max(1, len(numbers)))
        return cls(
            vocabulary=tuple(vocabulary),
            indptr=np.searchsorted(entry_rows, np.arange(len(ends))).astype(np.int64),
            term_ids=term_ids.astype(np.int32),
            counts=counts.astype(np.int32),
        )

    @classmethod
    def concatenate(cls, parts: Sequence[Postings]) -> Self:
        """The rows of all ``parts``, one part after the other: what ``from_terms`` gives for all their rows."""
        vocabulary = sorted(set().union(*(part.vocabulary for part in parts)))
        place = {term: i for i, term in enumerate(vocabulary)}
        empty = np.empty(0, dtype=np.int32)
        sizes = np.concatenate([np.zeros(1, dtype=np.int64), *(np.diff(part.indptr) for part in parts)])
        renumbered = (
            np.array([place[term] for term in part.vocabulary], dtype=np.int32)[part.term_ids] for part in parts
        )
        return cls(
            vocabulary=tuple(vocabulary),
            indptr=np.cumsum(sizes),
            term_ids=np.concatenate([empty, *renumbered]),
            counts=np.concatenate([empty, *(part.counts for part in parts)]),
        )

    def take(self, rows: npt.ArrayLike) -> Postings:
        """The named rows in the order given: what ``from_terms`` gives for them.

        Args:
            rows: row numbers, shape ``(n,)``.
        """
        wanted = np.asarray(rows, dtype=np.int64)
        sizes = np.diff(self.indptr)[wanted]
        indptr = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])
        entries = np.arange(indptr[-1]) + np.repeat(self.indptr[wanted] - indptr[:-1], sizes)
        in_use, term_ids = np.unique(self.term_ids[entries], return_inverse=True)
        return Postings(
            vocabulary=tuple(self.vocabulary[i] for i in in_use),
            indptr=indptr,
            term_ids=term_ids.astype(np.int32),
            counts=self.counts[entries],
        )

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """All of it as plain arrays, which numpy saves without pickle; the vocabulary as UTF-8, one term a line."""
        return {
            "vocabulary": np.frombuffer("\n".join(self.vocabulary).encode("utf-8"), dtype=np.uint8),
            "indptr": self.indptr,
            "term_ids": self.term_ids,
            "counts": self.counts,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Self:
        """What ``to_arrays`` gave.

        Raises:
            IndexCorruptError: an array is missing, or they do not fit together.
        """
        missing = {"vocabulary", "indptr", "term_ids", "counts"} - set(arrays)
        if missing:
            raise IndexCorruptError(f"postings without {', '.join(sorted(missing))}; build the index again")
        text = arrays["vocabulary"].tobytes().decode("utf-8")
        return cls(
            vocabulary=tuple(text.split("\n")) if text else (),
            indptr=arrays["indptr"].astype(np.int64, copy=False),
            term_ids=arrays["term_ids"].astype(np.int32, copy=False),
            counts=arrays["counts"].astype(np.int32, copy=False),
        )


class LexicalIndex:
    """BM25 over the rows of some postings. Built once; a search changes nothing in it, and may run in any thread.

    Args:
        postings: the chunks' term counts; N, df and average length are those of its rows.
        k1: how much repetition of a term counts; 0 or more.
        b: how much a chunk's length counts, in [0, 1].
    """

    def __init__(self, postings: Postings, *, k1: float = K1, b: float = B) -> None:
        self._count = len(postings)
        self._term_ids = {term: i for i, term in enumerate(postings.vocabulary)}
        make = _rank_bm25_scorer if self._count <= RANK_BM25_MAX_CHUNKS else _bm25s_scorer
        self._score = make(postings, k1, b) if self._term_ids else None  # neither library takes rows without terms

    def __len__(self) -> int:
        return self._count

    def scores(self, terms: Sequence[str]) -> Floats:
        """BM25 of every row for the query's ``terms``, float64, shape ``(len(self),)``; 0 where none of them occurs."""
        known = [self._term_ids[term] for term in terms if term in self._term_ids]
        if self._score is None or not known:
            return np.zeros(self._count)
        return self._score(known)


def _rank_bm25_scorer(postings: Postings, k1: float, b: float) -> Callable[[list[int]], Floats]:
    model = BM25Plus(_rows_of_term_ids(postings), k1=k1, b=b, delta=DELTA)

    def scores(term_ids: list[int]) -> Floats:
        return np.asarray(model.get_scores(term_ids), dtype=np.float64)

    return scores


def _bm25s_scorer(postings: Postings, k1: float, b: float) -> Callable[[list[int]], Floats]:
    model = bm25s.BM25(k1=k1, b=b, delta=DELTA, method="bm25+", dtype="float64", backend="numpy")
    vocabulary = {term: i for i, term in enumerate(postings.vocabulary)}
    # What model.index makes of the terms' lists, made of their counts: on 42,000 chunks in a tenth of the time.
    data, indices, indptr = _score_matrix(postings, k1, b)
    model.scores = {"data": data, "indices": indices, "indptr": indptr, "num_docs": len(postings)}
    model.vocab_dict = vocabulary
    model.unique_token_ids_set = set(vocabulary.values())
    model.nonoccurrence_array = None  # with delta 0 a term that a row does not hold adds nothing

    def scores(term_ids: list[int]) -> Floats:
        return np.asarray(model.get_scores_from_ids(term_ids), dtype=np.float64)

    return scores


def _score_matrix(
    postings: Postings, k1: float, b: float
) -> tuple[Floats, npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Each term's score in each row, by the formula above, as a sparse matrix in compressed columns: the entries,
    their rows, and where each term's entries begin."""
    holding = np.bincount(postings.term_ids, minlength=len(postings.vocabulary))
    lengths = postings.lengths
    rows = np.repeat(np.arange(len(postings), dtype=np.int32), np.diff(postings.indptr))
    by_term = np.argsort(postings.term_ids, kind="stable")
    counts, rows = postings.counts[by_term].astype(np.float64), rows[by_term]
    saturation = k1 * (1 - b + b * lengths / lengths.mean())
    rarity = np.log((len(postings) + 1) / holding)
    entries = np.repeat(rarity, holding) * (DELTA + counts * (k1 + 1) / (counts + saturation[rows]))
    return entries, rows, np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(holding)])


def _rows_of_term_ids(postings: Postings) -> list[list[int]]:
    """Each row's term ids, repeated as often as the term occurs: what rank-bm25 takes."""
    flat = np.repeat(postings.term_ids, postings.counts).tolist()
    ends = np.cumsum(postings.lengths, dtype=np.int64).tolist()
    return [flat[start:end] for start, end in zip([0, *ends], ends, strict=False)]
