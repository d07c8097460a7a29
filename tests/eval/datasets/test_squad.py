"""SQuAD's JSON: offsets hold in the articles that are made of it, and what is malformed is named with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.datasets.reading import read_questions
from index.errors import QuestionSetError
from tests.eval.datasets.test_reading import write


def squad(*paragraphs: tuple[str, list[dict[str, Any]]], title: str = "Fish_market") -> dict[str, Any]:
    return {"data": [{"title": title, "paragraphs": [{"context": text, "qas": asked} for text, asked in paragraphs]}]}


def test_paragraphs_become_an_article_and_offsets_hold(tmp_path: Path) -> None:
    rose = {"id": "1", "question": " What rose? ", "answers": [{"text": "Cod", "answer_start": 0}] * 2}
    cost = {"id": "2", "question": "How much?", "answers": [{"text": "nine\r\npence", "answer_start": 9}]}
    none = {"id": "3", "question": "Who?", "is_impossible": True, "answers": [], "plausible_answers": []}
    content = squad(("Cod rose 👍🏽.", [rose]), ("Eel cost nine\r\npence.", [cost, none]))
    found = read_questions(write(tmp_path / "dev.json", json.dumps(content)))
    (article,) = found.articles
    assert (article.article_id, article.title) == ("Fish_market", "Fish market")
    assert article.text == "Cod rose 👍🏽.\n\nEel cost nine \npence."
    places = {one.question_id: one.evidence for one in found.questions}
    assert [article.text[e.start : e.end] for e in places["1"]] == ["Cod"]
    assert [article.text[e.start : e.end] for e in places["2"]] == ["nine \npence"]
    assert [(one.text, one.answers, one.cluster) for one in found.questions] == [
        ("What rose?", ("Cod",), "Fish_market"),
        ("How much?", ("nine\r\npence",), "Fish_market"),
        ("Who?", (), "Fish_market"),
    ]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ([], "is not SQuAD's JSON"),
        (
            {"data": [{"title": "x", "paragraphs": []}] * 2},
            "data[1]: the title 'x' is there twice, first in data[0]",
        ),
        ({"data": [{"title": "x"}]}, 'dev.json, data[0]: has no list "paragraphs"'),
        ({"data": [3]}, "data[0]: must be an object, not 3"),
        (
            squad(("Cod rose.", [{"id": "1", "question": "?"}])),
            "dev.json, data[0].paragraphs[0].qas[0] (id '1'): has no list \"answers\"",
        ),
        (
            squad(("Cod rose.", [{"id": "1", "question": "?", "answers": [{"text": "Eel", "answer_start": 0}]}])),
            "dev.json, data[0].paragraphs[0].qas[0] (id '1'), answers[0]: the answer 'Eel' does not stand at 0",
        ),
        (
            squad(("A cod.", [{"id": "1", "question": "?", "answers": [{"text": "cod", "answer_start": -4}]}])),
            "the answer 'cod' does not stand at -4",  # where Python would find it, counted from the end
        ),
        (
            squad(("Cod rose.", [{"question": "?", "answers": []}])),
            'data[0].paragraphs[0].qas[0]: "id" must be text, not None',
        ),
        (
            squad(
                ("Cod rose.", []),
                ("Eel fell.", [{"id": one, "question": "?", "answers": []} for one in ("1", "2", "2")]),
            ),
            "dev.json, data[0].paragraphs[1].qas[2] (id '2'): the id '2' is there twice, first in dev.json, "
            "data[0].paragraphs[1].qas[1] (id '2')",
        ),
        (squad(("Cod rose.", [])), "holds no question"),
    ],
)
def test_what_is_malformed_is_named(tmp_path: Path, content: Any, named: str) -> None:
    with pytest.raises(QuestionSetError) as caught:
        read_questions(write(tmp_path / "dev.json", json.dumps(content)))
    assert named in str(caught.value)
