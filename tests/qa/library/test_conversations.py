"""Conversations: kept to the character, listed, read, searched and deleted, each for its owner alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import ConversationNotFoundError, LibraryError
from qa.citations import check_citation
from qa.library import Library, database
from qa.library.conversations import LONGEST_TITLE
from qa.library.rows import TITLE_CHARACTERS, shortened
from tests.qa.library.samples import BOTH, NOON, NOTHING, STRUCK, asked
from tests.qa.test_records import answers

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
EXAMPLES = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    with Library.open(path, now=lambda: NOON) as opened:
        yield opened


@pytest.fixture(params=[True, False], ids=["fts5", "without fts5"])
def searched(request: pytest.FixtureRequest, path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """A library with a search index, and one on a SQLite that has none."""
    if not request.param:
        monkeypatch.setattr(database, "has_fts5", lambda connection: False)
    with Library.open(path) as opened:
        yield opened


@EXAMPLES
@given(TEXTS, answers())
def test_questions_and_answers_are_kept_to_the_character(library: Library, question: str, answer: Any) -> None:
    kept = library.conversations.add("ann", question, answer)
    (read,) = library.conversations.read("ann", kept.conversation_id).exchanges
    assert read == kept
    assert (read.question, read.answer, read.problem, read.asked) == (question, answer, "", NOON)
    assert read.asked.utcoffset() == NOON.utcoffset(), "the day of asking is that of the place of asking"


def test_a_conversation_begins_with_its_first_exchange_and_goes_on(library: Library) -> None:
    assert library.conversations.recent("ann") == ()
    first = library.conversations.add("ann", "When?", STRUCK, collection="news")
    library.conversations.add("ann", "Who?", problem="too long", conversation_id=first.conversation_id, collection="x")
    conversation = library.conversations.read("ann", first.conversation_id)
    assert [(one.question, one.answer, one.problem) for one in conversation.exchanges] == [
        ("When?", STRUCK, ""), ("Who?", None, "too long"),
    ]  # fmt: skip
    assert conversation.answers == (STRUCK,)
    assert (conversation.summary.exchanges, conversation.summary.collection) == (2, "news")


def test_the_last_added_to_comes_first_page_by_page(library: Library) -> None:
    ids = [library.conversations.add("ann", f"Q{n}", STRUCK, collection=f"c{n % 2}").conversation_id for n in range(5)]
    library.conversations.add("ann", "again", STRUCK, conversation_id=ids[1])
    library.conversations.add("ben", "other", STRUCK)
    order = [ids[1], ids[4], ids[3], ids[2], ids[0]]
    assert [one.conversation_id for one in library.conversations.recent("ann")] == order
    pages = [library.conversations.recent("ann", limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert [[one.conversation_id for one in page] for page in pages] == [order[:2], order[2:4], order[4:], []]
    about = library.conversations.recent("ann", collection="c1")
    assert [one.conversation_id for one in about] == [ids[1], ids[3]]
    assert (library.conversations.count("ann"), library.conversations.count("ann", collection="c0")) == (5, 3)


@pytest.mark.parametrize(("limit", "offset"), [(-1, 0), (1001, 0), (1, -1), (1, 2**80)])
def test_a_part_that_no_list_has_is_refused(library: Library, limit: int, offset: int) -> None:
    with pytest.raises(LibraryError, match="part of a list"):
        library.conversations.recent("ann", limit=limit, offset=offset)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_a_title_is_the_question_cut_after_a_word(question: str) -> None:
    title, line = shortened(question), " ".join(question.split())
    if len(line) <= TITLE_CHARACTERS:
        assert title == line
        return
    assert len(title) <= TITLE_CHARACTERS
    assert title.endswith("…")
    assert line.startswith(title[:-1])
    if " " in line[:TITLE_CHARACTERS]:
        assert line[len(title) - 1] == " ", "a word is not cut where there is a space to cut at"


def test_a_title_is_given_and_taken_back(library: Library) -> None:
    kept = library.conversations.add("ann", "  When did\nit happen? ", STRUCK)

    def title() -> str:
        return library.conversations.recent("ann")[0].title

    assert title() == "When did it happen?"
    library.conversations.rename("ann", kept.conversation_id, " The <b>ferry</b>\x00 ")
    assert title() == "The <b>ferry</b>\x00"
    library.conversations.rename("ann", kept.conversation_id, "  ")
    assert title() == "When did it happen?"
    with pytest.raises(LibraryError, match="at most"):
        library.conversations.rename("ann", kept.conversation_id, "x" * (LONGEST_TITLE + 1))


def test_only_the_last_exchange_is_replaced(library: Library) -> None:
    first = library.conversations.add("ann", "When?", problem="busy")
    last = library.conversations.add("ann", "Who?", problem="busy", conversation_id=first.conversation_id)
    with pytest.raises(LibraryError, match="last"):
        library.conversations.replace("ann", first.exchange_id, "When?", STRUCK)
    new = library.conversations.replace("ann", last.exchange_id, "Who then?", BOTH)
    assert library.conversations.read("ann", first.conversation_id).exchanges == (first, new)
    with pytest.raises(ConversationNotFoundError):
        library.conversations.replace("ann", last.exchange_id, "Who?", BOTH)


@pytest.mark.parametrize("foreign", [True, False], ids=["somebody else's", "wrong"])
def test_an_id_of_somebody_else_is_as_unknown_as_a_wrong_one(library: Library, foreign: bool) -> None:
    kept = library.conversations.add("ann", "When?", STRUCK)
    conversation = kept.conversation_id if foreign else "0" * 32
    exchange = kept.exchange_id if foreign else "0" * 32
    before = library.conversations.read("ann", kept.conversation_id)
    attempts: list[Callable[[], object]] = [
        lambda: library.conversations.add("ben", "Q", STRUCK, conversation_id=conversation),
        lambda: library.conversations.replace("ben", exchange, "Q", STRUCK),
        lambda: library.conversations.read("ben", conversation),
        lambda: library.conversations.rename("ben", conversation, "mine"),
        lambda: library.conversations.delete("ben", conversation),
        lambda: library.feedback.give("ben", exchange, "right"),
        lambda: library.feedback.withdraw("ben", exchange),
    ]
    messages = set()
    for attempt in attempts:
        with pytest.raises(ConversationNotFoundError) as caught:
            attempt()
        messages.add((type(caught.value), str(caught.value)))
    assert messages == {(ConversationNotFoundError, "there is no such conversation; it may have been deleted")}
    assert library.conversations.read("ann", kept.conversation_id) == before
    assert library.conversations.recent("ben") == ()


@pytest.mark.parametrize("strange", ["\ud800", 7, None, ["x"], "x" * 10_000, "' OR 1=1 --", b"x"])
def test_what_a_browser_sends_for_an_id_is_unknown(library: Library, strange: Any) -> None:
    library.conversations.add("ann", "When?", STRUCK)
    for attempt in (library.conversations.read, library.conversations.delete):
        with pytest.raises(ConversationNotFoundError):
            attempt("ann", strange)
    assert library.conversations.count("ann") == 1


@pytest.mark.parametrize("owner", ["", " \n", "\udcff", None])
def test_nobody_is_no_owner(library: Library, owner: Any) -> None:
    with pytest.raises(LibraryError, match="owner"):
        library.conversations.add(owner, "When?", STRUCK)
    with pytest.raises(LibraryError, match="owner"):
        library.conversations.recent(owner)


def test_lone_surrogates_are_refused_by_place_and_nothing_is_kept(library: Library) -> None:
    for question, answer, problem in [
        ("a\ud800", STRUCK, ""),
        ("a", asked("\udfff", STRUCK), ""),
        ("a", None, "\udc80"),
    ]:
        with pytest.raises(LibraryError, match="lone surrogate"):
            library.conversations.add("ann", question, answer, problem=problem)
    assert library.conversations.count("ann") == 0


def test_an_exchange_is_an_answer_or_a_problem(library: Library) -> None:
    with pytest.raises(LibraryError, match="either"):
        library.conversations.add("ann", "When?")
    with pytest.raises(LibraryError, match="either"):
        library.conversations.add("ann", "When?", STRUCK, problem="busy")


def test_an_answer_outlives_its_source(library: Library) -> None:
    kept = library.conversations.add("ann", "Who?", BOTH)
    (read,) = library.conversations.read("ann", kept.conversation_id).answers
    assert [check_citation(citation, None).holds for citation in read.citations] == [False, False]
    assert (read.text, read.citations[1].sentence) == ("7:40 a.m.", "The captain is Ruth Aldersey.")


def change_kept(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the first kept answer's JSON in the file."""
    with closing(sqlite3.connect(path)) as connection, connection:
        row, answer = connection.execute("SELECT row, answer FROM exchanges ORDER BY row").fetchone()
        values = json.loads(answer)
        written = change(values)
        text = written if isinstance(written, str) else json.dumps(values)
        connection.execute("UPDATE exchanges SET answer = ? WHERE row = ?", (text, row))


def test_an_answer_of_a_later_minor_version_is_read(library: Library, path: Path) -> None:
    kept = library.conversations.add("ann", "When?", STRUCK)
    change_kept(path, lambda values: values.update(schema_version="1.9", mood="new"))
    (read,) = library.conversations.read("ann", kept.conversation_id).exchanges
    assert read.answer is not None
    assert (read.answer.text, read.answer.schema_version) == (STRUCK.text, "1.9")


@pytest.mark.parametrize(
    "change",
    [lambda values: values.update(schema_version="2.0"), lambda values: "{torn", lambda values: "[" * 100_000,
     lambda values: "7", lambda values: values.pop("spans")],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_is_a_problem_of_its_exchange_alone(
    library: Library, path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    kept = library.conversations.add("ann", "When?", STRUCK)
    library.conversations.add("ann", "Who?", BOTH, conversation_id=kept.conversation_id)
    change_kept(path, change)
    first, second = library.conversations.read("ann", kept.conversation_id).exchanges
    assert first.answer is None
    assert first.problem.startswith("the answer that was kept cannot be read")
    assert second.answer == BOTH
    assert len(library.conversations.search("ann", "when")) == 1, "its words are still found"


def test_question_answer_and_cited_sentences_are_searched(searched: Library) -> None:
    add = searched.conversations.add
    first = add("ann", "Wann fährt die FÄHRE nach Ærø?", STRUCK)
    second = add("ann", "Who leads her?", BOTH, conversation_id=first.conversation_id)
    third = add("ann", "Nobody?", NOTHING)
    add("ben", "ferry captain pier", BOTH)

    def found(query: str) -> list[str]:
        return [hit.exchange_id for hit in searched.conversations.search("ann", query)]

    assert found("fahre") == found("FÄHR") == found("aero FÄHRE") == [first.exchange_id]
    assert found("pier") == [second.exchange_id, first.exchange_id], "in cited sentences, the latest first"
    assert found("captain aldersey") == [second.exchange_id], "not in what was only closest"
    assert found("apt") == found("pier zeppelin") == found("") == found("*") == []
    assert found("nobody") == [third.exchange_id]
    assert len(searched.conversations.search("ann", "pier", limit=1)) == 1
    (hit,) = searched.conversations.search("ann", "captain")
    assert hit.matched == "The captain is Ruth Aldersey."
    assert hit.conversation == searched.conversations.read("ann", first.conversation_id).summary


def test_text_without_spaces_is_found_inside(searched: Library) -> None:
    kept = searched.conversations.add("ann", "昨日東京で何が起きた?", problem="x")
    assert [hit.exchange_id for hit in searched.conversations.search("ann", "東京")] == [kept.exchange_id]


def test_nothing_in_a_query_is_syntax(searched: Library) -> None:
    said = [
        '"',
        "'",
        "words:ferry",
        "ferry*",
        "ferry NEAR boat",
        "NEAR(ferry boat)",
        "NOT",
        "AND OR",
        "^ferry",
        "%",
        "_",
    ]
    kept = {text: searched.conversations.add("ann", text, problem="x").exchange_id for text in said}
    for text in said:
        found = {hit.exchange_id for hit in searched.conversations.search("ann", text)}
        assert (kept[text] in found) == any(character.isalpha() for character in text)
    assert len(searched.conversations.search("ann", "ferry NOT")) == 0, "NOT is a word as any other"
    assert len(searched.conversations.search("ann", "near")) == 2
    assert searched.conversations.search("ann", 'words : "') != searched.conversations.search("ann", "ferry")


@EXAMPLES
@given(st.text(max_size=30), TEXTS)
def test_a_search_never_fails_and_finds_what_was_typed(searched: Library, query: str, question: str) -> None:
    searched.conversations.search("ann", query)
    kept = searched.conversations.add("ann", question, problem="x")
    hits = searched.conversations.search("ann", question)
    if any(character.isascii() and character.isalnum() for character in question):
        assert hits[0].exchange_id == kept.exchange_id
    assert searched.conversations.search("ben", question) == ()


@pytest.mark.parametrize("query", ["x" * 200_000, "a " * 50_000, " ".join(map(str, range(5_000))), None, 7])
def test_a_search_for_too_much_finds_nothing_or_something(searched: Library, query: Any) -> None:
    searched.conversations.add("ann", "x" * 200_000, problem="y")
    assert len(searched.conversations.search("ann", query)) == (1 if query == "x" * 200_000 else 0)


def test_what_is_deleted_is_gone_from_the_files(library: Library, path: Path) -> None:
    marks = ["zebraquestion", "zebraword", "zebranote"]
    kept = library.conversations.add("ann", f"{marks[0]} is {marks[1]}?", STRUCK)
    library.feedback.give("ann", kept.exchange_id, "right", note=marks[2])
    for number in range(30):
        library.conversations.add("ann", f"other question {number}", STRUCK)

    def bytes_kept() -> bytes:
        return b"".join(one.read_bytes() for one in path.parent.iterdir())

    assert all(mark.encode() in bytes_kept() for mark in marks)
    library.conversations.delete("ann", kept.conversation_id)
    assert not any(mark.encode() in bytes_kept() for mark in marks)
    assert b"zebra" not in bytes_kept(), "nor in the search's index"
    assert library.conversations.count("ann") == 30


def test_forgetting_an_owner_leaves_the_others(library: Library) -> None:
    for owner in ("ann", "ben"):
        kept = library.conversations.add(owner, "When?", STRUCK)
        library.feedback.give(owner, kept.exchange_id, "right")
        library.collections.add(owner, "mine", "folder")
    library.collections.add(None, "news", "folder")
    library.forget("ann")
    assert library.conversations.recent("ann") == ()
    assert library.feedback.of_owner("ann") == ()
    assert [one.name for one in library.collections.visible("ann")] == ["news"]
    assert library.conversations.count("ben") == len(library.feedback.of_everybody()) == 1
    assert [one.name for one in library.collections.visible("ben")] == ["mine", "news"]
