"""The sentence splitter on real news: against boundaries marked by hand, and every offset of the whole collection."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from index.records import text_sha256
from index.sentences import sentence_spans

GOLDEN = Path(__file__).parent.parent / "golden" / "sentences_news.json"


@dataclass(frozen=True)
class Passage:
    """Whole paragraphs of an article and the sentences in them, as half-open offsets into the article's text."""

    article_id: str
    text_sha256: str
    sentences: list[tuple[int, int]]


def passages(part: str) -> list[Passage]:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return [
        Passage(entry["article_id"], entry["text_sha256"], [(start, end) for start, end in entry["sentences"]])
        for entry in golden[part]
    ]


def news_texts(shared_dir: Path) -> Iterator[tuple[str, str]]:
    path = shared_dir / "data" / "news" / "articles.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield article["id"], article["text"]


def boundary_f1(marked: set[tuple[str, int]], found: set[tuple[str, int]]) -> float:
    """Harmonic mean of precision and recall of sentence ends; an end is an article id and an offset."""
    return 2 * len(marked & found) / (len(marked) + len(found))


def test_boundary_f1_by_hand() -> None:
    marked = {("a", 10), ("a", 20), ("a", 30), ("b", 10)}
    found = {("a", 10), ("a", 20), ("a", 25), ("b", 20), ("b", 30), ("b", 40)}
    assert boundary_f1(marked, found) == pytest.approx(0.4)  # precision 2/6, recall 2/4


def test_the_marked_passages_are_300_sentences_of_articles_that_no_rule_was_tuned_on() -> None:
    test, development = passages("test"), passages("development")
    assert sum(len(passage.sentences) for passage in test) >= 300
    assert {passage.article_id for passage in test}.isdisjoint(passage.article_id for passage in development)


@pytest.mark.parametrize("part", ["test", "development"])
def test_the_boundaries_marked_by_hand_are_found(shared_dir: Path, part: str) -> None:
    wanted = {passage.article_id: passage for passage in passages(part)}
    marked: set[tuple[str, int]] = set()
    found: set[tuple[str, int]] = set()
    for article_id, text in news_texts(shared_dir):
        passage = wanted.pop(article_id, None)
        if passage is None:
            continue
        assert text_sha256(text) == passage.text_sha256, f"article {article_id} is not the one that was marked"
        start, end = passage.sentences[0][0], passage.sentences[-1][1]
        marked |= {(article_id, sentence_end) for _, sentence_end in passage.sentences}
        found |= {(article_id, sentence_end) for _, sentence_end in sentence_spans(text) if start < sentence_end <= end}
    assert not wanted
    assert boundary_f1(marked, found) >= 0.97


@pytest.mark.slow
def test_every_offset_of_the_collection(shared_dir: Path) -> None:
    for article_id, text in news_texts(shared_dir):
        spans = sentence_spans(text)
        slices = [text[start:end] for start, end in spans]
        assert all(sentence and sentence == sentence.strip() for sentence in slices), article_id
        assert all(before[1] <= after[0] for before, after in pairwise(spans)), article_id
        assert "".join("".join(slices).split()) == "".join(text.split()), article_id
