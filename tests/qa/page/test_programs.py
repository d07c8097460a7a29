"""What programs may ask, without a server: the assistant's own answers, and clear words for what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.errors import CollectionNotFoundError, PullquoteError
from index.records import Article, Filter
from qa.assistant import Assistant
from qa.holdings import Holdings
from qa.library import Library
from qa.page.arguments import MOST_NAMES, MOST_TURNS
from qa.page.programs import MOST_CANDIDATES, MOST_SOURCES, Programs
from qa.records import Turn
from tests.qa.page.serving import ARTICLES, QUESTION, small_assistant

KEEPER_QUESTION = "Who is the lighthouse keeper?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with small_assistant(tmp_path_factory.mktemp("programs")) as made:
        yield made


@pytest.fixture(scope="module")
def programs(assistant: Assistant) -> Programs:
    return Programs(assistant)


def test_an_answer_is_the_assistants_own(programs: Programs, assistant: Assistant) -> None:
    first = assistant.ask(QUESTION)
    assert first.answered
    assert programs.ask(QUESTION) == first.to_dict()
    later = assistant.ask("Who is the captain of it?", history=[first], today=date(2025, 10, 7))
    assert later.query != later.question  # the history was leaned on
    asked = programs.ask("Who is the captain of it?", history=[first.to_dict()], today="2025-10-07")
    assert asked == later.to_dict()


def test_an_earlier_turn_may_be_told_in_words(programs: Programs, assistant: Assistant) -> None:
    turn = Turn("Where is the ferry Aurora?", "Lindhaven", ("Ferry accident",))
    told = {"question": turn.question, "answer_text": turn.answer_text, "titles": list(turn.titles)}
    asked = programs.ask("Who is the captain of it?", history=[told])
    assert asked == assistant.ask("Who is the captain of it?", history=[turn]).to_dict()
    assert asked["query"] != asked["question"]


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"articles": ["tram"]}, Filter(articles=("tram",))),
        ({"outlets": ["gazette"]}, Filter(outlets=("gazette",))),
        ({"since": "2025-11-01"}, Filter(since=date(2025, 11, 1))),
        ({"until": "2025-10-31"}, Filter(until=date(2025, 10, 31))),
    ],
)
def test_a_filter_is_the_assistants(
    programs: Programs, assistant: Assistant, given: dict[str, Any], where: Filter
) -> None:
    assert programs.ask(QUESTION, **given) == assistant.ask(QUESTION, where=where).to_dict()
    found = programs.retrieve("Ida Brandt ferry tram", **given)["candidates"]
    kept = [each.chunk.article_id for each in assistant.retrieve("Ida Brandt ferry tram", 10, where)]
    assert [each["article_id"] for each in found] == kept
    assert len(set(kept)) == 1  # of the three


def test_candidates_are_places_with_their_scores(programs: Programs, assistant: Assistant) -> None:
    found = programs.retrieve("the ferry in Lindhaven", k=2)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert len(found["candidates"]) == 2
    for told, candidate in zip(found["candidates"], assistant.retrieve("the ferry in Lindhaven", 2), strict=True):
        article = assistant.article(told["article_id"])
        assert article.text[told["start_char"] : told["end_char"]] == told["text"] == candidate.chunk.text
        for name in ("rank", "fused_score", "dense_score", "lexical_score", "dense_rank", "lexical_rank"):
            assert told[name] == getattr(candidate, name)
        assert max(each["dense_score"] for each in told["sentences"]) == told["dense_score"]


def test_sources_are_listed_in_pages_newest_first(programs: Programs) -> None:
    everything = programs.sources()
    assert [each["article_id"] for each in everything["articles"]] == ["tram", "ferry", "café/1"]
    assert everything["total"] == 3
    paged = [programs.sources(offset=offset, limit=1) for offset in range(4)]
    assert [each for page in paged for each in page["articles"]] == everything["articles"]
    assert {page["total"] for page in paged} == {3}
    assert [each["article_id"] for each in programs.sources("courier")["articles"]] == ["ferry"]


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.article_id)
def test_a_source_is_the_stored_article_with_its_sentences(
    programs: Programs, assistant: Assistant, article: Any
) -> None:
    told = programs.source(article.article_id)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["text"] == article.text
    assert told["content_sha256"] == article.content_sha256
    assert told["published"] == (article.published.isoformat() if article.published else None)
    assert [(each["start_char"], each["end_char"]) for each in told["sentences"]] == [
        (each.start_char, each.end_char) for each in assistant.sentences(article.article_id)
    ]


def test_no_object_of_a_strangers_article_is_passed_on_as_one(programs: Programs) -> None:
    (value,) = programs.source("ferry")["metadata"].values()
    assert json.loads(value)["path"] == "/etc/passwd"


@pytest.mark.parametrize(
    ("call", "given", "said"),
    [
        ("ask", {"question": ""}, "empty"),
        ("ask", {"question": " \n"}, "empty"),
        ("ask", {"question": "x" * 2001}, "2001 characters; at most 2000"),
        ("ask", {"question": None}, "question must be text, not null"),
        ("ask", {"question": ["x"]}, "question must be text, not a list"),
        ("ask", {"question": "\ud800"}, "lone surrogate"),
        ("ask", {"question": "x", "history": "y"}, "history must be a list"),
        ("ask", {"question": "x", "history": ["y"]}, r"history\[0\] must be an object"),
        ("ask", {"question": "x", "history": [{"question": "y"}, {}]}, r"history\[1\] has no question"),
        ("ask", {"question": "x", "history": [{"question": 5}]}, r"history\[0\].question must be text"),
        ("ask", {"question": "x", "history": [{"question": "y", "path": "z"}]}, "unknown key 'path'"),
        ("ask", {"question": "x", "history": [{"question": "y", "titles": "z"}]}, "titles must be a list"),
        ("ask", {"question": "x", "history": [{"schema_version": "9.0"}]}, r"history\[0\].*9\.0"),
        ("ask", {"question": "x", "history": [{"schema_version": "1.0"}]}, r"history\[0\].*no key"),
        ("ask", {"question": "x", "history": [{"question": "y"}] * (MOST_TURNS + 1)}, "leave out the oldest"),
        ("ask", {"question": "x", "since": "yesterday"}, "since is 'yesterday'; it must be a day such as"),
        ("ask", {"question": "x", "today": 5}, "today must be text"),
        ("ask", {"question": "x", "since": "2025-02-01", "until": "2025-01-01"}, "since 2025-02-01 is after"),
        ("ask", {"question": "x", "outlets": ["Coureir"]}, "'Coureir'; the outlets are: Courier, Gazette"),
        ("ask", {"question": "x", "outlets": "Courier"}, "outlets must be a list of texts"),
        ("ask", {"question": "x", "articles": ["nix"]}, "no article has the id 'nix'"),
        ("ask", {"question": "x", "articles": ["ferry"] * (MOST_NAMES + 1)}, f"at most {MOST_NAMES}"),
        ("retrieve", {"query": ""}, "empty"),
        ("retrieve", {"query": "x", "k": 0}, f"k is 0; it must be from 1 to {MOST_CANDIDATES}"),
        ("retrieve", {"query": "x", "k": MOST_CANDIDATES + 1}, "it must be from 1"),
        ("retrieve", {"query": "x", "k": "5"}, "k must be a whole number, not text"),
        ("retrieve", {"query": "x", "k": True}, "k must be a whole number"),
        ("retrieve", {"query": "x", "k": 1.5}, "k must be a whole number"),
        ("sources", {"words": 5}, "words must be text"),
        ("sources", {"limit": MOST_SOURCES + 1}, f"from 1 to {MOST_SOURCES}"),
        ("sources", {"offset": -1}, "offset is -1; it must be 0 or more"),
        ("source", {"article_id": "nix"}, "nix"),
        ("source", {"article_id": {"path": "x"}}, "article_id must be text, not an object"),
    ],
)
def test_what_is_wrong_is_said(programs: Programs, call: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(PullquoteError, match=said):
        getattr(programs, call)(**given)


def test_an_earlier_answer_with_numbers_for_words_is_refused(programs: Programs) -> None:
    answer = programs.ask(QUESTION)
    for broken in (
        {**answer, "question": 5},
        {**answer, "citations": [{**answer["citations"][0], "title": None}]},
        {**answer, "spans": [{**answer["spans"][0], "text": {}}]},
    ):
        with pytest.raises(PullquoteError, match=r"history\[0\]"):
            programs.ask("Who is the captain of it?", history=[broken])


def test_what_nobody_foresaw_is_logged_and_not_told(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(assistant, "ask", lambda *_, **__: 1 / 0)
    with pytest.raises(PullquoteError, match="the server's log says what") as told:
        Programs(assistant).ask(QUESTION)
    assert "division" not in str(told.value)
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("ask", {"question": KEEPER_QUESTION}),
        ("retrieve", {"query": "keeper"}),
        ("sources", {}),
        ("source", {"article_id": "keeper"}),
    ],
)
def test_a_collection_is_asked_by_whoever_it_belongs_to(
    assistant: Assistant, tmp_path: Path, call: str, given: dict[str, Any]
) -> None:
    with (
        Library.open(tmp_path / "library.sqlite") as library,
        Holdings(library, assistant, tmp_path / "collections") as holdings,
    ):
        for owner in ("ann", "bob"):
            place = holdings.create(owner, "Notes")
            text = f"The lighthouse keeper of {owner} is Torvald Aske."
            holdings.assistant(owner, place).add([Article(article_id="keeper", title="Keeper", text=text)])
        programs = Programs(assistant, holdings.named)
        for name in ("Notes", place):  # both of Bob's
            told = json.dumps(getattr(programs.of("bob"), call)(**given, collection=name))
            assert "Keeper" in told
            assert "Ferry" not in told
            assert "of ann is" not in told
        unknown = "there is no collection"
        for who, name in (("ann", place), ("bob", "notes"), ("cid", "Notes"), (None, "Notes")):
            with pytest.raises(CollectionNotFoundError, match=unknown):
                getattr(programs.of(who), call)(**given, collection=name)
        with pytest.raises(PullquoteError, match="collection must be text"):
            getattr(programs.of("bob"), call)(**given, collection=7)
        with pytest.raises(CollectionNotFoundError, match=unknown):
            getattr(Programs(assistant).of("bob"), call)(**given, collection="Notes")
        for none in (None, ""):  # then the served one is meant
            assert "Keeper" not in json.dumps(programs.of("bob").sources(collection=none))
