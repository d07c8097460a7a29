"""A conversation's records: questions, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass

from qa.records import Answer


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it.

    Attributes:
        question: as the person typed it.
        answer: None when there was a problem.
        problem: why there is no answer, for a person to read; empty when there is one.
    """

    question: str
    answer: Answer | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Conversation:
    """What was asked on one open page, oldest first. Compared and hashed by identity, which is what the page's toolkit
    needs of a value that it keeps for a session."""

    exchanges: tuple[Exchange, ...] = ()

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers so far: what a follow-up leans on."""
        return tuple(exchange.answer for exchange in self.exchanges if exchange.answer)

    def plus(self, exchange: Exchange) -> Conversation:
        """The conversation with one more exchange."""
        return Conversation((*self.exchanges, exchange))

    def before(self, number: int) -> Conversation:
        """What had been asked before the exchange at a position."""
        return Conversation(self.exchanges[:number])

    def replaced(self, number: int, exchange: Exchange) -> Conversation:
        """The conversation with another exchange at a position."""
        return Conversation((*self.exchanges[:number], exchange, *self.exchanges[number + 1 :]))
