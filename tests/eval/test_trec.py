"""TREC files: another tool reads them and finds our figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import ir_measures
import pytest

from eval.datasets.records import Evidence, QuestionSet
from eval.runner import evaluate
from eval.trec import write_trec
from tests.eval.runs import QUESTIONS, SAID, WHERE, FakeAssistant


def test_another_tool_finds_our_figures(tmp_path: Path) -> None:
    run = evaluate(QUESTIONS, FakeAssistant(SAID), resamples=20)  # type: ignore[arg-type]
    paths = write_trec(run.rows, tmp_path / "trec")
    assert [path.name for path in paths] == ["qrels.txt", "dense.run", "lexical.run", "fused.run", "read.run"]
    qrels = list(ir_measures.read_trec_qrels(str(paths[0])))  # type: ignore[no-untyped-call]
    assert {one.query_id for one in qrels} == {"1", "2", "4"}
    for stage in ("dense", "lexical", "fused", "read"):
        ranked = list(ir_measures.read_trec_run(str(tmp_path / "trec" / f"{stage}.run")))  # type: ignore[no-untyped-call]
        found = ir_measures.calc_aggregate([ir_measures.RR, ir_measures.nDCG @ 10], qrels, ranked)
        assert found[ir_measures.RR] == pytest.approx(run.measures[f"{stage}_mrr"].value, abs=1e-9)
        assert found[ir_measures.nDCG @ 10] == pytest.approx(run.measures[f"{stage}_ndcg@10"].value, abs=1e-9)


def test_white_space_in_ids_does_not_break_the_columns_nor_make_two_ids_one(tmp_path: Path) -> None:
    asked = QuestionSet("x", tuple(replace(WHERE, question_id=name) for name in ("a b\tc", "a_b_c", "a%20b%09c")))
    run = evaluate(asked, FakeAssistant(SAID), resamples=20)  # type: ignore[arg-type]
    path = write_trec(run.rows, tmp_path)[0]
    assert path.read_text(encoding="utf-8").splitlines() == [
        "a%20b%09c 0 evidence-0 1",
        "a_b_c 0 evidence-0 1",
        "a%2520b%2509c 0 evidence-0 1",
    ]


def test_of_whole_articles_the_runs_hold_article_ids(tmp_path: Path) -> None:
    """So that the judgements that a BEIR set came with, and not ours, can be held against them."""
    asked = QuestionSet("x", (replace(WHERE, evidence=(Evidence("ferry"),)),))
    run = evaluate(asked, FakeAssistant(SAID), resamples=20)  # type: ignore[arg-type]
    write_trec(run.rows, tmp_path)
    assert (tmp_path / "qrels.txt").read_text(encoding="utf-8") == f"{WHERE.question_id} 0 ferry 1\n"
    ranked = [line.split()[2] for line in (tmp_path / "dense.run").read_text(encoding="utf-8").splitlines()]
    assert ranked == ["tram", "ferry"]
