"""``pullquote eval`` on a terminal: what it prints, what it keeps, and with which code it ends."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eval.cli import app, running
from eval.cli.running import _folder_of
from index.errors import ConfigError, RunError
from qa.cli.exits import ExitCode
from tests.eval.runs import COST, QUESTIONS, SAID, TRAM, FakeAssistant, Said

RUNNER = CliRunner()


@pytest.fixture
def said() -> dict[str, Said]:
    return dict(SAID)


@pytest.fixture(autouse=True)
def _asks_the_fake(monkeypatch: pytest.MonkeyPatch, said: dict[str, Said]) -> None:
    @contextmanager
    def open_assistant(*_: Any, config: Any = None, **__: Any) -> Iterator[FakeAssistant]:
        yield FakeAssistant(said, **({"config": config} if config else {}))

    monkeypatch.setattr(running, "open_assistant", open_assistant)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "fish.jsonl"
    rows = [
        {
            "id": one.question_id,
            "question": one.text,
            "answers": list(one.answers or ()),
            "evidence": [{key: asdict(place)[key] for key in ("article", "start", "end")} for place in one.evidence],
        }
        for one in QUESTIONS.questions
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def run(*arguments: object, code: int = 0) -> str:
    result = RUNNER.invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_a_question_set_needs_no_command_name(questions: Path) -> None:
    printed = run(questions)
    assert "fish.jsonl: 4 questions on 2 articles, fake 1" in printed
    assert "exact match, answerable" in printed
    assert "0.667" in printed
    assert "* on fewer than 20 articles" in printed
    assert re.search(r"[\d.]+ questions a second, .*index of 0.0 MB", printed)

    def same(output: str) -> list[str]:
        return [line for line in output.splitlines() if "questions a second" not in line]

    assert same(run("run", questions)) == same(printed)


def test_json_is_one_document(questions: Path) -> None:
    result = RUNNER.invoke(app, [str(questions), "--json"])
    document = json.loads(result.stdout)
    assert document["measures"]["em"]["value"] == pytest.approx(2 / 3)
    assert document["resources"]["index_size"] == 0


def test_a_run_is_kept_with_its_report(questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert "report.html" in run(questions, "--out", out)
    assert {path.name for path in out.iterdir()} == {
        "manifest.json", "predictions.jsonl", "questions.jsonl", "summary.json", "report.html", "questions.csv",
        "figures",
    }  # fmt: skip
    (out / "report.html").unlink()
    run("report", out)
    assert "<h1>fish.jsonl</h1>" in (out / "report.html").read_text(encoding="utf-8")
    run("trec", out)
    assert (out / "trec" / "qrels.txt").exists()


def test_what_was_kept_from_before_is_told(questions: Path, tmp_path: Path, said: dict[str, Said]) -> None:
    kept = said.pop(COST.text)
    assert "asked before" not in run(questions, "--out", tmp_path / "run", code=ExitCode.INCOMPLETE)
    said[COST.text] = kept
    assert "3 of 4 questions were asked before, and kept in" in run(questions, "--out", tmp_path / "run")
    assert "4 of 4 questions were asked before" in run(questions, "--out", tmp_path / "run")
    assert "asked before" not in run(questions)


def test_a_readers_folder_is_told_by_its_files(questions: Path, tmp_path: Path) -> None:
    (tmp_path / "reader").mkdir()
    (tmp_path / "reader" / "model.onnx").write_bytes(b"weights")
    command = questions, "--reader", tmp_path / "reader", "--out", tmp_path / "run"
    run(*command)
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["model_files"]["reader"]) == ["model.onnx"]
    assert "4 of 4 questions were asked before" in run(*command)
    (tmp_path / "reader" / "model.onnx").write_bytes(b"Weights")
    with pytest.raises(RunError, match="another model_files"):
        run(*command)
    assert _folder_of("span") is _folder_of("sentence") is _folder_of("nobody/nothing") is _folder_of(None) is None


def test_questions_that_failed_give_their_own_code(questions: Path, said: dict[str, Said]) -> None:
    del said[COST.text]
    printed = run(questions, code=ExitCode.INCOMPLETE)
    assert "1 questions could not be asked; the first: QuestionError" in printed


def test_two_runs_are_compared(questions: Path, tmp_path: Path, said: dict[str, Said]) -> None:
    run(questions, "--out", tmp_path / "a")
    said[COST.text] = Said(TRAM, "nine million", 0.8)
    run(questions, "--out", tmp_path / "b", "--risk", "0.5")
    printed = run("compare", tmp_path / "a", tmp_path / "b", "--by", "f1")
    assert "settings.risk: 0.62 -> 0.5" in printed
    assert "won by the second (f1), 1 in all" in printed
    assert "What did the tram cost?  'A vote' -> 'nine million'" in printed
    assert "lost by the second" not in printed
    document = json.loads(RUNNER.invoke(app, ["compare", str(tmp_path / "a"), str(tmp_path / "b"), "--json"]).stdout)
    assert document["measures"]["em"]["wins"] == 1
    assert document["measures"]["auroc_right"]["p"] == 1.0
    assert (document["questions"], document["failures"], document["changes_by"]) == (4, [0, 0], "f1_all")


def test_runs_of_rankings_alone_are_compared(tmp_path: Path) -> None:
    """As of BEIR's sets, where no answer is known: there is no F1 to list the changes by."""
    path = tmp_path / "ranked.jsonl"
    rows = [
        {"id": one.question_id, "question": one.text, "evidence": [{"article": one.evidence[0].article}]}
        for one in QUESTIONS.questions
        if one.evidence
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    for name in ("a", "b"):
        run(path, "--out", tmp_path / name)
    run("compare", tmp_path / "a", tmp_path / "b")
    document = json.loads(RUNNER.invoke(app, ["compare", str(tmp_path / "a"), str(tmp_path / "b"), "--json"]).stdout)
    assert "f1_all" not in document["measures"]
    assert document["changes_by"] in document["measures"]
    assert document["changes"] == []


def test_a_comparison_tells_what_failed(questions: Path, tmp_path: Path, said: dict[str, Said]) -> None:
    run(questions, "--out", tmp_path / "a")
    del said[COST.text]
    run(questions, "--out", tmp_path / "b", code=ExitCode.INCOMPLETE)
    printed = " ".join(run("compare", tmp_path / "a", tmp_path / "b").split())
    assert "could not be asked, of 4 questions: 0 in the first, 1 in the second" in printed


def test_gates_end_the_command(questions: Path, tmp_path: Path) -> None:
    run(questions, "--out", tmp_path / "run")
    gates = tmp_path / "gates.toml"
    gates.write_text('[em]\nat_least = 0.6\njudge = "value"\n', encoding="utf-8")
    assert "all 2 gates passed" in run("gate", tmp_path / "run", gates)
    gates.write_text('[em]\nat_least = 0.7\njudge = "value"\n[f1]\nat_most = 1\n', encoding="utf-8")
    printed = run("gate", tmp_path / "run", gates, code=ExitCode.ERROR)
    assert "1 of 3 gates failed" in printed
    assert "below" in printed


def test_a_run_that_failed_passes_no_gate_that_does_not_allow_it(
    questions: Path, tmp_path: Path, said: dict[str, Said]
) -> None:
    del said[COST.text]  # the only one that is answered wrongly: every measure gets better
    run(questions, "--out", tmp_path / "run", code=ExitCode.INCOMPLETE)
    gates = tmp_path / "gates.toml"
    gates.write_text("[em]\nat_least = 1.0\n", encoding="utf-8")
    printed = run("gate", tmp_path / "run", gates, code=ExitCode.ERROR)
    assert re.search(r"failed questions +at most 0 +1 +above", printed)
    assert "1 of 2 gates failed" in printed
    gates.write_text("[em]\nat_least = 1.0\n[failures]\nat_most = 1\n", encoding="utf-8")
    assert re.search(r"failed questions +at most 1 +1 +passed", run("gate", tmp_path / "run", gates))


def test_bars_that_never_answering_clears_are_refused(questions: Path, tmp_path: Path) -> None:
    run(questions, "--out", tmp_path / "run")
    gates = tmp_path / "gates.toml"
    gates.write_text("[abstained_unanswerable]\nat_least = 0.5\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"gates\.toml: an assistant that never answers clears"):
        run("gate", tmp_path / "run", gates)
