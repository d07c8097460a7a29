"""The golden questions are sound: hashes hold, and each short answer lies in its sentence."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.golden.owner import (
    QUESTIONS_FILE,
    AcceptedSentence,
    OwnerQuestion,
    load_owner_questions,
    read_owner_article,
    sha256_of,
)

QUESTIONS = load_owner_questions()
SENTENCES = [(question, sentence) for question in QUESTIONS for sentence in question.accept]


@pytest.fixture(scope="session")
def owner_articles(shared_dir: Path) -> dict[str, str]:
    """The stored texts by file stem."""
    if not (shared_dir / "articles").is_dir():
        pytest.skip(f"no articles at {shared_dir / 'articles'}; set PULLQUOTE_SHARED to run this test")
    return {stem: read_owner_article(shared_dir, stem) for stem in sorted({s.article for _, s in SENTENCES})}


def test_enough_questions_of_each_kind() -> None:
    assert sum(not question.abstain for question in QUESTIONS) >= 36
    assert sum(question.abstain for question in QUESTIONS) >= 8
    assert sum(bool(question.history) for question in QUESTIONS) >= 4
    assert sum(len({s.article for s in question.accept}) > 1 for question in QUESTIONS) >= 5


def test_no_question_is_asked_twice() -> None:
    asked = [(question.history, question.question.lower()) for question in QUESTIONS]
    assert len(asked) == len(set(asked))


def test_each_sentence_is_accepted_once_for_a_question() -> None:
    for question in QUESTIONS:
        places = [(s.article, s.start) for s in question.accept]
        assert len(places) == len(set(places)), question.question


def test_whole_texts_have_their_hash(owner_articles: dict[str, str]) -> None:
    hashes = {(s.article, s.text_sha256) for _, s in SENTENCES}
    assert hashes == {(stem, sha256_of(text)) for stem, text in owner_articles.items()}


@pytest.mark.parametrize(("question", "sentence"), SENTENCES, ids=lambda value: getattr(value, "question", None))
def test_sentence_has_its_hash_and_holds_its_quote(
    owner_articles: dict[str, str], question: OwnerQuestion, sentence: AcceptedSentence
) -> None:
    text = owner_articles[sentence.article]
    slice_ = text[sentence.start : sentence.end]
    assert sha256_of(slice_) == sentence.sha256, question.question
    assert slice_ == slice_.strip()
    assert sentence.start <= sentence.quote_start < sentence.quote_end <= sentence.end
    quote = text[sentence.quote_start : sentence.quote_end]
    assert quote == quote.strip()
    before = text[sentence.quote_start - 1 : sentence.quote_start]
    after = text[sentence.quote_end : sentence.quote_end + 1]
    assert not (before.isalnum() and quote[0].isalnum()), "the quote starts inside a word"
    assert not (quote[-1].isalnum() and after.isalnum()), "the quote ends inside a word"


def test_sentences_do_not_overlap(owner_articles: dict[str, str]) -> None:
    """A sentence has one cut in the whole file: two cuts of one sentence would be a slip of the pen."""
    for stem in owner_articles:
        ranges = sorted({(s.start, s.end) for _, s in SENTENCES if s.article == stem})
        assert all(left[1] <= right[0] for left, right in pairwise(ranges)), stem


def test_file_holds_no_article_text(owner_articles: dict[str, str]) -> None:
    """No sentence of the articles stands in the file; the questions may use their names and short phrases."""
    entries = json.dumps(json.loads(QUESTIONS_FILE.read_text(encoding="utf-8")), ensure_ascii=False).lower()
    for _, sentence in SENTENCES:
        words = owner_articles[sentence.article][sentence.start : sentence.end].lower().split()
        runs = [" ".join(words[i : i + 8]) for i in range(len(words) - 7)]
        assert not [run for run in runs if run in entries]


def test_find_wants_the_short_answer_inside_the_citation() -> None:
    sentence = AcceptedSentence("a", 10, 50, "", "", 20, 30)
    question = OwnerQuestion("?", (), (sentence,))
    assert question.find("a", 10, 50) is sentence
    assert question.find("a", 20, 30) is sentence
    assert question.find("a", 21, 50) is None
    assert question.find("a", 10, 29) is None
    assert question.find("b", 10, 50) is None


@pytest.mark.parametrize("entry", [{"question": "?"}, {"question": "?", "accept": []}])
def test_an_entry_without_a_verdict_is_refused(tmp_path: Path, entry: dict[str, object]) -> None:
    path = tmp_path / "questions.json"
    path.write_text(json.dumps([entry]), encoding="utf-8")
    with pytest.raises(ValueError, match="either 'accept' or 'abstain'"):
        load_owner_questions(path)
