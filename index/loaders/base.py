"""What all loaders share: the records of a load, and the reading of a file's bytes."""

from __future__ import annotations

import gzip
import io
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.errors import LoadError
from index.records import Article

MIB = 2**20
MAX_FILE_BYTES = 200 * MIB
"""The largest file that is read; of a ``.gz`` file, what it unpacks to."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to load, and the name it has in the collection.

    Attributes:
        source_key: its path relative to the folder that was given, with ``/``; its name when it was given itself.
        named: it was given itself, not found in a folder.
        problem: why it cannot be read, where looking for files already showed it.
    """

    path: Path
    source_key: str
    named: bool = False
    problem: str | None = None

    @property
    def stem(self) -> str:
        """The file's name without its suffixes: ``notes.v2`` for ``notes.v2.txt.gz``."""
        name = printable(self.path.name)
        return Path(name[: -len(".gz")] if name.lower().endswith(".gz") else name).stem


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A file, or one line of it (numbered from 1), that gave no article, and why."""

    path: Path
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{place_name(self.path, self.line)}: {self.reason}"


def printable(name: str | Path) -> str:
    """A file's name as text that can be printed and stored.

    On Linux a name may hold any bytes; those that are no text come as lone surrogates and are given as escapes.
    """
    return str(name).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def place_name(path: Path, line: int | None = None) -> str:
    """``folder/a.jsonl, line 3``."""
    return printable(path) if line is None else f"{printable(path)}, line {line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What one file gave.

    Attributes:
        articles: in the order of the file.
        lines: the line of each article, from 1, for JSON lines; empty for other formats.
        failures: what did not go in.
        warnings: what went in, and needs a look.
        encoding: Python's name of the encoding that the text was read in; None for PDF and for what was not read.
        encoding_guessed: the encoding rests on the look of the text alone.
        skipped: why the file was left out, for a file of a folder that is not of a known format.
    """

    source: SourceFile
    articles: tuple[Article, ...] = ()
    lines: tuple[int, ...] = ()
    failures: tuple[LoadFailure, ...] = ()
    warnings: tuple[str, ...] = ()
    encoding: str | None = None
    encoding_guessed: bool = False
    skipped: str | None = None

    @property
    def path(self) -> Path:
        return self.source.path


class Loader(Protocol):
    """Reads one format."""

    def __call__(self, content: bytes, source: SourceFile, encoding: str | None) -> FileResult:
        """The articles of a file.

        Args:
            content: the bytes of the file, unpacked.
            source: where they are from.
            encoding: the encoding that the user named; None to find it.

        Raises:
            LoadError: nothing of the file can go in. The message gives the reason and not the file's name, which
                `LoadFailure` adds.
            ArticleError: its text breaks a rule of the record.
        """


def read_bytes(path: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """The bytes of a file, unpacked when its name ends in ``.gz``.

    Raises:
        LoadError: it is not a regular file (a pipe would block), cannot be read, is damaged, or is over ``limit``
        bytes.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise LoadError("not a regular file (a folder, pipe, socket or device)")
        if status.st_size > limit:
            raise _too_large(limit)
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError:
        reason = "a link to a file that does not exist" if path.is_symlink() else "no such file"
        raise LoadError(reason) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise LoadError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if path.suffix.lower() == ".gz":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as unpacked:
                content = unpacked.read(limit + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise LoadError(f"damaged gzip file: {error}") from error
    if len(content) > limit:
        raise _too_large(limit)
    return content


def require_text(text: str) -> None:
    """Refuses a text of white space alone.

    Raises:
        LoadError: there is nothing to cite in it.
    """
    if not text:
        raise LoadError("no text: the file is empty")
    if text.isspace():
        raise LoadError("no text: the file holds only white space")


def _too_large(limit: int) -> LoadError:
    return LoadError(f"larger than the limit of {limit / MIB:.0f} MiB: split it, or take out what is not text")
