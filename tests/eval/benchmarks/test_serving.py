"""The benchmark of a server under many clients: what it counts, against a real server without a model."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradio_client import Client

from eval.benchmarks.serving import Asked, ask_once, ask_together, table
from tests.qa.page.serving import QUESTION, page_of, serving, small_assistant

OTHER = "What will the new tram line in Ostwick cost?"


def test_everybody_gets_their_own_answer_and_another_one_is_counted(tmp_path: Path) -> None:
    with small_assistant(tmp_path) as assistant, serving(page_of(assistant)) as address:
        client = Client(address, verbose=False)
        answers = [ask_once(client, question, None)[1] for question in (QUESTION, OTHER)]
        assert answers[0] != answers[1]
        right = ask_together(address, [QUESTION, OTHER], answers, people=4)
        assert [one.problem for one in right] == [""] * 8
        wrong = ask_together(address, [QUESTION, OTHER], answers[::-1], people=2)
        assert [one.problem for one in wrong] == ["another answer than alone"] * 4
        failed, answer = ask_once(client, "x" * 100_000, None)
        assert "characters" in failed.problem
        assert answer == ""


def test_the_table_by_hand() -> None:
    lines = table(1.25, [Asked(0.1, ""), Asked(0.3, "")], [Asked(1.0, ""), Asked(2.0, "no")], people=7)
    assert lines[2] == "| the first question of a new server | 1 | 1.25 | – | – |"
    assert lines[3] == "| alone | 2 | 0.20 | 0.29 | 0 |"
    assert lines[4].startswith("| 7 at once | 2 | 1.50 | 1.95 | 1 |")


@pytest.mark.parametrize("seconds", [0.0])
def test_a_single_answer_has_a_median(seconds: float) -> None:
    assert "| 0.00 | 0.00 | 0 |" in table(0.0, [Asked(seconds, "")], [Asked(seconds, "")], people=1)[3]
