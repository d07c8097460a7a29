"""The retrieval benchmark on a collection small enough to predict."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from eval.benchmarks.retrieval import (
    Outcome,
    Question,
    Report,
    first_rank,
    measure,
    read_articles,
    read_questions,
    read_training_questions,
)
from index.records import Article, Candidate, Chunk
from tests.fakes import WordEmbedder

FERRY = Article(article_id="ferry", title="Ferry", text="The ferry sank off Skye. The captain was rescued.")
TRAM = Article(article_id="tram", title="Tram", text="The tram cost nine million. A vote follows.")


def candidate(rank: int, article: Article, start: int, end: int) -> Candidate:
    chunk = Chunk(article.article_id, start, end, article.text[start:end], article.title, ())
    return Candidate(chunk, article, rank, 1.0, 0.5, 2.0, (0.5,), rank, rank)


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path


@pytest.mark.parametrize(
    ("evidence", "rank"),
    [
        ([("ferry", 10, 20)], 2),
        ([("ferry", 9, 20)], None),  # begins before the chunk
        ([("ferry", 10, 21)], None),  # ends behind it
        ([("tram", 10, 20)], 1),  # in another article
        ([("tram", 0, 5), ("ferry", 12, 13)], 2),  # any place will do
    ],
)
def test_a_hit_holds_the_whole_evidence(evidence: list[tuple[str, int, int]], rank: int | None) -> None:
    candidates = [candidate(1, TRAM, 10, 20), candidate(2, FERRY, 10, 20)]
    assert first_rank(candidates, evidence) == rank


def test_success_counts_first_hits_up_to_k() -> None:
    outcome = Outcome("x", (1, 5, None, 6), 1.0)
    assert [sum(outcome.successes(k)) / 4 for k in (1, 5, 6, 20)] == [0.25, 0.5, 0.75, 0.75]


def test_the_tables_intervals_are_of_the_articles_asked_about() -> None:
    """Half of every article's questions found says more than all of half of the articles' and none of the others'."""

    def width(about: tuple[str, ...]) -> float:
        row = Report(about, 20, 40, 8.6, (Outcome("BM25", (1, 3) * 50, 1.6),)).to_markdown().splitlines()[2]
        assert row.startswith("| BM25 | 0.500 [")
        assert row.endswith(" | 2 |")
        low, high = row.split("[")[1].split("]")[0].split(", ")
        return float(high) - float(low)

    even = tuple(str(number // 5) for number in range(100))
    halves = tuple(f"{number % 2}, {number // 10}" for number in range(100))
    assert width(halves) > 2 * width(even)


def test_every_mode_is_measured(tmp_path: Path) -> None:
    questions = [
        Question("Where did the ferry sink?", (("ferry", 19, 23),)),
        Question("What did the tram cost?", (("tram", 14, 26),)),
        Question("Who pays for the bridge?", (("bridge", 0, 3),)),
    ]
    report = measure([FERRY, TRAM], questions, embedder=WordEmbedder(), cache_file=tmp_path / "vectors.sqlite")
    assert (report.articles, report.chunks, report.chunk_words) == (2, 2, 8.5)
    assert {outcome.name: outcome.ranks for outcome in report.outcomes} == dict.fromkeys(
        (
            "BM25 alone",
            "dense alone",
            "reciprocal rank fusion",
            "convex combination (default)",
        ),
        (1, 1, None),
    )


def test_questions_without_an_answer_are_left_out(tmp_path: Path) -> None:
    place = {"article": "ferry", "start": 19, "end": 23}
    rows = [{"question": "Where?", "answers": ["Skye"], "evidence": [place]}]
    rows.append({"question": "Why?", "answers": [], "evidence": []})
    assert read_questions(write_lines(tmp_path / "q.gz", rows)) == [Question("Where?", (("ferry", 19, 23),))]


def test_training_paragraphs_are_found_in_their_articles(tmp_path: Path) -> None:
    asked = {"question": "Who?", "answers": [{"text": "captain", "answer_start": 4}]}
    rows = [{"title": "Ferry", "context": "The captain was rescued.", "qas": [asked, {"question": "?", "answers": []}]}]
    (question,) = read_training_questions(write_lines(tmp_path / "t.gz", rows), [FERRY, TRAM])
    ((article_id, start, end),) = question.evidence
    assert (article_id, FERRY.text[start:end]) == ("ferry", "captain")


def test_articles_are_read_as_they_are(tmp_path: Path) -> None:
    rows = [{"id": "ferry", "title": "Ferry", "url": None, "published": None, "text": FERRY.text}]
    assert read_articles(write_lines(tmp_path / "a.gz", rows)) == [FERRY]
