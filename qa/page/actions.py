"""What the page does when a person asks, judges, opens a source or looks for one: the assistant's work, as HTML."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

from index.errors import ArticleNotFoundError, CollectionNotFoundError, PullquoteError
from index.records import Article, Filter
from qa.exchanges import Conversation, Exchange
from qa.library import VERDICTS, Library
from qa.page.cards import Gone, conversation_log
from qa.page.cited_sources import CitedSources
from qa.page.collection import Collection, CollectionOf
from qa.page.evidence import Highlight, evidence, nothing_shown, notice, source_missing, whole_article
from qa.page.exchanges import Pointer, PressedSentence, cited
from qa.page.greeting import Greeter
from qa.page.keeping import Keeper
from qa.page.offering import Offers
from qa.page.remembering import meant
from qa.page.scope import Scope
from qa.page.sources import source_list
from qa.records import Citation
from qa.served import ELSEWHERE
from qa.smalltalk import kind_of

ASKED_ELSEWHERE = "it was asked of another collection than the one that is served now"
_FAILED = "something failed that should not have; the program's log says what"
_log = logging.getLogger(__name__)


class Actions:
    """Turns what a person does into the HTML to show. Keeps what can be made anew alone; may be used from any thread.

    Args:
        collection_of: gives the collection that is asked.
        library: keeps conversations and feedback; None keeps nothing.
        examples: questions to start with, on the collection that is served.
        offers: makes questions to start with, where there are no others; None for none.
        served: the ``index_name`` of the collection that is served.
        brings: whether people can bring articles on the page.
        today: gives the current day; a test gives its own.
    """

    def __init__(
        self,
        collection_of: CollectionOf,
        *,
        library: Library | None = None,
        examples: Sequence[str] = (),
        offers: Offers[Collection] | None = None,
        served: str = "",
        brings: bool = False,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._collection_of = collection_of
        self._keeper = Keeper(library, served)
        self._greeter = Greeter(collection_of, examples, offers, today, brings=brings)
        self._today = today
        self._cited = CitedSources(collection_of, today)

    def count(self, owner: str, collection_id: str = "") -> int:
        """How many articles there are."""
        return len(self._collection_of(owner, collection_id).articles())

    def is_there(self, owner: str, collection_id: str) -> bool:
        """Whether a collection is still among those that the owner can ask."""
        try:
            self._collection_of(owner, collection_id)
        except CollectionNotFoundError:
            return False
        except PullquoteError:  # one that cannot be opened now is not gone
            pass
        return True

    def ask(self, owner: str, question: str, conversation: Conversation, where: Filter | None = None) -> Conversation:
        """Answer a question; whatever goes wrong becomes an exchange that says so, and the conversation goes on.

        Args:
            where: which articles are asked; None for all.
        """
        kind = kind_of(question)
        if kind is not None:
            said = self._greeter.reply(kind, owner, conversation.collection_id)
            return self._keeper.add(owner, conversation, Exchange(question, reply=said))
        return self._keeper.add(owner, conversation, self._exchange(owner, question, conversation, where))

    def ask_as_typed(self, owner: str, conversation: Conversation) -> Conversation:
        """Answer the last question again, of the same articles, searched for its own words instead of those that make
        it stand alone."""
        if not conversation.exchanges:
            return conversation
        last = len(conversation.exchanges) - 1
        asked = conversation.exchanges[last]
        again = self._exchange(owner, asked.question, conversation.before(last), asked.where, query=asked.question)
        return self._keeper.replace_last(owner, conversation, again)

    def collection_shown(self, kept: str | None) -> str:
        """The id of the collection that a kept conversation is about."""
        return self._keeper.collection_shown(kept)

    def restored(self, owner: str, conversation_id: object) -> Conversation | None:
        """A conversation that was kept; None when the owner has none with that id (any more)."""
        return self._keeper.restored(owner, conversation_id)

    def meant(
        self, owner: str, conversation: Conversation | None, scope: Scope | None, remembered: object
    ) -> tuple[Conversation, Scope]:
        """The conversation that a page shows and what it asks.

        Args:
            conversation, scope: as the server keeps them; None where it has forgotten them.
            remembered: as the browser's tab does: anything at all.
        """
        return meant(conversation, scope, remembered, lambda conversation_id: self.restored(owner, conversation_id))

    def judge(self, owner: str, number: object, verdict: object, conversation: Conversation) -> str:
        """Keep what was thought of an answer; what to tell, empty when all is well.

        Args:
            number, verdict: as the browser sent them: anything at all.
        """
        exchange = _exchange_at(number, conversation)
        known = next((one for one in VERDICTS if one == verdict), None)
        if exchange is None or known is None:
            return "that answer is not kept any more; ask again"
        try:
            self._keeper.judge(owner, exchange, known, self._keeper.verdicts(owner, conversation))
        except PullquoteError as error:
            return str(error)
        return ""

    def correct(self, owner: str, number: object, sent: object, conversation: Conversation) -> str:
        """Keep the sentence that would have been right; what to tell, empty when all is well.

        Args:
            number, sent: the exchange, and what a ``PressedSentence`` is read from, as the browser sent them.
        """
        exchange, pressed = _exchange_at(number, conversation), PressedSentence.parse(sent)
        if exchange is None or pressed is None:
            return "that answer is not kept any more; ask again"
        if pressed.collection_id != conversation.collection_id:
            return "that article is of another collection than the one that was asked: choose a sentence of this one"
        given = self._keeper.verdicts(owner, conversation)

        def article_shown(article_id: str) -> Article:
            article = self._collection_of(owner, conversation.collection_id).article(article_id)
            if article.content_sha256 != pressed.version:
                raise PullquoteError("the article was changed since it was opened: open it again")
            return article

        try:
            self._keeper.correct(
                owner, exchange, pressed.article_id, pressed.start_char, pressed.end_char, given, article_shown
            )
        except PullquoteError as error:
            return str(error)
        return ""

    def conversation(
        self,
        owner: str,
        conversation: Conversation,
        pending: str | None = None,
        before: int | None = None,
        *,
        awaited: bool = False,
    ) -> str:
        """The conversation's HTML; with no exchange yet, a welcome.

        Args:
            pending: a question that is being answered now.
            before: how many questions wait before it; None when it waits no longer.
            awaited: that it was asked before the page was reloaded: the page looks for its answer.
        """
        asked = conversation.exchanges or pending is not None
        greeting = "" if asked else self._greeter.welcome(owner, conversation.collection_id)
        return conversation_log(
            conversation,
            self._today(),
            pending=pending,
            before=before,
            awaited=awaited,
            welcome=greeting,
            verdicts=self._keeper.verdicts(owner, conversation),
            gone=self._gone(owner, conversation),
            standing_of=self._cited.standing_of(owner, conversation.collection_id),
            takeaway_of=self._cited.takeaway_of(owner, conversation.collection_id),
        )

    def welcome_again(self, owner: str, collection_id: str) -> str | None:
        """The HTML before the first question to a collection; None while its examples are still being made."""
        now = Conversation(collection_id=collection_id)
        return self.conversation(owner, now) if self._greeter.is_ready(owner, collection_id) else None

    def first_evidence(self, owner: str, conversation: Conversation) -> str:
        """The evidence to show after an answer: that of its first citation."""
        last = len(conversation.exchanges) - 1
        for kind in ("cited", "closest"):
            pointer = Pointer(last, kind, 0)
            if last >= 0 and pointer.find(conversation):
                return self.evidence(owner, str(pointer), conversation)
        return nothing_shown()

    def evidence(self, owner: str, pointer_text: object, conversation: Conversation) -> str:
        """A citation's article with the citation highlighted, each citation checked against the stored text just now.

        Args:
            pointer_text: a ``Pointer`` as the browser sent it; anything else gives a notice.
        """
        pointer = Pointer.parse(pointer_text)
        citation = pointer.find(conversation) if pointer else None
        answer = conversation.exchanges[pointer.exchange].answer if pointer and citation else None
        if pointer is None or citation is None or answer is None:
            return notice("that answer is not kept any more; ask again")
        try:
            collection = self._collection_of(owner, conversation.collection_id)
            article = collection.article(citation.article_id)
            sentences = collection.sentences(citation.article_id)
            shown = _highlight(collection, citation, pointer, article)
            others = [
                _highlight(collection, other, Pointer(pointer.exchange, pointer.kind, position), article)
                for position, other in enumerate(cited(answer, pointer.kind))
                if other.article_id == article.article_id and (position, None) != (pointer.citation, pointer.place)
            ]
        except ArticleNotFoundError:
            return source_missing(citation, pointer, "source removed: it is no longer in the collection")
        except CollectionNotFoundError:
            elsewhere = conversation.collection_id == ELSEWHERE
            reason = ASKED_ELSEWHERE if elsewhere else "its collection was removed, and all its articles with it"
            return source_missing(citation, pointer, reason)
        except PullquoteError as error:
            return source_missing(citation, pointer, str(error))
        citations, held_in = len(cited(answer, pointer.kind)), conversation.collection_id
        return evidence(article, shown, others, sentences, citations, self._today(), held_in)

    def article(self, owner: str, encoded_id: object, collection_id: str = "") -> str:
        """A whole article to read.

        Args:
            encoded_id: the article's id, percent-encoded, as the browser sent it; anything else gives a notice.
        """
        if not isinstance(encoded_id, str):
            return notice("that is no article's id")
        article_id = unquote(encoded_id)
        try:
            collection = self._collection_of(owner, collection_id)
            article, sentences = collection.article(article_id), collection.sentences(article_id)
            return whole_article(article, sentences, self._today(), collection_id)
        except PullquoteError as error:
            return notice(str(error))

    def sources(self, owner: str, words: str = "", collection_id: str = "") -> str:
        """The list of sources, narrowed down to those that hold all ``words``."""
        return source_list(self._collection_of(owner, collection_id).articles(), words, self._today())

    def _exchange(
        self, owner: str, question: str, before: Conversation, where: Filter | None, query: str | None = None
    ) -> Exchange:
        try:
            collection = self._collection_of(owner, before.collection_id)
            answer = collection.ask(question, history=before.answers, where=where, query=query, today=self._today())
        except PullquoteError as error:
            return Exchange(question, problem=str(error), where=where)
        except Exception:
            _log.exception("a question could not be answered")
            return Exchange(question, problem=_FAILED, where=where)
        return Exchange(question, answer, where=where)

    def _gone(self, owner: str, conversation: Conversation) -> Gone | None:
        """Why a conversation can be read, and not continued; None when it can."""
        if not conversation.exchanges or self.is_there(owner, conversation.collection_id):
            return None
        return "elsewhere" if conversation.collection_id == ELSEWHERE else "removed"


def _highlight(collection: Collection, citation: Citation, pointer: Pointer, article: Article) -> Highlight:
    if pointer.place is not None:
        # Another place of a cited sentence carries no hash of its own: the sentence is what must still stand there.
        citation = replace(citation, content_sha256=article.content_sha256)
    return Highlight(citation, pointer, collection.check(citation))


def _exchange_at(number: object, conversation: Conversation) -> Exchange | None:
    """The exchange at a position that a browser sent; None when there is none."""
    if not isinstance(number, str) or not number.isascii() or not number.isdigit() or len(number) > 6:
        return None
    place = int(number)
    return conversation.exchanges[place] if place < len(conversation.exchanges) else None
