"""Conversations and feedback that outlive a page, in a real library."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.errors import CollectionNotFoundError
from index.records import Filter
from qa.exchanges import Conversation
from qa.library import Library
from qa.page.actions import Actions
from qa.page.history import conversation_list
from qa.records import Answer
from qa.served import ELSEWHERE, SERVED
from tests.qa.page.parsed import Element, parsed
from tests.qa.page.samples import TEXT, TODAY, FakeCollection, abstention_with, answer_with, cite_words, make_article

ARTICLE = make_article()
TIME, CAPTAIN = cite_words(ARTICLE, "7:40 a.m."), cite_words(ARTICLE, "Ruth Aldersey")
ANSWER = answer_with([TIME, CAPTAIN])


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite") as opened:
        yield opened


def actions(library: Library, answer: Answer = ANSWER) -> Actions:
    held = FakeCollection({"ferry": ARTICLE}, answer)
    return Actions(lambda owner, collection_id: held, library=library, today=lambda: TODAY)


def log(page: Actions, conversation: Conversation, owner: str = "ann") -> Element:
    return parsed(page.conversation(owner, conversation))


def pressed(page: Actions, conversation: Conversation) -> list[str]:
    buttons = log(page, conversation).all(attribute="data-verdict")
    return [one.text for one in buttons if one.attributes["aria-pressed"] == "true"]


def test_a_conversation_is_there_again_after_a_restart(library: Library) -> None:
    page = actions(library)
    asked = page.ask("ann", "Who?", page.ask("ann", "When?", Conversation()))
    again = actions(library).restored("ann", asked.conversation_id)
    assert again is not None
    assert again.exchanges == asked.exchanges
    assert page.conversation("ann", again) == page.conversation("ann", asked)
    assert log(page, again).one(css_class="pq-log").attributes["data-conversation"] == asked.conversation_id


@pytest.mark.parametrize("sent", ["", "other", None, 7, "\udcff", "x" * 10_000])
def test_what_is_no_conversation_is_not_restored(library: Library, sent: object) -> None:
    assert actions(library).restored("ann", sent) is None


def test_somebody_elses_conversation_is_not_there(library: Library) -> None:
    page = actions(library)
    asked = page.ask("ann", "When?", Conversation())
    assert page.restored("bob", asked.conversation_id) is None
    page.ask("bob", "Who?", asked)  # as a forged request would
    kept = page.restored("ann", asked.conversation_id)
    assert kept is not None
    assert [one.question for one in kept.exchanges] == ["When?"]
    assert page.judge("bob", "0", "right", asked) != ""
    assert pressed(page, asked) == []


def test_small_talk_is_not_kept(library: Library) -> None:
    page = actions(library)
    assert page.ask("ann", "Thank you!", Conversation()).conversation_id == ""
    assert library.conversations.count("ann") == 0


def test_small_talk_is_kept_with_what_is_asked_after_it(library: Library) -> None:
    page = actions(library)
    said = page.ask("ann", "Hello!", Conversation())
    asked = page.ask("ann", "Thank you!", page.ask("ann", "When?", said))
    again = actions(library).restored("ann", asked.conversation_id)
    assert again is not None
    assert again.exchanges == asked.exchanges
    assert [bool(one.reply) for one in again.exchanges] == [True, False, True]
    (summary,) = library.conversations.recent("ann")
    assert summary.title == "When?"


def test_which_articles_were_asked_is_kept(library: Library) -> None:
    where = Filter(articles=("ferry",), outlets=("Courier",), since=date(2025, 1, 1))
    held = FakeCollection({"ferry": ARTICLE}, ANSWER)
    page = Actions(lambda owner, collection_id: held, library=library, today=lambda: TODAY)
    asked = page.ask("ann", "Who?", page.ask("ann", "When?", Conversation()), where)
    again = page.restored("ann", asked.conversation_id)
    assert again is not None
    assert [one.where for one in again.exchanges] == [None, where]
    page.ask_as_typed("ann", again)
    assert held.filters[-1] == where


def test_a_conversation_that_was_deleted_meanwhile_goes_on_as_another(library: Library) -> None:
    page = actions(library)
    asked = page.ask("ann", "When?", Conversation())
    library.conversations.delete("ann", asked.conversation_id)
    more = page.ask("ann", "Who?", asked)
    assert more.conversation_id != asked.conversation_id
    assert len(more.exchanges) == 2


def test_a_question_asked_as_typed_takes_the_place_of_the_old_one(library: Library) -> None:
    page = actions(library)
    asked = page.ask("ann", "Who?", page.ask("ann", "When?", Conversation()))
    again = page.ask_as_typed("ann", asked)
    kept = page.restored("ann", again.conversation_id)
    assert kept is not None
    assert kept.exchanges == again.exchanges
    assert len(kept.exchanges) == 2


def test_a_verdict_is_shown_changed_and_taken_back(library: Library) -> None:
    page = actions(library)
    asked = page.ask("ann", "When?", Conversation())
    assert pressed(page, asked) == []
    assert page.judge("ann", "0", "right", asked) == ""
    assert pressed(page, asked) == ["Right"]
    page.judge("ann", "0", "wrong citation", asked)
    assert pressed(page, asked) == ["Wrong sentence cited"]
    page.judge("ann", "0", "wrong citation", asked)
    assert pressed(page, asked) == []
    assert library.feedback.of_owner("ann") == ()


def test_an_abstention_is_judged_by_other_words(library: Library) -> None:
    page = actions(library, abstention_with([CAPTAIN]))
    asked = page.ask("ann", "Why?", Conversation())
    words = [one.text for one in log(page, asked).all(attribute="data-verdict")]
    assert words == ["Right, it is not there", "The articles do answer this"]
    assert page.judge("ann", "0", "wrong answer", asked) == ""
    assert pressed(page, asked) == ["The articles do answer this"]


def pressed_at(place: object, article: object = "ferry") -> dict[str, object]:
    return {"collection": "", "article": article, "version": ARTICLE.content_sha256, "at": place}


def test_the_right_sentence_is_chosen_in_the_article(library: Library) -> None:
    page = actions(library)
    asked = page.ask("ann", "When?", Conversation())
    assert not log(page, asked).all(attribute="data-choose"), "nothing is wrong yet"
    page.judge("ann", "0", "wrong answer", asked)
    assert log(page, asked).one(attribute="data-choose").attributes["data-choose"] == "0"
    assert page.correct("ann", "0", pressed_at(f"{CAPTAIN.start_char}-{CAPTAIN.end_char}"), asked) == ""
    (given,) = library.feedback.of_owner("ann")
    assert given.verdict == "wrong answer"
    assert given.correction is not None
    assert given.correction.text == TEXT[CAPTAIN.start_char : CAPTAIN.end_char]
    assert given.correction.content_sha256 == ARTICLE.content_sha256
    assert CAPTAIN.sentence in log(page, asked).one(css_class="pq-feedback").text


@pytest.mark.parametrize(
    ("number", "article", "place"),
    [
        ("1", "ferry", "0-5"),
        ("0", "other", "0-5"),
        ("0", "ferry", "5-5"),
        ("0", "ferry", f"0-{len(TEXT) + 1}"),
        ("0", "ferry", "-1-5"),
        (None, "ferry", "0-5"),
        ("0", None, "0-5"),
        ("0", "ferry", None),
        ("²", "ferry", "0-5"),
    ],
)
def test_what_is_no_sentence_is_not_noted(library: Library, number: object, article: object, place: object) -> None:
    page = actions(library)
    asked = page.ask("ann", "When?", Conversation())
    assert page.correct("ann", number, pressed_at(place, article), asked) != ""
    assert library.feedback.of_owner("ann") == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"collection": "elsewhere"}, "another collection"),
        ({"collection": None}, "ask again"),
        ({"version": "0" * 64}, "changed since it was opened"),
        ({"version": None}, "changed since it was opened"),
    ],
)
def test_a_sentence_of_another_collection_or_version_is_not_noted(
    library: Library, change: dict[str, object], told: str
) -> None:
    """Its characters would be other words in the article that was asked."""
    page = actions(library)
    asked = page.ask("ann", "When?", Conversation())
    assert told in page.correct("ann", "0", {**pressed_at("0-5"), **change}, asked)
    assert library.feedback.of_owner("ann") == ()


@pytest.mark.parametrize(("number", "verdict"), [("0", "splendid"), ("0", None), ("9", "right"), (0, "right")])
def test_what_is_no_verdict_is_not_noted(library: Library, number: object, verdict: object) -> None:
    page = actions(library)
    asked = page.ask("ann", "When?", Conversation())
    assert page.judge("ann", number, verdict, asked) != ""
    assert library.feedback.of_owner("ann") == ()


def test_without_a_library_nothing_is_kept_and_nothing_is_judged() -> None:
    held = FakeCollection({"ferry": ARTICLE}, ANSWER)
    page = Actions(lambda owner, collection_id: held, today=lambda: TODAY)
    asked = page.ask("ann", "When?", Conversation())
    assert asked.exchanges[0].answer
    assert not log(page, asked).all(attribute="data-verdict")


def test_a_library_that_cannot_be_written_to_does_not_keep_the_answer_back(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    page = actions(library)
    library.close()
    asked = page.ask("ann", "When?", Conversation())
    assert asked.exchanges[0].answer
    assert asked.conversation_id == ""
    assert "could not be kept" in caplog.text


def test_conversations_with_another_index_are_read_as_such_and_not_continued(library: Library) -> None:
    held = FakeCollection({"ferry": ARTICLE}, ANSWER)

    def collection_of(owner: str, collection_id: str) -> FakeCollection:
        if collection_id != SERVED:
            raise CollectionNotFoundError("there is no such collection; it may have been removed")
        return held

    one, two = (
        Actions(collection_of, library=library, served=name, today=lambda: TODAY) for name in ("index:1", "index:2")
    )
    asked = one.ask("ann", "When?", Conversation())
    again = one.restored("ann", asked.conversation_id)
    assert again is not None
    assert again.collection_id == SERVED
    other = two.restored("ann", asked.conversation_id)
    assert other is not None
    assert other.collection_id == ELSEWHERE
    shown = log(two, other)
    assert "another collection than the one that is served now" in shown.one(css_class="pq-gone").text
    assert "was removed" not in shown.text
    assert "another collection" in parsed(two.evidence("ann", "0:cited:0", other)).one(css_class="pq-warning").text
    assert not log(one, again).all(css_class="pq-gone")
    (kept,) = library.conversations.recent("ann")
    rows = conversation_list([kept], 1, TODAY, lambda about: two.collection_shown(about) == ELSEWHERE)
    assert "about another collection" in rows
    assert "about another collection" not in conversation_list([kept], 1, TODAY)


def test_what_an_earlier_version_kept_is_of_the_served_index(library: Library) -> None:
    asked = actions(library).ask("ann", "When?", Conversation())
    held = FakeCollection({"ferry": ARTICLE}, ANSWER)
    page = Actions(lambda owner, collection_id: held, library=library, served="index:1", today=lambda: TODAY)
    again = page.restored("ann", asked.conversation_id)
    assert again is not None
    assert again.collection_id == SERVED
