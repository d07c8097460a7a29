"""How much longer a question takes when it is evaluated: asked, measured and kept, against asked alone.

    python -m eval.benchmarks.overhead [--questions FILE] [--index DIR] [--rounds N]

The same assistant is asked every question both ways, one way right after the other and in turns first, so that a slow
moment of the machine falls on both. Processor time tells more than the clock where other programs are at work. What an
evaluation does once, before the first question and after the last, is timed apart.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from eval.datasets.reading import read_questions
from eval.datasets.records import Question
from eval.rows import QuestionRow
from eval.runner import Journal, ask_and_measure
from eval.summary import estimates
from index.records import Filter
from qa import Assistant
from qa.sample import open_sample

SAMPLE = Path(__file__).parents[2] / "qa" / "sample" / "questions.jsonl"
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Seconds:
    """Seconds, by wall clock and of processor time."""

    wall: float
    cpu: float


Times = list[list[Seconds]]
"""For each question its times, one for each round."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long, with its 95 % interval."""

    value: float
    low: float
    high: float


def timed(work: Callable[[], object]) -> Seconds:
    """How long some work takes; all of the program's threads count towards processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Seconds(time.perf_counter() - wall, time.process_time() - cpu)


def both_ways(
    assistant: Assistant, questions: Sequence[Question], rounds: int, folder: Path
) -> tuple[Times, Times, dict[str, QuestionRow]]:
    """Time every question asked alone, and evaluated.

    Args:
        folder: where the evaluated answers are kept.

    Returns:
        The times asked alone, the times evaluated, and what was measured.
    """
    alone: Times = [[] for _ in questions]
    evaluated: Times = [[] for _ in questions]
    rows: dict[str, QuestionRow] = {}
    with Journal(folder) as journal:
        for number in range(rounds):
            for place, question in enumerate(questions):
                ways = [(alone, partial(_ask, assistant, question))]
                ways.append((evaluated, partial(_ask_and_keep, assistant, question, journal, rows)))
                for times, work in ways if (number + place) % 2 else reversed(ways):
                    times[place].append(timed(work))
    return alone, evaluated, rows


def ratio_of(alone: Sequence[Sequence[float]], evaluated: Sequence[Sequence[float]], seed: int = 0) -> Ratio:
    """The sum over the questions of their median times, evaluated, as a multiple of the same asked alone; the interval
    is a bootstrap over questions.

    Args:
        alone, evaluated: for each question its times.
    """
    one = np.array([np.median(times) for times in alone])
    other = np.array([np.median(times) for times in evaluated])
    drawn = np.random.default_rng(seed).integers(len(one), size=(RESAMPLES, len(one)))
    low, high = np.quantile(other[drawn].sum(axis=1) / one[drawn].sum(axis=1), [0.025, 0.975])
    return Ratio(float(other.sum() / one.sum()), float(low), float(high))


def table(alone: Times, evaluated: Times, once: Seconds, rounds: int) -> list[str]:
    """The lines of a Markdown table."""
    lines = ["| | asked alone, ms | evaluated, ms | more, % [95 % interval] |", "|---|---:|---:|---:|"]
    ways = (alone, evaluated)
    of_processor = [[[one.cpu for one in times] for times in way] for way in ways]
    of_clock = [[[one.wall for one in times] for times in way] for way in ways]
    for name, (first, second) in (("processor time", of_processor), ("wall clock", of_clock)):
        found = ratio_of(first, second)
        means = [1000 * float(np.mean([np.median(times) for times in way])) for way in (first, second)]
        more = [100 * (value - 1) for value in (found.value, found.low, found.high)]
        lines.append(f"| {name} | {means[0]:.1f} | {means[1]:.1f} | {more[0]:+.1f} [{more[1]:+.1f}, {more[2]:+.1f}] |")
    return [
        *lines,
        "",
        f"{len(alone)} questions, each {rounds} times both ways; the mean of their medians. Once for the whole run, "
        f"all intervals: {once.cpu:.1f} s of processor time, {once.wall:.1f} s by the clock.",
    ]


def _ask(assistant: Assistant, question: Question) -> None:
    """As the runner asks."""
    where = Filter(articles=question.retrieved) if question.retrieved is not None else None
    assistant.ask(question.text, history=question.history, where=where, today=question.asked)


def _ask_and_keep(assistant: Assistant, question: Question, journal: Journal, rows: dict[str, QuestionRow]) -> None:
    """As the runner evaluates."""
    row, answer = ask_and_measure(assistant, question)
    journal.write(row, answer)
    rows[row.question_id] = row


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="How much evaluating adds to asking, as a Markdown table.")
    parser.add_argument("--questions", type=Path, default=SAMPLE, help="a question set; the sample's when left out")
    parser.add_argument("--index", type=Path, help="what is asked; the sample collection when left out")
    parser.add_argument("--rounds", type=int, default=5, help="how often each question is timed, both ways")
    options = parser.parse_args(arguments)
    questions = read_questions(options.questions)
    with (
        Assistant.open(options.index) if options.index else open_sample() as assistant,
        tempfile.TemporaryDirectory() as temporary,
    ):
        for question in questions.questions[:10]:
            _ask(assistant, question)  # what the first questions load shall not count
        alone, evaluated, rows = both_ways(assistant, questions.questions, options.rounds, Path(temporary))
        once = timed(lambda: estimates(list(rows.values())))
    sys.stdout.write("\n".join(table(alone, evaluated, once, options.rounds)) + "\n")


if __name__ == "__main__":
    main()
