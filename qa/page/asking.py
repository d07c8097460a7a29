"""What happens when a question is asked on the page: it waits for its turn, and is answered."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import gradio as gr

from index.errors import QuestionError
from index.records import Filter
from qa.exchanges import Conversation, Exchange
from qa.page.actions import Actions
from qa.page.owners import owner
from qa.page.parts import refusal, sent
from qa.page.turns import PLACES_APART, Line

Shown = tuple[Any, Any, Any, Any]
"""What the conversation, the evidence, what is kept of the conversation, and the question box are changed to."""


class Asking:
    """The events that ask. Each shows the question at once, then its place in the line, then what came of it.

    Args:
        line: where the questions wait.
    """

    def __init__(self, actions: Actions, line: Line) -> None:
        self._actions = actions
        self._line = line

    async def answered(
        self, asked: str | None, so_far: Conversation, collection: str, where: Filter | None, request: gr.Request
    ) -> AsyncGenerator[Shown, None]:
        """A question was typed."""
        if not asked or not asked.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        who = owner(request)
        if so_far.collection_id != collection:  # what other articles said is nothing to go on from
            so_far = Conversation(collection_id=collection)
        try:
            with self._line.joined() as turn:
                async for before in turn.places(apart=PLACES_APART):
                    yield await self._pending(who, asked, so_far, before)
                yield await self._pending(who, asked, so_far, None)
                now = await turn.work(self._actions.ask, who, asked, so_far, where)
        except QuestionError as error:
            now = so_far.plus(Exchange(asked, problem=str(error)))
        # A question that could not be asked goes back into the box, to be changed there.
        yield await self.shown(who, now, asked if now.exchanges[-1].problem else gr.skip())

    async def example_answered(
        self, event: gr.EventData, so_far: Conversation, collection: str, where: Filter | None, request: gr.Request
    ) -> AsyncGenerator[Shown, None]:
        """An example was pressed."""
        question = str(sent(event, "question") or "")
        async with aclosing(self.answered(question, so_far, collection, where, request)) as steps:
            async for step in steps:
                yield step

    async def asked_as_typed(
        self, so_far: Conversation, where: Filter | None, request: gr.Request
    ) -> AsyncGenerator[Shown, None]:
        """The last question is to be searched as it was typed."""
        if not so_far.exchanges:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        who, last = owner(request), len(so_far.exchanges) - 1
        question, earlier = so_far.exchanges[last].question, so_far.before(last)
        try:
            with self._line.joined() as turn:
                async for before in turn.places(apart=PLACES_APART):
                    yield await self._pending(who, question, earlier, before)
                yield await self._pending(who, question, earlier, None)
                now = await turn.work(self._actions.ask_as_typed, who, so_far, where)
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
