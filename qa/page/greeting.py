"""What the page says before the first question, and to small talk: how many articles there are, and what to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from index.errors import PullquoteError
from index.stores.base import ArticleSummary
from qa.page.collection import Collection, CollectionOf
from qa.page.labels import article_button
from qa.page.markup import escape, isolated
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
        brings: whether people can bring articles on the page.
    """

    def __init__(
        self,
        collection_of: CollectionOf,
        examples: Sequence[str],
        offers: Offers[Collection] | None,
        today: Callable[[], date],
        *,
        brings: bool = False,
    ) -> None:
        self._collection_of = collection_of
        self._examples = tuple(examples)
        self._offers = offers
        self._today = today
        self._brings = brings

    def reply(self, kind: SmallTalk, owner: str, collection_id: str) -> str:
        """What is said to small talk."""
        first = "Add files under Sources first." if self._brings else "Index some first."
        examples = self._examples_of(owner, collection_id) or ()
        return reply(kind, self._articles(owner, collection_id), examples, first=first)

    def is_ready(self, owner: str, collection_id: str) -> bool:
        """Whether the examples of a collection have been made."""
        return self._examples_of(owner, collection_id) is not None

    def welcome(self, owner: str, collection_id: str) -> str:
        """The HTML before the first question to a collection."""
        summaries = self._articles(owner, collection_id)
        newest = matching(summaries, "")[:_NEWEST]
        examples = self._examples_of(owner, collection_id) if summaries else ()
        preparing = examples is None
        return welcome(len(summaries), examples or (), newest, self._today(), preparing=preparing, brings=self._brings)

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


def welcome(
    articles: int,
    examples: Sequence[str],
    newest: Sequence[ArticleSummary],
    today: date,
    *,
    preparing: bool = False,
    brings: bool = False,
) -> str:
    """What the page says before the first question.

    Args:
        articles: how many there are in the collection.
        examples: questions to start with, about this collection.
        newest: articles to start with, where there are no examples.
        preparing: examples are being made; the page looks again for them.
        brings: whether the person can bring articles on the page.
    """
    if articles == 0 and brings:
        return (
            '<section class="pq-welcome"><h2>There are no articles yet</h2>'
            "<p>Add files, a folder or a pasted text under Sources; then ask about them here.</p>"
            '<p><button type="button" class="pq-link" data-to-sources>Add articles</button></p></section>'
        )
    if articles == 0:
        return (
            '<section class="pq-welcome"><h2>There are no articles yet</h2>'
            "<p>Index some with <code>pullquote index PATH --index DIR</code>, then start the page with "
            "<code>pullquote serve --index DIR</code>.</p></section>"
        )
    offers = ""
    if examples:
        buttons = "".join(
            f'<li><button type="button" class="pq-example" data-ask="{escape(question)}">'
            f"{isolated(question)}</button></li>"
            for question in examples
        )
        offers = f'<h3>For example</h3><ul class="pq-offers">{buttons}</ul>'
    elif newest:
        buttons = "".join(f"<li>{article_button(summary, today)}</li>" for summary in newest)
        offers = f'<h3>The newest articles</h3><ul class="pq-offers">{buttons}</ul>'
    return (
        f'<section class="pq-welcome"{" data-preparing" if preparing else ""}><h2>Ask about your articles</h2>'
        "<p>The answer is a sentence from one of them, word for word, with the place where it stands. Where the "
        "articles do not answer, the page says so.</p>"
        f"{offers}</section>"
    )
