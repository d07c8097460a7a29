"""Conversations as a question set: an article is made of the answers, and each turn's evidence is its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.datasets.reading import read_questions
from eval.datasets.records import Evidence, QuestionSet
from index.errors import QuestionSetError
from qa.records import Turn
from tests.eval.datasets.test_reading import lines, write

TALK = [
    ("Who was Ada Byron?", "Who was Ada Byron?", "a mathematician,"),
    ("Was she rich?", "Was Ada Byron rich?", "I don't know."),
    ("Where did she live?", "Where did Ada Byron live?", "London 👍🏽.\r\nAnd Kent"),
    ("When?", "When did Ada Byron live in London?", ""),
]


def turns(talk: list[tuple[str, str, str]] = TALK, dialog: str = "C_1") -> list[dict[str, Any]]:
    """A conversation's lines; the last answer is in none of them."""
    history, found = ["Ada Byron", "Early life"], []
    for number, (question, rewrite, answer) in enumerate(talk, start=1):
        found.append(
            {"dialog": dialog, "turn": number, "history": [*history], "question": question, "rewrite": rewrite}
        )
        history += [question, answer]
    return found


def read(tmp_path: Path, *rows: dict[str, Any], name: str = "canard.jsonl.gz") -> QuestionSet:
    return read_questions(write(tmp_path / name, "\n" + lines(*rows)))


def test_the_article_is_made_of_the_answers(tmp_path: Path) -> None:
    (article,) = read(tmp_path, *turns()).articles
    assert (article.article_id, article.title) == ("C_1", "Ada Byron")
    assert article.text == "Early life\n\na mathematician,\n\nLondon 👍🏽.\nAnd Kent"


def test_turns_whose_answer_is_known_are_asked(tmp_path: Path) -> None:
    found = read(tmp_path, *turns())
    (article,) = found.articles
    assert [(one.question_id, one.text, one.rewrite) for one in found.questions] == [
        ("C_1-1", "Who was Ada Byron?", None),  # it leans on nothing
        ("C_1-3", "Where did she live?", "Where did Ada Byron live?"),
    ]
    assert [one.answers for one in found.questions] == [("a mathematician,",), ("London 👍🏽.\nAnd Kent",)]
    for one in found.questions:
        (place,) = one.evidence
        assert article.text[place.start : place.end] == (one.answers or ())[0]
    assert {one.cluster for one in found.questions} == {"C_1"}


def test_what_was_not_answered_is_an_earlier_turn_that_cites_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, *turns()).questions[1].history == (
        Turn("Who was Ada Byron?", "a mathematician,", ("Ada Byron",)),
        Turn("Was she rich?", None),
    )


def test_evidence_of_equal_answers_is_each_turns_own(tmp_path: Path) -> None:
    talk = [("When?", "When?", "1835"), ("And she?", "And Ada?", "1835"), ("Why?", "Why?", "x")]
    found = read(tmp_path, *turns(talk))
    assert [one.evidence for one in found.questions] == [(Evidence("C_1", 12, 16),), (Evidence("C_1", 18, 22),)]


def test_conversations_may_be_told_in_any_order_and_without_an_answer_are_left_out(tmp_path: Path) -> None:
    one, other = turns(), turns(dialog="C_2")
    mute = turns([("Why?", "Why?", "CANNOTANSWER"), ("How?", "How?", "")], dialog="C_3")
    found = read(tmp_path, one[0], *other, *mute, *one[1:])
    assert [article.article_id for article in found.articles] == ["C_1", "C_2"]
    assert [question.question_id for question in found.questions] == ["C_1-1", "C_1-3", "C_2-1", "C_2-3"]


@pytest.mark.parametrize(
    ("number", "change", "named"),
    [
        (2, {"turn": 3}, '"turn" must be 2, the next of its conversation, not 3'),
        (1, {"turn": True}, '"turn" must be 1, the next of its conversation, not True'),
        (2, {"turn": "2"}, "not '2'"),
        (2, {"dialog": " "}, '"dialog" must be text'),
        (2, {"rewrite": None}, '"rewrite" must be text, not None'),
        (2, {"question": ""}, '"question" must be text'),
        (2, {"history": "Ada Byron"}, '"history" must be a list of texts'),
        (2, {"history": None}, '"history" must be a list of texts, not None'),
        (2, {"history": ["Ada Byron", "Early life", "Who?", 3]}, '"history" must be a list of texts'),
        (2, {"history": ["Ada Byron", "Early life"]}, "4 texts for turn 2, not 2"),
        (2, {"history": ["Ada Byron", "Late life", "Who was Ada Byron?", "x"]}, "does not go on from the turn before"),
        (2, {"history": ["Ada Byron", "Early life", "Who was Ada?", "x"]}, "does not go on from the turn before it"),
    ],
)
def test_what_is_malformed_is_named_with_its_line(
    tmp_path: Path, number: int, change: dict[str, Any], named: str
) -> None:
    rows = turns()
    rows[number - 1] |= change
    with pytest.raises(QuestionSetError) as caught:
        read(tmp_path, *rows, name="canard.jsonl")
    assert str(caught.value).startswith(f"canard.jsonl, line {number + 1}: ")
    assert named in str(caught.value)


@pytest.mark.parametrize("missing", ["dialog", "turn", "history", "question", "rewrite"])
def test_a_later_line_without_a_field_is_refused(tmp_path: Path, missing: str) -> None:
    rows = turns()
    del rows[2][missing]
    with pytest.raises(QuestionSetError, match=f'canard.jsonl.gz, line 4: "{missing}" must be'):
        read(tmp_path, *rows)


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "canard.jsonl", lines(turns()[0]) + "{\n")
    with pytest.raises(QuestionSetError, match=r"canard.jsonl, line 2: is not JSON"):
        read_questions(path)


def test_our_own_format_is_not_taken_for_it(tmp_path: Path) -> None:
    own = {"id": "1", "question": "When?", "history": [], "rewrite": "When did she live?", "answers": []}
    assert read(tmp_path, own).articles == ()


@pytest.mark.slow
def test_the_real_set(shared_dir: Path) -> None:
    """Every answer stands in a later line's history, and every known one is asked for once."""
    path = shared_dir / "data" / "conversations" / "canard.jsonl.gz"
    found = read_questions(path)
    texts = {article.article_id: article.text for article in found.articles}
    assert len(found.questions) > 1500
    assert len(texts) > 300
    for one in found.questions:
        (place,) = one.evidence
        assert (texts[place.article][place.start : place.end],) == one.answers
        assert (one.rewrite is None) == (not one.history)
