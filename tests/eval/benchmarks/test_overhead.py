"""What evaluating adds: both ways ask everything, and the ratio is that of the times."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.benchmarks.overhead import Seconds, both_ways, ratio_of, table
from eval.runner import PREDICTIONS, ROWS
from tests.eval.runs import QUESTIONS, SAID, FakeAssistant


def test_the_ratio_is_that_of_the_medians() -> None:
    alone = [[1.0, 9.0, 1.0], [3.0, 3.0, 0.0]]
    evaluated = [[2.0, 2.0, 50.0], [0.0, 4.0, 4.0]]
    found = ratio_of(alone, evaluated)
    assert found.value == pytest.approx((2 + 4) / (1 + 3))
    assert found.low == pytest.approx(4 / 3)  # a sample may hold one of the two questions alone
    assert found.high == pytest.approx(2)


def test_every_question_is_timed_both_ways_and_kept(tmp_path: Path) -> None:
    assistant = FakeAssistant(SAID)
    assistant.ask = lambda text, **settings: assistant.explain(text, **settings).answer  # type: ignore[attr-defined]
    alone, evaluated, rows = both_ways(assistant, QUESTIONS.questions, 2, tmp_path)  # type: ignore[arg-type]
    assert [len(times) for times in (*alone, *evaluated)] == [2] * 8
    assert all(one.wall > 0 for times in (*alone, *evaluated) for one in times)
    assert sorted(rows) == ["1", "2", "3", "4"]
    assert [text for text, *_ in assistant.asked].count(QUESTIONS.questions[0].text) == 4
    for name in (ROWS, PREDICTIONS):
        assert len((tmp_path / name).read_text(encoding="utf-8").splitlines()) == 8


def test_the_table_tells_by_how_much_more() -> None:
    alone, evaluated = [[Seconds(0.2, 0.1)]] * 3, [[Seconds(0.3, 0.102)]] * 3
    lines = table(alone, evaluated, Seconds(2.0, 1.0), 1)
    assert lines[2] == "| processor time | 100.0 | 102.0 | +2.0 [+2.0, +2.0] |"
    assert lines[3] == "| wall clock | 200.0 | 300.0 | +50.0 [+50.0, +50.0] |"
