"""Everything that a person keeps on one server, deleted for good."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from qa.library import Library


@dataclass(frozen=True, slots=True)
class Kept:
    """How much a person keeps."""

    conversations: int
    collections: int

    def __bool__(self) -> bool:
        return bool(self.conversations or self.collections)


def kept_by(library: Library, owner: str) -> Kept:
    """What an owner keeps.

    Raises:
        LibraryError: the library cannot be read.
    """
    own = [one for one in library.collections.visible(owner) if not one.shared]
    return Kept(library.conversations.count(owner), len(own))


def forget(library: Library, owner: str, folder: Path) -> None:
    """Delete an owner's conversations, feedback, and collections with their articles. A server that is running notices.

    Args:
        folder: where people's indexes are kept; what was named elsewhere by hand stays.

    Raises:
        LibraryError: the library cannot be written to.
    """
    own = [one.folder for one in library.collections.visible(owner) if not one.shared]
    library.forget(owner)
    for place in own:
        if place.parent == folder.absolute():
            shutil.rmtree(place, ignore_errors=True)
