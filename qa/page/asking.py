"""What happens when a question is asked on the page: it waits for its turn, and is answered."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from functools import partial
from typing import Any, Literal

import gradio as gr

from index.errors import QuestionError
from qa.exchanges import Conversation, Exchange
from qa.page.actions import Actions
from qa.page.leaving import LeftBehind
from qa.page.owners import owner
from qa.page.parts import refusal, sent
from qa.page.scope import Scope
from qa.page.turns import PLACES_APART, Line, Turn

Shown = tuple[Any, Any, Any, Any]
"""What the conversation, the evidence, what is kept of the conversation, and the question box are changed to."""


class Asking:
    """The events that ask. Each shows the question at once, then its place in the line, then what came of it.

    Args:
        line: where the questions wait.

    Attributes:
        left_behind: the questions whose page did not wait for the answer.
    """

    def __init__(self, actions: Actions, line: Line) -> None:
        self._actions = actions
        self._line = line
        self.left_behind = LeftBehind()
        self._awaited: dict[tuple[str, str, str], tuple[Conversation, Turn]] = {}

    async def answered(
        self,
        asked: str | None,
        conversation: Conversation | None,
        scope: Scope | None,
        remembered: str | None,
        request: gr.Request,
    ) -> AsyncGenerator[Shown, None]:
        """A question was typed."""
        if not asked or not asked.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        who = owner(request)
        so_far, chosen = await to_thread(self._actions.meant, who, conversation, scope, remembered)
        if so_far.collection_id != chosen.collection:  # what other articles said is nothing to go on from
            so_far = Conversation(collection_id=chosen.collection)
        self.left_behind.forget(who, so_far.conversation_id, asked)
        try:
            with self._line.joined() as turn, self._awaiting(who, asked, so_far, so_far, turn):
                async for before in turn.places(apart=PLACES_APART):
                    yield await self._pending(who, asked, so_far, before)
                yield await self._pending(who, asked, so_far, None)
                ask = partial(self._actions.ask, who, asked, so_far, chosen.where)
                now = await turn.work(self.left_behind.answered, who, asked, so_far, ask)
        except QuestionError as error:
            now = so_far.plus(Exchange(asked, problem=str(error)))
        # A question that could not be asked goes back into the box, to be changed there.
        yield await self.shown(who, now, asked if now.exchanges[-1].problem else gr.skip())

    async def example_answered(
        self,
        event: gr.EventData,
        conversation: Conversation | None,
        scope: Scope | None,
        remembered: str | None,
        request: gr.Request,
    ) -> AsyncGenerator[Shown, None]:
        """An example was pressed."""
        question = str(sent(event, "question") or "")
        async with aclosing(self.answered(question, conversation, scope, remembered, request)) as steps:
            async for step in steps:
                yield step

    async def asked_as_typed(
        self, conversation: Conversation | None, scope: Scope | None, remembered: str | None, request: gr.Request
    ) -> AsyncGenerator[Shown, None]:
        """The last question is to be searched as it was typed."""
        who = owner(request)
        so_far, _ = await to_thread(self._actions.meant, who, conversation, scope, remembered)
        if not so_far.exchanges:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        last = len(so_far.exchanges) - 1
        question, earlier = so_far.exchanges[last].question, so_far.before(last)
        self.left_behind.forget(who, so_far.conversation_id, question)
        try:
            with self._line.joined() as turn, self._awaiting(who, question, so_far, earlier, turn):
                async for before in turn.places(apart=PLACES_APART):
                    yield await self._pending(who, question, earlier, before)
                yield await self._pending(who, question, earlier, None)
                now = await turn.work(self._actions.ask_as_typed, who, so_far)
        except QuestionError as error:
            raise refusal(str(error)) from None
        yield await self.shown(who, now, gr.skip())

    def found(self, who: str, conversation_id: str, asked: str) -> Conversation | Literal["under way"] | None:
        """The conversation with a question's answer; None when nobody is answering it. May be asked from any thread."""
        waits = (who, conversation_id, asked) in self._awaited
        return "under way" if waits else self.left_behind.find(who, conversation_id, asked)

    def log_now(self, who: str, so_far: Conversation, asked: str) -> str:
        """The conversation's HTML while a question is answered, or just after: what is shown while the event that asks
        has not shown its end. It may come after that, and the page then looks for the answer itself. May be asked from
        any thread.

        Args:
            so_far: the conversation as the page shows it.
            asked: the question, as the page remembers it.
        """
        awaited = self._awaited.get((who, so_far.conversation_id, asked))
        if awaited is not None:
            earlier, turn = awaited
            return self._actions.conversation(who, earlier, asked, turn.before, awaited=True)
        found = self.left_behind.find(who, so_far.conversation_id, asked)
        if found == "under way":
            return self._actions.conversation(who, so_far, asked, awaited=True)
        now = found or self._actions.restored(who, so_far.conversation_id) or so_far
        return self._actions.conversation(who, now)

    async def shown(self, who: str, now: Conversation, box: Any) -> Shown:
        """A conversation with the evidence of its last answer, and what stands in the question box then."""
        log = await to_thread(self._actions.conversation, who, now)
        return log, await to_thread(self._actions.first_evidence, who, now), now, box

    async def _pending(self, who: str, asked: str, so_far: Conversation, before: int | None) -> Shown:
        log = await to_thread(self._actions.conversation, who, so_far, asked, before)
        return log, gr.skip(), gr.skip(), ""

    @contextmanager
    def _awaiting(
        self, who: str, asked: str, so_far: Conversation, earlier: Conversation, turn: Turn
    ) -> Iterator[None]:
        """Remembers what is shown of a question until it is answered, or given up.

        Args:
            so_far: the conversation as the page keeps it.
            earlier: the exchanges that are shown above the question.
        """
        key = (who, so_far.conversation_id, asked)
        self._awaited[key] = (earlier, turn)
        try:
            yield
        finally:
            self._awaited.pop(key, None)
