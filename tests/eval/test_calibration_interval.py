"""Intervals of the calibration error: its value, its scale, and by how often they hold the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.interval_coverage import READERS, Readers, coverage_of_scores
from eval.calibration_interval import Forecasts, calibration_error, calibration_gain
from eval.measures.calibration import expected_calibration_error

answers = st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.booleans(), st.integers(0, 4)), min_size=1)


@given(answers)
def test_the_value_is_the_measures_and_lies_in_the_interval(asked: list[tuple[float, bool, bool, int]]) -> None:
    said, first, second, articles = map(list, zip(*asked, strict=True))
    one, other = Forecasts(said, first), Forecasts(said, second)
    found = calibration_error(one, articles, resamples=20)
    gain = calibration_gain(one, other, articles, resamples=20)
    values = [expected_calibration_error(run.confidences, run.right) for run in (one, other)]
    assert found.value == pytest.approx(values[0])
    assert gain.value == pytest.approx(values[1] - values[0])
    if found.articles == 1:
        assert math.isnan(found.low)
        assert math.isnan(gain.high)
    else:
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert -1 <= gain.low <= gain.value <= gain.high <= 1


def test_a_calibrated_run_may_have_no_error_at_all() -> None:
    """A percentile interval lies wholly above 0, and often above its value."""
    chance = np.random.default_rng(1)
    said = chance.random(300)
    found = calibration_error(Forecasts(said.tolist(), (chance.random(300) < said).tolist()), list(range(300)))
    assert found.low == 0 < found.value < found.high


def test_where_all_gaps_are_known_it_is_the_basic_interval() -> None:
    """Always .9 said and half right: the error is .9 less the share that is right, and as uncertain as that is."""
    right = [True, False] * 500
    found = calibration_error(Forecasts([0.9] * 1000, right), list(range(1000)), bins=1, resamples=4000)
    assert found.value == pytest.approx(0.4)
    reach = 1.96 * math.sqrt(0.25 / 1000)
    assert (found.low, found.high) == pytest.approx((0.4 - reach, 0.4 + reach), abs=0.003)


def test_a_run_that_is_far_worse_calibrated_is_told_from_the_other() -> None:
    chance = np.random.default_rng(2)
    said = chance.beta(2, 1.2, size=400)
    right, articles = (chance.random(400) < said).tolist(), (np.arange(400) // 4).tolist()
    worse = Forecasts((1 - said).tolist(), right)
    gain = calibration_gain(Forecasts(said.tolist(), right), worse, articles)
    assert gain.low > 0.1


def test_the_same_run_twice_gains_nothing_for_sure() -> None:
    said = np.random.default_rng(0).random(60).tolist()
    run = Forecasts(said, [one > 0.3 for one in said])
    gain = calibration_gain(run, Forecasts(tuple(said), tuple(run.right)), [number // 6 for number in range(60)])
    assert (gain.value, gain.low, gain.high) == (0, 0, 0)


def test_nothing_to_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="no question"):
        calibration_error(Forecasts([], []), [])


@pytest.mark.slow
@pytest.mark.parametrize("articles", [50, 100])
@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.name)
def test_intervals_hold_the_truth_at_least_as_often_as_they_say(articles: int, reader: Readers) -> None:
    error, told_apart = coverage_of_scores(articles, reader, 200, seed=0)
    assert error.held >= 0.93
    assert told_apart.held >= 0.93
