"""Exit codes: what a script may rely on. ``docs/command-line.md`` repeats this table for people."""

from __future__ import annotations

from enum import IntEnum

from index.errors import (
    ConfigError,
    IndexCorruptError,
    IndexLockedError,
    IndexMismatchError,
    IndexNotFoundError,
    PullquoteError,
    QuestionError,
)


class ExitCode(IntEnum):
    """A process's exit code, named for what a script would do about it."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    INCOMPLETE = 3
    """Some files could not be read as articles; the others are in the index."""
    ABSTAINED = 4
    """The articles do not answer the question."""
    NO_INDEX = 5
    INDEX_LOCKED = 6
    INDEX_UNUSABLE = 7
    INTERRUPTED = 130


CODE_OF_ERROR: dict[type[PullquoteError], ExitCode] = {
    PullquoteError: ExitCode.ERROR,
    ConfigError: ExitCode.USAGE,
    QuestionError: ExitCode.USAGE,
    IndexNotFoundError: ExitCode.NO_INDEX,
    IndexLockedError: ExitCode.INDEX_LOCKED,
    IndexCorruptError: ExitCode.INDEX_UNUSABLE,
    IndexMismatchError: ExitCode.INDEX_UNUSABLE,
}
"""The code of an error is that of its nearest class here."""


def exit_code(error: PullquoteError) -> ExitCode:
    """The exit code of a command that ended with ``error``."""
    return next(CODE_OF_ERROR[kind] for kind in type(error).__mro__ if kind in CODE_OF_ERROR)
