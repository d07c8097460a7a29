"""How far an evaluation is, on stderr."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from qa.cli.terminal import make_console

LINES = 10
"""How many lines at most tell the progress where there is no terminal to draw a bar on."""


class QuestionProgress:
    """A context manager to hand to ``evaluate`` as its ``progress``: on a terminal a bar, elsewhere plain lines."""

    def __init__(self) -> None:
        self._console = make_console(stderr=True)
        self._bar = Progress(
            TextColumn("asking"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            refresh_per_second=4,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("asking", total=None)
        self._told = -1

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total)
        step = LINES * done // max(1, total)
        if not self._console.is_terminal and step > self._told:
            self._told = step
            self._console.print(f"asked: {done} of {total} questions", soft_wrap=True)
