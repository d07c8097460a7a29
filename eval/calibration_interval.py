"""The interval of the expected calibration error, which resampling alone gets wrong.

The error is a sum of distances, and chance makes distances larger: the error of a sample lies above that of all
questions, and the error of a resample above both, so that a percentile interval may lie above its own value. Where
``g`` are the bins' true gaps between what was said and what was right, and ``h`` what chance adds, the error of the
estimate lies, distances being convex, between two sums over the bins that resampling does give:

    sum(sign(g) h)  <=  sum(|g + h|) - sum(|g|)  <=  sum(sign(g) h where g is known to be no 0, else |h|)

The interval takes its upper end from the first and its lower end from the second. So it holds whether the confidences
are calibrated (``g = 0``) or not; where all gaps are far from 0 it is the basic bootstrap interval (Davison and Hinkley
1997, section 5.2). That a gap is no 0 is decided as Fang and Santos (2019) do for functions with such a bend.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from eval.measures.calibration import BINS, binned_gaps
from eval.statistics import BASIC, RESAMPLES, Estimate, expanded_quantiles, places_by_cluster

Floats = npt.NDArray[np.float64]

LEVEL = 0.95
KNOWN_FROM = 2.5
"""From so many standard errors on a bin's gap is no 0; nearer, it may be. Of ten bins without a gap, one is taken to
have one in 12 of 100 samples; from 2 on it would be in 37, and fewer of the intervals of calibrated runs would hold."""


@dataclass(frozen=True, slots=True)
class Forecasts:
    """What a run said and what came of it, question by question.

    Attributes:
        confidences: from 0 to 1.
        right: whether the best answer was.
    """

    confidences: Sequence[float]
    right: Sequence[bool]


def calibration_error(
    forecasts: Forecasts,
    clusters: Sequence[Hashable],
    *,
    bins: int = BINS,
    resamples: int = RESAMPLES // 2,
    seed: int = 0,
) -> Estimate:
    """``expected_calibration_error`` with its 95 % interval over articles.

    Args:
        forecasts: of one run.
        clusters: for each question what it belongs with, such as its article.
        bins: of equal mass.
        resamples: how many samples are drawn.
        seed: fixes them.

    Returns:
        The value lies in the interval, and this from 0 to 1. Without an interval where there is only one article.

    Raises:
        ValueError: there is no question.
    """
    chance = _chance([forecasts], clusters, bins, resamples, seed)
    value = float(np.abs(chance.gaps[0]).sum())
    found = _estimate(value, chance.least[0], chance.most[0], clusters)
    return found if math.isnan(found.low) else _clipped(found, 0.0, 1.0)


def calibration_gain(
    first: Forecasts,
    second: Forecasts,
    clusters: Sequence[Hashable],
    *,
    bins: int = BINS,
    resamples: int = RESAMPLES // 2,
    seed: int = 0,
) -> Estimate:
    """The second run's ``expected_calibration_error`` less the first's, of the same questions, with its 95 % interval
    over articles: both are drawn together.

    Args:
        first, second: of the same questions, in the same order.
        clusters: for each question what it belongs with.

    Returns:
        As ``calibration_error``, from -1 to 1.

    Raises:
        ValueError: there is no question.
    """
    chance = _chance([first, second], clusters, bins, resamples, seed)
    value = float(np.abs(chance.gaps[1]).sum() - np.abs(chance.gaps[0]).sum())
    least, most = chance.least[1] - chance.most[0], chance.most[1] - chance.least[0]
    found = _estimate(value, least, most, clusters)
    if math.isnan(found.low):
        return found
    if _said(first) == _said(second):  # whatever is drawn, the two errors are the same
        return replace(found, low=0.0, high=0.0)
    return _clipped(found, -1.0, 1.0)


def _said(forecasts: Forecasts) -> tuple[list[float], list[bool]]:
    return list(forecasts.confidences), list(forecasts.right)


@dataclass(frozen=True, slots=True, eq=False)
class _Chance:
    """What chance adds to the errors of some runs.

    Attributes:
        gaps: of each run's bins, as shares of all questions, shape ``(runs, bins)``.
        least, most: the two bounds of what a sample adds to the sum of distances, shape ``(runs, samples)``.
    """

    gaps: Floats
    least: Floats
    most: Floats


def _chance(runs: Sequence[Forecasts], clusters: Sequence[Hashable], bins: int, resamples: int, seed: int) -> _Chance:
    if not clusters:
        raise ValueError("there is no question to measure")
    # Bins stay those of the sample at hand: a gap is then a mean over questions, which resampling does not bias.
    by_question = np.stack([binned_gaps(run.confidences, run.right, bins) for run in runs], axis=1)
    groups = places_by_cluster(clusters)
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    sums = np.array([by_question[group].sum(axis=0) for group in groups])
    count = len(groups)
    times = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=resamples)
    gaps: Floats = by_question.mean(axis=0)
    drawn = np.tensordot(times.astype(np.float64), sums, axes=1) / (times @ sizes)[:, None, None]
    added = drawn - gaps
    along: Floats = np.sign(gaps) * added
    known = np.abs(gaps) > KNOWN_FROM * added.std(axis=0)
    at_most = np.where(known, along, np.abs(added))
    return _Chance(gaps, along.sum(axis=2).T, at_most.sum(axis=2).T)


def _estimate(value: float, least: Floats, most: Floats, clusters: Sequence[Hashable]) -> Estimate:
    count = len(set(clusters))
    if count == 1:
        return Estimate(value, math.nan, math.nan, len(clusters), count)
    lower, upper = expanded_quantiles(count, LEVEL)
    low, high = value - float(np.quantile(most, upper)), value - float(np.quantile(least, lower))
    return Estimate(value, low, high, len(clusters), count, BASIC)


def _clipped(found: Estimate, lowest: float, highest: float) -> Estimate:
    """The interval within the scale, and with its value."""
    low, high = min(max(found.low, lowest), found.value), max(min(found.high, highest), found.value)
    return Estimate(found.value, low, high, found.n, found.articles, found.method)
