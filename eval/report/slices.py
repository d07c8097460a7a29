"""Parts of a run: by question word, kind of answer, date, outlet, length and turn. What is weak is seen there first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.bounded_mean import bounded_mean
from eval.rows import QuestionRow
from eval.statistics import Estimate
from eval.summary import question_values, rewrite_recovered
from qa.readers.answer_types import expected_answer_type

SHOWN = ("f1", "citation_first", "f1_all", "turns_mrr", "rewrite_mrr", "typed_mrr", "rewrite_recovered")
MOST = 12
"""How many parts of one kind are shown at most: the largest, and all others together."""
TURNS = ("first question", "first follow-up", "second follow-up", "third follow-up or later")

_WORDS = re.compile(r"\b(who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slice:
    """The questions that have something in common.

    Attributes:
        measures: some of the run's, of these questions.
    """

    name: str
    questions: int
    measures: Mapping[str, Estimate]


def question_word(row: QuestionRow) -> str:
    """Its question word; "how" with the word behind it where that asks for a number."""
    match = _WORDS.search(row.question)
    if not match:
        return "none"
    word = match[1].lower()
    further = row.question[match.end() :].split()[:1]
    return (
        f"how {further[0].lower()}"
        if word == "how" and further and further[0].lower() in ("many", "much", "long")
        else word
    )


def answer_kind(row: QuestionRow) -> str:
    """The kind of answer that it asks for, as far as its words tell."""
    kind = expected_answer_type(row.question)
    return kind.value if kind else "not told"


def year(row: QuestionRow) -> str:
    """The year of the article that holds the evidence."""
    return row.published[:4] if row.published else "no date"


def outlet(row: QuestionRow) -> str:
    return row.outlet or "no outlet"


def length(row: QuestionRow) -> str:
    """How many words the question has."""
    words = len(row.question.split())
    return next((f"up to {most} words" for most in (5, 8, 12, 16) if words <= most), "more than 16 words")


def turn(row: QuestionRow) -> str:
    """How far into its conversation it was asked."""
    return TURNS[min(row.earlier_turns, len(TURNS) - 1)]


KINDS: Mapping[str, Callable[[QuestionRow], str]] = {
    "question word": question_word,
    "kind of answer": answer_kind,
    "year of the article": year,
    "outlet": outlet,
    "length of the question": length,
    "turn": turn,
}


def slices(rows: Sequence[QuestionRow], kind: Callable[[QuestionRow], str], *, seed: int = 0) -> list[Slice]:
    """The parts of a run, the largest first; one part alone is no slice, and gives none."""
    asked = [row for row in rows if row.error is None]
    parts: dict[str, list[QuestionRow]] = {}
    for row in asked:
        parts.setdefault(kind(row), []).append(row)
    if len(parts) < 2:
        return []
    ordered = sorted(parts.items(), key=lambda item: (-len(item[1]), item[0]))
    if len(ordered) > MOST:
        rest = [row for _, of_part in ordered[MOST - 1 :] for row in of_part]
        ordered = [*ordered[: MOST - 1], (f"{len(ordered) - MOST + 1} others", rest)]
    return [Slice(name, len(of_part), _measures(of_part, seed)) for name, of_part in ordered]


def _measures(rows: Sequence[QuestionRow], seed: int) -> dict[str, Estimate]:
    cluster = {row.question_id: row.cluster for row in rows}
    values = question_values(rows, stages=())
    means = {
        name: bounded_mean(list(values[name].values()), [cluster[one] for one in values[name]], seed=seed)
        for name in SHOWN
        if name in values
    }
    return means | rewrite_recovered(rows, seed=seed)
