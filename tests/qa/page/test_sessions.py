"""What a server keeps of its open pages does not grow with what is asked on them, nor with how many were ever open."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio
import pytest

from eval.benchmarks.visitors import Visitor, shown_text
from qa.library import Library
from qa.page import sessions
from tests.qa.page.serving import QUESTION, SECRET, page_of, serving, small_assistant

QUESTIONS = 25
CACHES = {"weakref.ReferenceType", "builtins.builtin_function_or_method"}
"""SQLite's cursors that are gone, which Python forgets by the hundred; what Python remembers of classes."""

SETTLES = 20.0
"""Seconds in which timers run out and connections close, on a machine that has other work too."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, gradio.Blocks]]:
    with small_assistant(tmp_path) as assistant, Library.open(tmp_path / "library.sqlite") as library:
        page = page_of(assistant, library=library)
        with serving(page) as address:
            yield address, page


def objects() -> Counter[str]:
    """How many objects there are of each kind, but for those that nobody holds."""
    gc.collect()
    return Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())


def grown(before: Counter[str]) -> dict[str, int]:
    """The kinds of which there is one more for each question."""
    after = objects()
    more = {kind: after[kind] - before[kind] for kind in after.keys() - CACHES}
    return {kind: number for kind, number in more.items() if number >= QUESTIONS}


def test_a_page_keeps_as_much_after_many_questions_as_after_a_few(served: tuple[str, Any]) -> None:
    address, page = served
    visitor = Visitor(address)
    for _ in range(20):  # until everything that is bounded is full
        visitor.ask(QUESTION)
    (session,) = page.state_holder.session_data.values()
    parts, shown = len(session.blocks_config.blocks), len(session.config_values)
    before = objects()
    for _ in range(QUESTIONS):
        visitor.ask(QUESTION)
    assert (len(session.blocks_config.blocks), len(session.config_values)) == (parts, shown)
    until = time.monotonic() + SETTLES
    while (left := grown(before)) and time.monotonic() < until:
        time.sleep(0.5)
    assert not left, f"objects that each question leaves behind: {left}"
    visitor.close()


def test_pages_beyond_the_limit_are_put_out_and_go_on_all_the_same(
    served: tuple[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, page = served
    monkeypatch.setattr(page.state_holder, "capacity", 3)
    first = Visitor(address)
    later = [Visitor(address) for _ in range(5)]
    assert len(page.state_holder.session_data) == 3
    assert SECRET in shown_text(first.ask(QUESTION))
    for visitor in (first, *later):
        visitor.close()


def test_the_toolkit_takes_the_limit(served: tuple[str, Any]) -> None:
    assert served[1].state_holder.capacity == sessions.MOST_SESSIONS
