"""The interval of a mean of values from 0 to 1, which holds near 0 and 1 and with few articles too."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.stats import beta, t

from eval.statistics import FEW_ARTICLES, MID_P, RESAMPLES, Estimate, bootstrap_mean, places_by_cluster

LEVEL = 0.95
FEW_CASES = 30
"""Of successes and of failures, in the effective sample: below so many the bootstrap's quantiles are not to be trusted.
In simulations of right and wrong answers the bootstrap held a truth of .9 to .95 too rarely with 10 to 30 of them
(`python -m eval.benchmarks.interval_coverage`)."""
WORST_CASE_WEIGHT = 0.5
"""How many articles the worst design effect counts for beside those that fail (or succeed) at all: half of one, as
Jeffreys' prior adds half a failure. Without it, .84 to .93 of the intervals held a truth of .95 to .99 on articles of
unlike difficulty: where one or two articles fail, the design effect cannot be told from them."""
_NOTHING = 1e-9
"""Fewer successes or failures than this are none."""


@dataclass(frozen=True, slots=True)
class EffectiveSample:
    """How many independent questions would tell as much.

    Attributes:
        value: the mean.
        size: the effective sample size; never above the number of questions.
    """

    value: float
    size: float

    @property
    def fewer_cases(self) -> float:
        """Of successes and failures in it, those of which there are fewer."""
        return self.size * min(self.value, 1 - self.value)


def bounded_mean(
    values: Sequence[float], clusters: Sequence[Hashable], *, resamples: int = RESAMPLES, seed: int = 0
) -> Estimate:
    """The mean of values that lie from 0 to 1, with its 95 % interval.

    With many articles and a mean well inside the scale it is ``bootstrap_mean``. With fewer than ``FEW_ARTICLES``
    articles, or fewer than ``FEW_CASES`` successes or failures in the effective sample, it is an interval of the
    effective sample (Korn and Graubard 1998) by the mid-p value: resampling cannot show what did not happen in the
    sample, and gives [1, 1] where all is right.

    Args:
        values: for each question, from 0 to 1.
        clusters: for each question what it belongs with, such as its article.
        resamples: how many samples the bootstrap draws.
        seed: fixes them.

    Returns:
        The value lies in the interval. Without an interval where there is only one article.

    Raises:
        ValueError: there is no question, or a value that does not lie from 0 to 1.
    """
    if not clusters:
        raise ValueError("there is no question to measure")
    given = np.asarray(values, dtype=np.float64)
    if not ((given >= 0) & (given <= 1)).all():
        raise ValueError("a value does not lie from 0 to 1")
    articles = len(set(clusters))
    sample = effective_sample(given, clusters)
    if articles >= FEW_ARTICLES and sample.fewer_cases >= FEW_CASES:
        found = bootstrap_mean(values, clusters, resamples=resamples, seed=seed)
        return replace(found, low=min(found.low, found.value), high=max(found.high, found.value))
    if articles == 1:
        return bootstrap_mean(values, clusters)
    low, high = mid_p(sample.value, sample.size)
    return Estimate(sample.value, low, high, len(given), articles, MID_P)


def effective_sample(values: npt.NDArray[np.float64], clusters: Sequence[Hashable]) -> EffectiveSample:
    """The effective sample of values from 0 to 1 (Korn and Graubard 1998, section 2).

    The size is the number of questions over the design effect, which is the variance of the mean over articles (Cochran
    1977, section 9A.1, as a ratio of the articles' sums to their sizes) as a multiple of ``p (1 - p) / n``; times
    ``(t(n - 1) / t(k - 1))²`` for k articles, since the variance rests on k - 1 degrees of freedom. The design effect
    is a mean of the estimate, weighted with the articles that fail or those that succeed, of which there are fewer, and
    of its largest value ``sum(m²) / n`` of articles with m questions that are right or wrong as a whole (Kish 1965,
    section 5.4), weighted with ``WORST_CASE_WEIGHT``.

    Where all values are 0, or all 1, nothing tells whether questions on an article agree: they count as one. So the
    lower end of a run without a failure may lie below that of a run with one.
    """
    groups = places_by_cluster(clusters)
    count, articles, mean = len(values), len(groups), float(values.mean())
    spread = mean * (1 - mean) / count  # 0 for values that all but vanish, too
    if articles == 1 or spread == 0:
        return EffectiveSample(mean, float(articles))
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    sums = np.array([values[group].sum() for group in groups])
    residuals = sums - mean * sizes
    variance = articles / (articles - 1) * float(residuals @ residuals) / count**2
    estimated = variance / spread
    worst = float(sizes @ sizes) / count
    seen = min(int(np.count_nonzero(sums)), sum(bool((values[group] < 1).any()) for group in groups))
    effect = (WORST_CASE_WEIGHT * worst + seen * estimated) / (WORST_CASE_WEIGHT + seen)
    upper = (1 + LEVEL) / 2
    degrees = float((t.ppf(upper, count - 1) / t.ppf(upper, articles - 1)) ** 2)
    return EffectiveSample(mean, min(float(count), count / effect) * degrees)


def mid_p(share: float, size: float) -> tuple[float, float]:
    """The 95 % interval of a share by the mid-p value, which counts half of the probability of what was seen (Lancaster
    1961; Berry and Armitage 1995): the exact test, inverted, without the excess that whole numbers force upon it.

    The binomial probabilities are those of the beta distribution, which a size that is no whole number has too (Korn
    and Graubard 1998).
    """
    successes, tail = share * size, (1 - LEVEL) / 2
    low = 0.0 if successes < _NOTHING else float(brentq(lambda p: _as_many(successes, size, p) - tail, 0, 1))
    failures = size - successes
    high = 1.0 if failures < _NOTHING else 1 - float(brentq(lambda p: _as_many(failures, size, p) - tail, 0, 1))
    return min(low, share), max(high, share)


def _as_many(successes: float, size: float, share: float) -> float:
    """The probability of more successes, and half of that of as many."""
    as_many = beta.cdf(share, successes, size - successes + 1)
    more = beta.cdf(share, successes + 1, size - successes) if size - successes >= _NOTHING else 0.0
    return float(as_many + more) / 2
