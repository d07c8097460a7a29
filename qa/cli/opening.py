"""Which collection a command asks."""

from __future__ import annotations

from pathlib import Path

from index.errors import LibraryError
from qa.assistant import Assistant
from qa.cli.options import DEFAULT_INDEX, INDEX_VARIABLE
from qa.cli.progress import CountedProgress
from qa.cli.terminal import write_note
from qa.config import QAConfig
from qa.library import Library, usual_path
from qa.sample import open_sample


def open_index(index_dir: Path | None) -> Assistant:
    """The index that was named, or the one at the usual place.

    Raises:
        IndexNotFoundError: there is none.
        CollectionError: it cannot be used.
    """
    with CountedProgress("indexing", "articles"):
        return Assistant.open(index_dir or DEFAULT_INDEX)


def index_meant(index_dir: Path | None) -> Path | None:
    """The index that was named, else the one at the usual place; None for the sample collection."""
    return DEFAULT_INDEX if index_dir is None and DEFAULT_INDEX.exists() else index_dir


def open_assistant(index_dir: Path | None, *, config: QAConfig | None = None, reader: str | None = None) -> Assistant:
    """The index that was named; else the one at the usual place; else the sample collection, which stderr then says.

    Raises:
        IndexNotFoundError: an index was named, and there is none.
        CollectionError: the index cannot be used.
        ModelError: the reader cannot be used.
    """
    index_dir = index_meant(index_dir)
    if index_dir is None:
        write_note(
            "This is the sample collection, mostly fiction. To ask your own articles: pullquote index PATH... "
            f"and then, from the same folder, pullquote ask; or name an index with --index or {INDEX_VARIABLE}."
        )
    with CountedProgress("indexing", "articles") as progress:
        if index_dir is None:
            return open_sample(config=config, reader=reader, progress=progress)
        return Assistant.open(index_dir, config=config, reader=reader)


def data_folder(data: Path | None) -> Path:
    """Where what people keep belongs: the folder that was named, or the usual place for a user's data."""
    return data or usual_path().parent


def open_library(data: Path | None) -> Library:
    """The library in a folder, both made where they are not there, for this user alone to read.

    Args:
        data: the folder; None for the usual place for a user's data.

    Raises:
        LibraryError: the folder cannot be made, or its library cannot be used.
    """
    folder = data_folder(data)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"no folder can be made at {folder}: {error}; name another one with --data") from error
    return Library.open(folder / "library.sqlite")
