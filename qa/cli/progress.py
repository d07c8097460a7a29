"""How far a long piece of work is, on stderr."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from qa.cli.terminal import make_console

LINES = 10
"""How many lines at most tell the progress where there is no terminal to draw a bar on."""


class CountedProgress:
    """A context manager to hand to a build or an evaluation as its ``progress``: on a terminal a bar, which moves from
    the start since models take seconds to load; elsewhere plain lines.

    Args:
        doing: what is done, such as "indexing".
        units: what is counted, such as "articles".
    """

    def __init__(self, doing: str, units: str) -> None:
        self._doing, self._units = doing, units
        self._console = make_console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            refresh_per_second=4,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("loading", total=None)
        self._told = -1

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        self._bar.update(self._task, description=self._doing, completed=done, total=total)
        step = LINES * done // total if total else LINES
        if not self._console.is_terminal and step > self._told:
            self._told = step
            self._console.print(f"{self._doing}: {done} of {total} {self._units}", soft_wrap=True)
