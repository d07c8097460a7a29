"""Pointers into a conversation, also those that no page of ours would send."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.exchanges import Conversation, Exchange
from qa.page.exchanges import Pointer
from tests.qa.page.samples import abstention_with, answer_with, cite_words, make_article, with_copy

ARTICLE = make_article()
COPY = make_article("By our staff. It struck Pier No. 4 at 7:40 a.m.", article_id="copy", title="Copied", outlet=None)
TIME, CAPTAIN = with_copy(cite_words(ARTICLE, "7:40 a.m."), COPY), cite_words(ARTICLE, "Ruth Aldersey")
CONVERSATION = Conversation(
    (
        Exchange("When?", answer_with([TIME, CAPTAIN])),
        Exchange("", problem="the question is empty"),
        Exchange("Why?", abstention_with([CAPTAIN])),
    )
)


@given(
    st.builds(
        Pointer,
        st.integers(0, 999_999),
        st.sampled_from(["cited", "closest"]),
        st.integers(0, 9_999),
        st.none() | st.integers(0, 999_999),
    )
)
def test_a_pointer_reads_back_as_itself(pointer: Pointer) -> None:
    assert Pointer.parse(str(pointer)) == pointer


@pytest.mark.parametrize(
    "sent",
    [
        None,
        3,
        "",
        [],
        {"pointer": "0:cited:0"},
        "0:cited",
        "0:cited:0:",
        "-1:cited:0",
        "0:other:0",
        "0:cited:0 ",
        "0:cited:0\n",
        "٠:cited:0",
        "1e3:cited:0",
        "0:cited:" + "9" * 5000,
    ],
)
def test_anything_else_is_no_pointer(sent: object) -> None:
    assert Pointer.parse(sent) is None


@pytest.mark.parametrize(
    ("pointer", "citation"), [("0:cited:0", TIME), ("0:cited:1", CAPTAIN), ("2:closest:0", CAPTAIN)]
)
def test_a_pointer_finds_its_citation(pointer: str, citation: object) -> None:
    found = Pointer.parse(pointer)
    assert found
    assert found.find(CONVERSATION) == citation


@pytest.mark.parametrize(
    "pointer", ["0:cited:2", "0:closest:0", "0:cited:1:0", "0:cited:0:1", "1:cited:0", "2:cited:0", "3:cited:0"]
)
def test_a_pointer_to_nothing_finds_nothing(pointer: str) -> None:
    found = Pointer.parse(pointer)
    assert found
    assert found.find(CONVERSATION) is None


def test_another_place_is_cited_in_its_own_article_at_its_own_offsets() -> None:
    found = Pointer(0, "cited", 0, 0).find(CONVERSATION)
    assert found
    assert (found.article_id, found.title, found.outlet) == ("copy", "Copied", None)
    assert COPY.text[found.start_char : found.end_char] == TIME.sentence == found.sentence
    assert COPY.text[found.quote_start_char : found.quote_end_char] == "7:40 a.m." == found.quote
    assert found.content_sha256 != TIME.content_sha256


def test_a_conversation_grows_without_changing_and_hands_on_its_answers() -> None:
    longer = CONVERSATION.plus(Exchange("Who?"))
    assert len(CONVERSATION.exchanges) == 3
    assert [exchange.question for exchange in longer.exchanges] == ["When?", "", "Why?", "Who?"]
    assert longer.answers == (CONVERSATION.exchanges[0].answer, CONVERSATION.exchanges[2].answer)


def test_a_conversation_can_be_kept_for_a_session() -> None:
    """The page's toolkit hashes what it keeps, and copies the first value."""
    assert hash(CONVERSATION) != hash(Conversation(CONVERSATION.exchanges))
    assert copy.deepcopy(Conversation()).exchanges == ()
