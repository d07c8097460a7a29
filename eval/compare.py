"""Two runs over the same questions and articles, held against each other question by question."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eval.manifest import RunManifest
from eval.randomisation import holm, randomisation_test
from eval.rows import QuestionRow
from eval.runner import Run
from eval.statistics import (
    RESAMPLES,
    Estimate,
    SampledStatistic,
    bootstrap,
    bootstrap_mean,
)
from eval.summary import confidence_measures, question_values
from index.errors import RunError

SAME = ("questions_sha256", "collection_sha256")
SCORED = ("auroc_answerable", "auroc_right", "aurc", "ece")


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure of both runs.

    Attributes:
        first, second: its value in each.
        gain: the second's less the first's, with its interval.
        p: two-sided, by a paired randomisation test over articles; NaN for measures that are no means over questions.
        p_holm: the same, corrected for all measures that were tested.
        wins, losses: on how many questions the second is better, and worse.
    """

    first: float
    second: float
    gain: Estimate
    p: float
    p_holm: float
    wins: int
    losses: int


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
    """

    settings: tuple[tuple[str, object, object], ...]
    differences: dict[str, Difference]


def compare(first: Run, second: Run, *, seed: int = 0, resamples: int = RESAMPLES) -> Comparison:
    """Hold two runs against each other.

    Raises:
        RunError: they are over different questions or articles.
    """
    require_comparable(first.manifest, second.manifest)
    cluster = {row.question_id: row.cluster for row in first.rows}
    values, others = question_values(first.rows), question_values(second.rows)
    means: dict[str, tuple[dict[str, float], float]] = {}
    for name in values.keys() & others.keys():
        both = [one for one in values[name] if one in others[name]]
        gains = {one: others[name][one] - values[name][one] for one in both}
        if gains:
            p = randomisation_test(list(gains.values()), [cluster[one] for one in gains], seed=seed)
            means[name] = gains, p
    corrected = holm({name: p for name, (_, p) in means.items()})
    differences = {}
    for name in (name for name in values if name in means):  # in the order of a run's measures
        gains, p = means[name]
        differences[name] = Difference(
            first=float(np.mean([values[name][one] for one in gains])),
            second=float(np.mean([others[name][one] for one in gains])),
            gain=bootstrap_mean(list(gains.values()), [cluster[one] for one in gains], resamples=resamples, seed=seed),
            p=p,
            p_holm=corrected[name],
            wins=sum(gain > 0 for gain in gains.values()),
            losses=sum(gain < 0 for gain in gains.values()),
        )
    differences.update(_of_scores(first, second, seed, resamples // 2))
    return Comparison(_settings(first.manifest, second.manifest), differences)


def changes(first: Run, second: Run, measure: str) -> list[Change]:
    """The questions on which the runs differ in a measure, the largest gain first and the largest loss last.

    Raises:
        RunError: neither run has the measure question by question.
    """
    values, others = question_values(first.rows).get(measure), question_values(second.rows).get(measure)
    if values is None or others is None:
        known = ", ".join(sorted(question_values(first.rows).keys() & question_values(second.rows).keys()))
        raise RunError(f"the runs have no measure {measure!r} of single questions; they have {known}")
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


def _of_scores(first: Run, second: Run, seed: int, resamples: int) -> dict[str, Difference]:
    """What the scores are worth, with intervals of the gain on the same samples of articles."""
    rows = {row.question_id: row for row in second.rows if row.error is None}
    pairs = [
        (row, rows[row.question_id])
        for row in first.rows
        if row.error is None and row.answerable is not None and row.question_id in rows
    ]
    if not pairs:
        return {}
    measures = confidence_measures([one for one, _ in pairs]), confidence_measures([other for _, other in pairs])
    found = {}
    for name in SCORED:
        if name in measures[0] and name in measures[1]:
            one, other = measures[0][name], measures[1][name]
            gain = bootstrap(_gain(one, other), [row.cluster for row, _ in pairs], resamples=resamples, seed=seed)
            once = np.ones((1, len(pairs)), dtype=np.int64)
            if not math.isnan(gain.value):
                found[name] = Difference(float(one(once)[0]), float(other(once)[0]), gain, math.nan, math.nan, 0, 0)
    return found


def _gain(one: SampledStatistic, other: SampledStatistic) -> SampledStatistic:
    return lambda counts: other(counts) - one(counts)


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
