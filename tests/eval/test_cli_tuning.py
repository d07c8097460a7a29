"""``pullquote eval tune`` on a terminal: its figures are of questions that nothing was chosen on, and it writes what
was chosen."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.cli import app, running
from eval.cli import tuning as tuning_command
from eval.datasets.records import Question
from index.errors import ConfigError, RunError
from qa import QAConfig, SearchConfig
from qa.cli.exits import ExitCode
from qa.settings import read_settings
from tests.eval.tunable import CHOSEN, FLEET, OTHERS, ScriptedReader, Watch, assistant_over, questions_on

SAID: dict[str, tuple[str, float] | Exception] = {}
for name in CHOSEN:  # from 0.8 on all are right
    cargo, left, painted = questions_on(name)
    SAID |= {cargo.text: ("salt", 0.8), left.text: ("salt", 0.5), painted.text: ("salt", 0.4)}
for name in OTHERS:  # of three, two lie above, and one of these is wrong; with the settings there were all three do
    cargo, left, painted = questions_on(name)
    SAID |= {cargo.text: ("salt", 0.4), left.text: ("spring", 0.9), painted.text: ("salt", 0.85)}


def to_row(question: Question) -> dict[str, object]:
    return {
        "id": question.question_id,
        "question": question.text,
        "answers": list(question.answers or ()),
        "evidence": [{key: asdict(place)[key] for key in ("article", "start", "end")} for place in question.evidence],
        "history": [asdict(turn) | {"titles": list(turn.titles)} for turn in question.history],
        "asked": question.asked.isoformat() if question.asked else None,
    }


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "fleet.jsonl"
    path.write_text("".join(json.dumps(to_row(one)) + "\n" for one in FLEET.questions), encoding="utf-8")
    return path


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, float] | Exception]:
    """What the reader of the assistant that the command opens says."""
    scripted = dict(SAID)
    favourite = {**dict.fromkeys(CHOSEN, 0.3), **dict.fromkeys(OTHERS, 0.6)}

    def open_assistant(*_: object, **__: object) -> object:
        return assistant_over(tmp_path, ScriptedReader(scripted), Watch(favourite))

    monkeypatch.setattr(running, "open_assistant", open_assistant)
    monkeypatch.setattr("eval.tuning.WEIGHTS", (0.3, 0.6, 0.8))
    return scripted


def tune(questions: Path, *arguments: object, code: int = 0) -> str:
    command = ["tune", str(questions), *map(str, arguments)]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.usefixtures("said")
def test_what_is_printed_is_of_the_other_questions_and_what_is_written_was_chosen(
    questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "settings.toml"
    printed = tune(questions, "--out", out, "--risk", 0.1)
    assert "Mean reciprocal rank, of the 12 questions chosen on alone:" in printed
    assert re.findall(r"^dense_weight .*$", printed, re.MULTILINE) == [
        "dense_weight 0.3: 1.000  <- chosen", "dense_weight 0.6: 0.125", "dense_weight 0.8: 0.125",
    ]  # fmt: skip
    assert "On the 12 other questions, with the settings there were and those chosen:" in printed
    interval = r"[\d.]+% to [\d.]+%"
    assert re.search(rf"coverage \(answered\) +100\.0% +{interval} +66\.7% +{interval}", printed)
    assert re.search(rf"risk \(wrong of these\) +33\.3% +{interval} +50\.0% +{interval}", printed)
    assert "on the other questions 50.0% of the answers are wrong, and 10.0% were wanted" in printed
    assert "settings.search.dense_weight: 0.8 -> 0.3" in printed
    assert f"written: {out}" in printed
    found = read_settings(out)
    assert found == QAConfig(risk=1 - 0.8, search=SearchConfig(dense_weight=0.3))
    comment = [line for line in out.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert comment[0].startswith("# Chosen by pullquote eval tune for a risk of 0.1 on 12 questions (fleet.jsonl, ")
    assert re.fullmatch(
        rf"# Of 12 questions on other articles, 66\.7% \[{interval}\] were answered, and 50\.0% \[{interval}\] of the "
        r"answers were wrong\.",
        comment[1],
    )


def test_where_nothing_is_answered_there_is_no_share_of_it(
    questions: Path, tmp_path: Path, said: dict[str, tuple[str, float] | Exception]
) -> None:
    for name in OTHERS:
        said.update({one.text: ("salt", 0.2) for one in questions_on(name)})
    out = tmp_path / "settings.toml"
    printed = tune(questions, "--out", out, "--risk", 0.1)
    assert re.search(r"risk \(wrong of these\) +none +none *\n", printed)
    assert "were wanted" not in printed
    assert re.search(r"0\.0% \[.*\] were answered, and none of the answers were wrong", out.read_text(encoding="utf-8"))


def test_questions_that_failed_give_their_own_code(
    questions: Path, tmp_path: Path, said: dict[str, tuple[str, float] | Exception]
) -> None:
    said.update({questions_on(name)[2].text: ValueError("no memory") for name in (CHOSEN[0], OTHERS[0])})
    printed = tune(questions, "--out", tmp_path / "settings.toml", code=ExitCode.INCOMPLETE)
    assert "3 times a question could not be asked; it was left out" in printed
    assert (tmp_path / "settings.toml").exists()


def test_a_risk_out_of_reach_writes_nothing(
    questions: Path, tmp_path: Path, said: dict[str, tuple[str, float] | Exception]
) -> None:
    said.update({questions_on(name)[0].text: ("spring", 0.8) for name in CHOSEN})
    with pytest.raises(ConfigError, match="none is answered rightly"):
        tune(questions, "--out", tmp_path / "settings.toml")
    assert not (tmp_path / "settings.toml").exists()


def test_what_cannot_be_is_refused_before_a_question_is_asked(
    questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning_command, "open_for", None)  # calling it would fail
    for risk in ("1", "-0.1", "nan"):
        with pytest.raises(ConfigError, match=r"--risk .* must lie between 0 and 1"):
            tune(questions, "--out", tmp_path / "settings.toml", "--risk", risk)
    with pytest.raises(RunError, match=r"nowhere is no folder; make it, or name another file with --out"):
        tune(questions, "--out", tmp_path / "nowhere" / "settings.toml")
    (tmp_path / "mine.toml").write_text("risk = 0.5", encoding="utf-8")
    with pytest.raises(RunError, match=r"mine\.toml is there already"):
        tune(questions, "--out", tmp_path / "mine.toml")
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == "risk = 0.5"
