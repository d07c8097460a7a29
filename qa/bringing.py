"""From what a person hands over to articles in an index; each file's outcome is told."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from index.errors import PullquoteError
from index.stores.base import record_sha256
from qa.assistant import Assistant
from qa.uploads import FileOutcome, ReadFile, Upload, read_uploads

Progress = Callable[[str, int, int, tuple[FileOutcome, ...]], None]
"""Called with what is being done ("reading" files or "indexing" articles), how many are done and of how many, and what
is known to have failed so far."""


def add_uploads(
    assistant: Assistant, uploads: Sequence[Upload], folder: Path, room: int, progress: Progress | None = None
) -> tuple[FileOutcome, ...]:
    """Read files and add their articles.

    Args:
        folder: where the files are put while they are read.
        room: how many bytes the person may still bring.

    Returns:
        Every file's outcome, in their order.
    """
    tell = progress or _untold
    read: list[ReadFile] = []
    with tempfile.TemporaryDirectory(prefix="incoming-", dir=folder) as staging:
        tell("reading", 0, len(uploads), ())
        for number, file in enumerate(read_uploads(uploads, Path(staging), room), 1):
            read.append(_checked(file))
            tell("reading", number, len(uploads), _failures(read))
    return add_read(assistant, read, progress)


def add_read(
    assistant: Assistant, read: Sequence[ReadFile], progress: Progress | None = None
) -> tuple[FileOutcome, ...]:
    """Add the articles of files that were read; all of them, or none when the index fails."""
    tell = progress or _untold
    articles = [article for file in read for article in file.articles]
    failures = _failures(read)
    if not articles:
        return failures
    try:
        report = assistant.add(articles, progress=lambda done, of: tell("indexing", done, of, failures)).build
    except (PullquoteError, OSError) as error:
        reason = f"nothing was added: {error}; try it again"
        return tuple(file.failed(reason) if file.articles else file.became((), ()) for file in read)
    return tuple(file.became(report.added, report.changed) for file in read)


def _checked(file: ReadFile) -> ReadFile:
    """A file without the articles that an index cannot hold, which would keep all others out."""
    kept, problems = [], list(file.problems)
    for article in file.articles:
        try:
            record_sha256(article)
        except PullquoteError as error:
            problems.append(str(error))
        else:
            kept.append(article)
    return replace(file, articles=tuple(kept), problems=tuple(problems))


def _failures(read: Sequence[ReadFile]) -> tuple[FileOutcome, ...]:
    return tuple(file.became((), ()) for file in read if not file.articles)


def _untold(doing: str, done: int, of: int, failures: tuple[FileOutcome, ...]) -> None:
    """Nobody wants to know."""
