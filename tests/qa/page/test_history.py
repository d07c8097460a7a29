"""The list of conversations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qa.library import ConversationSummary, SearchHit
from qa.page.history import conversation_list, hit_list
from tests.qa.page.parsed import parsed
from tests.qa.page.samples import HOSTILE, TODAY


def summary(title: str, number: int = 1) -> ConversationSummary:
    day = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    return ConversationSummary(
        conversation_id=f"c{number}", title=title, collection=None, started=day, changed=day, exchanges=number
    )


def test_each_conversation_is_opened_renamed_exported_and_deleted() -> None:
    page = parsed(conversation_list([summary("Ferry", 2), summary("Tram")], 2, TODAY))
    assert "2 conversations." in page.text
    assert [one.attributes["data-resume"] for one in page.all(attribute="data-resume")] == ["c2", "c1"]
    assert [one.attributes["value"] for one in page.all(tag="input")] == ["Ferry", "Tram"]
    assert [one.attributes["data-rename"] for one in page.all(attribute="data-rename")] == ["c2", "c1"]
    assert [one.attributes["data-delete"] for one in page.all(attribute="data-delete")] == ["c2", "c1"]
    assert [one.attributes["href"] for one in page.all(tag="a")][:3] == [
        "/pullquote/conversations/c2.html",
        "/pullquote/conversations/c2.md",
        "/pullquote/conversations/c2.json",
    ]
    assert "2 questions" in page.all(attribute="data-resume")[0].text


def test_deleting_takes_a_second_press() -> None:
    page = parsed(conversation_list([summary("Ferry")], 1, TODAY))
    inner = page.all(tag="details")[0].one(tag="details")
    assert inner.one(attribute="data-delete").text == "Delete it for good"


def test_what_there_is_none_of_and_what_is_left_out_is_said() -> None:
    assert "There are no conversations yet." in parsed(conversation_list([], 0, TODAY)).text
    assert "The latest 1 of 1,200." in parsed(conversation_list([summary("Ferry")], 1200, TODAY)).text


def test_a_hit_shows_what_holds_the_words() -> None:
    hit = SearchHit(conversation=summary("Ferry"), exchange_id="e", question="Who?", matched="Ruth Aldersey steered.")
    page = parsed(hit_list([hit], "ruth", TODAY))
    assert "1 question found." in page.text
    assert "The latest 1 question that hold" in parsed(hit_list([hit], "ferry", TODAY, more=True)).text
    assert page.one(css_class="pq-sentence").text == "Ruth Aldersey steered."
    assert page.one(attribute="data-resume").attributes["data-resume"] == "c1"
    assert "Nothing was found for zebra." in parsed(hit_list([], "zebra", TODAY)).text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_itself(text: str) -> None:
    page = parsed(conversation_list([summary(text)], 1, TODAY))
    assert page.one(css_class="pq-article-title").text == text
    assert page.one(tag="input").attributes["value"] == text
    hit = SearchHit(conversation=summary(text), exchange_id="e", question=text, matched=text + "!")
    assert parsed(hit_list([hit], text, TODAY)).one(css_class="pq-sentence").text == text + "!"
