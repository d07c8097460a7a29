"""Many people asking one server at once: how long they wait, whether each gets their own answer, and its memory.

    python -m eval.benchmarks.serving [--people N] [--questions N] [--rounds N] [--index DIR]

Starts ``pullquote serve`` (on the sample collection without ``--index``) and asks it on the page, first alone and then
by many visitors at once, none of whom ever pauses. What each is shown is held against what the lone one was shown.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from importlib.resources import files
from pathlib import Path

import numpy as np

from eval.benchmarks.visitors import VisitError, Visitor, shown_text

SAMPLE_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as a visitor got it answered.

    Attributes:
        seconds: from pressing "Ask" to having the answer.
        problem: empty when the answer was that of the lone asking.
    """

    seconds: float
    problem: str


@contextmanager
def server(index: Path | None, data: Path) -> Iterator[tuple[str, int]]:
    """The address and process of a served page."""
    command = [sys.executable, "-m", "qa", "serve", "--port", "0", "--data", str(data)]
    command += ["--index", str(index)] if index else []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout
        line = process.stdout.readline()
        yield next(word for word in line.split() if word.startswith("http")), process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def ask_once(visitor: Visitor, question: str, expected: str | None) -> tuple[Asked, str]:
    """Ask, and hold what is shown against what is expected; gives its words too."""
    start = time.perf_counter()
    try:
        shown = shown_text(visitor.ask(question))
    except (VisitError, HTTPException, OSError) as error:
        return Asked(time.perf_counter() - start, f"{type(error).__name__}: {error}"), ""
    seconds = time.perf_counter() - start
    problem = "" if expected is None or shown == expected else "another answer than alone"
    return Asked(seconds, problem), shown


def ask_together(visitors: Sequence[Visitor], questions: Sequence[str], expected: Sequence[str]) -> list[Asked]:
    """Every visitor asks all questions, each beginning at another one, all at the same time."""

    def asks(person: int) -> list[Asked]:
        order = [(person + number) % len(questions) for number in range(len(questions))]
        return [ask_once(visitors[person], questions[place], expected[place])[0] for place in order]

    with ThreadPoolExecutor(len(visitors)) as pool:
        return [one for asked in pool.map(asks, range(len(visitors))) for one in asked]


def resident_megabytes(pid: int) -> float:
    """The memory that a process holds now; NaN where /proc is not there."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def table(first: float, alone: Sequence[Asked], together: Sequence[Asked], people: int) -> list[str]:
    """The lines of a Markdown table."""
    lines = ["| | questions | median s | p95 s | errors or other answers |", "|---|---:|---:|---:|---:|"]
    lines.append(f"| the first question of a new server | 1 | {first:.2f} | – | – |")
    for name, asked in (("alone", alone), (f"{people} at once", together)):
        seconds = [one.seconds for one in asked]
        wrong = sum(bool(one.problem) for one in asked)
        median, high = np.percentile(seconds, [50, 95])
        lines.append(f"| {name} | {len(asked)} | {median:.2f} | {high:.2f} | {wrong} |")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Many people asking one server at once, as a Markdown table.")
    parser.add_argument("--people", type=int, default=20, help="how many ask at the same time")
    parser.add_argument("--questions", type=int, default=SAMPLE_QUESTIONS, help="how many each of them asks")
    parser.add_argument("--rounds", type=int, default=1, help="how often, to see whether memory grows")
    parser.add_argument("--index", type=Path, help="the index to serve; the sample collection without it")
    options = parser.parse_args(arguments)
    lines = files("qa.sample").joinpath("questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if "history" not in row]
    questions = [row["question"] for row in rows][: options.questions]
    with tempfile.TemporaryDirectory() as folder, server(options.index, Path(folder)) as (address, pid):
        one = Visitor(address)
        first, _ = ask_once(one, questions[0], None)
        shown = [ask_once(one, question, None)[1] for question in questions]
        alone = [ask_once(one, question, words)[0] for question, words in zip(questions, shown, strict=True)]
        memory = [resident_megabytes(pid)]
        visitors = [Visitor(address) for _ in range(options.people)]
        together: list[Asked] = []
        for _ in range(options.rounds):
            together += ask_together(visitors, questions, shown)
            memory.append(resident_megabytes(pid))
    problems = sorted({asked.problem for asked in together if asked.problem})
    written = [
        *table(first.seconds, alone, together, options.people),
        "",
        f"Memory: {', '.join(f'{held:.0f} MB' for held in memory)} (alone, then after each round).",
        *problems,
    ]
    sys.stdout.write("\n".join(written) + "\n")


if __name__ == "__main__":
    main()
