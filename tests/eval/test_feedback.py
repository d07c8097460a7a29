"""Feedback as questions: what people said is right is what is asked for, and what is not is told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from eval.cli import app, drafting
from eval.datasets.reading import read_questions
from eval.datasets.records import Evidence
from eval.feedback import CONTRADICTION, questions_from_feedback
from index.errors import ArticleNotFoundError, LibraryError, RunError
from index.records import Article
from qa.assistant import Assistant
from qa.library import VERDICTS, Correction, Feedback, Library
from qa.records import Answer, Turn
from qa.served import index_name
from tests.qa.library.samples import NOON, abstention, answer_with, citation_of

TEXT = "The ferry sank off Skye. The captain was Ruth Aldersey. It was raining."
FERRY = Article(article_id="ferry", title="Ferry", text=TEXT)
SHA = FERRY.content_sha256


def cited(quote: str, sentence: str) -> Any:
    return citation_of(quote, sentence=sentence, text=TEXT, sha256=SHA)


SKYE = cited("Skye", "The ferry sank off Skye.")
RUTH = cited("Ruth Aldersey", "The captain was Ruth Aldersey.")
ANSWER = answer_with(SKYE, RUTH)
ABSTAINED = abstention(RUTH)
NO_IDEA = abstention()


def place(quote: str) -> dict[str, Any]:
    return {"article": "ferry", "start": TEXT.index(quote), "end": TEXT.index(quote) + len(quote)}


def picked(sentence: str, span: str = "") -> Correction:
    start = TEXT.index(sentence)
    at = TEXT.index(span) if span else None
    return Correction(
        article_id="ferry", start_char=start, end_char=start + len(sentence), text=sentence, content_sha256=SHA,
        span_start_char=at, span_end_char=None if at is None else at + len(span),
    )  # fmt: skip


def said(verdict: Any, answer: Answer | None = ANSWER, **changes: Any) -> Feedback:
    values = {
        "conversation_id": "c", "exchange_id": "e", "question": "Where did it sink?", "answer": answer, "history": (),
        "collection": None, "asked": NOON, "given": NOON, "verdict": verdict, "citation": None, "correction": None,
        "note": "", **changes,
    }  # fmt: skip
    return Feedback(**values)


def right_and_where(*feedback: Feedback) -> list[tuple[list[str], list[dict[str, Any]]]]:
    return [(row["answers"], row["evidence"]) for row in questions_from_feedback(feedback).rows]


@pytest.mark.parametrize(
    ("one", "answers", "evidence"),
    [
        (said("right"), ["Skye"], [place("Skye")]),
        (said("right", citation=1), ["Ruth Aldersey"], [place("Ruth Aldersey")]),
        (said("right", ABSTAINED), [], [{"article": "ferry"}]),
        (said("right", NO_IDEA), [], []),
        (said("should have abstained"), [], [{"article": "ferry"}]),
        (said("wrong answer", correction=picked("It was raining.")), ["It was raining."], [place("It was raining.")]),
        (said("wrong answer", correction=picked("It was raining.", "raining")), ["raining"], [place("raining")]),
        (said("wrong answer", ABSTAINED, correction=picked("It was raining.")), ["It was raining."],
         [place("It was raining.")]),
        (said("wrong citation", correction=picked("It was raining.", "It")), ["It"], [place("It")]),
    ],
)  # fmt: skip
def test_what_is_right_and_where(one: Feedback, answers: list[str], evidence: list[dict[str, Any]]) -> None:
    found = questions_from_feedback([one], {"ferry": FERRY}.get)
    assert found.left_out == ()
    (row,) = found.rows
    assert row == {
        "id": "e", "question": one.question, "answers": answers, "evidence": evidence, "asked": "2026-11-22",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (said("wrong answer"), "nobody said which sentence is right"),
        (said("wrong citation", citation=1), "nobody said which sentence is right"),
        (said("wrong answer", ABSTAINED), "nobody said which sentence is right"),
        (said("right", None), "cannot be read"),
        (said("right", question=" \n"), "blank"),
    ],
)
def test_what_makes_no_question_is_told(one: Feedback, reason: str) -> None:
    found = questions_from_feedback([one])
    assert found.rows == ()
    assert [reason in left.reason for left in found.left_out] == [True]


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        (None, "no longer in the collection"),
        (TEXT.replace("Skye", "Mull"), "does not hold these words at this place"),
        ("So: " + TEXT, "does not hold these words at this place"),
        (TEXT + " Corrected.", "has changed since"),
    ],
)
@pytest.mark.parametrize("verdict", ["right", "should have abstained"])
def test_evidence_that_no_longer_holds_is_left_out_and_told(verdict: str, stored: str | None, reason: str) -> None:
    articles = {} if stored is None else {"ferry": Article(article_id="ferry", text=stored)}
    found = questions_from_feedback([said(verdict)], articles.get)
    assert (found.rows, [left.reason.endswith(reason) for left in found.left_out]) == ((), [True])
    assert len(questions_from_feedback([said(verdict)]).rows) == 1, "without an index nothing is checked"


def test_a_follow_up_carries_its_history(tmp_path: Path) -> None:
    history = (Turn("Where's the ferry?", "Skye", ("Ferry",)), Turn("And?\n\u2028", None, ()))
    found = questions_from_feedback([said("right", history=history)])
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found.rows), encoding="utf-8")
    (question,) = read_questions(path).questions
    assert question.history == history
    assert question.asked == NOON.date()
    assert question.evidence == (Evidence("ferry", TEXT.index("Skye"), TEXT.index("Skye") + 4),)


def test_agreement_is_one_question() -> None:
    again = said("right", question=" where did it  SINK?", exchange_id="f", asked=NOON + timedelta(days=3))
    other = said("right", answer_with(RUTH), exchange_id="g")
    assert right_and_where(said("right"), again) == [(["Skye"], [place("Skye")])]
    assert right_and_where(said("right"), other) == [
        (["Skye", "Ruth Aldersey"], [place("Skye"), place("Ruth Aldersey")])
    ]


@pytest.mark.parametrize(
    "change",
    [{"question": "Who was it?"}, {"history": (Turn("So?"),)}, {"collection": "news"}],
    ids=["question", "history", "collection"],
)
def test_other_questions_are_apart(change: dict[str, Any]) -> None:
    contrary = said("should have abstained", exchange_id="f", **change)
    assert len(questions_from_feedback([said("right"), contrary]).rows) == 2


def test_yesterday_is_another_day_every_day() -> None:
    first = said("right", question="What sank yesterday?")
    later = replace(first, asked=NOON + timedelta(days=1), exchange_id="f", verdict="should have abstained")
    assert len(questions_from_feedback([first, later]).rows) == 2
    assert len(questions_from_feedback([first, replace(later, asked=NOON)]).rows) == 0


WRONG = said("wrong answer")


@pytest.mark.parametrize(
    ("feedback", "left_out"),
    [
        ([said("right"), said("should have abstained")], 2),
        ([said("right"), WRONG], 2),
        ([said("right"), said("wrong answer", correction=picked("It was raining."))], 2),
        ([said("right", citation=1), said("wrong answer", citation=1)], 2),
        ([said("right"), said("wrong citation")], 2),
        ([said("right", ABSTAINED), said("wrong answer", ABSTAINED)], 2),
        ([said("right", ABSTAINED), said("right")], 2),
        ([said("wrong answer", ABSTAINED, correction=picked("It was raining.")), said("should have abstained")], 2),
        ([said("wrong answer", correction=picked("The ferry sank off Skye.", "Skye"))], 1),
    ],
)
def test_contradictions_are_told_and_asked_of_nobody(feedback: Sequence[Feedback], left_out: int) -> None:
    for order in (feedback, list(reversed(feedback))):
        found = questions_from_feedback(order)
        assert found.rows == ()
        assert len(found.left_out) == left_out
        assert CONTRADICTION in {left.reason for left in found.left_out}


@pytest.mark.parametrize(
    ("feedback", "expected"),
    [
        ([WRONG, said("right", citation=1)], (["Ruth Aldersey"], [place("Ruth Aldersey")])),
        ([said("right"), said("wrong citation", citation=1)], (["Skye"], [place("Skye")])),
        ([said("wrong answer", correction=picked("It was raining.")), WRONG],
         (["It was raining."], [place("It was raining.")])),
    ],
)  # fmt: skip
def test_what_only_seems_a_contradiction(feedback: Sequence[Feedback], expected: object) -> None:
    assert right_and_where(*feedback) == [expected]


def test_the_right_answer_keeps_the_citations_that_nobody_calls_wrong() -> None:
    copy = citation_of("Skye", sentence="The ferry sank off Skye.", article_id="copy", text=TEXT, sha256=SHA)
    both = answer_with(SKYE, copy)
    assert right_and_where(said("right", both)) == [(["Skye"], [place("Skye"), {**place("Skye"), "article": "copy"}])]
    denied = said("wrong citation", both, citation=1)
    assert right_and_where(said("right", both), denied) == [(["Skye"], [place("Skye")])]
    found = questions_from_feedback([said("right", both)], {"ferry": FERRY}.get)
    assert found.rows[0]["evidence"] == [place("Skye")], "the copy is gone, the other still holds"


FEEDBACK = st.builds(
    said,
    st.sampled_from(VERDICTS),
    st.sampled_from([ANSWER, ANSWER, ABSTAINED, NO_IDEA, None]),
    question=st.sampled_from(["Who?", "Where?", " "]),
    exchange_id=st.uuids().map(str),
    correction=st.none(),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(FEEDBACK, max_size=12))
def test_every_piece_is_used_or_told_once(feedback: list[Feedback]) -> None:
    feedback = [
        replace(one, correction=picked("It was raining.") if one.verdict.startswith("wrong") and number % 2 else None)
        for number, one in enumerate(feedback)
        if one.verdict in ("right", "wrong answer") or (one.answer and one.answer.answered)
    ]
    found = questions_from_feedback(feedback)
    told = Counter(left.feedback.exchange_id for left in found.left_out)
    assert set(told.values()) <= {1}
    used = {one.question for one in feedback if one.exchange_id not in told}
    assert {row["question"] for row in found.rows} == used
    assert len(found.rows) == len(used)
    assert questions_from_feedback(feedback) == found


class Stored:
    """Stands for an opened index that holds the ferry alone."""

    def __enter__(self) -> Stored:
        return self

    def __exit__(self, *exc_info: object) -> None: ...

    def article(self, article_id: str) -> Article:
        if article_id != "ferry":
            raise ArticleNotFoundError(article_id)
        return FERRY


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "library.sqlite"
    gone = citation_of("Skye", sentence="The ferry sank off Skye.", article_id="gone", text=TEXT, sha256=SHA)
    with Library.open(path) as opened:
        for question, answer, verdict in [
            ("Where did it sink?", ANSWER, "right"), ("Who paid?", ANSWER, "should have abstained"),
            ("Why?", ANSWER, "wrong answer"), ("Where then?", answer_with(gone), "right"),
        ]:  # fmt: skip
            kept = opened.conversations.add("ann", question, answer, collection="news")
            opened.feedback.give("ann", kept.exchange_id, verdict)  # type: ignore[arg-type]
    return path


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, ["make", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_the_command_writes_what_the_index_holds(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "open_index", lambda index_dir: Stored())
    out = tmp_path / "questions.jsonl"
    printed = run("--feedback", library, "--index", "my-index", "--out", out)
    assert "2 questions from 2 of 4 pieces of feedback" in printed
    assert "left out, 1: wrong answer, and nobody said which sentence is right: Why?" in printed
    assert "left out, 1: the source is no longer in the collection: Where then?" in printed
    assert "not checked" not in printed
    assert [(one.text, one.answers, one.cluster) for one in read_questions(out).questions] == [
        ("Where did it sink?", ("Skye",), "ferry"),
        ("Who paid?", (), "ferry"),
    ]


@pytest.mark.slow
def test_eval_runs_what_the_command_writes(library: Path, tmp_path: Path) -> None:
    index, out = tmp_path / "index", tmp_path / "questions.jsonl"
    Assistant.build([FERRY], index, reader="sentence").close()
    assert "2 questions from 2 of 4" in run("--feedback", library, "--index", index, "--out", out)
    result = CliRunner().invoke(app, [str(out), "--index", str(index), "--reader", "sentence"], catch_exceptions=False)
    assert "2 questions on 1 articles" in " ".join(result.output.split())


def test_the_command_without_an_index_says_that_nothing_was_checked(library: Path, tmp_path: Path) -> None:
    printed = run("--feedback", library, "--out", tmp_path / "q.jsonl", "--collection", "news")
    assert "3 questions from 3 of 4" in printed
    assert "not checked against an index" in printed


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--feedback", "LIBRARY", "--collection", "other"], RunError),
        (["--feedback", "nowhere.sqlite"], LibraryError),
    ],
)
def test_the_command_writes_no_empty_file(
    library: Path, tmp_path: Path, arguments: list[str], error: type[Exception]
) -> None:
    given = [str(library) if one == "LIBRARY" else one for one in arguments]
    out = tmp_path / "q.jsonl"
    with pytest.raises(error):
        CliRunner().invoke(app, ["make", *given, "--out", str(out)], catch_exceptions=False)
    assert not out.exists()


@pytest.mark.parametrize("arguments", [[], ["a", "--index", "b"]])
def test_the_command_needs_one_thing_to_make_from(tmp_path: Path, arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["make", *arguments, "--out", str(tmp_path / "q.jsonl")])
    assert result.exit_code == 2
    assert "name" in result.output


def test_feedback_on_another_index_is_left_out_and_named(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "open_index", lambda index_dir: Stored())
    mine, other = index_name(tmp_path / "mine"), index_name(tmp_path / "other")
    with Library.open(library) as opened:
        for question, collection in (("Where, here?", mine), ("Where, there?", other)):
            kept = opened.conversations.add("ann", question, ANSWER, collection=collection)
            opened.feedback.give("ann", kept.exchange_id, "right")
    out = tmp_path / "questions.jsonl"
    printed = run("--feedback", library, "--index", tmp_path / "mine", "--out", out)
    assert f"left out, 1: on another index; for those: --collection {other}".replace(" ", "") in printed.replace(
        " ", ""
    )
    questions = [one.text for one in read_questions(out).questions]
    assert "Where, here?" in questions
    assert "Where, there?" not in questions
