"""Intervals of measures over questions that come in clusters: questions on one article are not independent."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, t

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Method = Literal["bootstrap", "mid-p", "basic"]
BOOTSTRAP: Final = "bootstrap"
"""The expanded percentile interval: see ``bootstrap``."""
MID_P: Final = "mid-p"
"""The interval of a share by the mid-p value, of the effective sample: see ``eval.bounded_mean``."""
BASIC: Final = "basic"
"""The basic bootstrap interval, widened for a bias: see ``eval.calibration_interval``."""
Statistic = Callable[[Ints], float]
"""A measure of some questions, given by their places; a place may be there several times."""
SampledStatistic = Callable[[Ints], Floats]
"""A measure of many samples at once, shape ``(samples,)``, given by how often each question is in each, shape
``(samples, questions)``."""

RESAMPLES = 2000
"""Of a mean, which is quick; of other measures half as many."""
FEW_ARTICLES = 20
"""Below so many articles an interval says how many there are: it rests on few."""
_AT_ONCE = 2_000_000
"""Of how many samples times questions a measure is taken at once."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure with its interval.

    Attributes:
        value: of all questions.
        low, high: the 95 % interval; NaN where there is only one article.
        n: how many questions it is a measure of.
        articles: on how many articles they are.
        method: how the interval was found.
    """

    value: float
    low: float
    high: float
    n: int
    articles: int
    method: Method = BOOTSTRAP


def places_by_cluster(clusters: Sequence[Hashable]) -> list[Ints]:
    """The places of each cluster's questions, clusters in the order of their first."""
    found: dict[Hashable, list[int]] = {}
    for place, cluster in enumerate(clusters):
        found.setdefault(cluster, []).append(place)
    return [np.array(places, dtype=np.int64) for places in found.values()]


def bootstrap(
    statistic: SampledStatistic,
    clusters: Sequence[Hashable],
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES // 2,
    seed: int = 0,
) -> Estimate:
    """A measure with its interval, by drawing whole clusters with replacement (Field and Welsh 2007).

    The interval is the expanded percentile interval (Hesterberg 2015, section 5.3): with k clusters the quantiles of
    the bootstrap distribution are taken at ``norm.cdf(±sqrt(k / (k - 1)) t(k - 1))``, which makes up for the sample's
    variance being too small by (k - 1) / k, and for not knowing it. Samples in which the measure is not defined, such
    as one without any unanswerable question, are left out.

    Args:
        statistic: the measure, taken of many samples at once; of one after the other with ``each_sample``.
        clusters: for each question what it belongs with, such as its article.
        level: the share of such intervals that hold the true value.
        resamples: how many samples are drawn.
        seed: fixes them.

    Raises:
        ValueError: there is no question.
    """
    if not clusters:
        raise ValueError("there is no question to measure")
    number_of: dict[Hashable, int] = {}
    of_question = np.array([number_of.setdefault(cluster, len(number_of)) for cluster in clusters], dtype=np.int64)
    value = float(statistic(np.ones((1, len(clusters)), dtype=np.int64))[0])
    count = len(number_of)
    if count == 1:
        return Estimate(value, math.nan, math.nan, len(clusters), count)
    drawn = np.random.default_rng(seed).integers(count, size=(resamples, count))
    # How often each cluster was drawn, and with it all of its questions.
    times = np.bincount((drawn + count * np.arange(resamples)[:, None]).ravel(), minlength=resamples * count)
    by_cluster = times.reshape(resamples, count)
    block = max(1, _AT_ONCE // len(clusters))
    samples = np.concatenate(
        [statistic(by_cluster[start : start + block][:, of_question]) for start in range(0, resamples, block)]
    )
    samples = samples[np.isfinite(samples)]
    if not len(samples):
        return Estimate(value, math.nan, math.nan, len(clusters), count)
    low, high = np.quantile(samples, expanded_quantiles(count, level))
    return Estimate(value, float(low), float(high), len(clusters), count)


def each_sample(statistic: Statistic) -> SampledStatistic:
    """A measure of one sample, taken of each in turn."""
    return lambda counts: np.array([statistic(np.repeat(np.arange(len(row), dtype=np.int64), row)) for row in counts])


def bootstrap_mean(
    values: Sequence[float], clusters: Sequence[Hashable], *, resamples: int = RESAMPLES, seed: int = 0
) -> Estimate:
    """``bootstrap`` of the mean; the same figures, from the clusters' sums alone, which takes a fraction of the
    time."""
    return bootstrap_ratio(values, [1.0] * len(values), clusters, resamples=resamples, seed=seed)


def bootstrap_ratio(
    parts: Sequence[float],
    wholes: Sequence[float],
    clusters: Sequence[Hashable],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """``bootstrap`` of one mean's share of another's, from the clusters' sums alone.

    Both are drawn together, so that what makes a cluster hard for both does not widen the interval. Samples whose
    wholes are all 0 are left out.

    Args:
        parts, wholes: for each question, such as its reciprocal rank in two rankings.
        clusters: for each question what it belongs with.

    Returns:
        A value of NaN where the wholes are all 0.

    Raises:
        ValueError: there is no question.
    """
    if not clusters:
        raise ValueError("there is no question to measure")
    part, whole = np.asarray(parts, dtype=np.float64), np.asarray(wholes, dtype=np.float64)
    groups = places_by_cluster(clusters)
    value = float(part.sum() / whole.sum()) if whole.any() else math.nan
    count = len(groups)
    if count == 1 or math.isnan(value):
        return Estimate(value, math.nan, math.nan, len(part), count)
    above = np.array([part[group].sum() for group in groups])
    below = np.array([whole[group].sum() for group in groups])
    drawn = np.random.default_rng(seed).integers(count, size=(resamples, count))
    sums, of = above[drawn].sum(axis=1), below[drawn].sum(axis=1)
    low, high = np.quantile(sums[of > 0] / of[of > 0], expanded_quantiles(count, 0.95))
    return Estimate(value, float(low), float(high), len(part), count)


def expanded_quantiles(clusters: int, level: float) -> tuple[float, float]:
    """At which quantiles of the bootstrap distribution the interval ends (Hesterberg 2015, section 5.3)."""
    reach = math.sqrt(clusters / (clusters - 1)) * float(t.ppf((1 + level) / 2, clusters - 1))
    return float(norm.cdf(-reach)), float(norm.cdf(reach))
