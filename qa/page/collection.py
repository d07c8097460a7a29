"""What the page needs of a collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from qa.citations import CitationCheck
from qa.page.examples import Asked
from qa.records import Citation


class Collection(Asked, Protocol):
    """What the page needs of an ``Assistant``."""

    def check(self, citation: Citation) -> CitationCheck: ...

    @property
    def generation(self) -> int: ...


CollectionOf = Callable[[str, str], Collection]
"""An owner's collection by its id, which is empty for the one that is served; LibraryError where there is none."""
