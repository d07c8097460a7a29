"""Names of collections: an owner's own, and everybody's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import LibraryError
from qa.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite") as opened:
        yield opened


def names(library: Library, owner: str | None) -> list[tuple[str, bool]]:
    return [(one.name, one.shared) for one in library.collections.visible(owner)]


def test_everybody_sees_the_shared_and_each_the_own(library: Library) -> None:
    shared = library.collections.add(None, "news", "shared/news")
    own = library.collections.add("ann", " news ", "ann/news")
    library.collections.add("ann", "Archive", "ann/archive")
    assert names(library, "ann") == [("Archive", False), ("news", False), ("news", True)]
    assert names(library, "ben") == names(library, None) == [("news", True)]
    assert own.folder == Path("ann/news").absolute()
    assert library.collections.find("ann", "news") == own, "the own one comes first"
    assert library.collections.find("ben", "news") == shared
    assert library.collections.find("ann", shared.collection_id) == shared
    for wrong in (own.collection_id, "Archive", "\ud800"):
        with pytest.raises(LibraryError, match="no collection"):
            library.collections.find("ben", wrong)


def test_a_name_is_one_collections(library: Library) -> None:
    news = library.collections.add(None, "news", "a")
    other = library.collections.add(None, "other", "b")
    with pytest.raises(LibraryError, match="already"):
        library.collections.add(None, "news", "c")
    with pytest.raises(LibraryError, match="already"):
        library.collections.rename(None, other.collection_id, "news")
    library.collections.rename(None, news.collection_id, "news")
    library.collections.rename(None, news.collection_id, "old news")
    assert library.collections.find(None, news.collection_id).name == "old news"
    library.collections.add(None, "news", "c")


@pytest.mark.parametrize("thief", ["ben", None])
def test_only_the_holder_changes_one(library: Library, thief: str | None) -> None:
    own = library.collections.add("ann", "mine", "a")
    shared = library.collections.add(None, "news", "b")
    for one, who in ((own, thief), (shared, "ben")):
        for strange in (one.collection_id, "\ud800", "0"):
            with pytest.raises(LibraryError, match="no such collection"):
                library.collections.rename(who, strange, "stolen")
            with pytest.raises(LibraryError, match="no such collection"):
                library.collections.remove(who, strange)
    assert names(library, "ann") == [("mine", False), ("news", True)]
    library.collections.remove("ann", own.collection_id)
    library.collections.remove(None, shared.collection_id)
    assert names(library, "ann") == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "\udcff"])
def test_a_name_must_be_one(library: Library, name: str) -> None:
    with pytest.raises(LibraryError, match="name"):
        library.collections.add("ann", name, "a")


def test_a_folder_that_is_no_text_is_refused(library: Library) -> None:
    with pytest.raises(LibraryError, match="folder"):
        library.collections.add("ann", "mine", "\udcff")
