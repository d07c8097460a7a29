"""Two runs over the same questions and articles, held against each other question by question."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from eval.manifest import RunManifest
from eval.paired_scores import score_gains
from eval.randomisation import PERMUTATIONS, holm, randomisation_test
from eval.rows import QuestionRow
from eval.runner import Run
from eval.statistics import RESAMPLES, Estimate, bootstrap_mean
from eval.summary import question_values
from index.errors import RunError

SAME = ("questions_sha256", "collection_sha256")
LISTED_BY = "f1_all"
"""By which measure changes are listed, where both runs have it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure of both runs.

    Attributes:
        first, second: its value in each, of the questions that both answered and that have it.
        gain: the second's less the first's, with its interval, and of how many questions.
        p: two-sided, by a paired randomisation test over articles.
        p_holm: the same, corrected for all measures that were tested.
        wins, losses: on how many questions the second is better, and worse; None of a measure that single questions do
            not have.
    """

    first: float
    second: float
    gain: Estimate
    p: float
    p_holm: float
    wins: int | None
    losses: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """A question on which the runs differ.

    Attributes:
        gain: by how much the second is better.
    """

    first: QuestionRow
    second: QuestionRow
    gain: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What ``compare`` finds.

    Attributes:
        settings: what was set differently: name, first, second.
        differences: by measure.
        questions: how many were asked.
        failures: how many of them could not be asked in the first run, and in the second; they are in no difference.
    """

    settings: tuple[tuple[str, object, object], ...]
    differences: dict[str, Difference]
    questions: int
    failures: tuple[int, int]


def compare(
    first: Run, second: Run, *, seed: int = 0, resamples: int = RESAMPLES, permutations: int = PERMUTATIONS
) -> Comparison:
    """Hold two runs against each other.

    Args:
        seed: fixes what is drawn.
        resamples: how many samples the interval of a mean rests on; those of other measures on half as many.
        permutations: how many exchanges the test of a mean rests on where there are many articles; those of other
            measures on half as many.

    Raises:
        RunError: they are over different questions or articles.
    """
    require_comparable(first.manifest, second.manifest)
    found = _of_means(first, second, seed, resamples, permutations)
    found |= _of_scores(first, second, seed, resamples // 2, permutations // 2)
    corrected = holm({name: one.p for name, one in found.items()})
    return Comparison(
        settings=_settings(first.manifest, second.manifest),
        differences={name: replace(one, p_holm=corrected[name]) for name, one in found.items()},
        questions=len(first.rows),
        failures=(len(first.failures), len(second.failures)),
    )


def measures_in_both(first: Run, second: Run) -> list[str]:
    """The measures that both runs have question by question, ``LISTED_BY`` first."""
    others = question_values(second.rows)
    return sorted((name for name in question_values(first.rows) if name in others), key=lambda name: name != LISTED_BY)


def changes(first: Run, second: Run, measure: str) -> list[Change]:
    """The questions on which the runs differ in a measure, the largest gain first and the largest loss last.

    Raises:
        RunError: neither run has the measure question by question.
    """
    known = measures_in_both(first, second)
    if measure not in known:
        raise RunError(
            f"the runs have no measure {measure!r} of single questions; they have {', '.join(sorted(known)) or 'none'}"
        )
    values, others = question_values(first.rows)[measure], question_values(second.rows)[measure]
    rows = {row.question_id: row for row in second.rows}
    found = [
        Change(row, rows[row.question_id], others[row.question_id] - values[row.question_id])
        for row in first.rows
        if row.question_id in values and row.question_id in others
    ]
    return sorted((one for one in found if one.gain), key=lambda one: -one.gain)


def require_comparable(first: RunManifest, second: RunManifest) -> None:
    """Refuse runs that did not ask the same questions of the same articles.

    Raises:
        RunError: names what differs.
    """
    one, other = first.to_dict(), second.to_dict()
    differing = [name for name in SAME if one[name] != other[name]]
    if differing:
        names = {"questions_sha256": "questions", "collection_sha256": "articles"}
        what = " and ".join(names[name] for name in differing)
        one_side, other_side = (f"{run.questions_name}, {run.articles} articles" for run in (first, second))
        raise RunError(f"the runs are over other {what} ({one_side}; {other_side}): their figures cannot be compared")


def _of_means(first: Run, second: Run, seed: int, resamples: int, permutations: int) -> dict[str, Difference]:
    """The measures that are means over questions, in the order of a run's measures; not yet corrected."""
    cluster = {row.question_id: row.cluster for row in first.rows}
    values, others = question_values(first.rows), question_values(second.rows)
    found = {}
    for name in (name for name in values if name in others):
        both = [one for one in values[name] if one in others[name]]
        if not both:
            continue
        gains, clusters = [others[name][one] - values[name][one] for one in both], [cluster[one] for one in both]
        found[name] = Difference(
            first=float(np.mean([values[name][one] for one in both])),
            second=float(np.mean([others[name][one] for one in both])),
            gain=bootstrap_mean(gains, clusters, resamples=resamples, seed=seed),
            p=randomisation_test(gains, clusters, permutations=permutations, seed=seed),
            p_holm=math.nan,
            wins=sum(gain > 0 for gain in gains),
            losses=sum(gain < 0 for gain in gains),
        )
    return found


def _of_scores(first: Run, second: Run, seed: int, resamples: int, permutations: int) -> dict[str, Difference]:
    """What the scores are worth, with intervals of the gain on the same samples of articles; not yet corrected."""
    rows = {row.question_id: row for row in second.rows if row.error is None}
    pairs = [
        (row, rows[row.question_id])
        for row in first.rows
        if row.error is None and row.answerable is not None and row.question_id in rows
    ]
    gains = score_gains(pairs, seed=seed, resamples=resamples, permutations=permutations)
    return {
        name: Difference(one.first, one.second, one.gain, one.p, math.nan, None, None) for name, one in gains.items()
    }


def _settings(first: RunManifest, second: RunManifest) -> tuple[tuple[str, object, object], ...]:
    """What was set or installed differently, by dotted name."""
    one, other = _flat("", first.to_dict()), _flat("", second.to_dict())
    names = dict.fromkeys([*one, *other])
    return tuple((name, one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name))


def _flat(prefix: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        return {prefix: value}
    return {
        name: leaf
        for key, one in value.items()
        for name, leaf in _flat(f"{prefix}.{key}" if prefix else key, one).items()
    }
