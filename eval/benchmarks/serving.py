"""Many people asking one server at once: how long they wait, whether each gets their own answer, and its memory.

    python -m eval.benchmarks.serving [--people N] [--questions N] [--index DIR]

Starts ``pullquote serve`` (on the sample collection without ``--index``), asks it alone and then by many clients at
once, over the REST functions that share the page's queue. Every answer is held against that of the first, lone asking.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before the import, which is when the client reads it

import numpy as np
from gradio_client import Client

SAMPLE_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as a client got it answered.

    Attributes:
        seconds: from sending to having the answer.
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


def ask_once(client: Client, question: str, expected: str | None) -> tuple[Asked, str]:
    """Ask, and hold the answer against what is expected; gives the answer as JSON too."""
    start = time.perf_counter()
    try:
        answer = json.dumps(client.predict(question, api_name="/ask"), sort_keys=True)
    except Exception as error:
        return Asked(time.perf_counter() - start, f"{type(error).__name__}: {error}"), ""
    seconds = time.perf_counter() - start
    problem = "" if expected is None or answer == expected else "another answer than alone"
    return Asked(seconds, problem), answer


def ask_together(address: str, questions: Sequence[str], expected: Sequence[str], people: int) -> list[Asked]:
    """Every one of so many people asks all questions, each beginning at another one, all at the same time."""

    def asks(person: int) -> list[Asked]:
        client = Client(address, verbose=False)
        order = [(person + number) % len(questions) for number in range(len(questions))]
        return [ask_once(client, questions[place], expected[place])[0] for place in order]

    with ThreadPoolExecutor(people) as pool:
        return [one for asked in pool.map(asks, range(people)) for one in asked]


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
        client = Client(address, verbose=False)
        first, _ = ask_once(client, questions[0], None)
        answers = [ask_once(client, question, None)[1] for question in questions]
        alone = [ask_once(client, question, answer)[0] for question, answer in zip(questions, answers, strict=True)]
        memory = [resident_megabytes(pid)]
        together: list[Asked] = []
        for _ in range(options.rounds):
            together += ask_together(address, questions, answers, options.people)
            memory.append(resident_megabytes(pid))
    problems = sorted({one.problem for one in together if one.problem})
    written = [
        *table(first.seconds, alone, together, options.people),
        "",
        f"Memory: {', '.join(f'{one:.0f} MB' for one in memory)} (alone, then after each round).",
        *problems,
    ]
    sys.stdout.write("\n".join(written) + "\n")


if __name__ == "__main__":
    main()
