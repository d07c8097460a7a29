"""Vectors kept by what they were made from, so that no text is embedded twice and an interrupted build goes on.

The cache belongs to no generation: an index is whole without it, and what is damaged in it is made again.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from index.errors import CollectionError
from index.records import Vector

logger = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
    key BLOB PRIMARY KEY,
    vector BLOB NOT NULL,              -- float32, little-endian
    checksum BLOB NOT NULL             -- of key and vector
)
"""
_FLOAT32 = np.dtype("<f4")
_KEYS_PER_QUERY = 500  # SQLite takes 999 parameters at least
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT}
"""SQLite's primary result codes for a file that is not what this class wrote."""
_SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)  # a message may quote damaged bytes, which Python cannot decode


class EmbeddingCache:
    """Keeps vectors by key, in one SQLite file; what was put stays also when the program is killed right after.

    May be used from any thread, and by several programs at once; a context manager that closes it.

    Args:
        path: the file; made when it is not there. One that SQLite cannot read is made anew.

    Raises:
        CollectionError: the file cannot be opened.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()
        self._connection = self._connect()

    def get_many(self, keys: Sequence[str]) -> dict[str, Vector]:
        """The vectors of those ``keys`` that are there and undamaged, float32, shape ``(dim,)`` each."""
        found: dict[str, Vector] = {}
        wanted = [key.encode("utf-8") for key in dict.fromkeys(keys)]
        with self._lock:
            for start in range(0, len(wanted), _KEYS_PER_QUERY):
                some = wanted[start : start + _KEYS_PER_QUERY]
                marks = ", ".join("?" * len(some))
                try:
                    rows = self._connection.execute(
                        f"SELECT key, vector, checksum FROM vectors WHERE key IN ({marks})", some
                    ).fetchall()
                except _SQLITE_ERRORS as error:
                    self._begin_anew(error)
                    break
                for key, vector, checksum in rows:
                    if isinstance(vector, bytes) and checksum == _checksum(key, vector):
                        found[key.decode("utf-8")] = np.frombuffer(vector, dtype=_FLOAT32).astype(np.float32)
        return found

    def put_many(self, vectors: Mapping[str, Vector]) -> None:
        """Keep ``vectors``, shape ``(dim,)`` each, under their keys; they are on the disk when this returns.

        Raises:
            CollectionError: the disk refused.
        """
        rows = []
        for key, vector in vectors.items():
            name, content = key.encode("utf-8"), vector.astype(_FLOAT32).tobytes()
            rows.append((name, content, _checksum(name, content)))
        with self._lock:
            try:
                self._insert(rows)
            except _SQLITE_ERRORS as error:
                self._begin_anew(error)
                self._insert(rows)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _insert(self, rows: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        with self._connection:  # one transaction
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self._path, check_same_thread=False, timeout=30)
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        connection.text_factory = bytes  # a damaged row may claim to hold text
        try:
            # With a write-ahead log a commit costs no waiting for the disk, and survives the end of the program.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_SCHEMA)
        except _SQLITE_ERRORS as error:
            connection.close()
            if not _is_damage(error):
                raise self._unusable(error) from error
            self._discard(error)
            return self._connect()
        return connection

    def _begin_anew(self, error: Exception) -> None:
        """Replace a damaged file by an empty one; any other error is raised."""
        if not _is_damage(error):
            raise self._unusable(error) from error
        self._connection.close()
        self._discard(error)
        self._connection = self._connect()

    def _discard(self, error: Exception) -> None:
        logger.warning("%s is damaged (%s): begun anew, its vectors are made again", self._path, error)
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def _unusable(self, error: Exception) -> CollectionError:
        return CollectionError(
            f"the kept vectors {self._path} cannot be used: {error}; see to the disk, or remove the file"
        )


def _checksum(key: bytes, vector: bytes) -> bytes:
    return hashlib.sha256(key + vector).digest()[:16]


def _is_damage(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _DAMAGE
