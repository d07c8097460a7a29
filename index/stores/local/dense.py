"""Exact dense scores: FAISS's inner products over the segments' vectors, where they lie.

FAISS computes each product by itself here (``fvec_inner_products_by_idx``), so that the product of a query and a vector
is the same, bit for bit, wherever the vector stands and whatever stands around it. Numpy's matrix product is not. And
the vectors stay where they are, in the segments' files mapped into memory: no copy is made of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.errors import IndexCorruptError
from index.records import Vector

Rows = npt.NDArray[np.int64]

_faiss: Any = faiss  # its type stubs leave out what its Python layer adds


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What to compute for some chunks: ``rows``, ascending, each once; then chunk i's are those at ``places`` from
    ``offsets[i]`` up to the next offset."""

    rows: Rows
    places: Rows
    offsets: Rows


class DenseIndex:
    """The vectors of some chunks. Nothing changes in a search; may be used from any thread.

    Args:
        parts: the vectors, float32, shape ``(any, dim)`` each; their rows are numbered in turn through all parts.
        first_row: for each chunk the first of its rows, shape ``(chunks,)``.
        row_count: for each chunk how many rows it has, 1 or more, shape ``(chunks,)``.

    Raises:
        IndexCorruptError: a chunk has rows that are not there.
    """

    def __init__(self, parts: Sequence[Vector], first_row: Rows, row_count: Rows) -> None:
        self._parts = parts
        self._part_starts = np.cumsum([0, *(len(part) for part in parts)])
        self._first_row = first_row
        self._row_count = row_count
        rows = int(self._part_starts[-1])
        if len(first_row) and not (
            first_row.min() >= 0 and row_count.min() >= 1 and (first_row + row_count).max() <= rows
        ):
            raise IndexCorruptError(f"chunks refer to vectors beyond the {rows} that there are; build the index anew")
        self._whole = self._plan(np.arange(len(first_row)))

    def chunk_scores(self, vector: Vector, chunks: Rows | None = None) -> Vector:
        """For each chunk the largest inner product of ``vector`` and one of the chunk's rows.

        Args:
            vector: the query, float32, shape ``(dim,)``.
            chunks: the chunks' numbers; all when None.

        Returns:
            float32, shape ``(len(chunks),)``.
        """
        plan = self._whole if chunks is None else self._plan(chunks)
        if len(plan.offsets) == 0:
            return np.empty(0, dtype=np.float32)
        best: Vector = np.maximum.reduceat(self._products(vector, plan.rows)[plan.places], plan.offsets)
        return best

    def row_scores(self, vector: Vector, chunks: Rows) -> list[Vector]:
        """For each of ``chunks`` the inner products of ``vector`` and the chunk's rows, in their order: those, bit for
        bit, that ``chunk_scores`` takes the largest of."""
        plan = self._plan(chunks)
        return np.split(self._products(vector, plan.rows)[plan.places], plan.offsets[1:]) if len(chunks) else []

    def _plan(self, chunks: Rows) -> _Plan:
        counts = self._row_count[chunks]
        offsets = np.cumsum(counts) - counts
        rows = np.arange(counts.sum()) + np.repeat(self._first_row[chunks] - offsets, counts)
        needed = np.zeros(self._part_starts[-1], dtype=np.bool_)
        needed[rows] = True
        return _Plan(rows=np.flatnonzero(needed), places=(np.cumsum(needed) - 1)[rows], offsets=offsets)

    def _products(self, vector: Vector, rows: Rows) -> Vector:
        """The inner products of ``vector`` and the named rows, ascending; float32, shape ``(len(rows),)``."""
        limits = np.searchsorted(rows, self._part_starts)
        products = np.empty(len(rows), dtype=np.float32)
        for number, part in enumerate(self._parts):
            here = slice(limits[number], limits[number + 1])
            if here.start < here.stop:
                _inner_products(vector, part, rows[here] - self._part_starts[number], products[here])
        return products


def _inner_products(vector: Vector, vectors: Vector, rows: Rows, products: Vector) -> None:
    """Write the inner products of ``vector`` and ``vectors[rows]`` into ``products``. All are contiguous in memory."""
    pointer = _faiss.swig_ptr
    threads = _faiss.omp_get_max_threads()
    _faiss.omp_set_num_threads(
        1
    )  # in this thread alone; more would only wait: FAISS shares out queries, and here is one
    try:
        _faiss.fvec_inner_products_by_idx(
            pointer(products), pointer(vector), pointer(vectors), pointer(rows), vectors.shape[1], 1, len(rows)
        )
    finally:
        _faiss.omp_set_num_threads(threads)
