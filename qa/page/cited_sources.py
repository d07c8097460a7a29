"""What the cards of a conversation say of its cited articles: what became of them, and what can be taken along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

from index.errors import ArticleNotFoundError, PullquoteError
from index.records import Article
from qa.citations import StandingOf, standing
from qa.page.collection import CollectionOf
from qa.page.copying import TakeawayOf, Takeaways, takeaway


class CitedSources:
    """Looks up the articles that answers cite. Keeps what can be made anew alone; may be used from any thread.

    Args:
        collection_of: gives the collection that was asked.
        today: gives the current day.
    """

    def __init__(self, collection_of: CollectionOf, today: Callable[[], date]) -> None:
        self._collection_of = collection_of
        self._today = today
        self._takeaways = Takeaways()

    def standing_of(self, owner: str, collection_id: str) -> StandingOf:
        """What became of the articles of a collection. One that is not there says so in its own words."""
        try:
            collection = self._collection_of(owner, collection_id)
        except PullquoteError:
            return lambda article_id, content_sha256: ""

        @cache
        def article(article_id: str) -> Article | None:
            try:
                return collection.article(article_id)
            except ArticleNotFoundError:
                return None

        return lambda article_id, content_sha256: standing(content_sha256, article(article_id))

    def takeaway_of(self, owner: str, collection_id: str) -> TakeawayOf:
        """What can be taken along of the citations of a collection's articles."""
        today = self._today()
        try:
            collection = self._collection_of(owner, collection_id)
        except PullquoteError:
            return lambda citation: takeaway(citation, today)
        version = (collection_id, collection.generation)
        return lambda citation: self._takeaways.of(citation, today, version, collection.article)
