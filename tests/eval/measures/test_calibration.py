"""The calibration error, by hand and at its ends."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measures.calibration import binned_gaps, expected_calibration_error, reliability


def test_by_hand() -> None:
    """Two bins of two: .1 and .3 with one right, .8 and 1 with both right."""
    said, right = [0.8, 0.1, 1.0, 0.3], [True, False, True, True]
    low, high = reliability(said, right, bins=2)
    assert [low.confidence, high.confidence] == pytest.approx([0.2, 0.9])
    assert [low.accuracy, low.n, high.accuracy, high.n] == [0.5, 2, 1.0, 2]
    assert expected_calibration_error(said, right, bins=2) == pytest.approx((0.3 + 0.1) / 2)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_its_ends(said: list[float]) -> None:
    assert expected_calibration_error([1.0] * len(said), [False] * len(said)) == pytest.approx(1)
    assert expected_calibration_error([1.0] * len(said), [True] * len(said)) == pytest.approx(0)
    bins = reliability(said, [True] * len(said))
    assert sum(one.n for one in bins) == len(said)
    assert [one.confidence for one in bins] == sorted(one.confidence for one in bins)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
def test_the_gaps_sum_up_to_the_error(asked: list[tuple[float, bool]]) -> None:
    said, right = [one for one, _ in asked], [one for _, one in asked]
    error = float(np.abs(binned_gaps(said, right).mean(axis=0)).sum())
    assert error == pytest.approx(expected_calibration_error(said, right))


def test_without_questions() -> None:
    assert math.isnan(expected_calibration_error([], []))


def test_what_holds_is_found_small() -> None:
    chance = np.random.default_rng(3)
    said = chance.random(20_000)
    assert expected_calibration_error(said.tolist(), (chance.random(20_000) < said).tolist()) < 0.015
