"""Intervals by resampling: by hand, and against going the long way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from eval.statistics import (
    RESAMPLES,
    bootstrap,
    bootstrap_mean,
    bootstrap_ratio,
    each_sample,
    expanded_quantiles,
    places_by_cluster,
)


def clustered(chance: np.random.Generator, clusters: int) -> tuple[list[float], list[int]]:
    """Right or wrong answers on articles, some of which are harder than others; their true mean is .6."""
    values, of = [], []
    for cluster in range(clusters):
        hardness = chance.beta(3, 2)
        for _ in range(int(chance.integers(5, 40))):
            values.append(float(chance.random() < hardness))
            of.append(cluster)
    return values, of


def test_one_article_gives_no_interval() -> None:
    found = bootstrap_mean([0.0, 1.0, 1.0], ["a", "a", "a"])
    assert found.value == pytest.approx(2 / 3)
    assert (found.n, found.articles) == (3, 1)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert math.isnan(bootstrap(each_sample(lambda places: 1.0), ["a", "a"]).low)


def test_nothing_to_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="no question"):
        bootstrap_mean([], [])
    with pytest.raises(ValueError, match="no question"):
        bootstrap(each_sample(lambda places: 1.0), [])


def test_the_mean_by_sums_is_the_mean_by_places() -> None:
    values, of = clustered(np.random.default_rng(2), 12)
    given_values = np.array(values)
    slow = bootstrap(each_sample(lambda places: float(given_values[places].mean())), of, resamples=RESAMPLES)
    fast = bootstrap_mean(values, of)
    assert (fast.value, fast.low, fast.high) == pytest.approx((slow.value, slow.low, slow.high))
    assert (fast.n, fast.articles) == (slow.n, slow.articles) == (len(values), 12)


def test_the_share_of_a_mean_is_the_share_by_places() -> None:
    chance = np.random.default_rng(3)
    wholes, of = clustered(chance, 12)
    parts = chance.random(len(wholes)) * wholes
    above, below = np.array(parts), np.array(wholes)
    slow = bootstrap(
        each_sample(lambda places: float(above[places].mean() / below[places].mean())), of, resamples=RESAMPLES
    )
    fast = bootstrap_ratio(parts.tolist(), wholes, of)
    assert (fast.value, fast.low, fast.high) == pytest.approx((slow.value, slow.low, slow.high))
    assert (fast.n, fast.articles) == (len(wholes), 12)


def test_both_means_of_a_share_are_drawn_together() -> None:
    """Half of what is there, however much that is: the articles differ, and the share does not."""
    wholes, of = clustered(np.random.default_rng(4), 12)
    found = bootstrap_ratio([one / 2 for one in wholes], wholes, of)
    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)


def test_a_share_of_nothing_is_not_defined() -> None:
    none = bootstrap_ratio([0.0, 1.0], [0.0, 0.0], ["a", "b"])
    assert math.isnan(none.value)
    assert math.isnan(none.low)
    some = bootstrap_ratio([0.0, 1.0], [0.0, 2.0], ["a", "b"])  # one sample in four has wholes of 0, and is left out
    assert (some.value, some.low, some.high) == (0.5, 0.5, 0.5)
    assert math.isnan(bootstrap_ratio([1.0], [2.0], ["a"]).low)
    with pytest.raises(ValueError, match="no question"):
        bootstrap_ratio([], [], [])


def test_articles_are_drawn_whole() -> None:
    """Each article is all right or all wrong: its questions tell no more than one of them would."""
    few = bootstrap_mean([0.0, 1.0] * 5, list(range(10)))
    many = bootstrap_mean(
        [value for value in [0.0, 1.0] * 5 for _ in range(30)], [n for n in range(10) for _ in range(30)]
    )
    assert (few.low, few.high) == (many.low, many.high)
    apart = bootstrap_mean([value for value in [0.0, 1.0] * 5 for _ in range(30)], list(range(300)))
    assert apart.high - apart.low < 0.5 * (many.high - many.low)


def test_samples_in_which_a_measure_is_not_defined_are_left_out() -> None:
    found = bootstrap(each_sample(lambda places: float("nan") if 0 not in places else 0.25), list(range(6)))
    assert (found.low, found.high) == (0.25, 0.25)
    assert math.isnan(bootstrap(each_sample(lambda places: float("nan")), [1, 2, 3]).low)


def test_the_seed_fixes_it() -> None:
    values, of = clustered(np.random.default_rng(5), 9)
    assert bootstrap_mean(values, of, seed=3) == bootstrap_mean(values, of, seed=3)
    assert bootstrap_mean(values, of, seed=3) != bootstrap_mean(values, of, seed=4)


def test_quantiles_widen_with_fewer_articles() -> None:
    """For very many the usual 2.5 % and 97.5 %; for 8, t(7) = 2.365 and sqrt(8 / 7) give norm.cdf(-2.528) = 0.57 %."""
    assert expanded_quantiles(100_000, 0.95) == pytest.approx((0.025, 0.975), abs=1e-4)
    assert expanded_quantiles(8, 0.95) == pytest.approx((0.00573, 0.99427), abs=1e-4)


def test_places_by_cluster() -> None:
    assert [places.tolist() for places in places_by_cluster(["b", "a", "b", "c", "a"])] == [[0, 2], [1, 4], [3]]
