"""What the page does when a person asks, opens a source or looks for one: the assistant's work, shown as HTML."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol
from urllib.parse import unquote

from index.errors import ArticleNotFoundError, PullquoteError
from index.records import Article, Filter, Sentence
from index.stores.base import ArticleSummary
from qa.citations import CitationCheck
from qa.exchanges import Conversation, Exchange
from qa.page.cards import conversation_log, welcome
from qa.page.evidence import Highlight, evidence, nothing_shown, notice, source_missing, whole_article
from qa.page.exchanges import Pointer, cited
from qa.page.sources import matching, source_list
from qa.records import Answer, Citation, Turn

_NEWEST = 5
_log = logging.getLogger(__name__)


class Collection(Protocol):
    """What the page needs of an ``Assistant``."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Answer | Turn],
        where: Filter | None,
        query: str | None,
        today: date | None,
    ) -> Answer: ...

    def check(self, citation: Citation) -> CitationCheck: ...

    def article(self, article_id: str) -> Article: ...

    def sentences(self, article_id: str) -> tuple[Sentence, ...]: ...

    def articles(self) -> tuple[ArticleSummary, ...]: ...


class Actions:
    """Turns what a person does into the HTML to show. Keeps nothing between calls; may be used from any thread.

    Args:
        collection: the assistant.
        examples: questions to start with.
        where: which of its articles are asked; None for all.
        today: gives the current day; a test gives its own.
    """

    def __init__(
        self,
        collection: Collection,
        *,
        examples: Sequence[str] = (),
        where: Filter | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._collection = collection
        self._where = where
        self._examples = tuple(examples)
        self._today = today

    def within(self, collection: Collection, where: Filter | None) -> Actions:
        """The same over another collection, or a part of one."""
        return Actions(collection, examples=self._examples, where=where, today=self._today)

    def count(self) -> int:
        """How many articles there are."""
        return len(self._collection.articles())

    def ask(self, question: str, conversation: Conversation) -> Conversation:
        """Answer a question; whatever goes wrong becomes an exchange that says so, and the conversation goes on."""
        return conversation.plus(self._exchange(question, conversation))

    def ask_as_typed(self, number: object, conversation: Conversation) -> Conversation:
        """Answer a follow-up again, searched for its own words instead of those that make it stand alone.

        Args:
            number: the exchange's position as the browser sent it; anything else changes nothing.
        """
        if not isinstance(number, str) or not number.isascii() or not number.isdigit() or len(number) > 6:
            return conversation
        place = int(number)
        if place >= len(conversation.exchanges):
            return conversation
        question = conversation.exchanges[place].question
        again = self._exchange(question, conversation.before(place), query=question)
        return conversation.replaced(place, again)

    def _exchange(self, question: str, before: Conversation, query: str | None = None) -> Exchange:
        try:
            answer = self._collection.ask(
                question, history=before.answers, where=self._where, query=query, today=self._today()
            )
        except PullquoteError as error:
            return Exchange(question, problem=str(error))
        except Exception:
            _log.exception("a question could not be answered")
            return Exchange(question, problem="something failed that should not have; the program's log says what")
        return Exchange(question, answer)

    def conversation(self, conversation: Conversation, pending: str | None = None) -> str:
        """The conversation's HTML; with no exchange yet, a welcome.

        Args:
            pending: a question that is being answered now.
        """
        greeting = "" if conversation.exchanges or pending is not None else self._welcome()
        return conversation_log(conversation, self._today(), pending=pending, welcome=greeting)

    def first_evidence(self, conversation: Conversation) -> str:
        """The evidence to show after an answer: that of its first citation."""
        last = len(conversation.exchanges) - 1
        for kind in ("cited", "closest"):
            pointer = Pointer(last, kind, 0)
            if last >= 0 and pointer.find(conversation):
                return self.evidence(str(pointer), conversation)
        return nothing_shown()

    def evidence(self, pointer_text: object, conversation: Conversation) -> str:
        """A citation's article with the citation highlighted, each citation checked against the stored text just now.

        Args:
            pointer_text: a ``Pointer`` as the browser sent it; anything else gives a notice.
        """
        pointer = Pointer.parse(pointer_text)
        citation = pointer.find(conversation) if pointer else None
        answer = conversation.exchanges[pointer.exchange].answer if pointer and citation else None
        if pointer is None or citation is None or answer is None:
            return notice("this page has been reloaded since that answer; ask again")
        try:
            article = self._collection.article(citation.article_id)
            sentences = self._collection.sentences(citation.article_id)
            shown = self._highlight(citation, pointer, article)
            others = [
                self._highlight(other, Pointer(pointer.exchange, pointer.kind, position), article)
                for position, other in enumerate(cited(answer, pointer.kind))
                if other.article_id == article.article_id and (position, None) != (pointer.citation, pointer.place)
            ]
        except ArticleNotFoundError:
            return source_missing(citation, pointer, "the source is no longer in the collection")
        except PullquoteError as error:
            return source_missing(citation, pointer, str(error))
        return evidence(article, shown, others, sentences, len(cited(answer, pointer.kind)), self._today())

    def article(self, encoded_id: object) -> str:
        """A whole article to read.

        Args:
            encoded_id: the article's id, percent-encoded, as the browser sent it; anything else gives a notice.
        """
        if not isinstance(encoded_id, str):
            return notice("that is no article's id")
        article_id = unquote(encoded_id)
        try:
            article = self._collection.article(article_id)
            return whole_article(article, self._collection.sentences(article_id), self._today())
        except PullquoteError as error:
            return notice(str(error))

    def sources(self, words: str = "") -> str:
        """The list of sources, narrowed down to those that hold all ``words``."""
        return source_list(self._collection.articles(), words, self._today())

    def _welcome(self) -> str:
        summaries = self._collection.articles()
        newest = matching(summaries, "")[:_NEWEST]
        return welcome(len(summaries), self._examples, newest, self._today())

    def _highlight(self, citation: Citation, pointer: Pointer, article: Article) -> Highlight:
        if pointer.place is not None:
            # Another place of a cited sentence carries no hash of its own: the sentence is what must still stand there.
            citation = replace(citation, content_sha256=article.content_sha256)
        return Highlight(citation, pointer, self._collection.check(citation))
