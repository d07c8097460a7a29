"""Intervals of means from 0 to 1: by hand, at the ends of the scale, and by how often they hold the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import binom

from eval.benchmarks.interval_coverage import coverage_of_means
from eval.bounded_mean import bounded_mean, effective_sample, mid_p
from eval.statistics import BOOTSTRAP, MID_P, bootstrap_mean


def right_and_wrong(mean: float, articles: int, each: int, seed: int = 0) -> tuple[list[float], list[int]]:
    chance = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(articles), each)
    return (chance.random(len(clusters)) < mean).astype(float).tolist(), clusters.tolist()


def test_all_right_is_as_many_articles_and_not_as_many_questions() -> None:
    """Of 30 articles all right: half of p ** 30 is .025 at .05 ** (1 / 30)."""
    found = bounded_mean([1.0] * 90, [place % 30 for place in range(90)])
    assert (found.value, found.high, found.method) == (1.0, 1.0, MID_P)
    assert found.low == pytest.approx(0.05 ** (1 / 30))
    none = bounded_mean([0.0] * 90, [place % 30 for place in range(90)])
    assert (none.value, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1 - found.low)


def test_the_effective_sample_by_hand() -> None:
    """Four articles of two questions, .5 right. Where each is half right they agree less than by chance, and where each
    is right or wrong as a whole the variance over articles is 4/3 * 4 / 64 = 1/12, a design effect of 8/3. Half an
    article of four has the worst, 2. t(7) / t(3) is 2.3646 / 3.1824."""
    degrees = (2.364624 / 3.182446) ** 2
    apart = effective_sample(np.array([0.0, 1.0] * 4), [0, 0, 1, 1, 2, 2, 3, 3])
    assert apart.size == pytest.approx(8 * degrees, rel=1e-5)  # never above the number of questions
    whole = effective_sample(np.array([0.0, 0, 1, 1, 0, 0, 1, 1]), [0, 0, 1, 1, 2, 2, 3, 3])
    assert whole.size == pytest.approx(8 / ((0.5 * 2 + 2 * 8 / 3) / 2.5) * degrees, rel=1e-5)
    assert whole.fewer_cases == pytest.approx(whole.size / 2)


def test_mid_p_of_whole_numbers() -> None:
    """Eight of ten: at either end more than eight, or fewer, and half of eight itself are as rare as one in forty."""
    low, high = mid_p(0.8, 10)
    assert binom.sf(8, 10, low) + binom.pmf(8, 10, low) / 2 == pytest.approx(0.025, abs=1e-6)
    assert binom.cdf(7, 10, high) + binom.pmf(8, 10, high) / 2 == pytest.approx(0.025, abs=1e-6)
    below, above = mid_p(0.2, 10)
    assert (1 - above, 1 - below) == pytest.approx((low, high))


def test_in_the_middle_with_many_articles_it_is_the_bootstrap() -> None:
    values, clusters = right_and_wrong(0.5, 60, 6)
    assert bounded_mean(values, clusters, seed=3) == bootstrap_mean(values, clusters, seed=3)
    assert bounded_mean(values, clusters).method == BOOTSTRAP


@pytest.mark.parametrize(("mean", "articles", "each"), [(0.5, 19, 40), (0.97, 60, 6), (0.03, 60, 6)])
def test_with_few_articles_or_failures_or_successes_it_is_not(mean: float, articles: int, each: int) -> None:
    assert bounded_mean(*right_and_wrong(mean, articles, each)).method == MID_P


@given(st.lists(st.tuples(st.floats(0, 1) | st.sampled_from([0.0, 1.0]), st.integers(0, 5)), min_size=1))
@example([(0.0, 0), (5e-324, 1)])  # the smallest number there is
def test_the_value_lies_in_its_interval_and_this_on_the_scale(answers: list[tuple[float, int]]) -> None:
    found = bounded_mean([value for value, _ in answers], [article for _, article in answers], resamples=20)
    if found.articles == 1:
        assert math.isnan(found.low)
    else:
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert found.low < found.high


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2))
def test_right_and_wrong_are_mirror_images(answers: list[tuple[bool, int]]) -> None:
    articles = [article for _, article in answers]
    one = bounded_mean([float(right) for right, _ in answers], articles)
    other = bounded_mean([float(not right) for right, _ in answers], articles)
    if one.articles > 1:
        assert (1 - one.high, 1 - one.low) == pytest.approx((other.low, other.high))


def test_what_is_no_such_mean_is_refused() -> None:
    with pytest.raises(ValueError, match="no question"):
        bounded_mean([], [])
    for value in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="does not lie from 0 to 1"):
            bounded_mean([0.5, value], ["a", "b"])


@pytest.mark.slow
@pytest.mark.parametrize("articles", [50, 100])
@pytest.mark.parametrize("mean", [0.5, 0.8, 0.95, 0.99])
def test_intervals_hold_the_truth_as_often_as_they_say(articles: int, mean: float) -> None:
    """Near the end of the scale more often: there an interval is rather too wide."""
    held = coverage_of_means(articles, mean, 1000, seed=11).held
    assert held >= 0.93
    assert held <= (0.97 if mean <= 0.8 else 0.975 if mean <= 0.95 else 1)


@pytest.mark.slow
@pytest.mark.parametrize("articles", [2, 8])
def test_with_few_articles_they_are_rather_too_wide(articles: int) -> None:
    """Of the bootstrap's intervals on 8 articles some 93 % hold a mean of .5, and on 2 articles 60 %."""
    assert coverage_of_means(articles, 0.5, 1000, seed=11).held >= 0.93
