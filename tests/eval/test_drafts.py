"""Drafted questions: the answer stands where the draft says, and the gap is where it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.datasets.reading import read_questions
from eval.drafts import GAP, draft_questions
from index.records import Article
from index.sentences import split_article
from qa.sample import sample_articles

TEXT = (
    "On 3 March the harbour master Edda Quill told the town council that dredging had cost $2.4 million. "
    "It rained. "
    "The ferry and the other ferry met off Skye, and the crew of the ferry said that Skye was calm that day."
)
FERRY = Article(article_id="ferry", title="Ferry", text=TEXT)


def drafts_of(*articles: Article, count: int = 100, seed: int = 0) -> list[tuple[str, str, str]]:
    found = draft_questions([(article, split_article(article)) for article in articles], count, seed=seed)
    return [(draft.kind, draft.answer, draft.question) for draft in found]


def test_names_dates_and_figures_are_taken_out() -> None:
    found = {(kind, answer) for seed in range(30) for kind, answer, _ in drafts_of(FERRY, seed=seed)}
    assert found == {("date", "3 March"), ("name", "Edda Quill"), ("figure", "$2.4 million")}, "Skye stands there twice"


def test_no_sentence_gets_two() -> None:
    assert len(drafts_of(FERRY)) == 1


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.integers(1, 60))
def test_on_the_sample_collection(seed: int, count: int) -> None:
    articles = {article.article_id: article for article in sample_articles()}
    found = draft_questions([(one, split_article(one)) for one in articles.values()], count, seed=seed)
    assert len(found) == count
    assert len({draft.article_id for draft in found}) == min(count, len(articles)), "every article has its turn first"
    for draft in found:
        text = articles[draft.article_id].text
        assert text[draft.start_char : draft.end_char] == draft.answer
        before, after = draft.question.split(GAP)
        begin = draft.start_char - len(before)
        assert text[begin : draft.end_char + len(after)] == before + draft.answer + after
    if count >= 30:
        kinds = [draft.kind for draft in found]
        assert min(kinds.count(kind) for kind in ("name", "date", "figure")) >= count // 5


def test_a_draft_is_a_question_set(tmp_path: Path) -> None:
    path = tmp_path / "drafts.jsonl"
    found = draft_questions([(one, split_article(one)) for one in sample_articles()], 40)
    path.write_text("".join(json.dumps(draft.to_row()) + "\n" for draft in found), encoding="utf-8")
    read = read_questions(path)
    assert [one.answers for one in read.questions] == [(draft.answer,) for draft in found]


def test_the_seed_fixes_the_choice() -> None:
    articles = sample_articles()
    assert drafts_of(*articles, count=20, seed=3) == drafts_of(*articles, count=20, seed=3)
    assert drafts_of(*articles, count=20, seed=3) != drafts_of(*articles, count=20, seed=4)


@pytest.mark.parametrize("text", ["", "no name here at all, and nothing that one could ask for in this long sentence."])
def test_where_there_is_nothing_to_ask(text: str) -> None:
    assert drafts_of(Article(article_id="a", title="", text=text or "x")) == []
