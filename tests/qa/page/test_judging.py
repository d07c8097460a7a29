"""An earlier answer is judged while a question is awaited: both stay in view."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from qa.exchanges import Conversation
from qa.library import Library
from qa.page.actions import Actions
from qa.page.asking import Asking
from qa.page.judging import Judging
from qa.page.scope import Scope
from qa.page.turns import Line
from tests.qa.page.parsed import Element, parsed
from tests.qa.page.samples import TODAY, FakeCollection
from tests.qa.page.test_asking import ANSWER, ARTICLE, REQUEST

VERDICT = gr.EventData(None, {"exchange": "0", "verdict": "right"})


@pytest.fixture
def actions(tmp_path: Path) -> Iterator[tuple[Actions, FakeCollection]]:
    held = FakeCollection({"ferry": ARTICLE}, ANSWER)
    with Library.open(tmp_path / "library.sqlite") as library:
        yield Actions(lambda owner, collection_id: held, library=library, today=lambda: TODAY), held


def tab(now: Conversation, question: str) -> str:
    return json.dumps({"conversation": now.conversation_id, "question": question})


def judged(page: Asking, actions: Actions, now: Conversation, question: str) -> Element:
    return parsed(Judging(actions, page).judged(VERDICT, now, Scope(), tab(now, question), REQUEST))


def questions(shown: Element) -> list[str]:
    return [one.text.removeprefix("You asked: ") for one in shown.all(css_class="pq-question")]


def test_the_question_that_is_awaited_stays_with_its_place(actions: tuple[Actions, FakeCollection]) -> None:
    async def checked() -> None:
        line = Line(1)
        page, now = Asking(actions[0], line), actions[0].ask("ann", "When?", Conversation())
        with line.joined() as first, line.joined():
            steps: Any = page.answered("Who?", now, Scope(), tab(now, ""), REQUEST)
            await anext(steps)
            shown = judged(page, actions[0], now, "Who?")
            assert questions(shown) == ["When?", "Who?"]
            assert shown.one(css_class="pq-pending").text == "1 question is before yours."
            assert shown.one(css_class="pq-log").attributes["data-pending"] == "Who?"
            verdicts = {one.text: one.attributes["aria-pressed"] for one in shown.all(attribute="data-verdict")}
            assert verdicts["Right"] == "true"
            first.leave()
        await steps.aclose()  # given up
        assert questions(judged(page, actions[0], now, "Who?")) == ["When?"]

    asyncio.run(asyncio.wait_for(checked(), 20))


def test_what_comes_after_the_answer_shows_the_answer(actions: tuple[Actions, FakeCollection]) -> None:
    """The verdict may be shown after the event that asks has ended, and must not hide what that brought."""

    async def checked() -> None:
        page, now = Asking(actions[0], Line(1)), actions[0].ask("ann", "When?", Conversation())
        async for _ in page.answered("Who?", now, Scope(), tab(now, ""), REQUEST):
            pass
        shown = judged(page, actions[0], now, "Who?")
        assert len(shown.all(css_class="pq-answered")) == 2
        assert shown.all(css_class="pq-pending") == []

    asyncio.run(asyncio.wait_for(checked(), 20))


def test_a_page_that_looks_for_an_answer_is_told_that_its_question_waits(
    actions: tuple[Actions, FakeCollection],
) -> None:
    """Else it would put the question back into the box, and be answered all the same."""

    async def checked() -> None:
        line, gate = Line(1), threading.Event()
        page, answer = Asking(actions[0], line), actions[1].ask

        def slowly(question: str, **given: Any) -> Any:
            gate.wait(10)
            return answer(question, **given)

        actions[1].ask = slowly  # type: ignore[method-assign]
        with line.joined():
            steps: Any = page.answered("Who?", Conversation(), Scope(), "", REQUEST)
            await anext(steps)
            assert page.found("ann", "", "Who?") == "under way"
            assert page.found("bob", "", "Who?") is None
        await anext(steps)
        ending = asyncio.ensure_future(anext(steps))
        while page.left_behind.find("ann", "", "Who?") is None:
            await asyncio.sleep(0.01)
        ending.cancel()  # the page is left
        with pytest.raises(asyncio.CancelledError):
            await ending
        assert page.found("ann", "", "Who?") == "under way"
        gate.set()
        while (found := page.found("ann", "", "Who?")) == "under way":
            await asyncio.sleep(0.01)
        assert isinstance(found, Conversation)

    asyncio.run(asyncio.wait_for(checked(), 20))


def test_while_an_answer_is_searched_as_typed_it_is_the_question_that_is_shown(
    actions: tuple[Actions, FakeCollection],
) -> None:
    async def checked() -> None:
        line = Line(1)
        page, now = Asking(actions[0], line), actions[0].ask("ann", "When?", Conversation())
        with line.joined():
            steps: Any = page.asked_as_typed(now, Scope(), "", REQUEST)
            await anext(steps)
            shown = judged(page, actions[0], now, "When?")
            assert questions(shown) == ["When?"]
            assert shown.one(css_class="pq-pending")
        await steps.aclose()

    asyncio.run(asyncio.wait_for(checked(), 20))
