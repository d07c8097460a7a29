"""Measures of many samples at once are those of each sample by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measures import abstention, calibration, resampled
from eval.statistics import SampledStatistic, Statistic, bootstrap, each_sample

Questions = list[tuple[float, bool, int]]
questions = st.lists(
    st.tuples(st.sampled_from([-np.inf, 0.0, 0.25, 0.5, 0.9]) | st.floats(0, 1), st.booleans(), st.integers(0, 3)),
    min_size=1,
    max_size=25,
)


def both(asked: Questions) -> list[tuple[str, SampledStatistic, Statistic]]:
    """Each measure by its name: of all samples at once, and of the places of one."""
    score: Any = np.array([one for one, _, _ in asked])
    right: Any = np.array([one for _, one, _ in asked])

    sure = np.clip(score, 0, 1)  # the calibration error is of confidences

    def said(places: Any) -> float:
        return calibration.expected_calibration_error(sure[places].tolist(), right[places].tolist())

    def told_apart(places: Any) -> float:
        return abstention.auroc(score[places][right[places]], score[places][~right[places]])

    def alone(measure: Callable[..., float], *more: float) -> Statistic:
        return lambda places: measure(score[places], right[places], *more)

    return [
        ("auroc", partial(resampled.auroc, score, right), told_apart),
        ("aurc", partial(resampled.aurc, score, right), alone(abstention.aurc)),
        ("ece", partial(resampled.expected_calibration_error, sure, right), said),
        ("excess_aurc", partial(resampled.excess_aurc, score, right), alone(abstention.excess_aurc)),
        *(
            (
                f"coverage at {accuracy}",
                partial(resampled.coverage_at_accuracy, score, right, accuracy),
                alone(abstention.coverage_at_accuracy, accuracy),
            )
            for accuracy in (0.5, 0.8, 1.0)
        ),
    ]


@given(questions, st.randoms(use_true_random=False))
def test_a_sample_measures_as_its_questions_do(asked: Questions, chance: np.random.Generator) -> None:
    drawn = [[chance.randint(0, 3) for _ in asked] for _ in range(4)]  # type: ignore[attr-defined]
    counts = np.array([[count for _, _, count in asked], *drawn, [1] * len(asked)], dtype=np.int64)
    counts = counts[counts.sum(axis=1) > 0]
    for name, at_once, alone in both(asked):
        np.testing.assert_allclose(at_once(counts), each_sample(alone)(counts), atol=1e-12, err_msg=name)


@pytest.mark.parametrize("name", ["auroc", "aurc", "excess_aurc", "ece"])
def test_the_intervals_are_the_same(name: str) -> None:
    chance = np.random.default_rng(3)
    asked = [(float(one), bool(one > chance.random()), 0) for one in chance.random(80).round(1)]
    clusters = chance.integers(9, size=80).tolist()
    measures = {each: (at_once, alone) for each, at_once, alone in both(asked)}
    at_once, alone = measures[name]
    fast, slow = bootstrap(at_once, clusters), bootstrap(each_sample(alone), clusters)
    assert (fast.value, fast.low, fast.high) == pytest.approx((slow.value, slow.low, slow.high), abs=1e-12)
    assert (fast.n, fast.articles) == (80, len(set(clusters)))
