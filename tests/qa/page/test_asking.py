"""What a person sees from the question to its answer, without a browser."""

from __future__ import annotations

import asyncio
import threading
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

from qa.exchanges import Conversation, Exchange
from qa.page.actions import Actions
from qa.page.asking import Asking, Shown
from qa.page.owners import OWNER
from qa.page.scope import Scope
from qa.page.turns import WAITING_AT_MOST, Line
from tests.qa.page.parsed import parsed
from tests.qa.page.samples import TODAY, FakeCollection, answer_with, cite_words, make_article

ARTICLE = make_article()
ANSWER = answer_with([cite_words(ARTICLE, "7:40 a.m.")])
REQUEST: Any = SimpleNamespace(request=SimpleNamespace(scope={OWNER: "ann"}))


def asking(line: Line) -> tuple[Asking, FakeCollection]:
    held = FakeCollection({"ferry": ARTICLE}, ANSWER)
    return Asking(Actions(lambda owner, collection_id: held, today=lambda: TODAY), line), held


def pending(step: Shown) -> str:
    return parsed(step[0]).one(css_class="pq-pending").text


def test_the_question_is_shown_at_once_then_its_place_then_the_answer() -> None:
    async def checked() -> None:
        line = Line(1)
        page, held = asking(line)
        with ExitStack() as others:
            first, second = others.enter_context(line.joined()), others.enter_context(line.joined())
            steps = page.answered("When?", Conversation(), Scope(), "", REQUEST)
            step = await anext(steps)
            assert pending(step) == "1 question is before yours."
            assert parsed(step[0]).one(css_class="pq-question").text.endswith("When?")
            assert step[3] == ""
            second.leave()
            assert pending(await anext(steps)) == "Others are being answered; your question is the next one."
            assert held.asked == []
            first.leave()
        assert pending(await anext(steps)) == "Reading the articles …"
        log, _, now, _ = await anext(steps)
        assert parsed(log).all(css_class="pq-answered")
        assert now.exchanges[0].answer.question == "When?"
        assert [step async for step in steps] == []

    asyncio.run(asyncio.wait_for(checked(), 20))


def test_whoever_finds_the_line_full_is_told_and_keeps_the_question() -> None:
    async def checked() -> None:
        line = Line(1)
        page, held = asking(line)
        with ExitStack() as others:
            for _ in range(1 + WAITING_AT_MOST):
                others.enter_context(line.joined())
            ((log, _, now, box),) = [
                step async for step in page.answered("When?", Conversation(), Scope(), "", REQUEST)
            ]
        assert "ask again in a minute" in parsed(log).one(css_class="pq-problem").text
        assert box == "When?"
        assert now.answers == ()
        assert held.asked == []

    asyncio.run(asyncio.wait_for(checked(), 20))


def test_a_question_searched_as_typed_waits_in_the_same_line() -> None:
    async def checked() -> None:
        line = Line(1)
        page, held = asking(line)
        before = Conversation((Exchange("When?", ANSWER), Exchange("Who?", ANSWER)))
        with line.joined():
            steps = page.asked_as_typed(before, Scope(), "", REQUEST)
            step = await anext(steps)
        assert pending(step).endswith("your question is the next one.")
        assert len(parsed(step[0]).all(css_class="pq-exchange")) == 2, "it stands in place of the one that is searched"
        *_, last = [step async for step in steps]
        assert held.asked == [("Who?", (ANSWER,), "Who?", TODAY)]
        assert [exchange.question for exchange in last[2].exchanges] == ["When?", "Who?"]

    asyncio.run(asyncio.wait_for(checked(), 20))


def test_who_leaves_while_waiting_leaves_the_line() -> None:
    async def checked() -> None:
        line = Line(1)
        page, _ = asking(line)
        with line.joined():
            steps: Any = page.answered("When?", Conversation(), Scope(), "", REQUEST)
            await anext(steps)
            with line.joined() as later:
                assert line.before(later) == 1
                await steps.aclose()
                assert line.before(later) == 0

    asyncio.run(asyncio.wait_for(checked(), 20))


def test_the_answer_to_a_question_whose_page_was_left_is_found_once_it_is_there() -> None:
    async def checked() -> None:
        page, held = asking(Line(1))
        gate = threading.Event()
        answer = held.ask

        def slowly(question: str, **given: Any) -> Any:
            gate.wait(10)
            return answer(question, **given)

        held.ask = slowly  # type: ignore[method-assign]
        steps: Any = page.answered("When?", Conversation(), Scope(), "", REQUEST)
        await anext(steps)
        waiting = asyncio.ensure_future(anext(steps))
        while page.left_behind.find("ann", "", "When?") is None:
            await asyncio.sleep(0.01)
        assert page.left_behind.find("ann", "", "When?") == "under way"
        assert page.left_behind.find("bob", "", "When?") is None
        waiting.cancel()  # the page is reloaded
        gate.set()
        while (found := page.left_behind.find("ann", "", "When?")) == "under way":
            await asyncio.sleep(0.01)
        assert isinstance(found, Conversation)
        assert found.exchanges[0].answer == ANSWER
        page.left_behind.forget("ann", "", "When?")
        assert page.left_behind.find("ann", "", "When?") is None

    asyncio.run(asyncio.wait_for(checked(), 20))
