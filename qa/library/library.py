"""A library: everything that the users of one page own, in one file."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Self

import platformdirs

from qa.library.checking import checked_owner
from qa.library.collections import Collections
from qa.library.conversations import Conversations
from qa.library.database import Database
from qa.library.feedback import Verdicts

FOLDER_VARIABLE = "PULLQUOTE_DATA"
"""The environment variable that names another folder than the usual one."""


def usual_path() -> Path:
    """Where the library of this computer's user is: ``library.sqlite`` in the user's folder for programs' data, unless
    the environment variable ``PULLQUOTE_DATA`` names another folder."""
    named = os.environ.get(FOLDER_VARIABLE)
    return (Path(named) if named else platformdirs.user_data_path("pullquote", appauthor=False)) / "library.sqlite"


def _now() -> datetime:
    return datetime.now().astimezone()


class Library:
    """Conversations, feedback and the names of collections, in one SQLite file.

    Everything is by owner: a user's name, or a browser's random token. No call gives or changes what another owner has,
    and an id of somebody else's is as unknown as a wrong one. May be used from any thread, and by several programs at
    once; a context manager that closes it.

    Attributes:
        conversations: what was asked and answered.
        feedback: what people think of the answers.
        collections: the indexes that can be asked, by name.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] = _now) -> None:
        self._database = database
        self.conversations = Conversations(database, now)
        self.feedback = Verdicts(database, now)
        self.collections = Collections(database)

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, create: bool = True, now: Callable[[], datetime] = _now) -> Self:
        """Open a library.

        Args:
            path: its file. One that is not there is made, for its owner alone to read.
            create: when false, one that is not there is refused.
            now: gives the time, with the offset of its zone; a test gives its own.

        Raises:
            LibraryError: the file is not a library, is damaged, was written by a later version, or cannot be opened.
        """
        return cls(Database(Path(path), create=create), now=now)

    def forget(self, owner: str) -> None:
        """Delete everything of an owner: conversations, feedback and collections' names; the indexes stay.

        Raises:
            LibraryError: the owner is blank, or the file cannot be written.
        """
        name = checked_owner(owner)
        with self._database.erasing() as connection:
            connection.execute("DELETE FROM conversations WHERE owner = ?", (name,))
            connection.execute("DELETE FROM collections WHERE owner = ?", (name,))

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
