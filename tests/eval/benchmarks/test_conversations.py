"""The benchmark of follow-ups: its halves share no conversation, and its table is the run's."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.benchmarks.conversations import half_of, is_held_out, main, table
from eval.datasets.records import QuestionSet
from eval.runner import evaluate, load_run
from qa.records import Turn
from tests.eval.datasets.test_canard import turns
from tests.eval.runs import COST, FERRY, SAID, WHERE, FakeAssistant


def test_halves_share_no_conversation_and_leave_none_out() -> None:
    questions = tuple(replace(WHERE, question_id=str(n), cluster=f"C_{n // 3}") for n in range(300))
    whole = QuestionSet("talk", questions, (FERRY,))
    held_out, tuned = half_of(whole, "held-out"), half_of(whole, "tuned")
    clusters = [{one.cluster for one in half.questions} for half in (held_out, tuned)]
    assert clusters[0].isdisjoint(clusters[1])
    assert min(map(len, clusters)) > 30
    assert {*held_out.questions, *tuned.questions} == {*questions}
    assert held_out.articles == tuned.articles == whole.articles
    assert half_of(whole, "both") is whole


def test_the_half_is_the_one_that_the_rules_were_not_set_on() -> None:
    """``tests/qa/test_followup.py`` holds out the odd ones: ca97… and 3e23… are the hashes of "a" and "b"."""
    assert (is_held_out("a"), is_held_out("b")) == (True, True)
    assert not is_held_out("e")


def test_the_table_has_a_line_for_each_turn() -> None:
    said = (Turn("What sank?", "The ferry"),)
    asked = (replace(WHERE, history=said, rewrite=WHERE.text), COST)
    run = evaluate(QuestionSet("talk", asked), FakeAssistant(SAID), resamples=20)  # type: ignore[arg-type]
    lines = table(run)
    assert [line.split(" | ")[0] for line in lines] == [
        "| turn",
        "|---|---|---|---|---|---|---|---|",
        "| all",
        "| first question",
        "| first follow-up",
    ]
    assert lines[2].startswith("| all | 2 | 1.000 | 1.000 | 1.000 | 1.000 | 0.500 [")
    assert lines[3] == "| first question | 1 |  |  |  |  | 0.000 | 0.000 |"


def test_it_searches_without_reading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "conversations" / "canard.jsonl.gz"
    path.parent.mkdir()
    talks = [row for number in range(3) for row in turns(dialog=f"C_{number}")]
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in talks).encode()))
    main(["--data", str(tmp_path), "--half", "both", "--limit", "2", "--rankings", "--out", str(tmp_path / "run")])
    told = capsys.readouterr().out
    assert "| first question | 2 |" in told
    assert "f1" not in told
    assert "citation" not in told
    run = load_run(tmp_path / "run")
    assert len({row.cluster for row in run.rows}) == 2
    assert run.manifest.articles == 3
    assert run.manifest.models["reader"] == "none"
    assert "rewrite_recovered" in run.measures
    assert not [name for name in run.measures if name.startswith(("read_", "f1", "em"))]
