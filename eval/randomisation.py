"""Paired tests of two runs that exchange whole articles between them, and the correction for there being several."""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from eval.statistics import Floats, SampledStatistic, places_by_cluster

Bools = npt.NDArray[np.bool_]

PERMUTATIONS = 10_000
"""Of a mean, which is quick; of other measures half as many."""
EXACT_UP_TO = 13
"""With so many articles, all 2^13 = 8,192 ways of exchanging are gone through."""
_AT_ONCE = 2_000_000
"""How many signs, or samples times questions, are held at once."""
_EQUAL = 1e-9
"""Measures of the same questions in another order count as equal."""


def randomisation_test(
    differences: Sequence[float], clusters: Sequence[Hashable], *, permutations: int = PERMUTATIONS, seed: int = 0
) -> float:
    """The two-sided p-value of a mean difference of 0, by turning round the signs of whole clusters (Fisher 1935;
    Noreen 1989).

    If two runs are equally good, their results on an article could as well be exchanged. With few articles all ways of
    exchanging are gone through, else ``permutations`` are drawn, and the one at hand is counted among them (Phipson and
    Smyth 2010), so that p is never 0.

    Args:
        differences: one run's value less the other's, for each question.
        clusters: for each question what it belongs with.
        permutations: how many are drawn where there are too many to go through.
        seed: fixes them.

    Returns:
        1 where no article has a difference.
    """
    sums = np.array([np.asarray(differences, dtype=np.float64)[group].sum() for group in places_by_cluster(clusters)])
    sums = sums[sums != 0]  # exchanging an article without a difference changes nothing
    observed = abs(float(sums.sum())) * (1 - 1e-12)  # sums of the same numbers in another order count as equal
    extreme, gone_through = 0, 0
    for exchanged in _exchanges(len(sums), permutations, seed, max(1, _AT_ONCE // max(1, len(sums)))):
        turned = np.where(exchanged, -1.0, 1.0) @ sums
        extreme += int(np.count_nonzero(np.abs(turned) >= observed))
        gone_through += len(turned)
    return _p_value(extreme, gone_through, exact=len(sums) <= EXACT_UP_TO)


def exchange_test(
    measure: SampledStatistic,
    clusters: Sequence[Hashable],
    differs: Sequence[bool],
    *,
    permutations: int = PERMUTATIONS // 2,
    seed: int = 0,
) -> float:
    """The two-sided p-value of a difference of 0 in a measure that is no mean over questions, such as AUROC (Bandos,
    Rockette and Gur 2005, with articles in place of patients).

    As ``randomisation_test``, but the measure is taken anew of both runs after each exchange. Exchanges that leave it
    undefined for a run, such as AUROC where all is right, are left out: given that it is defined, the others remain as
    likely as each other.

    Args:
        measure: of samples of both runs' questions: the first run's, and behind them the second's in the same order.
        clusters: for each question of one run what it belongs with.
        differs: whether the runs differ on a question in anything that the measure is taken of.
        permutations: how many are drawn where there are too many to go through.
        seed: fixes them.

    Returns:
        1 where the runs differ on no question; NaN where the measure is not defined for both runs.
    """
    groups = [group for group in places_by_cluster(clusters) if any(differs[place] for place in group)]
    observed = _gains(measure, np.zeros((1, len(clusters)), dtype=np.bool_))[0]
    if math.isnan(observed):
        return math.nan
    extreme, gone_through = 0, 0
    for exchanged in _exchanges(len(groups), permutations, seed, max(1, _AT_ONCE // (2 * len(clusters)))):
        by_question = np.zeros((len(exchanged), len(clusters)), dtype=np.bool_)
        for number, group in enumerate(groups):
            by_question[:, group] = exchanged[:, number, None]
        gains = _gains(measure, by_question)
        gains = gains[np.isfinite(gains)]
        extreme += int(np.count_nonzero(np.abs(gains) >= abs(observed) - _EQUAL))
        gone_through += len(gains)
    return _p_value(extreme, gone_through, exact=len(groups) <= EXACT_UP_TO)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """p-values corrected for there being several, so that one false finding among all has the stated probability (Holm
    1979). A p-value that is NaN stays out of it."""
    tested = sorted((p, name) for name, p in p_values.items() if not math.isnan(p))
    corrected: dict[str, float] = dict.fromkeys(p_values, math.nan)
    largest = 0.0
    for rank, (p, name) in enumerate(tested):
        largest = max(largest, min(1.0, p * (len(tested) - rank)))
        corrected[name] = largest
    return corrected


def _gains(measure: SampledStatistic, exchanged: Bools) -> Floats:
    """The second run's measure less the first's after each exchange, which says of each question whether it was."""
    second = np.hstack([exchanged, ~exchanged]).astype(np.int64)
    gains: Floats = measure(second) - measure(1 - second)
    return gains


def _exchanges(articles: int, permutations: int, seed: int, at_once: int) -> Iterator[Bools]:
    """Ways of exchanging some of the articles, in blocks of shape ``(ways, articles)``: all of them, that of exchanging
    none included, where there are few articles, else so many drawn ones."""
    if articles <= EXACT_UP_TO:
        ways = np.array(list(itertools.product((False, True), repeat=articles)), dtype=np.bool_)
        for start in range(0, len(ways), at_once):
            yield ways[start : start + at_once]
        return
    chance = np.random.default_rng(seed)
    for start in range(0, permutations, at_once):
        yield chance.integers(2, size=(min(at_once, permutations - start), articles), dtype=np.bool_)


def _p_value(extreme: int, gone_through: int, *, exact: bool) -> float:
    return extreme / gone_through if exact else (1 + extreme) / (1 + gone_through)
