"""What the page says before the first question, and to small talk: how many articles there are, and what to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from index.errors import PullquoteError
from index.stores.base import ArticleSummary
from qa.page.cards import welcome
from qa.page.collection import Collection, CollectionOf
from qa.page.offering import Offers
from qa.page.sources import matching
from qa.smalltalk import SmallTalk, reply

_NEWEST = 5


class Greeter:
    """Speaks of a collection. May be used from any thread.

    Args:
        collection_of: gives the collection.
        examples: questions to start with, on the collection that is served.
        offers: makes questions to start with, where there are no others; None for none.
        today: gives the current day.
    """

    def __init__(
        self,
        collection_of: CollectionOf,
        examples: Sequence[str],
        offers: Offers[Collection] | None,
        today: Callable[[], date],
    ) -> None:
        self._collection_of = collection_of
        self._examples = tuple(examples)
        self._offers = offers
        self._today = today

    def reply(self, kind: SmallTalk, owner: str, collection_id: str) -> str:
        """What is said to small talk."""
        return reply(kind, self._articles(owner, collection_id), self._examples_of(owner, collection_id) or ())

    def is_ready(self, owner: str, collection_id: str) -> bool:
        """Whether the examples of a collection have been made."""
        return self._examples_of(owner, collection_id) is not None

    def welcome(self, owner: str, collection_id: str) -> str:
        """The HTML before the first question to a collection."""
        summaries = self._articles(owner, collection_id)
        newest = matching(summaries, "")[:_NEWEST]
        examples = self._examples_of(owner, collection_id) if summaries else ()
        return welcome(len(summaries), examples or (), newest, self._today(), preparing=examples is None)

    def _articles(self, owner: str, collection_id: str) -> tuple[ArticleSummary, ...]:
        """The articles of a collection; none of one that was deleted meanwhile, on another page."""
        try:
            return self._collection_of(owner, collection_id).articles()
        except PullquoteError:
            return ()

    def _examples_of(self, owner: str, collection_id: str) -> tuple[str, ...] | None:
        """Questions to start with; None while they are being made."""
        if self._examples and not collection_id:
            return self._examples
        try:
            return self._offers.of(collection_id, self._collection_of(owner, collection_id)) if self._offers else ()
        except PullquoteError:  # deleted meanwhile, on another page
            return ()
