"""The training command: from questions to a folder that a reader is loaded from."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from index.tokenizer import Tokenizer
from qa.readers.span import load_span_reader
from qa.training.__main__ import main
from qa.training.sources import PARAGRAPH_FILES, share_of
from tests.contracts.reader import candidates_for

CONFIG = """
seed = 1
groups = 2
most_steps = 2

[sources.squad]
epochs = 1
negatives = 1
kept_aside = 0.5

[sources.natural]
epochs = 1
negatives = 1
kept_aside = 0.9
"""
KEEPERS = ("Edda Quill", "Ada Brook", "Tom Hale", "Mabel Finch", "Olga Berg", "Jane Moss", "John Reed", "Anna Lund")


def write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


def data(folder: Path) -> Path:
    paragraphs, articles, questions = [], [], []
    for number, keeper in enumerate(KEEPERS):
        text = f"The harbour of Port {number} is old. Its keeper is {keeper}, who came in {1900 + number}."
        answer = {"text": keeper, "answer_start": text.index(keeper)}
        asked = {"id": f"s{number}", "question": f"Who keeps the harbour of Port {number}?", "answers": [answer]}
        none = {"id": f"n{number}", "question": f"Who sank in Port {number}?", "answers": []}
        paragraphs.append({"title": f"Port_{number}", "context": text, "qas": [asked, none]})
        articles.append({"id": f"p{number}", "title": f"Port {number}", "text": text})
        place = {"article": f"p{number}", "start": text.index(keeper), "end": text.index(keeper) + len(keeper)}
        questions.append(
            {"id": f"q{number}", "question": f"keeper of port {number}", "answers": [keeper], "evidence": [place]}
        )
    write(folder / PARAGRAPH_FILES["squad"], paragraphs)
    write(folder / "natural" / "articles.jsonl.gz", articles)
    write(folder / "natural" / "questions.jsonl.gz", questions)
    return folder


def test_these_articles_are_trained_on_and_kept_aside() -> None:
    shares = [share_of(f"squad/Port_{number}") for number in range(len(KEEPERS))]
    assert min(shares) < 0.5 < max(shares)
    natural = [share_of(f"natural/p{number}") for number in range(len(KEEPERS))]
    assert min(natural) < 0.6
    assert max(natural) > 0.9, "else there is nothing to train on"


@pytest.mark.slow
def test_from_questions_to_a_reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, work = tmp_path / "run.toml", tmp_path / "work"
    config.write_text(CONFIG, encoding="utf-8")
    given = ["--config", str(config), "--data", str(data(tmp_path / "data")), "--work", str(work)]
    assert main(["all", *given]) == 0
    told = capsys.readouterr().out
    assert "windows shown" in told
    assert "questions asked" in told
    reader = load_span_reader(Tokenizer(stem=True), work / "int8")
    question = "Who is the harbour master of Larkmouth?"
    candidates = candidates_for(question)
    readings = reader.read(question, candidates)
    assert any(reading.spans for reading in readings)
    confidence = reader.confidence(question, candidates, readings)
    assert confidence is not None
    assert 0 <= confidence <= 1
    # The run teaches another, which reads its labels.
    taught = tmp_path / "taught.toml"
    taught.write_text(CONFIG.replace("groups = 2", "groups = 2\nteacher_weight = 0.5"), encoding="utf-8")
    label = ["--config", str(taught), "--work", str(work)]
    assert main(["train", *label, "--start", str(work / "model.safetensors")]) == 1
    assert "python -m qa.training label" in capsys.readouterr().err
    assert main(["label", *label]) == 1
    assert "--teacher FILE" in capsys.readouterr().err
    (tmp_path / "cut").write_bytes((work / "model.safetensors").read_bytes()[:-5])
    save_file({"span.bias": np.zeros(2, np.float32)}, tmp_path / "other")
    for wrong in ("cut", "other"):
        assert main(["label", *label, "--teacher", str(tmp_path / wrong)]) == 1
        assert "does not hold the weights of a network trained from" in capsys.readouterr().err
    assert main(["label", *label, "--teacher", str(work / "model.safetensors")]) == 0
    assert "windows labelled" in capsys.readouterr().out
    before = (work / "model.safetensors").read_bytes()
    (work / "checkpoint.safetensors").unlink(missing_ok=True)
    assert main(["train", *label]) == 0
    after = (work / "model.safetensors").read_bytes()
    assert before != after
    # A second run begins with the first one's weights.
    second = ["--config", str(config), "--work", str(tmp_path / "second"), "--start", str(work / "model.safetensors")]
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "examples").symlink_to(work / "examples")
    assert main(["train", *second]) == 0
    assert (tmp_path / "second" / "model.safetensors").read_bytes() != (work / "model.safetensors").read_bytes()


@pytest.mark.parametrize(
    ("text", "named"),
    [("sources = 3\n", r"takes .*squad"), (CONFIG.replace("groups", "group"), "there is no setting group")],
)
def test_what_is_wrong_ends_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, named: str
) -> None:
    config = tmp_path / "run.toml"
    config.write_text(text, encoding="utf-8")
    assert main(["train", "--config", str(config), "--work", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("Error: ")
    assert re.search(named, error)


def test_a_missing_data_set_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "run.toml"
    config.write_text(CONFIG, encoding="utf-8")
    assert main(["examples", "--config", str(config), "--data", str(tmp_path), "--work", str(tmp_path / "w")]) == 1
    assert "squad.jsonl.gz" in capsys.readouterr().err
