"""What happens when a question is asked on the page: it waits for its turn, and is answered."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Any

import gradio as gr

from index.errors import QuestionError
from qa.exchanges import Conversation, Exchange
from qa.page.actions import Actions
from qa.page.leaving import LeftBehind
from qa.page.owners import owner
from qa.page.parts import refusal, sent
from qa.page.scope import Scope
from qa.page.turns import PLACES_APART, Line

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
            with self._line.joined() as turn:
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
        try:
            with self._line.joined() as turn:
                async for before in turn.places(apart=PLACES_APART):
                    yield await self._pending(who, question, earlier, before)
                yield await self._pending(who, question, earlier, None)
                now = await turn.work(self._actions.ask_as_typed, who, so_far)
        except QuestionError as error:
            raise refusal(str(error)) from None
        yield await self.shown(who, now, gr.skip())

    async def shown(self, who: str, now: Conversation, box: Any) -> Shown:
        """A conversation with the evidence of its last answer, and what stands in the question box then."""
        log = await to_thread(self._actions.conversation, who, now)
        return log, await to_thread(self._actions.first_evidence, who, now), now, box

    async def _pending(self, who: str, asked: str, so_far: Conversation, before: int | None) -> Shown:
        log = await to_thread(self._actions.conversation, who, so_far, asked, before)
        return log, gr.skip(), gr.skip(), ""
