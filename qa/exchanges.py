"""A conversation's records: questions, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from index.records import Filter
from qa.records import Answer


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it.

    Attributes:
        question: as the person typed it.
        answer: None when there was a problem, or when it was small talk.
        problem: why there is no answer, for a person to read; empty when there is one.
        reply: what is said to small talk; empty for everything else.
        exchange_id: under which it is kept; empty when it is not kept.
        where: which articles were asked; None for all.
    """

    question: str
    answer: Answer | None = None
    problem: str = ""
    reply: str = ""
    exchange_id: str = ""
    where: Filter | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Conversation:
    """What was asked on one open page, oldest first. Compared and hashed by identity, which is what the page's toolkit
    needs of a value that it keeps for a session.

    Attributes:
        conversation_id: under which it is kept; empty when nothing of it is kept.
        collection_id: which collection it asks; empty for the one that is served.
    """

    exchanges: tuple[Exchange, ...] = ()
    conversation_id: str = ""
    collection_id: str = ""

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers so far: what a follow-up leans on."""
        return tuple(exchange.answer for exchange in self.exchanges if exchange.answer)

    def plus(self, exchange: Exchange) -> Conversation:
        """The conversation with one more exchange."""
        return replace(self, exchanges=(*self.exchanges, exchange))

    def before(self, number: int) -> Conversation:
        """What had been asked before the exchange at a position."""
        return replace(self, exchanges=self.exchanges[:number])
