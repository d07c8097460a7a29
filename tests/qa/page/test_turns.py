"""Turns at answering: who comes first is answered first, and everybody else knows their place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QuestionError
from qa.page.turns import WAITING_AT_MOST, Line


def run(what: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(what, 10))


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_whoever_waits_is_told_every_place_until_the_turn_has_come() -> None:
    async def told() -> None:
        line = Line(2)
        heard: list[list[int]] = []

        async def asking(gate: asyncio.Event, places: list[int]) -> None:
            with line.joined() as turn:
                async for before in turn.places():
                    places.append(before)
                await gate.wait()

        gates = [asyncio.Event() for _ in range(6)]
        tasks = []
        for gate in gates:
            heard.append([])
            tasks.append(asyncio.create_task(asking(gate, heard[-1])))
            await settled()
        assert heard == [[], [], [0], [1], [2], [3]]
        for gate in gates:
            gate.set()
            await settled()
        assert heard == [[], [], [0], [1, 0], [2, 1, 0], [3, 2, 1, 0]]
        await asyncio.gather(*tasks)

    run(told())


def test_places_are_told_some_time_apart_the_turn_at_once() -> None:
    async def told() -> None:
        line, heard = Line(1), list[tuple[int, float]]()
        loop = asyncio.get_running_loop()
        with ExitStack() as stack:
            before = [stack.enter_context(line.joined()) for _ in range(4)]

            async def waits() -> float:
                with line.joined() as turn:
                    async for place in turn.places(apart=0.2):
                        heard.append((place, loop.time()))
                    return loop.time()

            task = asyncio.create_task(waits())
            await settled()
            before[0].leave()
            await settled()
            before[1].leave()
            await settled()
            assert [place for place, _ in heard] == [3], "the next is not due yet"
            await asyncio.sleep(0.3)
            assert [place for place, _ in heard] == [3, 1], "the place of then, not the one in between"
            assert heard[1][1] - heard[0][1] >= 0.19
            begun = loop.time()
            before[2].leave()
            before[3].leave()
            assert await task - begun < 0.15, "the turn waits for nothing"
        assert [place for place, _ in heard] == [3, 1]

    run(told())


def test_one_who_gives_up_moves_the_others_on_and_takes_no_turn() -> None:
    async def told() -> None:
        line = Line(1)
        with line.joined(), line.joined() as next_one:
            with line.joined() as last:
                assert (line.before(next_one), line.before(last)) == (0, 1)
                next_one.leave()
                assert line.before(last) == 0
            assert line.before(last) is None

        with line.joined() as again:  # nothing was lost
            assert line.before(again) is None
            with line.joined() as other:
                assert line.before(other) == 0

    run(told())


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 3))
def test_never_more_at_once_than_allowed_nor_fewer_than_could_be(joins: list[bool], at_once: int) -> None:
    async def checked() -> None:
        line, present = Line(at_once), []
        for number, joins_now in enumerate(joins):
            if joins_now:
                stack = ExitStack()
                present.append((stack, stack.enter_context(line.joined())))
            elif present:
                present.pop(number % len(present))[0].close()
            places = [line.before(turn) for _, turn in present]
            called = places.count(None)
            assert called == min(at_once, len(present))
            assert [place for place in places if place is not None] == list(range(len(present) - called))
        for stack, _ in present:
            stack.close()

    run(checked())


def test_a_turn_lasts_as_long_as_its_work_also_when_nobody_waits_for_it() -> None:
    async def checked() -> None:
        line, gate = Line(1), threading.Event()

        async def asking() -> None:
            with line.joined() as turn:
                await turn.work(gate.wait)

        task = asyncio.create_task(asking())
        await settled()
        task.cancel()
        await settled()
        assert task.cancelled()
        with line.joined() as turn:
            assert line.before(turn) == 0
            gate.set()
            assert await turn.work(lambda *given: given, 1, "x") == (1, "x")
            with line.joined() as following:
                async for _ in following.places():
                    pass

    run(checked())


def test_work_that_fails_says_so_and_gives_the_turn_back() -> None:
    async def checked() -> None:
        line = Line(1)
        for _ in range(3):
            with line.joined() as turn, pytest.raises(ZeroDivisionError):
                await turn.work(lambda: 1 / 0)
            await settled()

    run(checked())


def test_the_line_has_an_end() -> None:
    async def checked() -> None:
        line = Line(1)
        with ExitStack() as stack:
            for _ in range(1 + WAITING_AT_MOST):
                stack.enter_context(line.joined())
            with pytest.raises(QuestionError, match="ask again in a minute"):
                stack.enter_context(line.joined())
        with line.joined() as turn:
            assert line.before(turn) is None

    run(checked())
