"""One segment: the vectors, postings and text of some articles, written once.

Articles are ordered by id, chunks by theirs, so that equal articles make equal files however they were added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from index.errors import IndexCorruptError
from index.lexical import Postings
from index.manifest import SegmentRecord
from index.records import Vector
from index.stores.base import PreparedArticle
from index.stores.local.durable import missing, record_file, sync_tree, verify_file
from index.stores.local.text_db import TextDB, write_text_db

VECTORS = "vectors.npy"
TEXT = "text.sqlite"
_POSTINGS = "postings."


def write_segment(folder: Path, prepared: Iterable[PreparedArticle], dim: int) -> None:
    """Write articles as a segment into a new folder, and wait until it is on the disk.

    Args:
        prepared: one or more articles, each id once.
        dim: the length of their vectors.
    """
    articles = sorted(prepared, key=lambda one: one.article.article_id)
    chunks = [(row, place) for row, article in enumerate(articles) for place in range(len(article.chunks))]
    chunks.sort(key=lambda chunk: articles[chunk[0]].chunks[chunk[1]].chunk_id)
    folder.mkdir(parents=True)
    write_vectors(folder, (article.vectors for article in articles), sum(len(one.vectors) for one in articles), dim)
    write_postings(folder, Postings.from_terms(articles[row].terms[place] for row, place in chunks))
    write_text_db(folder / TEXT, articles, chunks)
    sync_tree(folder)


def write_vectors(folder: Path, blocks: Iterable[Vector], rows: int, dim: int) -> None:
    """Write vectors, ``rows`` of them in all, one block after the other."""
    header = {"descr": np.lib.format.dtype_to_descr(np.dtype(np.float32)), "fortran_order": False, "shape": (rows, dim)}
    with (folder / VECTORS).open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for block in blocks:
            file.write(np.ascontiguousarray(block, dtype=np.float32).tobytes())


def write_postings(folder: Path, postings: Postings) -> None:
    for name, array in postings.to_arrays().items():
        np.save(folder / f"{_POSTINGS}{name}.npy", array, allow_pickle=False)


def record_segment(folder: Path, name: str, *, articles: int, chunks: int) -> SegmentRecord:
    """The manifest's entry for the segment in ``folder``, which has just been written."""
    files = {path.name: record_file(path) for path in sorted(folder.iterdir())}
    return SegmentRecord(name=name, articles=articles, chunks=chunks, files=files)


class Segment:
    """A segment on the disk, as one generation sees it. Each file is checked against its SHA-256 before it is opened.

    Args:
        folder: where it lies.
        record: what the manifest says of it.
    """

    def __init__(self, folder: Path, record: SegmentRecord) -> None:
        self._folder = folder
        self.record = record

    def text(self) -> TextDB:
        """Open its text."""
        return TextDB(self.verified(TEXT))

    def vectors(self, dim: int) -> Vector:
        """Its vectors, float32, shape ``(any, dim)``, as a read-only memory map.

        Raises:
            IndexCorruptError: they are of another shape.
        """
        vectors: Vector = self._load(VECTORS, mmap_mode="r")
        if vectors.dtype != np.float32 or vectors.shape != (len(vectors), dim) or not vectors.flags.c_contiguous:
            raise IndexCorruptError(
                f"{self._folder / VECTORS} holds {vectors.dtype} of shape {vectors.shape}, not float32 of shape "
                f"(any, {dim}); build the index anew"
            )
        return vectors

    def postings(self) -> Postings:
        """Its term counts."""
        names = [name for name in self.record.files if name.startswith(_POSTINGS)]
        return Postings.from_arrays(
            {name.removeprefix(_POSTINGS).removesuffix(".npy"): self._load(name) for name in names}
        )

    def live(self, articles: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Which of its articles, whose ids are given by row, are no tombstones; shape ``(articles,)``.

        Raises:
            IndexCorruptError: a tombstone names no article of it.
        """
        unknown = set(self.record.tombstones).difference(articles)
        if unknown:
            raise IndexCorruptError(
                f"{self._folder} has no articles {sorted(unknown)}, which the manifest calls removed"
            )
        removed = set(self.record.tombstones)
        return np.array([article_id not in removed for article_id in articles], dtype=np.bool_)

    def verified(self, name: str) -> Path:
        """The path of one of its files, after its content was checked.

        Raises:
            IndexCorruptError: it is missing or has changed.
        """
        recorded = self.record.files.get(name)
        if recorded is None:
            raise missing(self._folder / name)
        return verify_file(self._folder / name, recorded)

    def _load(self, name: str, mmap_mode: Literal["r"] | None = None) -> Any:
        """The array in one of its files, after its content was checked."""
        try:
            return np.load(self.verified(name), mmap_mode=mmap_mode, allow_pickle=False)
        except FileNotFoundError as error:  # removed since it was checked
            raise missing(self._folder / name) from error
