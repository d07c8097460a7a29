"""Feedback: what people think of answers, replaced when they change their minds, and listed without their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.errors import LibraryError
from qa.library import VERDICTS, Correction, Library
from qa.records import Turn
from tests.qa.library.samples import BOTH, NOON, NOTHING, SHA, STRUCK, TEXT, asked

PICKED = Correction(article_id="ferry", start_char=0, end_char=len(TEXT), text=TEXT, content_sha256=SHA)
NAME = TEXT.index("Ruth")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite", now=lambda: NOON) as opened:
        yield opened


def test_a_verdict_is_kept_with_all_that_was_answered(library: Library) -> None:
    first = library.conversations.add("ann", "When did it strike?", STRUCK, collection="news")
    library.conversations.add("ann", "x" * 9, problem="too long", conversation_id=first.conversation_id)
    library.conversations.add("ann", "Where?", asked("Where?", NOTHING), conversation_id=first.conversation_id)
    last = library.conversations.add("ann", "Who led her?", BOTH, conversation_id=first.conversation_id)
    span = replace(PICKED, span_start_char=NAME, span_end_char=NAME + 4)
    library.feedback.give("ann", last.exchange_id, "wrong answer", citation=1, correction=span, note="\x00 'no'\n")
    (given,) = library.feedback.of_owner("ann")
    assert given.answer == BOTH
    assert given.history == (Turn(STRUCK.question, "7:40 a.m.", ("About ferry",)), Turn("Where?", None, ()))
    assert (given.verdict, given.citation, given.correction, given.note) == ("wrong answer", 1, span, "\x00 'no'\n")
    assert (given.question, given.collection, given.asked, given.given) == ("Who led her?", "news", NOON, NOON)
    assert (given.exchange_id, given.conversation_id) == (last.exchange_id, first.conversation_id)
    assert span.answer == "Ruth"
    assert PICKED.answer == TEXT


def test_changing_ones_mind_replaces_and_the_answer_and_its_citations_are_apart(library: Library) -> None:
    kept = library.conversations.add("ann", "Who?", BOTH)
    for citation in (None, 1, None):
        for verdict in ("wrong answer", "right"):
            library.feedback.give("ann", kept.exchange_id, verdict, citation=citation)
    library.feedback.give("ann", kept.exchange_id, "wrong citation", citation=0, correction=PICKED)
    library.feedback.give("ann", kept.exchange_id, "wrong citation", citation=0)
    given = {one.citation: (one.verdict, one.correction) for one in library.feedback.of_owner("ann")}
    assert given == {None: ("right", None), 1: ("right", None), 0: ("wrong citation", None)}
    library.feedback.withdraw("ann", kept.exchange_id)
    library.feedback.withdraw("ann", kept.exchange_id, citation=7)
    assert [one.citation for one in library.feedback.of_owner("ann")] == [1, 0]


def test_everybodys_feedback_names_nobody(library: Library) -> None:
    for owner, collection in (("secret-token-1", "news"), ("secret-token-2", "novels")):
        kept = library.conversations.add(owner, "When?", STRUCK, collection=collection)
        library.feedback.give(owner, kept.exchange_id, "right")
    everybodys = library.feedback.of_everybody()
    assert [one.collection for one in everybodys] == ["news", "novels"]
    assert "secret-token" not in repr(everybodys)
    assert [one.collection for one in library.feedback.of_everybody(collection="novels")] == ["novels"]
    assert library.feedback.of_conversation("secret-token-1", everybodys[1].conversation_id) == ()
    assert library.feedback.of_conversation("secret-token-2", everybodys[1].conversation_id) == everybodys[1:]


def test_feedback_goes_with_its_exchange(library: Library) -> None:
    kept = library.conversations.add("ann", "When?", STRUCK)
    library.feedback.give("ann", kept.exchange_id, "wrong answer")
    kept = library.conversations.replace("ann", kept.exchange_id, "When then?", STRUCK)
    assert library.feedback.of_owner("ann") == ()
    library.feedback.give("ann", kept.exchange_id, "right")
    library.conversations.delete("ann", kept.conversation_id)
    assert library.feedback.of_everybody() == ()


@pytest.mark.parametrize(
    ("answer", "verdict", "given"),
    [
        (STRUCK, "wonderful", {}),
        (STRUCK, ["right"], {}),
        (STRUCK, "right", {"citation": 1}),
        (STRUCK, "right", {"citation": -1}),
        (STRUCK, "right", {"citation": True}),
        (STRUCK, "right", {"citation": 2**70}),
        (STRUCK, "right", {"correction": PICKED}),
        (STRUCK, "should have abstained", {"citation": 0}),
        (STRUCK, "should have abstained", {"correction": PICKED}),
        (STRUCK, "right", {"note": "\ud800"}),
        (STRUCK, "wrong answer", {"correction": replace(PICKED, article_id="\ud800")}),
        (NOTHING, "should have abstained", {}),
        (NOTHING, "wrong citation", {}),
        (NOTHING, "right", {"citation": 0}),
        (None, "right", {}),
    ],
)
def test_what_does_not_fit_the_answer_is_refused(library: Library, answer: Any, verdict: Any, given: Any) -> None:
    kept = library.conversations.add("ann", "When?", answer, problem="" if answer else "busy")
    with pytest.raises(LibraryError):
        library.feedback.give("ann", kept.exchange_id, verdict, **given)
    assert library.feedback.of_owner("ann") == ()


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_can_be_given_of_an_answer(library: Library, verdict: Any) -> None:
    kept = library.conversations.add("ann", "When?", STRUCK)
    library.feedback.give("ann", kept.exchange_id, verdict)
    assert [one.verdict for one in library.feedback.of_owner("ann")] == [verdict]


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_char": -1}, {"end_char": 3}, {"end_char": len(TEXT) + 1}, {"text": TEXT[1:]}, {"text": " "},
        {"article_id": ""}, {"article_id": None}, {"content_sha256": "AB" * 32}, {"content_sha256": ""},
        {"span_start_char": 5, "span_end_char": 5}, {"span_start_char": -1}, {"span_end_char": len(TEXT) + 1},
        {"start_char": 0.0}, {"start_char": "0"}, {"text": 7}, {"span_start_char": len(TEXT)},
    ],
)  # fmt: skip
def test_a_corrected_sentence_must_be_one(wrong: dict[str, Any]) -> None:
    values = {**PICKED.to_dict(), **wrong}
    with pytest.raises(LibraryError):
        Correction.from_dict(values)


def test_a_corrected_sentence_comes_back_equal() -> None:
    span = replace(PICKED, span_start_char=NAME, span_end_char=NAME + 4)
    for one in (PICKED, span):
        assert Correction.from_dict({**one.to_dict(), "later": 1}) == one
    with pytest.raises(LibraryError, match="no corrected sentence"):
        Correction.from_dict({"article_id": "ferry"})
