"""Which collection a command asks."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path

from index.errors import ConfigError
from qa.assistant import Assistant
from qa.cli.options import DEFAULT_INDEX, INDEX_VARIABLE
from qa.cli.progress import BuildProgress
from qa.cli.terminal import write_note
from qa.config import QAConfig
from qa.library import Library
from qa.sample import open_sample

DATA_VARIABLE = "PULLQUOTE_DATA"
LIBRARY_FILE = "library.sqlite"


def open_library(data: Path | None) -> Library:
    """The library in a folder, which is made for its owner alone to read when it is not there.

    Args:
        data: None for the user's own data folder.

    Raises:
        LibraryError: the file there is not a library, or cannot be opened.
        ConfigError: the folder cannot be made.
    """
    folder = data or user_data_path("pullquote")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"cannot make {folder}: {error.strerror or error}; name another folder with --data"
        ) from error
    return Library.open(folder / LIBRARY_FILE)


def open_index(index_dir: Path | None) -> Assistant:
    """The index that was named, or the one at the usual place.

    Raises:
        IndexNotFoundError: there is none.
        CollectionError: it cannot be used.
    """
    with BuildProgress():
        return Assistant.open(index_dir or DEFAULT_INDEX)


def open_assistant(index_dir: Path | None, *, config: QAConfig | None = None, reader: str | None = None) -> Assistant:
    """The index that was named; else the one at the usual place; else the sample collection, which stderr then says.

    Raises:
        IndexNotFoundError: an index was named, and there is none.
        CollectionError: the index cannot be used.
        ModelError: the reader cannot be used.
    """
    if index_dir is None and DEFAULT_INDEX.exists():
        index_dir = DEFAULT_INDEX
    if index_dir is None:
        write_note(
            "This is the sample collection, mostly fiction. To ask your own articles: pullquote index PATH... "
            f"and then, from the same folder, pullquote ask; or name an index with --index or {INDEX_VARIABLE}."
        )
    with BuildProgress() as progress:
        if index_dir is None:
            return open_sample(config=config, reader=reader, progress=progress)
        return Assistant.open(index_dir, config=config, reader=reader)
