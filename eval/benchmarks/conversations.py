"""Follow-up questions: how much of what a person's rewording would find is found without it.

    python -m eval.benchmarks.conversations [--half held-out|tuned|both] [--out RUN] [--index DIR] [--data DIR]

The articles of all conversations make one collection (``eval.datasets.canard`` says how); the turns of half of the
conversations are asked. The numbers in ``qa.followup`` were set on the other half, which ``--half tuned`` asks.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eval.cli.progress import QuestionProgress
from eval.cli.running import open_for
from eval.datasets.reading import read_questions
from eval.datasets.records import QuestionSet
from eval.report.slices import TURNS, slices, turn
from eval.runner import Run, evaluate
from eval.statistics import Estimate

MEASURES = ("typed_mrr", "turns_mrr", "rewrite_mrr", "rewrite_recovered", "f1", "citation_first")


def is_held_out(conversation: str) -> bool:
    """Whether a conversation is of the half that ``qa.followup`` was not set on, by its id's SHA-256."""
    return int(hashlib.sha256(conversation.encode()).hexdigest(), 16) % 2 == 1


def half_of(questions: QuestionSet, half: str) -> QuestionSet:
    """The questions of one half of the conversations, with the articles of all.

    Args:
        half: ``held-out``, ``tuned``, or ``both`` for the whole set.
    """
    if half == "both":
        return questions
    of = tuple(one for one in questions.questions if is_held_out(one.cluster) == (half == "held-out"))
    return replace(questions, name=f"{questions.name}, {half} half", questions=of)


def table(run: Run) -> list[str]:
    """A run's measures by turn, as the lines of a Markdown table."""
    by_turn = {one.name: one for one in slices(run.rows, turn, seed=run.manifest.seed)}
    parts = [("all", len(run.rows), run.measures)]
    parts += [(name, by_turn[name].questions, by_turn[name].measures) for name in TURNS if name in by_turn]
    return [
        f"| turn | questions | {' | '.join(MEASURES)} |",
        "|" + "---|" * (2 + len(MEASURES)),
        *(
            f"| {name} | {count:,} | {' | '.join(_cell(measures.get(one)) for one in MEASURES)} |"
            for name, count, measures in parts
        ),
    ]


def _cell(one: Estimate | None) -> str:
    if one is None:
        return ""
    return f"{one.value:.3f}" if math.isnan(one.low) else f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Follow-up questions of CANARD, by turn, as a Markdown table.")
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="the folder with conversations/canard.jsonl.gz"
    )
    parser.add_argument("--half", choices=("held-out", "tuned", "both"), default="held-out", help="which turns are asked")
    parser.add_argument("--out", type=Path, default=None, help="keep the run there; run again, it goes on")
    parser.add_argument("--index", type=Path, default=None, help="an index of the articles; a temporary one without")
    options = parser.parse_args(arguments)
    asked = half_of(read_questions(options.data / "conversations" / "canard.jsonl.gz"), options.half)
    with open_for(asked, options.index, None, None) as assistant, QuestionProgress() as progress:
        run = evaluate(asked, assistant, options.out, progress=progress)
    sys.stdout.write("\n".join(table(run)) + "\n")


if __name__ == "__main__":
    main()
