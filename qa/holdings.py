"""The collections that people keep on one server: the shared one that is served, and their own."""

from __future__ import annotations

import secrets
import shutil
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from weakref import WeakValueDictionary

from index.errors import CollectionNotFoundError, LibraryError, PullquoteError
from qa.assistant import Assistant
from qa.bringing import Progress, add_read, add_uploads
from qa.library import Library
from qa.library.records import NamedCollection
from qa.served import SERVED
from qa.uploads import FileOutcome, ReadFile, Upload, pasted_article

MY_ARTICLES = "My articles"
"""The collection that a person's first upload makes."""
MAX_OWNER_BYTES = 2**30
"""What one person's indexes may take up on the disk, all together: some fifty thousand news articles."""
MAX_COLLECTIONS = 20
"""Collections of one person: more are no list to choose from."""
KEPT_OPEN = 8
"""Indexes that stay open when nobody uses them; opening one takes a moment, and holding it some memory."""
_STRIPES = 64


@dataclass(frozen=True, slots=True)
class Holding:
    """A collection in a person's list.

    Attributes:
        shared: everybody sees it, and nobody changes it on the page.
        articles: how many there are; None when it cannot be opened.
    """

    collection_id: str
    name: str
    shared: bool
    articles: int | None


@dataclass(frozen=True, slots=True)
class UploadReport:
    """What became of an upload.

    Attributes:
        collection_id: the collection that it went to.
        files: every file's outcome, in their order.
    """

    collection_id: str
    files: tuple[FileOutcome, ...]


class Holdings:
    """Everybody's collections, each owner's apart: an id of somebody else's is as unknown as a wrong one.

    May be used from any thread. The models are those of the served assistant, loaded once. One owner's changes are made
    one after the other; questions are answered meanwhile, each from one generation.

    Args:
        library: keeps the collections' names and owners.
        served: the collection of the id ``""``; left open by ``close``.
        folder: where people's indexes are kept; made for this user alone to read. No address of the page leads there.
        name: what the served collection is called.
    """

    def __init__(
        self, library: Library, served: Assistant, folder: Path, *, name: str = "The served collection"
    ) -> None:
        self._library = library
        self._served = served
        self._folder = Path(folder).absolute()
        self._name = name
        self._lock = threading.RLock()
        self._changes = tuple(threading.Lock() for _ in range(_STRIPES))
        # An index that has been put out of the list stays open for whoever still uses it, and is found again meanwhile:
        # so there is never a second one, which would not see the first one's changes.
        self._recent: OrderedDict[str, Assistant] = OrderedDict()
        self._alive: WeakValueDictionary[str, Assistant] = WeakValueDictionary()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def visible(self, owner: str) -> tuple[Holding, ...]:
        """What an owner can ask: the served collection first, then the others by name."""
        served = Holding(SERVED, self._name, True, len(self._served.articles()))
        named = self._library.collections.visible(owner)
        return (served, *(Holding(one.collection_id, one.name, one.shared, self._count(one)) for one in named))

    def assistant(self, owner: str, collection_id: str) -> Assistant:
        """The assistant of a collection; never to be closed, nor kept for longer than a question takes.

        Raises:
            LibraryError: the owner can ask no such collection.
            CollectionError: its index cannot be used.
        """
        return self._served if collection_id == SERVED else self._opened(self._named(owner, collection_id))

    def named(self, owner: str, id_or_name: str) -> Assistant:
        """``assistant`` by the collection's id, else its name: an own one before a shared one. The served one has none.

        Raises:
            CollectionNotFoundError: the owner can ask no such collection.
            CollectionError: its index cannot be used.
        """
        return self._opened(self._library.collections.find(owner, id_or_name))

    def create(self, owner: str, name: str) -> str:
        """Make an empty collection; gives its id.

        Raises:
            LibraryError: there is one of that name, there are too many, or the name cannot be kept.
        """
        with self._changing(owner):
            return self._created(owner, name)

    def rename(self, owner: str, collection_id: str, name: str) -> None:
        """Give a collection of the owner's another name.

        Raises:
            LibraryError: the owner has no such collection, or another one of that name.
        """
        self._library.collections.rename(owner, collection_id, name)

    def delete(self, owner: str, collection_id: str) -> None:
        """Delete a collection of the owner's with all its articles.

        Raises:
            LibraryError: the owner has no such collection.
        """
        with self._changing(owner):
            own = self._own(owner, collection_id)
            self._library.collections.remove(owner, collection_id)
            with self._lock:
                self._recent.pop(collection_id, None)
                self._alive.pop(collection_id, None)
            if own.folder.parent == self._folder:  # and not some folder that was named by hand
                shutil.rmtree(own.folder, ignore_errors=True)

    def add_files(
        self, owner: str, collection_id: str, uploads: Sequence[Upload], progress: Progress | None = None
    ) -> UploadReport:
        """Read files into a collection of the owner's. An article of a file that was uploaded before under the same
        name is replaced. The files are gone from their temporary place afterwards, whatever happens.

        Args:
            collection_id: where they go; that of a shared collection means "My articles", made when it is not there.

        Raises:
            LibraryError: the owner can see no such collection.
            CollectionError: its index cannot be used.
        """
        try:
            with self._changing(owner):
                target = self._target(owner, collection_id)
                assistant = self._opened(target)
                files = add_uploads(assistant, uploads, self._folder, self._room(owner), progress)
                return UploadReport(target.collection_id, files)
        finally:
            for upload in uploads:
                with suppress(OSError):
                    upload.path.unlink(missing_ok=True)

    def add_text(
        self, owner: str, collection_id: str, text: str, *, title: str = "", published: str = "", url: str = ""
    ) -> UploadReport:
        """Add an article that was typed or pasted; the arguments are those of ``pasted_article`` and ``add_files``.

        Raises:
            LibraryError, CollectionError: as ``add_files``.
            LoadError: there is no text, or the date or the address cannot be one.
        """
        article = pasted_article(text, title, published, url)
        with self._changing(owner):
            target = self._target(owner, collection_id)
            if len(article.text.encode("utf-8")) > self._room(owner):
                raise LibraryError(_no_room())
            read = [ReadFile(article.title, (article,))]
            return UploadReport(target.collection_id, add_read(self._opened(target), read))

    def remove(self, owner: str, collection_id: str, article_ids: Collection[str]) -> None:
        """Remove articles from a collection of the owner's.

        Raises:
            LibraryError: the owner has no such collection; nobody removes from a shared one.
            ArticleNotFoundError: names every id that is not there; nothing is removed then.
            CollectionError: the index cannot be used.
        """
        with self._changing(owner):
            self._opened(self._own(owner, collection_id)).remove(article_ids)

    def close(self) -> None:
        """Let go of all indexes; whoever is using one still can."""
        with self._lock:
            self._recent.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _named(self, owner: str, collection_id: str) -> NamedCollection:
        for one in self._library.collections.visible(owner):
            if one.collection_id == collection_id:
                return one
        raise CollectionNotFoundError("there is no such collection; it may have been removed")

    def _own(self, owner: str, collection_id: str) -> NamedCollection:
        if collection_id == SERVED or (found := self._named(owner, collection_id)).shared:
            raise LibraryError("that collection is everybody's: it is changed where the server runs, and not here")
        return found

    def _target(self, owner: str, collection_id: str) -> NamedCollection:
        if collection_id != SERVED and not (found := self._named(owner, collection_id)).shared:
            return found
        for one in self._library.collections.visible(owner):
            if one.name == MY_ARTICLES and not one.shared:
                return one
        return self._named(owner, self._created(owner, MY_ARTICLES))

    def _created(self, owner: str, name: str) -> str:
        if len(self._owned(owner)) >= MAX_COLLECTIONS:
            raise LibraryError(f"one person keeps at most {MAX_COLLECTIONS} collections here; delete one first")
        return self._library.collections.add(owner, name, self._folder / secrets.token_hex(16)).collection_id

    def _owned(self, owner: str) -> list[NamedCollection]:
        return [one for one in self._library.collections.visible(owner) if not one.shared]

    def _opened(self, named: NamedCollection) -> Assistant:
        with self._lock:
            found = self._alive.get(named.collection_id)
            if found is None:
                if not named.shared:
                    with suppress(FileExistsError):
                        named.folder.mkdir(mode=0o700)
                found = self._served.beside(named.folder, create=not named.shared)
                self._alive[named.collection_id] = found
            self._recent[named.collection_id] = found
            self._recent.move_to_end(named.collection_id)
            while len(self._recent) > KEPT_OPEN:
                self._recent.popitem(last=False)
            return found

    def _count(self, named: NamedCollection) -> int | None:
        try:
            return len(self._opened(named).articles())
        except (PullquoteError, OSError):  # one that cannot be used does not hide the others
            return None

    def _room(self, owner: str) -> int:
        return MAX_OWNER_BYTES - sum(_bytes_below(one.folder) for one in self._owned(owner))

    @contextmanager
    def _changing(self, owner: str) -> Iterator[None]:
        """One change of an owner's at a time; sometimes of two owners', which share a lock by chance."""
        with self._changes[hash(owner) % _STRIPES]:
            yield


def _bytes_below(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*") if folder.is_dir() else ():
        with suppress(OSError):  # gone meanwhile
            total += path.lstat().st_size
    return total


def _no_room() -> str:
    return f"one person keeps at most {MAX_OWNER_BYTES // 2**20} MiB here; delete articles or collections first"
