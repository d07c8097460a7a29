"""How much reading is worth: quality against the number of candidates, and against the time that a question takes.

    python -m eval.benchmarks.candidates [--on squad|natural|news] [--candidates N]... [--data DIR] [--cache FILE]
        [--limit N]

Every number of candidates gets the same questions, one after the other within each question, so that a slow moment of
the machine falls on all of them. The reader stops when no other candidate can win: "read" counts those that it read.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.benchmarks.readers import Question, add_set_options, first_is_right, indexed, sampled_set
from eval.benchmarks.retrieval import interval
from index.config import BuildConfig, SearchConfig
from index.embedder import load_embedder
from index.records import Candidate, Filter
from index.tokenizer import Tokenizer
from qa.config import QAConfig
from qa.pipeline import Pipeline
from qa.readers.base import Reader
from qa.readers.loading import load_reader
from qa.records import Reading
from qa.scoring import token_f1

NUMBERS = (1, 3, 5, 10, 20, 40)


class CountingReader:
    """Another reader, and how many candidates it read in the last call."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.read_last = 0

    @property
    def name(self) -> str:
        return self._reader.name

    def read(self, question: str, candidates: Sequence[Candidate]) -> tuple[Reading, ...]:
        readings = self._reader.read(question, candidates)
        self.read_last = sum(bool(reading.spans) for reading in readings)
        return readings

    def confidence(self, question: str, candidates: Sequence[Candidate], readings: Sequence[Reading]) -> float | None:
        return self._reader.confidence(question, candidates, readings)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with one number of candidates."""

    f1: float
    cited: float
    read: int
    seconds: float


def ask_with(pipeline: Pipeline, reader: CountingReader, question: Question) -> Asked:
    """Ask once.

    Args:
        reader: the pipeline's.
    """
    where = Filter(articles=question.retrieved) if question.retrieved else None
    start = time.perf_counter()
    answer = pipeline.ask(question.text, where=where, today=question.asked)
    seconds = time.perf_counter() - start
    said = answer.best.text if answer.best else ""
    return Asked(token_f1(said, question.answers), first_is_right(answer, question.evidence), reader.read_last, seconds)


def table(numbers: Sequence[int], questions: Sequence[Question], rows: Sequence[Sequence[Asked]]) -> list[str]:
    """The lines of a Markdown table: a line for each number of candidates."""
    articles = [question.article for question in questions]
    lines = ["| candidates | F1 [95 % interval] | first citation right | read | median ms |", "|---|---|---|---|---|"]
    for number, of_number in zip(numbers, zip(*rows, strict=True), strict=True):
        lines.append(
            f"| {number} | {interval(articles, [one.f1 for one in of_number])}"
            f" | {interval(articles, [one.cited for one in of_number])}"
            f" | {np.mean([one.read for one in of_number]):.1f}"
            f" | {1000 * float(np.median([one.seconds for one in of_number])):.0f} |"
        )
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Quality and time against the number of candidates, as a table.")
    parser.add_argument("--candidates", type=int, action="append", help="how many are read; may be given several times")
    add_set_options(parser)
    options = parser.parse_args(arguments)
    numbers = options.candidates or NUMBERS
    articles, questions = sampled_set(options.data, options.on, options.limit)
    questions = [question for question in questions if question.answers]
    options.cache.parent.mkdir(parents=True, exist_ok=True)
    embedder, terms = load_embedder(), Tokenizer(stem=BuildConfig().stem)
    with tempfile.TemporaryDirectory() as folder:
        store = indexed(articles, Path(folder) / "index", embedder, options.cache)
        with store.reader() as collection:
            reader = CountingReader(load_reader("span", terms))
            pipelines = [
                Pipeline(collection, embedder, reader, QAConfig(search=SearchConfig(candidates=number)))
                for number in numbers
            ]
            rows = [[ask_with(pipeline, reader, question) for pipeline in pipelines] for question in questions]
    sys.stdout.write("\n".join(table(numbers, questions, rows)) + "\n")


if __name__ == "__main__":
    main()
