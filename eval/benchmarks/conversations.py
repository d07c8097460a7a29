"""Follow-up questions: how much of what a person's rewording would find is found without it.

    python -m eval.benchmarks.conversations [--half held-out|tuned|both] [--limit N] [--rankings] [--out RUN]
                                            [--index DIR] [--data DIR]

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

from eval.datasets.reading import read_questions
from eval.datasets.records import QuestionSet
from eval.report.slices import TURNS, slices, turn
from eval.runner import Run, evaluate
from eval.statistics import Estimate
from index.records import Candidate
from qa import Assistant
from qa.cli.progress import CountedProgress
from qa.records import Reading

FOUND = ("typed_mrr", "turns_mrr", "rewrite_mrr", "rewrite_recovered")
READ = ("f1", "citation_first")


class Unread:
    """A reader that finds nothing, and takes no time for it: only the rankings are measured."""

    name = "none"

    def read(self, question: str, candidates: Sequence[Candidate]) -> tuple[Reading, ...]:
        return tuple(Reading(one.chunk.chunk_id, one.chunk.article_id, (), 0.0) for one in candidates)

    def confidence(self, question: str, candidates: Sequence[Candidate], readings: Sequence[Reading]) -> None:
        return None


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


def first_conversations(questions: QuestionSet, limit: int) -> QuestionSet:
    """The questions of so many conversations: those whose ids' SHA-256 come first, with the articles of all."""
    ids = sorted({one.cluster for one in questions.questions}, key=lambda one: hashlib.sha256(one.encode()).digest())
    of = frozenset(ids[:limit])
    kept = tuple(one for one in questions.questions if one.cluster in of)
    return replace(questions, name=f"{questions.name}, {limit} conversations", questions=kept)


def unanswered(questions: QuestionSet) -> QuestionSet:
    """The same questions with nothing known but where their answers stand."""
    return replace(questions, questions=tuple(replace(one, answers=None) for one in questions.questions))


def table(run: Run) -> list[str]:
    """A run's measures by turn, as the lines of a Markdown table; where nothing was read, those of search alone."""
    shown = FOUND if run.manifest.models["reader"] == Unread.name else (*FOUND, *READ)
    by_turn = {one.name: one for one in slices(run.rows, turn, seed=run.manifest.seed)}
    parts = [("all", len(run.rows), run.measures)]
    parts += [(name, by_turn[name].questions, by_turn[name].measures) for name in TURNS if name in by_turn]
    return [
        f"| turn | questions | {' | '.join(shown)} |",
        "|" + "---|" * (2 + len(shown)),
        *(
            f"| {name} | {count:,} | {' | '.join(_cell(measures.get(one)) for one in shown)} |"
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
    parser.add_argument(
        "--half", choices=("held-out", "tuned", "both"), default="held-out", help="which turns are asked"
    )
    parser.add_argument("--limit", type=int, default=None, help="ask the turns of so many conversations")
    parser.add_argument("--rankings", action="store_true", help="search alone: nothing is read, answered or cited")
    parser.add_argument("--out", type=Path, default=None, help="keep the run there; run again, it goes on")
    parser.add_argument("--index", type=Path, default=None, help="an index of the articles; a temporary one without")
    options = parser.parse_args(arguments)
    asked = half_of(read_questions(options.data / "conversations" / "canard.jsonl.gz"), options.half)
    if options.limit:
        asked = first_conversations(asked, options.limit)
    reader = Unread() if options.rankings else None
    if options.rankings:
        asked = unanswered(asked)
    if options.index:
        assistant = Assistant.open(options.index, reader=reader)
    else:
        assistant = Assistant.build(asked.articles, reader=reader)
    with assistant, CountedProgress("asking", "questions") as progress:
        run = evaluate(asked, assistant, options.out, progress=progress)
    sys.stdout.write("\n".join(table(run)) + "\n")


if __name__ == "__main__":
    main()
