"""The SQLite file of a library: opening it, refusing what is not one, and transactions from any thread."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import LibraryError
from qa.library.schema import APPLICATION, KEEP_SEARCH, LATER_COLUMNS, SEARCH, TABLES, VERSION

_HEADER = b"SQLite format 3\x00"
_WAIT = 30.0
"""Seconds to wait for another program that is writing."""


def has_fts5(connection: sqlite3.Connection) -> bool:
    """Whether this SQLite has full-text search."""
    try:
        connection.execute("CREATE VIRTUAL TABLE temp.probe USING fts5(words)")
        connection.execute("DROP TABLE temp.probe")
    except sqlite3.OperationalError:
        return False
    return True


class Database:
    """One connection that all threads share, one transaction at a time; other programs may use the file meanwhile.

    Args:
        path: the file. It is made, for its owner alone to read, when it is not there.
        create: refuse a file that is not there, when false.

    Attributes:
        fts5: whether the search has an index; without one all rows of the owner are looked through.

    Raises:
        LibraryError: the file is none of this program's, damaged, of a later version, or cannot be opened.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self._path = path
        self._lock = threading.RLock()
        try:
            _require_file(path, create)
            self._connection = sqlite3.connect(path, timeout=_WAIT, check_same_thread=False, isolation_level=None)
        except (OSError, ValueError, sqlite3.Error) as error:  # ValueError: a NUL in the name
            raise LibraryError(
                f"the library {path} cannot be opened: {error}; name a file that can be written"
            ) from error
        try:
            with self._translated():
                self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees the file as it is at one moment.

        Raises:
            LibraryError: it cannot be read.
        """
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is kept as a whole, or, when anything is raised in it, not at all. It is on the disk when
        this ends.

        Raises:
            LibraryError: it cannot be written.
        """
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def erasing(self, *, exchanges: bool = True) -> Iterator[sqlite3.Connection]:
        """Like ``writing``; what is deleted in it is also overwritten in the file, as soon as no other program is
        reading.

        Args:
            exchanges: whether exchanges are among it, which are to be overwritten in the search's index, too.
        """
        with self._lock:
            with self.writing() as connection:
                yield connection
                if exchanges and self.fts5:  # the index keeps the words of deleted rows until its parts are merged
                    connection.execute("INSERT INTO exchange_words (exchange_words) VALUES ('optimize')")
            with self._translated():
                self._connection.execute("PRAGMA busy_timeout = 0")  # a reader elsewhere is not waited for
                with suppress(sqlite3.OperationalError):  # what was deleted is deleted, whatever the log still holds
                    self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                self._connection.execute(f"PRAGMA busy_timeout = {int(_WAIT * 1000)}")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            self._connection.execute(begin)
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.ProgrammingError as error:  # "Cannot operate on a closed database."
            raise LibraryError(f"the library {self._path} has been closed; open it again") from error
        except sqlite3.OperationalError as error:
            raise LibraryError(
                f"the library {self._path} cannot be used just now: {error}; see whether another program holds it, and "
                "whether the disk has room and may be written to"
            ) from error
        except (sqlite3.Error, UnicodeDecodeError) as error:  # a message may quote damaged bytes
            raise LibraryError(
                f"the library {self._path} is damaged: {error}; put back a copy of it, or move it away for a new one"
            ) from error

    def _prepare(self) -> None:
        connection = self._connection
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        self._require_ours()
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("SQLite's quick check fails")
        self.fts5 = has_fts5(connection)
        self._log_ahead()
        with self.writing():
            self._require_ours()  # again: another program may have made it meanwhile
            if connection.execute("PRAGMA user_version").fetchone() == (0,):
                for statement in TABLES.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
            self._complete_columns()
            self._complete_search()
        if self.fts5:
            for statement in KEEP_SEARCH:
                connection.execute(statement)

    def _require_ours(self) -> None:
        (application,) = self._connection.execute("PRAGMA application_id").fetchone()
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        (tables,) = self._connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        if application == APPLICATION and version > VERSION:
            raise LibraryError(
                f"the library {self._path} was written by a later version of Pullquote (its tables are of version "
                f"{version}, this program knows {VERSION}); update Pullquote, or name another file"
            )
        if application != APPLICATION and (application or version or tables):
            raise LibraryError(
                f"{self._path} is an SQLite file of another program, not a library of Pullquote; name another file"
            )

    def _log_ahead(self) -> None:
        """With a write-ahead log readers do not wait for writers. SQLite does not wait its turn to begin one."""
        until = time.monotonic() + _WAIT
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL").fetchall()
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def _complete_columns(self) -> None:
        present = {row[1] for row in self._connection.execute("PRAGMA table_info(exchanges)")}
        for name, kind in LATER_COLUMNS.items():
            if name not in present:
                self._connection.execute(f"ALTER TABLE exchanges ADD COLUMN {name} {kind}")

    def _complete_search(self) -> None:
        """Bring the search's index up to date with what a program without FTS5 wrote."""
        known = self._connection.execute("SELECT value FROM state WHERE key = 'search'").fetchone()
        now = "complete" if self.fts5 else "lacking"
        if known == (now,):
            return
        if self.fts5:
            self._connection.execute(SEARCH)
            self._connection.execute("INSERT INTO exchange_words (exchange_words) VALUES ('rebuild')")
        self._connection.execute("INSERT OR REPLACE INTO state VALUES ('search', ?)", (now,))


def _require_file(path: Path, create: bool) -> None:
    """Make the file, before SQLite does so with rights for everybody, or see that it can be one of SQLite's."""
    if not path.exists():
        if not create:
            raise LibraryError(f"there is no library at {path}; the page makes one as soon as something is asked")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    with path.open("rb") as file:
        start = file.read(len(_HEADER))
    if start and start != _HEADER:
        raise LibraryError(f"{path} is not a library of Pullquote: it begins with {start!r}; name another file")
