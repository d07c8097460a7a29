"""Follow-ups: what leans on the history, what is carried over, and what is left exactly as it is."""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Article, Filter, Sentence
from qa.citations import cite
from qa.english import is_function_word, words
from qa.followup import HISTORY_TURNS, FollowUp, carried_articles, standalone_query, within_articles
from qa.records import Answer, AnswerSpan, Turn

MINISTER = Turn(
    "Who is Canada's trade minister?",
    "Trade minister Dominic LeBlanc told Parliament that U.S. governors feel the pain of Trump’s tariffs.",
    ("Carney to travel to Washington as pressure for a deal grows at home",),
)
UNEMPLOYMENT = Turn("What is the unemployment rate in Canada?", "It rose to 7.1% in August.")
HARBOUR = Article(
    article_id="harbour",
    title="Larkmouth harbour reopens after a year",
    text="Edda Quill runs the harbour. She told the council of Larkmouth that dredging had cost $2.4 million.",
)


def answer(question: str, *articles: Article, sentence: int = 0, query: str | None = None) -> Answer:
    """An answer that cites one sentence of each article; an abstention without articles."""
    spans, citations = [], []
    for article in articles:
        ends = [i + 1 for i, character in enumerate(article.text) if character == "."]
        ranges = list(zip([0, *(end + 1 for end in ends)], ends, strict=False))
        sentences = [Sentence(article.article_id, place, *ranges[place]) for place in range(len(ranges))]
        start, end = ranges[sentence]
        spans.append(AnswerSpan(article.text[start:end], article.article_id, start, end, 1.0))
        citations.append(cite(article, sentences, start, end))
    return Answer(
        question=question,
        query=query or question,
        answered=bool(spans),
        spans=tuple(spans),
        best=None,
        confidence=None,
        citations=tuple(citations),
        closest=(),
    )


class TestLeaning:
    @pytest.mark.parametrize(
        "question",
        [
            "Who is the president of France?",
            "What does Trump say about his tariffs?",
            "What time is it in Tokyo?",
            "How big is the moon?",
            "Is there a treaty between Norway and Sweden?",
            "What is inflation?",
            "Who discovered penicillin?",
            "When did Angela Merkel say that Germany would close its reactors?",
            "Which articles mention Elon Musk and his companies?",
            "Why did Carney fly to Washington this week?",
            "",
            "?",
        ],
    )
    def test_a_question_that_stands_alone_is_left_exactly_as_it_is(self, question: str) -> None:
        if not words(question):
            assert standalone_query(question, []) == FollowUp(question)
        else:
            assert standalone_query(question, [MINISTER]) == FollowUp(question)

    @pytest.mark.parametrize(
        "question",
        [
            "What did he tell Parliament?",
            "what did he say about steel",
            "Why?",
            "And in 2020?",
            "What about Mexico?",
            "When did that happen?",
            "What did the minister say?",
            "What happened next?",
            "Does Poilievre support him?",
            "Anything else?",
        ],
    )
    def test_a_question_that_leans_on_the_history_carries_something(self, question: str) -> None:
        assert standalone_query(question, [MINISTER]).carried

    def test_without_a_history_nothing_leans(self) -> None:
        for question in ("What did he say?", "Why?", "And in 2020?"):
            assert standalone_query(question, ()) == FollowUp(question)

    def test_a_definite_description_leans_only_on_what_was_talked_about(self) -> None:
        assert standalone_query("Who appointed the minister?", [MINISTER]).carried
        assert standalone_query("Who painted the ceiling?", [MINISTER]) == FollowUp("Who painted the ceiling?")


class TestCarrying:
    def test_the_first_follow_up_on_the_minister(self) -> None:
        found = standalone_query("What did he tell Parliament?", [MINISTER])
        assert found.carried == ("Dominic LeBlanc", "Canada")
        assert found.query == "What did he tell Parliament? Dominic LeBlanc, Canada"

    def test_a_second_follow_up_keeps_the_names_of_the_first(self) -> None:
        history = [MINISTER, Turn("What did he tell Parliament?", "Governors feel the pain.")]
        assert {"Dominic LeBlanc", "Canada"} <= set(standalone_query("When did he say that?", history).carried)

    def test_the_query_of_an_answer_counts_not_only_its_question(self) -> None:
        history = [answer("What did she say?", HARBOUR, sentence=1, query="What did she say? Edda Quill")]
        assert "Edda Quill" in standalone_query("Why did she say so?", history).carried

    def test_the_latest_turn_wins(self) -> None:
        history = [
            Turn("Who is Norway's prime minister?", "Jonas Gahr Støre leads Norway."),
            Turn("Who is Sweden's prime minister?", "Ulf Kristersson leads Sweden."),
        ]
        assert standalone_query("When was he born?", history).carried == ("Ulf Kristersson", "Sweden")
        assert standalone_query("When was he born?", history[::-1]).carried == ("Jonas Gahr Støre", "Norway")

    def test_an_abstention_in_between_keeps_what_was_talked_about(self) -> None:
        history: list[Turn | Answer] = [MINISTER, answer("What did he eat?")]
        assert "Dominic LeBlanc" in standalone_query("What did he tell Parliament?", history).carried

    def test_a_bare_question_carries_what_the_last_one_asked(self) -> None:
        assert standalone_query("Why?", [UNEMPLOYMENT]).carried == ("Canada", "unemployment rate")
        assert standalone_query("And in 2020?", [UNEMPLOYMENT]).carried == ("Canada", "unemployment rate")

    def test_a_name_takes_the_place_of_the_last_name(self) -> None:
        assert standalone_query("What about Mexico?", [UNEMPLOYMENT]).query == "What about Mexico? unemployment rate"
        assert standalone_query("And in the United States?", [UNEMPLOYMENT]).carried == ("unemployment rate",)

    def test_a_short_title_names_the_subject_and_a_headline_does_not(self) -> None:
        short = Turn("Was the film a success?", "critics liked it", ("Dreamgirls (film)",))
        assert standalone_query("When did cinemas show it?", [short]).carried == ("Dreamgirls",)
        long = Turn("Was the film a success?", "critics liked it", ("why so many people went to see a film this year",))
        assert standalone_query("When did cinemas show it?", [long]).carried == ()

    def test_what_the_question_says_itself_is_not_carried(self) -> None:
        carried = standalone_query("Did he meet Trump in Canada?", [MINISTER]).carried
        assert carried == ("Dominic LeBlanc",)

    def test_the_cited_articles_are_named_best_first(self) -> None:
        other = Article(article_id="other", title="Other", text="The harbour cost a lot.")
        history = [answer("Who runs the harbour?", HARBOUR, other), answer("Is there a ferry?")]
        assert standalone_query("What did she tell the council?", history).articles == ("harbour", "other")
        assert standalone_query("Who is the president of France?", history).articles == ()
        assert carried_articles(history) == ("harbour", "other")
        assert carried_articles([MINISTER]) == ()
        assert carried_articles([]) == ()


class TestWithinArticles:
    def test_without_a_filter_the_articles_are_the_filter(self) -> None:
        assert within_articles(None, ("a", "b")) == Filter(articles=("a", "b"))

    def test_a_filter_is_kept_and_narrowed(self) -> None:
        where = Filter(articles=("b", "c"), outlets=("The Gull",), since=date(2024, 1, 1))
        assert within_articles(where, ("a", "b")) == Filter(
            articles=("b",), outlets=("The Gull",), since=date(2024, 1, 1)
        )
        assert within_articles(Filter(outlets=("The Gull",)), ("a",)) == Filter(articles=("a",), outlets=("The Gull",))

    def test_none_when_nothing_is_left(self) -> None:
        assert within_articles(Filter(articles=("c",)), ("a", "b")) is None
        assert within_articles(None, ()) is None


texts = st.text(max_size=60) | st.sampled_from(
    [
        "He",
        "Why?",
        "And Ada Byron?",
        "the minister",
        "A" * 500,
        "Aa " * 200,
        "\x00",
        "(((",
        "’s",
        "\u202e",
        "IT’S",
        "東京",
    ]
)
turns = st.builds(Turn, texts, st.none() | texts, st.lists(texts, max_size=3).map(tuple))


class TestProperties:
    @given(question=texts, history=st.lists(turns, max_size=6))
    def test_nothing_is_generated(self, question: str, history: list[Turn]) -> None:
        found = standalone_query(question, history)
        said = " ".join(
            text for turn in history for text in (turn.question, turn.answer_text or "", *turn.titles)
        ).lower()
        assert found.query.startswith(question.rstrip())
        assert found.carried or found.query == question
        assert all(word.lower() in said for carried in found.carried for word in words(carried))
        assert found == standalone_query(question, tuple(history))

    @given(question=texts, history=st.lists(turns, min_size=HISTORY_TURNS, max_size=6), old=st.lists(turns, max_size=3))
    def test_only_the_latest_turns_count(self, question: str, history: list[Turn], old: list[Turn]) -> None:
        assert standalone_query(question, [*old, *history]) == standalone_query(question, history)

    @pytest.mark.parametrize("piece", ["Aa ", "He ", "the ", "a.b.", "(", "A" * 10, "that A ", "’s "])
    def test_time_does_not_explode(self, piece: str) -> None:
        text = piece * (200_000 // len(piece))
        begin = time.perf_counter()
        standalone_query(piece * (2_000 // len(piece)), [Turn(text, text, (text,))] * 5)
        assert time.perf_counter() - begin < 5


def test_on_the_held_out_half_of_canard(shared_dir: Path) -> None:
    """Half of the words that people added are found, most that are added are theirs, and what stands alone stays so."""
    added = found = shared = changed = rewrites = 0
    with gzip.open(shared_dir / "data" / "conversations" / "canard.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        dialog = int(hashlib.sha256(row["dialog"].encode()).hexdigest(), 16)
        if dialog % 2 == 0 or row["turn"] == 1:
            continue
        title, _, *said = row["history"]
        history = [
            Turn(asked, None if replied.startswith("I don't know") else replied, (title,))
            for asked, replied in zip(said[::2], said[1::2], strict=True)
        ]
        asked = _content(row["question"])
        by_people = _content(row["rewrite"]) - asked
        by_us = _content(standalone_query(row["question"], history).query) - asked
        added, found, shared = added + len(by_people), found + len(by_us), shared + len(by_people & by_us)
        rewrites += 1
        changed += standalone_query(row["rewrite"], history).query != row["rewrite"]
    assert rewrites > 800
    assert shared / added >= 0.36
    assert shared / found >= 0.55
    assert changed / rewrites <= 0.06


def _content(text: str) -> set[str]:
    return {word.lower() for word in words(text) if not is_function_word(word)}


def test_what_says_itself_what_it_is_about_is_searched_with_names_and_read_as_typed() -> None:
    """By a name in brackets a reader would take the person for the answer."""
    before = Turn("How much money did Ida Brandt promise each household?", "5,000 crowns")
    found = standalone_query("Where is the money to come from?", [before])
    assert found.query == "Where is the money to come from? Ida Brandt"
    assert found.read == "Where is the money to come from?"
    assert standalone_query("How old is she?", [before]).read == "How old is Ida Brandt?"
