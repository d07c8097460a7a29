"""Reading alone: each question with the right paragraph, as SQuAD measures readers.

    python -m eval.benchmarks.paragraphs [--model FOLDER]... [--data DIR] [--limit N]

Exact match and F1 on the answerable questions, and on all by SQuAD 2.0's rule: saying nothing is right where there is
no answer. The threshold of saying nothing comes from other questions, in two ways: from the training questions that no
reader was trained on (two articles), and for each article from the development questions on all others. The set names
no paragraph for an unanswerable question; they follow the answerable ones of their paragraph, and are read with it.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from eval.benchmarks.readers import TRAINED_WITH, read_set
from eval.benchmarks.retrieval import interval
from index.sentences import sentence_spans
from qa.readers.passages import Passage
from qa.readers.span import MODEL_FOLDER, SpanNetwork
from qa.scoring import exact_match, token_f1
from qa.training.config import TrainingConfig
from qa.training.sources import read_source
from qa.training.split import is_kept_aside


@dataclass(frozen=True, slots=True)
class Given:
    """A question with its paragraph; no answers where the right one is none."""

    article: str
    title: str
    paragraph: str
    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What a network made of it: the score of the best span and what that span scores if it is given as the answer."""

    given: Given
    score: float
    em: float
    f1: float


def dev_questions(data: Path) -> list[Given]:
    """The development questions, each with its paragraph."""
    articles, questions = read_set(data, "squad")
    by_id = {article.article_id: article for article in articles}
    found: list[Given] = []
    for one in questions:
        if one.answers:
            article = by_id[one.article]
            paragraph = _paragraph(article.text, one.evidence[0][1])
            found.append(Given(article.article_id, article.title, paragraph, one.text, one.answers))
        else:
            found.append(replace(found[-1], question=one.text, answers=()))
    return found


def kept_aside_questions(data: Path) -> list[Given]:
    """Training questions that no reader was trained on, each with its paragraph."""
    kept = TrainingConfig.from_file(TRAINED_WITH).sources["squad"].kept_aside
    source = read_source(data, "squad")
    articles = {article.article_id: article for article in source.articles}
    found = []
    for one in source.questions:
        if is_kept_aside(one.article_id, kept):
            article = articles[one.article_id]
            answers = tuple(article.text[start:end] for start, end in one.answers)
            paragraph = article.text[one.paragraph[0] : one.paragraph[1]]
            found.append(Given(one.article_id, article.title, paragraph, one.question, answers))
    return found


def read_all(network: SpanNetwork, given: Sequence[Given]) -> list[Read]:
    """Read each paragraph for its question, and the best span's sentences alone; whether to answer is told by the sum
    of both readings' log odds and of relevance."""
    rows = []
    for one in given:
        starts = tuple(start for start, _ in sentence_spans(one.paragraph))
        passages = [Passage(one.title, one.paragraph, starts)]
        (spans,) = network.read_alone(one.question, passages, network.find(one.question, passages))
        text = one.paragraph[spans[0].start_char : spans[0].end_char] if spans else ""
        score = spans[0].span + spans[0].relevance + spans[0].alone if spans else -np.inf
        rows.append(Read(one, score, exact_match(text, one.answers), token_f1(text, one.answers)))
    return rows


def best_threshold(rows: Sequence[Read]) -> float:
    """The score above which answering gives the largest F1 by SQuAD 2.0's rule."""
    ordered = sorted(rows, key=lambda row: -row.score)
    value = sum(not row.given.answers for row in rows)
    best, threshold = float(value), np.inf
    total = float(value)
    for row in ordered:
        total += row.f1 if row.given.answers else -1
        if total > best:
            best, threshold = total, row.score
    return float(threshold)


def thresholds_of_others(rows: Sequence[Read]) -> list[float]:
    """For each row the best threshold of the rows on other articles."""
    articles = {row.given.article for row in rows}
    found = {article: best_threshold([row for row in rows if row.given.article != article]) for article in articles}
    return [found[row.given.article] for row in rows]


def squad_2_scores(rows: Sequence[Read], thresholds: Sequence[float], *, exact: bool) -> list[float]:
    """What each row scores by SQuAD 2.0's rule, if it is answered at its threshold and above."""
    scores = []
    for row, threshold in zip(rows, thresholds, strict=True):
        said = row.score >= threshold
        right = row.em if exact else row.f1
        scores.append((right if said else 0.0) if row.given.answers else float(not said))
    return scores


def table(name: str, rows: Sequence[Read], threshold: float) -> list[str]:
    """The lines of a Markdown table.

    Args:
        threshold: the one from the training questions kept aside.
    """
    there = [row for row in rows if row.given.answers]
    articles, all_articles = [row.given.article for row in there], [row.given.article for row in rows]
    lines = [
        f"### {name}: {len(there):,} answerable, {len(rows) - len(there):,} unanswerable questions",
        "",
        "| measure | value [95 % interval] |",
        "|---|---|",
        f"| answerable, exact match | {interval(articles, [row.em for row in there])} |",
        f"| answerable, F1 | {interval(articles, [row.f1 for row in there])} |",
    ]
    for source, thresholds in (
        ("two kept-aside articles", [threshold] * len(rows)),
        ("the other development articles", thresholds_of_others(rows)),
    ):
        for measure, exact in (("exact match", True), ("F1", False)):
            scores = squad_2_scores(rows, thresholds, exact=exact)
            lines.append(f"| all, {measure}, threshold from {source} | {interval(all_articles, scores)} |")
    return [*lines, ""]


def _paragraph(text: str, place: int) -> str:
    start, end = text.rfind("\n\n", 0, place), text.find("\n\n", place)
    return text[start + 2 if start >= 0 else 0 : end if end >= 0 else len(text)]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Reading with the right paragraph given, as Markdown tables.")
    parser.add_argument("--model", type=Path, action="append", help="a folder with model.onnx; the shipped one without")
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="the folder with squad/ and training/"
    )
    parser.add_argument("--limit", type=int, help="a random sample of so many questions")
    options = parser.parse_args(arguments)
    dev, aside = dev_questions(options.data), kept_aside_questions(options.data)
    if options.limit:
        dev = random.Random(1).sample(dev, min(options.limit, len(dev)))
    for folder in options.model or [MODEL_FOLDER]:
        network = SpanNetwork(folder)
        threshold = best_threshold(read_all(network, aside))
        sys.stdout.write("\n".join(table(folder.name, read_all(network, dev), threshold)) + "\n")


if __name__ == "__main__":
    main()
