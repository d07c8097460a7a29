"""The readers' benchmark: its measures by hand, its questions from files, and the tables that it writes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.benchmarks.candidates import Asked, CountingReader
from eval.benchmarks.candidates import table as candidates_table
from eval.benchmarks.readers import (
    Question,
    Row,
    ask_all,
    by_type,
    first_is_right,
    question_kind,
    read_set,
    table,
)
from eval.benchmarks.retrieval import interval
from index.records import Article, Candidate, Filter
from qa.records import Answer, AnswerSpan, Citation, Reading, ScoredSpan

FERRY = Article(article_id="ferry", title="Ferry", text="The ferry sank off Skye. The captain was rescued.")
TRAM = Article(article_id="tram", title="Tram", text="The tram cost nine million. A vote follows.")


def answer(article: Article, said: str, confidence: float, *, answered: bool = True, score: float = 1.0) -> Answer:
    start = article.text.index(said)
    first = article.text.rfind(". ", 0, start) + 2 if ". " in article.text[:start] else 0
    last = article.text.index(".", start) + 1
    span = AnswerSpan(said, article.article_id, start, start + len(said), score)
    cited = Citation(
        article_id=article.article_id,
        title=article.title,
        outlet=None,
        url=None,
        published=None,
        page=None,
        sentence=article.text[first:last],
        start_char=first,
        end_char=last,
        quote=said,
        quote_start_char=start,
        quote_end_char=start + len(said),
        before=None,
        after=None,
        also_at=(),
        content_sha256="0" * 64,
    )
    citations = (cited,)
    return Answer(
        question="?",
        query="?",
        answered=answered,
        spans=(span,) if answered else (),
        best=span,
        confidence=confidence,
        citations=citations if answered else (),
        closest=() if answered else citations,
    )


class FakePipeline:
    """Says what it was told to for each question; where an article is left out, that nothing is found."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self._answers = answers
        self.asked: list[tuple[str, Filter | None]] = []
        self.days: list[date | None] = []

    def ask(self, question: str, *, where: Filter | None = None, today: date | None = None) -> Answer:
        self.asked.append((question, where))
        self.days.append(today)
        found = self._answers[question]
        assert found.best
        if where and where.articles is not None and found.best.article_id not in where.articles:
            return replace(found, answered=False, spans=(), best=None, confidence=None, citations=(), closest=())
        return found


WHERE = Question("Where did the ferry sink?", ("Skye", "off Skye"), (("ferry", 19, 23),), "ferry")
COST = Question("How much did the tram cost?", ("nine million",), (("tram", 14, 26),), "tram")
WHO = Question("Who paid?", (), (), "tram")
ANSWERS = {
    WHERE.text: answer(FERRY, "off Skye", 0.9, score=3.0),
    COST.text: answer(TRAM, "vote", 0.4, answered=False, score=2.0),
    WHO.text: answer(TRAM, "tram", 0.5, score=-1.0),
}


def rows() -> list[Row]:
    pipeline = FakePipeline(ANSWERS)
    return ask_all(pipeline, [WHERE, COST, WHO], [FERRY, TRAM], gone=True)  # type: ignore[arg-type]


def test_rows_by_hand() -> None:
    pipeline = FakePipeline(ANSWERS)
    where, cost, who = ask_all(pipeline, [WHERE, COST, WHO], [FERRY, TRAM], gone=True)  # type: ignore[arg-type]
    assert (where.em, where.f1, where.cited, where.score, where.answered) == (1, 1, 1, 0.9, True)
    assert (cost.em, cost.f1, cost.cited, cost.score, cost.answered) == (0, 0, 0, 0.4, False)
    assert (who.em, who.f1, who.cited, who.gone) == (0, 0, 0, None)
    assert (where.odds, cost.odds, who.odds) == (3, 2, -1)
    assert where.gone == cost.gone == -1e9, "nothing is found without the own article"
    # Each answerable question once more without its own article, the unanswerable one not.
    assert pipeline.asked == [
        (WHERE.text, None),
        (WHERE.text, Filter(articles=("tram",))),
        (COST.text, None),
        (COST.text, Filter(articles=("ferry",))),
        (WHO.text, None),
    ]


def test_news_is_asked_of_what_was_retrieved_for_it() -> None:
    pipeline = FakePipeline(ANSWERS)
    asked = date(2022, 8, 5)
    question = Question(WHERE.text, WHERE.answers, WHERE.evidence, "ferry", asked, retrieved=("ferry", "tram"))
    ask_all(pipeline, [question], [FERRY, TRAM], gone=False)  # type: ignore[arg-type]
    assert pipeline.asked == [(WHERE.text, Filter(articles=("ferry", "tram")))]
    assert pipeline.days == [asked]


def test_the_table_by_hand() -> None:
    lines = dict(line.strip("| ").split(" | ") for line in table("x", rows()) if " | " in line)
    assert lines["exact match"].startswith("0.500 ")
    assert lines["answered, of the answerable"].startswith("0.500 ")
    assert lines["F1 of those answered"].startswith("1.000 ")
    assert lines["right against wrong answers, AUROC"] == "1.000"
    assert lines["answerable against unanswerable, AUROC"] == "0.500"  # .9 lies above .5, and .4 below it
    assert lines["the same, by the best span's score"] == "1.000"  # 3 and 2 lie above -1
    assert lines["unanswerable: abstained"].startswith("0.000 ")
    assert lines["own article left out: abstained where 85 % were answered"].startswith("1.000 ")


def test_the_table_by_kind() -> None:
    assert by_type(rows())[2:-1] == [
        "| place | 1 | 1.00 | 1.00 | 1.00 | 1.00 |",
        "| money | 1 | 0.00 | 0.00 | 0.00 | 0.00 |",
    ]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who sank?", "person"),
        ("When did it sink?", "time"),
        ("Why did it sink?", "why"),
        ("Tell me how it sank.", "how"),
        ("How many sank?", "number"),
        ("What sank?", "what, which and others"),
    ],
)
def test_question_kinds(question: str, kind: str) -> None:
    assert question_kind(question) == kind


@pytest.mark.parametrize(
    ("evidence", "right"),
    [
        ((("ferry", 0, 24),), 1.0),
        ((("ferry", 0, 25),), 0.0),  # one character behind it
        ((("tram", 0, 5),), 0.0),
        ((("tram", 0, 5), ("ferry", 4, 9)), 1.0),  # any place will do
        ((), 0.0),
    ],
)
@pytest.mark.parametrize("answered", [True, False])
def test_the_first_sentence_holds_the_whole_evidence(
    evidence: tuple[tuple[str, int, int], ...], right: float, answered: bool
) -> None:
    assert first_is_right(answer(FERRY, "Skye", 0.5, answered=answered), evidence) == right


class TestInterval:
    def test_articles_are_resampled_whole(self) -> None:
        """With one article there is no interval; with each value an article of its own there is."""
        values = [0.0, 1.0] * 20
        assert interval(["a"] * 40, values) == "0.500 [nan, nan]"
        low, high = map(float, interval(list(map(str, range(40))), values).split("[")[1].rstrip("]").split(","))
        assert 0.3 < low < 0.45
        assert 0.55 < high < 0.7


def write(path: Path, lines: Sequence[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def test_news_questions_of_other_years_are_left_out(tmp_path: Path) -> None:
    row = {"title": "", "text": "The ferry sank.", "published": "2022-08-05T10:00:00Z"}
    write(tmp_path / "news" / "articles.jsonl.gz", [{"id": "ferry", **row}])
    place = {"article": "ferry", "start": 4, "end": 9}
    asked = {"question": "What sank?", "answers": ["ferry"], "asked": "2022-08-05", "evidence": [place]}
    write(
        tmp_path / "news" / "questions.jsonl.gz",
        [
            {"id": "1", **asked, "retrieved": ["ferry"]},
            {"id": "2", **asked, "retrieved": ["ferry"], "asked": "2023-01-06"},
        ],
    )
    articles, questions = read_set(tmp_path, "news")
    assert str(articles[0].published) == "2022-08-05"
    assert [(one.answers, one.evidence, one.retrieved) for one in questions] == [
        (("ferry",), (("ferry", 4, 9),), ("ferry",))
    ]


def test_a_question_without_evidence_belongs_to_the_article_of_those_before_it(tmp_path: Path) -> None:
    """The intervals are over articles: as one each, unanswerable questions would make them too narrow."""
    texts = [{"id": one.article_id, "title": one.title, "text": one.text, "published": None} for one in (FERRY, TRAM)]
    write(tmp_path / "squad" / "articles.jsonl.gz", texts)
    rows: list[dict[str, Any]] = [
        {"id": "1", "answers": ["ferry"], "evidence": [{"article": "ferry", "start": 4, "end": 9}]},
        {"id": "2", "answers": [], "evidence": []},
        {"id": "3", "answers": ["tram"], "evidence": [{"article": "tram", "start": 4, "end": 8}]},
        {"id": "4", "answers": [], "evidence": []},
    ]
    write(tmp_path / "squad" / "questions.dev.jsonl.gz", [{"question": "?", **row} for row in rows])
    _, questions = read_set(tmp_path, "squad")
    assert [one.article for one in questions] == ["ferry", "ferry", "tram", "tram"]


class TwoOfThree:
    """A reader that reads all but the last candidate."""

    name = "two of three"

    def read(self, question: str, candidates: Sequence[Candidate]) -> tuple[Reading, ...]:
        return tuple(
            Reading(str(number), "a", (ScoredSpan(0, 1, 1.0),) if number < len(candidates) - 1 else (), 0.0)
            for number in range(len(candidates))
        )

    def confidence(self, question: str, candidates: Sequence[Candidate], readings: Sequence[Reading]) -> float | None:
        return 0.5


def test_candidates_that_were_not_read_are_not_counted() -> None:
    reader = CountingReader(TwoOfThree())
    reader.read("?", [None, None, None])  # type: ignore[list-item]
    assert reader.read_last == 2
    assert reader.confidence("?", [], []) == 0.5


def test_the_curve_has_a_line_for_each_number_of_candidates() -> None:
    rows = [[Asked(0.0, 0.0, 1, 0.1), Asked(1.0, 1.0, 4, 0.3)], [Asked(1.0, 0.0, 1, 0.1), Asked(1.0, 1.0, 5, 0.5)]]
    lines = candidates_table((1, 20), (WHERE, COST), rows)
    assert lines[2].startswith("| 1 | 0.500 ")
    assert lines[2].endswith("| 1.0 | 100 |")
    assert lines[3].startswith("| 20 | 1.000 ")
    assert lines[3].endswith("| 4.5 | 400 |")
