"""The sample collection is what its README says, and the offsets of its questions hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

SAMPLE = files("qa.sample")
FICTION = "This article is fiction, written for the Pullquote sample collection."
RETELLINGS = ("carney-white-house-tuesday", "carney-working-meeting-washington")
CURLY_QUOTATION = re.compile("“[^”]*”")

# what each article says where one corrects another or two disagree
FACTS = [
    ("ferry-hits-pier", "injuring 14 people"),
    ("ferry-commuters-stranded", "hurt 14 people"),
    ("ferry-injured-corrected", "is 17, not 14"),
    ("varn-bursts-banks", "Three people died"),
    ("varn-death-toll-five", "Five people"),
    ("varn-bursts-banks", "148 millimetres"),
    ("varn-flood-bill", "were really 131"),
    ("varn-death-toll-five", "about 40 million crowns"),
    ("varn-flood-bill", "63 million crowns instead of the 40 million"),
    ("migraine-injection-study", "by 38%"),
    ("migraine-brightwater-doctors", "38% rarer"),
    ("migraine-study-corrected", "31% fewer migraine days, not 38%"),
    ("brightwater-mayor-first-count", "Dario Fenwick-Olu is the next mayor"),
    ("brightwater-mayor-recount", "Johanna Pryce-Tamm, and not Dario Fenwick-Olu"),
    ("tram-line-vote-ledger", "480 million crowns"),
    ("tram-line-vote-today", "520 million crowns"),
    ("tram-line-vote-ledger", "said Mayor Radomír Vesk"),
    ("tram-line-vote-today", "councillor Fenna Oduya-Straat drew applause"),
    ("blackout-kestrel", "A failed transformer cut the power"),
    ("blackout-port-ansel", "Lightning that struck a power line"),
    ("cup-final-santelle", "31,400 spectators"),
    ("cup-final-port-ansel", "28,900 people"),
    ("lake-ennor-boat-lantern", "on 3 October"),
    ("lake-ennor-boat-observer", "on 9 October"),
]


def read_lines(name: str) -> list[dict[str, Any]]:
    # str.splitlines would also break at U+2028 and its like, which JSON strings may hold
    lines = SAMPLE.joinpath(name).read_text(encoding="utf-8").split("\n")
    assert lines.pop() == "", f"{name} does not end with a line end"
    return [json.loads(line) for line in lines]


ARTICLES = read_lines("articles.jsonl")
BY_ID = {article["id"]: article for article in ARTICLES}
QUESTIONS = read_lines("questions.jsonl")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs_of_words(text: str, length: int) -> Iterator[tuple[str, ...]]:
    found = words(text)
    return (tuple(found[i : i + length]) for i in range(len(found) - length + 1))


def own_runs_of_words(text: str, length: int) -> Iterator[tuple[str, ...]]:
    """The runs of words that neither hold nor span a quotation."""
    return chain.from_iterable(runs_of_words(part, length) for part in CURLY_QUOTATION.split(text))


def test_enough_articles_outlets_and_unique_ids() -> None:
    assert len(ARTICLES) >= 24
    assert len(BY_ID) == len(ARTICLES)
    assert len({article["outlet"] for article in ARTICLES}) >= 6
    assert tuple(article["id"] for article in ARTICLES[:2]) == RETELLINGS


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_article_is_complete(article: dict[str, Any]) -> None:
    assert set(article) == {"id", "title", "outlet", "authors", "url", "published", "text"}
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", article["id"])
    assert all(isinstance(article[key], str) and article[key].strip() for key in set(article) - {"authors"})
    assert isinstance(article["authors"], list)
    assert all(isinstance(author, str) and author.strip() for author in article["authors"])
    assert date.fromisoformat(article["published"]).isoformat() == article["published"]
    address = urlsplit(article["url"])
    assert (address.scheme, address.netloc) == ("https", "example.org")
    assert address.path.count("/") == 2
    assert address.path.endswith("/" + article["id"])


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_text_is_clean_and_of_the_right_length(article: dict[str, Any]) -> None:
    text = article["text"]
    assert text == text.strip()
    assert "\r" not in text
    assert "\n\n" in text
    assert 150 <= len(text.split()) <= 350
    assert not re.search(r"[\"'\t]|  | \n|\n{3}", text), "straight quotation mark or stray space"
    assert text.count("“") == text.count("”")


def test_addresses_and_texts_are_unique() -> None:
    assert len({article["url"] for article in ARTICLES}) == len(ARTICLES)
    assert len({article["text"] for article in ARTICLES}) == len(ARTICLES)


def test_all_but_the_retellings_are_labelled_as_fiction() -> None:
    for article in ARTICLES:
        labelled = article["text"].endswith("\n\n" + FICTION)
        assert labelled == (article["id"] not in RETELLINGS), article["id"]


def test_readme_names_every_article() -> None:
    readme = SAMPLE.joinpath("README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", readme))
    assert named == set(BY_ID)


@pytest.mark.parametrize(("article_id", "phrase"), FACTS)
def test_sources_say_what_the_readme_tells(article_id: str, phrase: str) -> None:
    assert phrase in BY_ID[article_id]["text"]


def test_corrections_are_younger_than_what_they_correct() -> None:
    for first, later in [
        ("ferry-hits-pier", "ferry-injured-corrected"),
        ("ferry-commuters-stranded", "ferry-injured-corrected"),
        ("varn-bursts-banks", "varn-death-toll-five"),
        ("varn-death-toll-five", "varn-flood-bill"),
        ("migraine-injection-study", "migraine-study-corrected"),
        ("migraine-brightwater-doctors", "migraine-study-corrected"),
        ("brightwater-mayor-first-count", "brightwater-mayor-recount"),
    ]:
        assert BY_ID[first]["published"] < BY_ID[later]["published"], later


@pytest.mark.parametrize("copy", ["halcyon-orbit-tribune", "halcyon-orbit-post"])
def test_wire_story_is_copied_nearly_whole(copy: str) -> None:
    wire = set(runs_of_words(BY_ID["halcyon-orbit-wire"]["text"], 8))
    copied = list(runs_of_words(BY_ID[copy]["text"], 8))
    assert sum(run in wire for run in copied) >= 0.75 * len(copied)
    assert BY_ID[copy]["outlet"] != BY_ID["halcyon-orbit-wire"]["outlet"]


def test_only_the_copies_share_sentences() -> None:
    """Eight words in a row are shared by no two articles, but for the wire story, quotations and the label."""
    owners: dict[tuple[str, ...], str] = {}
    for article in ARTICLES:
        if article["id"] in {"halcyon-orbit-tribune", "halcyon-orbit-post"}:
            continue
        for run in own_runs_of_words(article["text"].removesuffix(FICTION), 8):
            assert owners.setdefault(run, article["id"]) == article["id"], " ".join(run)


def test_retellings_share_no_sentence_with_their_sources(shared_dir: Path) -> None:
    """Eight words in a row occur in no source, and what people said is quoted shortly."""
    sources = sorted((shared_dir / "articles").glob("*.txt"))
    if not sources:
        pytest.skip(f"no articles at {shared_dir / 'articles'}")
    taken = {run for source in sources for run in runs_of_words(source.read_text(encoding="utf-8"), 8)}
    for article in ARTICLES:
        assert not taken.intersection(own_runs_of_words(article["text"], 8)), article["id"]
    for retelling in RETELLINGS:
        assert all(len(words(said)) <= 10 for said in CURLY_QUOTATION.findall(BY_ID[retelling]["text"]))


def test_enough_questions_of_each_kind_and_unique_ids() -> None:
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS) >= 60
    assert sum(bool(question["answers"]) for question in QUESTIONS) >= 40
    assert sum(not question["answers"] for question in QUESTIONS) >= 15
    assert sum("history" in question for question in QUESTIONS) >= 5
    asked = [(question["question"].lower(), str(question.get("history"))) for question in QUESTIONS]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_question_is_sound(question: dict[str, Any]) -> None:
    assert set(question) - {"history"} == {"id", "question", "answers", "evidence"}
    assert bool(question["answers"]) == bool(question["evidence"])
    assert len(set(question["answers"])) == len(question["answers"])
    places = set()
    for place in question["evidence"]:
        text = BY_ID[place["article"]]["text"]
        start, end = place["start"], place["end"]
        assert 0 <= start < end <= len(text)
        assert text[start:end] in question["answers"]
        assert not (text[start - 1 : start].isalnum() and text[start].isalnum()), "starts inside a word"
        assert not (text[end - 1].isalnum() and text[end : end + 1].isalnum()), "ends inside a word"
        places.add((place["article"], start))
    assert len(places) == len(question["evidence"])
    evidence_texts = [BY_ID[place["article"]]["text"] for place in question["evidence"]]
    for answer in question["answers"]:
        assert any(answer in text for text in evidence_texts), f"{answer!r} stands in no article of the evidence"


@pytest.mark.parametrize("question", [q for q in QUESTIONS if "history" in q], ids=lambda question: question["id"])
def test_history_quotes_the_articles_that_it_names(question: dict[str, Any]) -> None:
    by_title = {article["title"]: article["text"] for article in ARTICLES}
    assert len(by_title) == len(ARTICLES)
    assert question["history"]
    for turn in question["history"]:
        assert set(turn) == {"question", "answer_text", "titles"}
        assert turn["question"].strip()
        assert turn["titles"]
        assert all(turn["answer_text"] in by_title[title] for title in turn["titles"])
