"""Small talk is known as such, and no question is taken for it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from index.stores.base import ArticleSummary
from qa.page.examples import sample_examples
from qa.sample import sample_articles
from qa.smalltalk import SmallTalk, kind_of, reply

EXAMPLES = ("Who leads the harbour?", "When did it open?", "How much did it cost?")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("hi", "greeting"),
        ("Hello!", "greeting"),
        ("  HELLO  ", "greeting"),
        ("hi there 👋", "greeting"),
        ("Hey, Pullquote!", "greeting"),
        ("Good morning.", "greeting"),
        ("Hello, good evening", "greeting"),
        ("Hi! How are you?", "greeting"),
        ("thanks", "thanks"),
        ("Thank you very much!!", "thanks"),
        ("ok thanks", "thanks"),
        ("Many thanks 🙏", "thanks"),
        ("Thanks for your help.", "thanks"),
        ("That’s great, thanks", "thanks"),
        ("help", "help"),
        ("Help, please!", "help"),
        ("Who are you?", "help"),
        ("What can I ask?", "help"),
        ("what can you do?", "help"),
        ("What can I ask you?", "help"),
        ("Hello, what can you do?", "help"),
        ("How does this work?", "help"),
        ("What kind of questions can I ask?", "help"),
        ("What are these articles about?", "overview"),
        ("what's this collection about", "overview"),
        ("What is this about?", "overview"),
        ("What's in here?", "overview"),
        ("Which articles do you have?", "overview"),
        ("How many documents are there?", "overview"),
        ("List all articles", "overview"),
        ("show me the headlines", "overview"),
        ("Summarize", "overview"),
        ("Can you please summarise these articles for me?", "overview"),
        ("Give me a short summary of the news, please", "overview"),
        ("Hello! What topics do these articles cover?", "overview"),
        ("TL;DR", "overview"),
    ],
)
def test_small_talk_is_known(said: str, kind: SmallTalk) -> None:
    assert kind_of(said) == kind


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?!",
        "👋",
        "What did Hello Kitty's maker say?",
        "Thanks to whom did the ferry arrive?",
        "Who are you writing about?",
        "Who are the candidates?",
        "How are you affected by tariffs?",
        "What can you do about inflation?",
        "What can I do about damp?",
        "How does it work in Canada?",
        "Hi-Fi sales",
        "Hello, who is Canada's trade minister?",
        "Thanks. And when did it open?",
        "help for flood victims",
        "Who helped?",
        "Good Morning Britain",
        "What is this year's budget?",
        "Why?",
        "And then?",
        "What is the news about Ukraine?",
        "What is this year's summit about?",
        "What is the article about steel about?",
        "Summarize the trade minister's speech",
        "How many articles has the treaty?",
        "What documents did the minister sign?",
        "What is in the agreement?",
        "Show me the articles of the treaty",
        "What sources does the report name?",
        "What is it about the tariffs?",
        "hi " * 40,
        *EXAMPLES,
    ],
)
def test_a_question_is_no_small_talk(question: str) -> None:
    assert kind_of(question) is None


def test_no_question_about_the_sample_is_small_talk() -> None:
    examples = sample_examples([article.article_id for article in sample_articles()])
    assert len(examples) > 3
    assert [kind_of(question) for question in examples] == [None] * len(examples)


@pytest.mark.parametrize(
    "name", ["squad/questions.dev.jsonl.gz", "natural/questions.jsonl.gz", "news/questions.jsonl.gz"]
)
def test_no_question_that_people_asked_is_small_talk(name: str, shared_dir: Path) -> None:
    path = shared_dir / "data" / name
    if not path.is_file():
        pytest.skip(f"no question set at {path}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        questions = [json.loads(line)["question"] for line in lines]
    assert len(questions) > 100
    assert [question for question in questions if kind_of(question)] == []


def test_no_turn_of_a_conversation_that_people_held_is_small_talk(shared_dir: Path) -> None:
    path = shared_dir / "data" / "conversations" / "canard.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"no conversations at {path}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        questions = [json.loads(line)["question"] for line in lines]
    assert [question for question in questions if kind_of(question)] == []


def summary(number: int, title: str, published: str | None) -> ArticleSummary:
    return ArticleSummary(f"a{number:04}", f"a{number:04}", title, None, None, published, "0" * 64, "1" * 64, 3, 1)


def collection(articles: int) -> list[ArticleSummary]:
    """The later in the list, the older; the last is of 31 January 2020, the first of 6 October 2025 at noon."""
    days = ["2025-10-06T12:00:00", *["2023-05-05"] * (articles - 2), "2020-01-31"][:articles]
    return [summary(number, f"Title {number}", day) for number, day in enumerate(days)]


def test_a_reply_names_the_collection_and_examples() -> None:
    words = reply("greeting", collection(2310), EXAMPLES)
    for part in ("2,310 articles", "dated 2020-01-31 to 2025-10-06", EXAMPLES[0], EXAMPLES[1]):
        assert part in words
    assert EXAMPLES[2] not in words
    assert "1 article of this collection, dated 2025-10-06." in reply("help", collection(1))
    assert "dated" not in reply("help", [summary(1, "Undated", None)])


def test_an_overview_is_the_newest_titles() -> None:
    articles = [summary(9, "Without a date", None), *collection(7)[::-1], summary(8, " ", "2026-01-01")]
    words = reply("overview", articles)
    titles = "; ".join(f"“Title {number}”" for number in range(5))
    assert words.startswith(f"This collection has 9 articles, dated 2020-01-31 to 2026-01-01. They are headed {titles}")
    assert "; and 4 more. Pullquote does not sum them up" in words
    one = reply("overview", [summary(1, "A\ntitle", None)])
    assert one.startswith("This collection has 1 article. It is headed “A title”. Pullquote")
    assert reply("overview", [summary(1, "", None)]).startswith("This collection has 1 article. Pullquote does not")


def test_thanks_are_answered_in_a_few_words() -> None:
    assert len(reply("thanks", collection(30), EXAMPLES)) < 60


@pytest.mark.parametrize("kind", ["greeting", "help", "overview"])
def test_an_empty_collection_is_said_to_be_empty(kind: SmallTalk) -> None:
    words = reply(kind, [], EXAMPLES)
    assert "no articles" in words
    assert EXAMPLES[0] not in words
