"""The readers side by side: exact match, F1, citations, abstaining and how well the confidence tells right from wrong.

    python -m eval.benchmarks.readers [--on squad|natural|news] [--reader NAME]... [--data DIR] [--cache FILE]
        [--limit N]

squad: all articles make one collection; each answerable question is asked once more with its own article left out.
natural: all articles make one collection; only questions on articles that no reader was fitted on are asked.
news: each question of 2022 is asked of the articles that a web search had found for it.

F1 and exact match are those of the best span, also where the reader would abstain; intervals are by bootstrap over
articles.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from eval.benchmarks.retrieval import Span, add_data_options, interval
from eval.measures.abstention import auroc
from eval.measures.calibration import BINS, expected_calibration_error
from index.builder import Builder, index_identity
from index.config import BuildConfig
from index.embedder import Embedder, load_embedder
from index.records import Article, Filter
from index.stores.local import EmbeddingCache, LocalStore
from index.tokenizer import Tokenizer
from qa.config import QAConfig
from qa.pipeline import Pipeline
from qa.readers.answer_types import expected_answer_type
from qa.readers.loading import load_reader
from qa.records import Answer
from qa.scoring import RIGHT_FROM, exact_match, token_f1
from qa.training.config import TrainingConfig
from qa.training.sources import NATURAL
from qa.training.split import is_measured

TRAINED_WITH = Path(__file__).parents[2] / "qa" / "training" / "reader.toml"
ANSWERED_SHARE = 0.85
NOTHING_FOUND = -1e9
NEWS_YEAR = 2022
"""Published figures of search-and-generate systems are of the questions of this year."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a set, with what answers it; both empty where abstaining is right."""

    text: str
    answers: tuple[str, ...]
    evidence: tuple[Span, ...]
    article: str
    asked: date | None = None
    retrieved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A question as it was answered.

    Attributes:
        score: the confidence, or the best span's score for a reader without one.
        odds: the best span's score (``AnswerSpan.reader_score``): how much it is worth against no answer.
        cited: whether the first sentence, cited or closest, holds the whole of some evidence.
        gone: ``score`` with the question's own article left out; None where that was not asked.
    """

    question: Question
    answered: bool
    em: float
    f1: float
    cited: float
    score: float
    odds: float
    gone: float | None
    seconds: float


def read_set(data: Path, name: str) -> tuple[list[Article], list[Question]]:
    """The articles and questions of a set."""
    folder = data / name
    articles = [
        Article(article_id=row["id"], title=row["title"], text=row["text"], published=_day(row["published"]))
        for row in _lines(folder / "articles.jsonl.gz")
    ]
    file = folder / ("questions.dev.jsonl.gz" if name == "squad" else "questions.jsonl.gz")
    questions: list[Question] = []
    for row in _lines(file):
        evidence = tuple((place["article"], place["start"], place["end"]) for place in row["evidence"])
        # A question without evidence follows those of the paragraph that it was written for.
        about = evidence[0][0] if evidence else questions[-1].article if questions else row["id"]
        asked, retrieved = _day(row.get("asked")), tuple(row.get("retrieved", ()))
        questions.append(Question(row["question"], tuple(row["answers"]), evidence, about, asked, retrieved))
    if name == NATURAL:
        kept = TrainingConfig.from_file(TRAINED_WITH).sources[NATURAL].kept_aside
        questions = [one for one in questions if is_measured(f"{NATURAL}/{one.article}", kept)]
    if name == "news":
        questions = [one for one in questions if one.asked and one.asked.year == NEWS_YEAR]
    return articles, questions


def sampled_set(data: Path, name: str, limit: int | None) -> tuple[list[Article], list[Question]]:
    """The articles and questions of a set, or a random sample of the questions; of news the articles that are asked."""
    articles, questions = read_set(data, name)
    if limit:
        questions = random.Random(1).sample(questions, min(limit, len(questions)))
    if name == "news":
        needed = {article for question in questions for article in question.retrieved}
        articles = [article for article in articles if article.article_id in needed]
    return articles, questions


def add_set_options(parser: argparse.ArgumentParser) -> None:
    """Which questions a benchmark asks."""
    parser.add_argument("--on", choices=("squad", NATURAL, "news"), default="squad", help="which questions are asked")
    parser.add_argument("--limit", type=int, help="ask a random sample of so many questions")
    add_data_options(parser)


def ask_all(pipeline: Pipeline, questions: Sequence[Question], articles: Sequence[Article], *, gone: bool) -> list[Row]:
    """Ask each question, and, where it has an answer and ``gone`` is set, once more without its own article."""
    rows = []
    for number, question in enumerate(questions):
        where = Filter(articles=question.retrieved) if question.retrieved else None
        start = time.perf_counter()
        answer = pipeline.ask(question.text, where=where, today=question.asked)
        seconds = time.perf_counter() - start
        left = None
        if gone and question.answers:
            others = tuple(one.article_id for one in articles if one.article_id != question.article)
            left = _score(pipeline.ask(question.text, where=Filter(articles=others)))
        said = answer.best.text if answer.best else ""
        rows.append(
            Row(
                question,
                answer.answered,
                exact_match(said, question.answers),
                token_f1(said, question.answers),
                first_is_right(answer, question.evidence),
                _score(answer),
                _odds(answer),
                left,
                seconds,
            )
        )
        if number % 100 == 99:
            sys.stderr.write(f"{number + 1} of {len(questions)}\n")
    return rows


def first_is_right(answer: Answer, evidence: Sequence[Span]) -> float:
    """1 when the first sentence, cited or closest, holds the whole of some evidence, else 0."""
    first = (answer.citations or answer.closest)[:1]
    return float(
        any(
            one.article_id == article and one.start_char <= start and end <= one.end_char
            for one in first
            for article, start, end in evidence
        )
    )


def by_type(rows: Sequence[Row]) -> list[str]:
    """The lines of a table of the answerable questions by the kind of answer that they ask for."""
    kinds: dict[str, list[Row]] = {}
    for row in rows:
        if row.question.answers:
            kinds.setdefault(question_kind(row.question.text), []).append(row)
    lines = [
        "| asks for | questions | exact match | F1 | first citation right | answered |",
        "|---|---|---|---|---|---|",
    ]
    for kind, of_kind in sorted(kinds.items(), key=lambda item: -len(item[1])):
        means = (np.mean([(row.em, row.f1, row.cited, row.answered) for row in of_kind], axis=0)).tolist()
        lines.append(f"| {kind} | {len(of_kind)} | " + " | ".join(f"{mean:.2f}" for mean in means) + " |")
    return [*lines, ""]


def question_kind(question: str) -> str:
    """The kind of answer that a question's words ask for; "why", "how" and "what" where they do not tell."""
    kind = expected_answer_type(question)
    if kind:
        return kind.value
    first = re.search(r"\b(why|how)\b", question, re.IGNORECASE)
    return first[1].lower() if first else "what, which and others"


def table(name: str, rows: Sequence[Row]) -> list[str]:
    """The lines of a Markdown table for one reader."""
    there = [row for row in rows if row.question.answers]
    none = [row for row in rows if not row.question.answers]
    right = [row.f1 >= RIGHT_FROM for row in there]
    lines = [
        f"### {name}: {len(there):,} answerable questions on {len({r.question.article for r in there})} articles"
        f", {len(none):,} unanswerable; median {1000 * float(np.median([r.seconds for r in rows])):.0f} ms",
        "",
        "| measure | value [95 % interval] |",
        "|---|---|",
        _share("exact match", there, [row.em for row in there]),
        _share("F1", there, [row.f1 for row in there]),
        _share("first cited sentence holds the evidence", there, [row.cited for row in there]),
        _share("answered, of the answerable", there, [float(row.answered) for row in there]),
    ]
    answered = [row for row in there if row.answered]
    if answered:
        lines.append(_share("F1 of those answered", answered, [row.f1 for row in answered]))
    if any(right) and not all(right):
        good = [row.score for row, ok in zip(there, right, strict=True) if ok]
        bad = [row.score for row, ok in zip(there, right, strict=True) if not ok]
        lines.append(f"| right against wrong answers, AUROC | {auroc(good, bad):.3f} |")
        every = [*bad, *(row.score for row in none)]
        if none:
            lines.append(f"| the same, unanswerable ones among the wrong | {auroc(good, every):.3f} |")
    if none:
        apart = auroc([row.score for row in there], [row.score for row in none])
        lines.append(f"| answerable against unanswerable, AUROC | {apart:.3f} |")
        apart = auroc([row.odds for row in there], [row.odds for row in none])
        lines.append(f"| the same, by the best span's score | {apart:.3f} |")
        lines.append(_share("unanswerable: abstained", none, [float(not row.answered) for row in none]))
    left = [row for row in there if row.gone is not None]
    if left:
        threshold = float(np.quantile([row.score for row in left], 1 - ANSWERED_SHARE))
        lines.append(
            _share(
                "own article left out: abstained where 85 % were answered",
                left,
                [float(row.gone is not None and row.gone < threshold) for row in left],
            )
        )
    if all(0 <= row.score <= 1 for row in rows):
        truth = [bool(row.question.answers) and row.f1 >= RIGHT_FROM for row in rows]
        error = expected_calibration_error([row.score for row in rows], truth)
        lines.append(f"| expected calibration error, {BINS} bins of equal mass | {error:.3f} |")
    return [*lines, ""]


def _share(name: str, rows: Sequence[Row], values: Sequence[float]) -> str:
    return f"| {name} | {interval([row.question.article for row in rows], values)} |"


def _score(answer: Answer) -> float:
    return _odds(answer) if answer.confidence is None else answer.confidence


def _odds(answer: Answer) -> float:
    return answer.best.reader_score if answer.best else NOTHING_FOUND


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _lines(path: Path) -> Iterable[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def indexed(articles: Sequence[Article], folder: Path, embedder: Embedder, cache_file: Path) -> LocalStore:
    """The articles in an index of their own."""
    build = BuildConfig()
    store = LocalStore.create(folder, index_identity(build, embedder))
    with EmbeddingCache(cache_file) as cache:
        Builder(store, embedder, build, cache).add(articles)
    return store


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Readers side by side, as Markdown tables.")
    parser.add_argument("--reader", action="append", help="span, sentence, or a model; may be given several times")
    add_set_options(parser)
    options = parser.parse_args(arguments)
    articles, questions = sampled_set(options.data, options.on, options.limit)
    options.cache.parent.mkdir(parents=True, exist_ok=True)
    embedder, terms = load_embedder(), Tokenizer(stem=BuildConfig().stem)
    with tempfile.TemporaryDirectory() as folder:
        store = indexed(articles, Path(folder) / "index", embedder, options.cache)
        with store.reader() as collection:
            for name in options.reader or ("span", "sentence"):
                pipeline = Pipeline(collection, embedder, load_reader(name, terms), QAConfig())
                rows = ask_all(pipeline, questions, articles, gone=options.on == "squad")
                lines = [*table(f"{name} on {options.on}", rows), *by_type(rows)]
                sys.stdout.write("\n".join(lines) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
