"""The collections that can be asked on one server: names of index folders, an owner's own or everybody's."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from index.errors import CollectionNotFoundError, LibraryError
from qa.library.checking import checked_owner, checked_text, new_id
from qa.library.database import Database
from qa.library.records import NamedCollection

LONGEST_NAME = 200
"""Characters of a collection's name."""


class Collections:
    """Names of index folders. ``owner`` None means everybody's: only who keeps the server may change those.

    An owner sees everybody's and the own ones; an own one may have the name of one of everybody's, and is then found
    first. The folders themselves are neither opened, made nor removed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, owner: str | None, name: str, folder: str | os.PathLike[str]) -> NamedCollection:
        """Name an index folder.

        Raises:
            LibraryError: there is one of that name, or the name or folder cannot be kept.
        """
        of, called = _checked_holder(owner), _checked_name(name)
        place = checked_text(str(Path(folder).absolute()), "a folder's path")
        collection_id = new_id()
        with self._database.writing() as connection:
            _require_free(connection, of, called)
            connection.execute("INSERT INTO collections VALUES (?, ?, ?, ?)", (collection_id, of, called, place))
        return NamedCollection(collection_id=collection_id, name=called, folder=Path(place), shared=of is None)

    def visible(self, owner: str | None) -> tuple[NamedCollection, ...]:
        """What an owner can ask, by name; with None everybody's only."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT collection_id, name, folder, owner IS NULL FROM collections WHERE owner IS NULL OR owner = ?",
                (_checked_holder(owner),),
            ).fetchall()
        found = [NamedCollection(collection_id=i, name=n, folder=Path(f), shared=bool(s)) for i, n, f, s in rows]
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.name, one.shared)))

    def find(self, owner: str | None, id_or_name: str) -> NamedCollection:
        """The collection of this id that the owner can ask, else the own one of this name, else everybody's.

        Raises:
            CollectionNotFoundError: the owner can ask none such.
        """
        seen = self.visible(owner)
        by_id = [one for one in seen if one.collection_id == id_or_name]
        by_name = [one for one in seen if one.name == id_or_name]  # the own one comes first
        if not (by_id or by_name):
            raise CollectionNotFoundError(
                f"there is no collection {id_or_name!r:.200}; name one of those that are listed"
            )
        return (by_id or by_name)[0]

    def rename(self, owner: str | None, collection_id: str, name: str) -> None:
        """Give a collection another name; conversations that refer to it by its id still do.

        Raises:
            LibraryError: the owner has no such collection, or another one of that name.
        """
        of, wanted, called = _checked_holder(owner), _known(collection_id), _checked_name(name)
        with self._database.writing() as connection:
            _require_held(connection, of, wanted)
            _require_free(connection, of, called, but=wanted)
            connection.execute("UPDATE collections SET name = ? WHERE collection_id = ?", (called, wanted))

    def remove(self, owner: str | None, collection_id: str) -> None:
        """Take a collection out of the list; its folder and the conversations about it stay.

        Raises:
            LibraryError: the owner has no such collection.
        """
        of, wanted = _checked_holder(owner), _known(collection_id)
        with self._database.erasing(exchanges=False) as connection:
            _require_held(connection, of, wanted)
            connection.execute("DELETE FROM collections WHERE collection_id = ?", (wanted,))


def _checked_holder(owner: str | None) -> str | None:
    return None if owner is None else checked_owner(owner)


def _checked_name(name: str) -> str:
    called = " ".join(checked_text(name, "a collection's name").split())
    if not 1 <= len(called) <= LONGEST_NAME:
        raise LibraryError(f"a collection's name has 1 to {LONGEST_NAME} characters, not {len(called)}")
    return called


def _require_free(connection: sqlite3.Connection, owner: str | None, name: str, but: str = "") -> None:
    if connection.execute(
        "SELECT 1 FROM collections WHERE owner IS ? AND name = ? AND collection_id <> ?", (owner, name, but)
    ).fetchone():
        raise LibraryError(f"there is a collection {name!r} already; choose another name, or remove that one")


def _require_held(connection: sqlite3.Connection, owner: str | None, collection_id: str) -> None:
    if not connection.execute(
        "SELECT 1 FROM collections WHERE owner IS ? AND collection_id = ?", (owner, collection_id)
    ).fetchone():
        raise _unknown()


def _known(collection_id: str) -> str:
    """An id that may be looked up."""
    try:
        return checked_text(collection_id, "an id")
    except LibraryError:
        raise _unknown() from None


def _unknown() -> LibraryError:
    return LibraryError("there is no such collection; it may have been removed")
