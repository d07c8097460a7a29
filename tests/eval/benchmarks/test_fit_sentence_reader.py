"""The fit finds the weights that made the data."""

from __future__ import annotations

import numpy as np
import pytest

from eval.benchmarks.fit_sentence_reader import Asked, fit


def simulated(weights: list[float], intercept: float, questions: int) -> list[Asked]:
    """Questions whose right sentence, or none, is drawn with the model's own probabilities."""
    random = np.random.default_rng(0)
    asked = []
    for _ in range(questions):
        evidence = random.normal(size=(random.integers(1, 8), len(weights))) * [1.0, 3.0] + [0.0, 5.0]
        odds = np.exp(evidence @ weights + intercept)
        drawn = random.choice(len(odds) + 1, p=np.append(odds, 1.0) / (1.0 + odds.sum()))
        asked.append(Asked("simulated", False, evidence, np.arange(len(odds)) == drawn))
    return asked


def test_it_finds_the_weights_that_made_the_data() -> None:
    fitted = fit(simulated([1.5, -0.5], 2.0, 4_000), penalty=0.0)
    assert fitted.weights == pytest.approx([1.5, -0.5], abs=0.15)
    assert fitted.intercept == pytest.approx(2.0, abs=0.4)


def test_a_penalty_makes_the_weights_smaller() -> None:
    asked = simulated([1.5, -0.5], 2.0, 500)
    free, penalised = fit(asked, penalty=0.0), fit(asked, penalty=1.0)
    assert np.all(np.abs(penalised.weights) < np.abs(free.weights))


def test_several_right_sentences_count_together() -> None:
    """With two equal sentences both right, no weight on anything is better than sure of an answer: the odds grow."""
    both = [Asked("twice", False, np.ones((2, 1)), np.array([True, True]))] * 20
    neither = [Asked("none", False, np.zeros((2, 1)), np.array([False, False]))] * 20
    fitted = fit([*both, *neither])
    assert fitted.scores(np.ones((1, 1)))[0] > 0 > fitted.scores(np.zeros((1, 1)))[0]
