"""The benchmark of twins: what is exchanged, and which of two scores is counted as right."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from eval.benchmarks.twins import Told, Twins, make_twins, table, tell
from qa.readers.combination import FoundSpan
from qa.readers.passages import Passage
from qa.readers.span import SpanNetwork
from qa.training.split import is_kept_aside
from qa.training.twins import Exchange

PARAGRAPH = "In 1934 Ada Brook bought a boat. In 1951 Mabel Finch sold it in Port Amble."
FERRY = Twins(
    "ferry", "On Ada Brook", "What did Ada Brook buy?", PARAGRAPH, "a name", Exchange("Ada Brook", "Mabel Finch")
)


class Scoring:
    """Scores a question and a paragraph by a rule; has no span for None."""

    def __init__(self, rule: Callable[[str, Passage], float | None]) -> None:
        self._rule = rule

    def find(self, question: str, passages: Sequence[Passage]) -> list[list[FoundSpan]]:
        scores = [self._rule(question, passage) for passage in passages]
        return [[] if score is None else [FoundSpan(0, 1, score, 0.0)] for score in scores]


def told(rule: Callable[[str, Passage], float | None], twins: Twins = FERRY) -> tuple[float, float]:
    (row,) = tell(cast(SpanNetwork, Scoring(rule)), [twins])
    return row.paragraph, row.question


def reads_well(question: str, passage: Passage) -> float:
    return float("Ada" in question) if "Ada Brook bought" in passage.text else float("Mabel" in question)


def test_who_reads_well_tells_all() -> None:
    assert told(reads_well) == (1.0, 1.0)
    assert told(lambda question, passage: -reads_well(question, passage)) == (0.0, 0.0)


def test_who_looks_at_one_side_only_guesses() -> None:
    assert told(lambda question, _: float("Ada" in question)) == (0.5, 0.5)
    assert told(lambda _, passage: float("Ada Brook bought" in passage.text)) == (0.5, 0.5)
    assert told(lambda _, __: 0.0) == (0.5, 0.5)
    assert told(lambda _, __: None) == (0.5, 0.5)


def test_paragraphs_are_compared_for_a_question_and_questions_for_a_paragraph() -> None:
    """A question that scores higher everywhere hides only the one from the other, and so does such a paragraph."""
    assert told(lambda question, passage: reads_well(question, passage) + 2 * ("Mabel" in question)) == (1.0, 0.5)
    assert told(
        lambda question, passage: reads_well(question, passage) + 2 * ("Mabel Finch bought" in passage.text)
    ) == (0.5, 1.0)


def test_who_takes_every_twin_for_unanswerable_is_right_half_the_time() -> None:
    """What a network may learn that knows its questions by heart: it fails on what is exchanged in both."""
    known = (FERRY.question, FERRY.paragraph)
    assert told(lambda question, passage: float((question, passage.text) == known)) == (0.75, 0.75)


def test_title_and_paragraph_are_exchanged() -> None:
    seen: set[tuple[str, str, str]] = set()

    def look(question: str, passage: Passage) -> float:
        assert passage.sentence_starts == (0, passage.text.index("In 1951"))
        seen.add((question, passage.title, passage.text))
        return 0.0

    told(look)
    exchange = FERRY.exchange
    assert seen == {
        (question, title, text)
        for question in (FERRY.question, exchange.of(FERRY.question))
        for title, text in ((FERRY.title, PARAGRAPH), (exchange.of(FERRY.title), exchange.of(PARAGRAPH)))
    }
    assert len(seen) == 4


def test_a_row_for_each_way_and_one_for_all() -> None:
    rows = [Told(FERRY, 1.0, 0.5), Told(FERRY, 0.5, 0.5)]
    lines = table("x", [*rows, Told(Twins("tram", "", "", "", "a year", Exchange("a", "b")), 0.0, 1.0)])
    assert [(line.split(" | ")[0], line.split(" | ")[1], line.split(" | ")[2][:5]) for line in lines[4:-1]] == [
        ("| a name", "2", "0.750"),
        ("| a year", "1", "0.000"),
        ("| all", "3", "0.500"),
    ]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Forty articles of each set, of one paragraph; by their ids some were kept from every training run."""
    (tmp_path / "training").mkdir()
    for file in ("squad", "squadshifts-new-wiki"):
        rows: list[dict[str, Any]] = []
        for number in range(40):
            question = {
                "id": f"{file}{number}",
                "question": f"What did Ada Brook buy in 1934 ({number})?",
                "answers": [{"text": "a boat", "answer_start": PARAGRAPH.index("a boat")}],
            }
            unanswerable = {"id": f"{file}{number}-none", "question": "What did Ada Brook eat?", "answers": []}
            rows.append({"title": f"Boat {number}", "context": PARAGRAPH, "qas": [question, unanswerable]})
        with gzip.open(tmp_path / "training" / f"{file}.jsonl.gz", "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)
    return tmp_path


def test_twins_of_questions_that_no_reader_was_trained_on(data: Path) -> None:
    twins = make_twins(data)
    assert twins
    assert all(is_kept_aside(one.article, 0.16 if one.article.startswith("squad/") else 0.12) for one in twins)
    assert {(one.way, one.exchange.one) for one in twins} == {
        ("a name of the chunk", "Ada Brook"),
        ("a year of the chunk", "1934"),
    }
    assert {one.paragraph for one in twins} == {PARAGRAPH}
    assert all(one.question.startswith("What did Ada Brook buy in 1934") for one in twins)
    assert twins == make_twins(data)
