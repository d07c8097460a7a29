"""A collection kept in a folder: FAISS for the vectors, BM25 for the terms, SQLite for the text."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from index.errors import CollectionError, IndexCorruptError, IndexExistsError, IndexMismatchError
from index.manifest import IndexIdentity, Manifest, rebuild_advice, utc_now
from index.stores.local.durable import sync_directory
from index.stores.local.generations import (
    last_number,
    read_manifest,
    read_pointer,
    remove_unfinished,
    switch_to,
    with_current,
)
from index.stores.local.layout import Layout
from index.stores.local.snapshot import Snapshot
from index.stores.local.writer import LocalWriter, lock_for_writing
from index.tokenizer import Tokenizer


class LocalStore:
    """An index in a folder; a ``CollectionStore``. Light: it holds no file open; ``reader`` and ``writer`` do.

    Use ``LocalStore.create`` or ``LocalStore.open``.
    """

    def __init__(self, layout: Layout, identity: IndexIdentity) -> None:
        self._layout = layout
        self._identity = identity

    @classmethod
    def create(cls, path: str | os.PathLike[str], identity: IndexIdentity) -> Self:
        """Make an empty index in a folder that is empty or does not exist yet.

        Raises:
            IndexExistsError: the folder holds an index.
            CollectionError: it holds other files, or cannot be written to; nothing in it was touched.
            IndexLockedError: another program is making an index there.
        """
        layout = Layout(Path(path))
        try:
            layout.root.mkdir(parents=True, exist_ok=True)
            sync_directory(layout.root.parent)
        except OSError as error:
            raise CollectionError(f"no folder can be made at {layout.root}: {error}") from error
        _require_room(layout)
        lock = lock_for_writing(layout)
        try:
            _require_room(layout)  # another program may have made an index meanwhile
            switch_to(layout, Manifest(generation=0, identity=identity, created=utc_now()))
        except OSError as error:
            raise CollectionError(f"no index can be made in {layout.root}: {error}") from error
        finally:
            lock.release()
        return cls(layout, identity)

    @classmethod
    def open(cls, path: str | os.PathLike[str], expected: IndexIdentity | None = None) -> Self:
        """Open the index in a folder.

        Args:
            expected: refuse an index of any other identity; None takes what is there.

        Raises:
            IndexNotFoundError: there is no folder, or no index in it.
            IndexCorruptError: its manifest is missing or has changed.
            IndexMismatchError: it is of another format, model or settings; names what differs.
        """
        layout = Layout(Path(path))
        identity = with_current(layout, lambda manifest: manifest.identity)
        if expected is not None:
            identity.require(expected, str(layout.root))
        tokenizer = Tokenizer(stem=identity.build.stem)
        if tokenizer.version != identity.tokenizer_version:
            raise IndexMismatchError(
                f"{layout.root} was built with version {identity.tokenizer_version} of the tokenizer, this is version "
                f"{tokenizer.version}; {rebuild_advice(str(layout.root))}"
            )
        return cls(layout, identity)

    @classmethod
    def at(cls, path: str | os.PathLike[str], identity: IndexIdentity) -> Self:
        """The index that a rebuild makes in a folder, without a look at what is there now."""
        return cls(Layout(Path(path)), identity)

    @classmethod
    def rebuild(cls, path: str | os.PathLike[str], identity: IndexIdentity) -> LocalWriter:
        """Begin an index anew in the folder of an old one, which may be unreadable or of another identity.

        The writer's publish replaces all of the old index in one step; until then readers see the old one.

        Raises:
            IndexNotFoundError: there is no index to replace.
            IndexLockedError: another writer is at work.
        """
        layout = Layout(Path(path))
        with suppress(IndexCorruptError):  # which is a reason to build anew
            read_pointer(layout)
        lock = lock_for_writing(layout)
        remove_unfinished(layout, last_number(layout))
        base = Manifest(generation=last_number(layout), identity=identity, created=utc_now())
        return LocalWriter(layout, base, lock, replacing=_segment_names(layout))

    @property
    def identity(self) -> IndexIdentity:
        """What the index was built with."""
        return self._identity

    @property
    def path(self) -> Path:
        """The index's folder."""
        return self._layout.root

    @property
    def embedding_cache_path(self) -> Path:
        """Where an ``EmbeddingCache`` of this index belongs."""
        return self._layout.embedding_cache

    def reader(self) -> Snapshot:
        """Open the current generation.

        Raises:
            IndexCorruptError: a file is missing or has changed.
            IndexMismatchError: the index has meanwhile been rebuilt with another identity.
        """
        return with_current(self._layout, self._open_snapshot)

    def writer(self) -> LocalWriter:
        """Begin a change, and remove what an interrupted writer left.

        Raises:
            IndexLockedError: another writer is at work.
            IndexCorruptError: the current generation's text is missing or has changed.
            IndexMismatchError: the index has meanwhile been rebuilt with another identity.
        """
        lock = lock_for_writing(self._layout)
        try:
            manifest = read_manifest(self._layout, read_pointer(self._layout))
            manifest.identity.require(self._identity, str(self._layout.root))
            remove_unfinished(self._layout, manifest.generation)
            return LocalWriter(self._layout, manifest, lock)
        except BaseException:
            lock.release()
            raise

    def compact(self) -> int:
        """Merge all segments into one without what was removed; gives the current generation's number."""
        with self.writer() as writer:
            return writer.publish(compact=True)

    def _open_snapshot(self, manifest: Manifest) -> Snapshot:
        manifest.identity.require(self._identity, str(self._layout.root))
        return Snapshot(self._layout, manifest)


def _require_room(layout: Layout) -> None:
    """Refuse a folder in which an index must not be made."""
    if layout.current.exists():
        raise IndexExistsError(
            f"the folder {layout.root} holds an index already; add to it, or name another folder for a new one"
        )
    foreign = layout.foreign_entries()
    if foreign:
        named = ", ".join(foreign[:3]) + (", …" if len(foreign) > 3 else "")
        raise CollectionError(
            f"the folder {layout.root} is no index, and not empty: it holds {named}; "
            "name an empty folder or a new one. Nothing in it was touched"
        )


def _segment_names(layout: Layout) -> frozenset[str]:
    """The segments of the current generation, as far as it can be read."""
    try:
        return frozenset(segment.name for segment in read_manifest(layout, read_pointer(layout)).segments)
    except CollectionError:
        return frozenset()
