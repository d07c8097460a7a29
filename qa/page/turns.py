"""Turns at answering: a few at once, in the order in which they came; everybody else is told their place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from index.errors import QuestionError

WAITING_AT_MOST = 30
"""Questions that wait; whoever comes after them is told to try again. Few enough that the toolkit, which runs 40 events
at once, keeps nothing else waiting for them."""
PLACES_APART = 1.0
"""Seconds between two places that the page shows to one who waits."""
_Result = TypeVar("_Result")


class Line:
    """The line of the questions, the page's and the programs' together. Used in one event loop; ``before`` may be asked
    from any thread.

    Args:
        at_once: questions that are answered side by side.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: list[Turn] = []

    @contextmanager
    def joined(self) -> Iterator[Turn]:
        """A place at the end of the line; it is left at the end, whatever happens.

        Raises:
            QuestionError: too many wait already.
        """
        if len(self._waiting) >= WAITING_AT_MOST:
            raise QuestionError(f"{WAITING_AT_MOST} questions are waiting already: ask again in a minute")
        turn = Turn(self)
        self._waiting.append(turn)
        self._move()
        try:
            yield turn
        finally:
            turn.leave()

    def before(self, turn: Turn) -> int | None:
        """How many wait before a turn; None when it waits no longer."""
        waiting = list(self._waiting)
        return waiting.index(turn) if turn in waiting else None

    def remove(self, turn: Turn) -> None:
        """A turn that waits no longer, though it was not called."""
        self._waiting.remove(turn)
        self._move()

    def free(self) -> None:
        """The turn of one that was called is over."""
        self._free += 1
        self._move()

    def _move(self) -> None:
        told = list(self._waiting)
        while self._free and self._waiting:
            self._free -= 1
            del self._waiting[0]
        for turn in told:
            turn.news.set()


class Turn:
    """One question's place in the line."""

    def __init__(self, line: Line) -> None:
        self.news = asyncio.Event()
        self._line = line
        self._left = False

    @property
    def before(self) -> int | None:
        """How many wait before this one; None when it waits no longer."""
        return self._line.before(self)

    async def places(self, *, apart: float = 0.0) -> AsyncIterator[int]:
        """How many questions wait before this one: at once, and when it changes. Ends when its turn has come.

        Args:
            apart: the least seconds from telling a place to telling the next. Telling is work for the server: with
                twenty who wait and are told every place, as much as a quarter of answering.
        """
        told, next_at = None, 0.0
        now = asyncio.get_running_loop().time
        while (before := self.before) is not None:
            early = next_at - now()
            if before != told and early <= 0:
                next_at = now() + apart
                told = before
                yield before
                continue  # meanwhile it may have changed
            self.news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), None if before == told else early)

    async def work(self, function: Callable[..., _Result], *args: object) -> _Result:
        """Wait for the turn, and run a function in a thread. The turn is over when the function ends, also when nobody
        waits for that any more: a thread cannot be stopped."""
        async for _ in self.places():
            pass
        task = asyncio.ensure_future(asyncio.to_thread(function, *args))
        self._left = True  # and the turn is given back by the task
        task.add_done_callback(self._worked)
        return await asyncio.shield(task)

    def leave(self) -> None:
        """Give the place up, where that is not done yet, and no work runs whose end does it."""
        if self._left:
            return
        self._left = True
        if self.before is not None:
            self._line.remove(self)
        else:
            self._line.free()

    def _worked(self, task: asyncio.Future[_Result]) -> None:
        if not task.cancelled():
            task.exception()  # else it is reported as one that nobody has seen
        self._line.free()
