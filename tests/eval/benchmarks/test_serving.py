"""The benchmark of a server under many visitors: what it counts, against a real server without a model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eval.benchmarks.serving import Asked, ask_once, ask_together, table
from eval.benchmarks.visitors import Visitor, shown_text
from tests.qa.page.serving import QUESTION, page_of, serving, small_assistant

OTHER = "What will the new tram line in Ostwick cost?"


def test_everybody_gets_their_own_answer_and_another_one_is_counted(tmp_path: Path) -> None:
    with small_assistant(tmp_path) as assistant, serving(page_of(assistant)) as address:
        visitor = Visitor(address)
        shown = [ask_once(visitor, question, None)[1] for question in (QUESTION, OTHER)]
        for question, words in zip((QUESTION, OTHER), shown, strict=True):
            best = assistant.ask(question).best
            assert best is not None
            assert " ".join(best.text.split()) in words
        right = ask_together([Visitor(address) for _ in range(4)], [QUESTION, OTHER], shown)
        assert [one.problem for one in right] == [""] * 8
        wrong = ask_together([visitor, Visitor(address)], [QUESTION, OTHER], shown[::-1])
        assert [one.problem for one in wrong] == ["another answer than alone"] * 4


def test_each_question_is_a_visitors_first(tmp_path: Path) -> None:
    with small_assistant(tmp_path) as assistant, serving(page_of(assistant)) as address:
        visitor = Visitor(address)
        assert visitor.ask(QUESTION).count("You asked") == 1
        again = shown_text(visitor.ask(OTHER))
        assert again.count("You asked") == 1
        assert again.startswith(f"You asked: {OTHER}")


def test_what_the_page_refuses_is_told(tmp_path: Path) -> None:
    with small_assistant(tmp_path) as assistant, serving(page_of(assistant)) as address:
        visitor = Visitor(address)
        asked, shown = ask_once(visitor, "x" * 30_000_000, None)
        assert re.search(r"VisitError: POST /gradio_api/queue/join was answered with 413", asked.problem)
        assert shown == ""
    with pytest.raises(ConnectionError):
        Visitor(address)


def test_the_table_by_hand() -> None:
    lines = table(1.25, [Asked(0.1, ""), Asked(0.3, "")], [Asked(1.0, ""), Asked(2.0, "no")], people=7)
    assert lines[2] == "| the first question of a new server | 1 | 1.25 | – | – |"
    assert lines[3] == "| alone | 2 | 0.20 | 0.29 | 0 |"
    assert lines[4].startswith("| 7 at once | 2 | 1.50 | 1.95 | 1 |")


@pytest.mark.parametrize("seconds", [0.0])
def test_a_single_answer_has_a_median(seconds: float) -> None:
    assert "| 0.00 | 0.00 | 0 |" in table(0.0, [Asked(seconds, "")], [Asked(seconds, "")], people=1)[3]
