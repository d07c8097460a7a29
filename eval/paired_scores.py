"""What the scores of two runs are worth, held against each other: measures that are no means over questions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from eval.calibration_interval import Forecasts, calibration_gain
from eval.measures.resampled import expected_calibration_error
from eval.randomisation import PERMUTATIONS, exchange_test
from eval.rows import QuestionRow
from eval.statistics import Estimate, SampledStatistic, bootstrap
from eval.summary import (
    answerable_of,
    confidences_of,
    is_calibrated,
    measures_of_scores,
    right_of,
    scores_of,
)

Floats = npt.NDArray[np.float64]
Pairs = Sequence[tuple[QuestionRow, QuestionRow]]


@dataclass(frozen=True, slots=True)
class ScoreGain:
    """A measure of both runs' scores.

    Attributes:
        first, second: its value in each.
        gain: the second's less the first's, with its interval.
        p: of a gain of 0, two-sided, by exchanging whole articles.
    """

    first: float
    second: float
    gain: Estimate
    p: float


def score_gains(
    pairs: Pairs, *, seed: int, resamples: int, permutations: int = PERMUTATIONS // 2
) -> dict[str, ScoreGain]:
    """Every measure of scores that both runs have, by name.

    Args:
        pairs: the rows of both runs on each question that both were asked, and of which it is known what is right.
        seed: fixes what is drawn.
        resamples: how many samples an interval rests on.
        permutations: how many exchanges a test rests on where there are many articles.
    """
    answerable = [(one, other) for one, other in pairs if one.answerable]
    found = _of_order(pairs, seed, resamples, permutations)
    told_apart = _of_order(answerable, seed, resamples, permutations, names=("auroc_right",))
    if "auroc_right" in told_apart:
        found["auroc_right_answerable"] = told_apart["auroc_right"]
    return found | _of_calibration(pairs, seed, resamples, permutations)


def _of_order(
    pairs: Pairs, seed: int, resamples: int, permutations: int, names: Sequence[str] = ()
) -> dict[str, ScoreGain]:
    """The measures that hang on the order of the scores alone.

    Scores are put as ranks within their run first: that changes neither run's measure, and lets answers be exchanged
    between runs whose scores are not on one scale (Bandos, Rockette and Gur 2005, section 2).
    """
    if not pairs:
        return {}
    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    ranks = [rankdata(scores_of(rows)) for rows in (first, second)]
    right = [right_of(rows) for rows in (first, second)]
    answerable = answerable_of(first)
    pooled = measures_of_scores(np.concatenate(ranks), np.tile(answerable, 2), np.concatenate(right))
    clusters = [one.cluster for one in first]
    differs = ((ranks[0] != ranks[1]) | (right[0] != right[1])).tolist()
    found = {}
    for name in names or pooled:
        measure = pooled[name]
        gain = bootstrap(partial(_gain, measure), clusters, resamples=resamples, seed=seed)
        if not math.isnan(gain.value):
            p = exchange_test(measure, clusters, differs, permutations=permutations, seed=seed)
            found[name] = ScoreGain(*_values(measure, len(pairs)), gain, p)
    return found


def _of_calibration(pairs: Pairs, seed: int, resamples: int, permutations: int) -> dict[str, ScoreGain]:
    """``ece``, where both runs have confidences."""
    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    if not is_calibrated(first) or not is_calibrated(second):
        return {}
    said = [confidences_of(rows) for rows in (first, second)]
    right = [right_of(rows) for rows in (first, second)]
    clusters = [one.cluster for one in first]
    one, other = (Forecasts(c.tolist(), r.tolist()) for c, r in zip(said, right, strict=True))
    gain = calibration_gain(one, other, clusters, resamples=resamples, seed=seed)
    measure = partial(expected_calibration_error, np.concatenate(said), np.concatenate(right))
    differs = ((said[0] != said[1]) | (right[0] != right[1])).tolist()
    p = exchange_test(measure, clusters, differs, permutations=permutations, seed=seed)
    return {"ece": ScoreGain(*_values(measure, len(pairs)), gain, p)}


def _gain(measure: SampledStatistic, counts: npt.NDArray[np.int64]) -> Floats:
    """The second run's measure less the first's, of samples of the questions."""
    none = np.zeros_like(counts)
    gain: Floats = measure(np.hstack([none, counts])) - measure(np.hstack([counts, none]))
    return gain


def _values(measure: SampledStatistic, questions: int) -> tuple[float, float]:
    """The measure of the first run, and of the second."""
    first = np.repeat([1, 0], questions)[None]
    return float(measure(first)[0]), float(measure(1 - first)[0])
