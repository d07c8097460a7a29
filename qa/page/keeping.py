"""Conversations that outlive a page: what is shown is kept, by owner, and read back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from index.errors import ConversationNotFoundError, LibraryError, PullquoteError
from index.records import Article
from qa.exchanges import Conversation, Exchange
from qa.library import Correction, Feedback, KeptExchange, Library, Verdict
from qa.served import kept_as, shown_as

_log = logging.getLogger(__name__)


class Keeper:
    """Keeps what is asked on the page in a library; without one, nothing outlives the page.

    A library that cannot be written to does not keep anybody from getting an answer: the log says so, and what could
    not be kept has no id.

    Args:
        library: None keeps nothing.
        served: the ``index_name`` of what is served, so that conversations with another index are known as such; empty
            where nobody asks.
    """

    def __init__(self, library: Library | None, served: str = "") -> None:
        self._library = library
        self._served = served

    def collection_shown(self, kept: str | None) -> str:
        """The id of the collection that a kept conversation is about."""
        return shown_as(kept, self._served)

    def add(self, owner: str, conversation: Conversation, exchange: Exchange) -> Conversation:
        """The conversation with one more exchange, both kept. Small talk alone is no conversation to keep; it is kept
        together with what is asked afterwards."""
        if self._library is None or (exchange.reply and not conversation.conversation_id):
            return conversation.plus(exchange)
        # What was said before the first question has not been kept yet.
        new = (exchange,) if conversation.conversation_id else (*conversation.exchanges, exchange)
        try:
            try:
                kept = self._added(owner, conversation, new, conversation.conversation_id or None)
            except ConversationNotFoundError:  # deleted meanwhile, on another page
                kept = self._added(owner, conversation, new, None)
        except LibraryError:
            _log.exception("an exchange could not be kept")
            return conversation.plus(exchange)
        old = conversation.exchanges if conversation.conversation_id else ()
        added = (replace(one, exchange_id=it.exchange_id) for one, it in zip(new, kept, strict=True))
        return replace(conversation, exchanges=(*old, *added), conversation_id=kept[-1].conversation_id)

    def _added(
        self, owner: str, conversation: Conversation, new: Sequence[Exchange], conversation_id: str | None
    ) -> list[KeptExchange]:
        if self._library is None:
            return []
        kept: list[KeptExchange] = []
        for exchange in new:
            one = self._library.conversations.add(
                owner,
                exchange.question,
                exchange.answer,
                problem=exchange.problem,
                reply=exchange.reply,
                where=exchange.where,
                conversation_id=conversation_id,
                collection=kept_as(conversation.collection_id, self._served),
            )
            kept.append(one)
            conversation_id = one.conversation_id
        return kept

    def replace_last(self, owner: str, conversation: Conversation, exchange: Exchange) -> Conversation:
        """The conversation with another last exchange, kept in place of the old one."""
        before, old = conversation.before(len(conversation.exchanges) - 1), conversation.exchanges[-1]
        if self._library is None or not old.exchange_id:
            return before.plus(exchange)
        try:
            one = self._library.conversations.replace(
                owner,
                old.exchange_id,
                exchange.question,
                exchange.answer,
                problem=exchange.problem,
                where=exchange.where,
            )
        except ConversationNotFoundError:
            return self.add(owner, before, exchange)
        except LibraryError:
            _log.exception("an exchange could not be kept")
            return before.plus(exchange)
        return before.plus(replace(exchange, exchange_id=one.exchange_id))

    def restored(self, owner: str, conversation_id: object) -> Conversation | None:
        """A kept conversation, as it stood; None when the owner has none with that id (any more).

        Args:
            conversation_id: as the browser sent it: anything at all.
        """
        if self._library is None or not isinstance(conversation_id, str) or not conversation_id:
            return None
        try:
            kept = self._library.conversations.read(owner, conversation_id)
        except LibraryError:
            return None
        exchanges = tuple(
            Exchange(one.question, one.answer, one.problem, one.reply, one.exchange_id, one.where)
            for one in kept.exchanges
        )
        return Conversation(exchanges, kept.summary.conversation_id, self.collection_shown(kept.summary.collection))

    def verdicts(self, owner: str, conversation: Conversation) -> Mapping[str, Feedback]:
        """What the owner thinks of the answers of a conversation, by exchange."""
        if self._library is None or not conversation.conversation_id:
            return {}
        try:
            given = self._library.feedback.of_conversation(owner, conversation.conversation_id)
        except LibraryError:
            _log.exception("feedback could not be read")
            return {}
        return {one.exchange_id: one for one in given if one.citation is None}

    def judge(self, owner: str, exchange: Exchange, verdict: Verdict, given: Mapping[str, Feedback]) -> None:
        """Keep what the owner thinks of an answer; the same once more takes it back.

        Raises:
            LibraryError: it cannot be kept.
        """
        if self._library is None or not exchange.exchange_id:
            raise LibraryError("this answer is not kept, and so cannot be judged")
        before = given.get(exchange.exchange_id)
        if before is not None and before.verdict == verdict:
            self._library.feedback.withdraw(owner, exchange.exchange_id)
        else:
            self._library.feedback.give(owner, exchange.exchange_id, verdict)

    def correct(
        self,
        owner: str,
        exchange: Exchange,
        article_id: str,
        start: int,
        end: int,
        given: Mapping[str, Feedback],
        article_of: Callable[[str], Article],
    ) -> None:
        """Keep the sentence that would have been right; the verdict is that given before, or else "wrong answer".

        Args:
            article_id, start, end: where the sentence stands.
            article_of: gives an article of the conversation's collection.

        Raises:
            PullquoteError: there is no such place, or it cannot be kept.
        """
        if self._library is None or not exchange.exchange_id:
            raise LibraryError("this answer is not kept, and so cannot be corrected")
        article = article_of(article_id)
        if not 0 <= start < end <= len(article.text):
            raise PullquoteError(f"the article has no characters {start} to {end}")
        before = given.get(exchange.exchange_id)
        verdict: Verdict = "wrong citation" if before and before.verdict == "wrong citation" else "wrong answer"
        correction = Correction(
            article_id=article.article_id,
            start_char=start,
            end_char=end,
            text=article.text[start:end],
            content_sha256=article.content_sha256,
        )
        self._library.feedback.give(owner, exchange.exchange_id, verdict, correction=correction)
