"""The fits find the weights that made the data, and agree with a library's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from qa.training.logit import conditional_logit, logistic


def test_logistic_agrees_with_scikit_learn() -> None:
    chance = np.random.default_rng(1)
    inputs = chance.normal(size=(800, 3)) * [1.0, 5.0, 0.1] + [0.0, 3.0, 0.0]
    right = chance.random(800) < 1 / (1 + np.exp(-(inputs @ [1.0, -0.4, 6.0] + 1)))
    counts = chance.choice([0.5, 1.0], size=800)
    ours = logistic(inputs, right, counts, penalty=0.0)
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=5000).fit(inputs, right, sample_weight=counts)
    assert ours.weights == pytest.approx(theirs.coef_[0], rel=2e-3)
    assert ours.intercept == pytest.approx(theirs.intercept_[0], rel=2e-3, abs=2e-3)


def test_a_conditional_logit_finds_the_weights_that_chose() -> None:
    chance = np.random.default_rng(2)
    weights, intercept = np.array([1.5, -0.7]), -1.0
    inputs, right = [], []
    for _ in range(4000):
        rows = chance.normal(size=(chance.integers(1, 8), 2))
        odds = np.exp(np.concatenate([[0.0], rows @ weights + intercept]))
        chosen = chance.choice(len(odds), p=odds / odds.sum())
        inputs.append(rows)
        right.append(np.arange(1, len(odds)) == chosen)
    found = conditional_logit(inputs, right, penalty=0.0)
    assert found.weights == pytest.approx(weights, abs=0.12)
    assert found.intercept == pytest.approx(intercept, abs=0.12)


def test_a_penalty_shrinks() -> None:
    rows = [np.array([[float(i % 3)]]) for i in range(60)]
    right = [np.array([i % 3 == 2]) for i in range(60)]
    strong, weak = (abs(conditional_logit(rows, right, penalty).weights[0]) for penalty in (1.0, 1e-3))
    assert strong < weak


def test_a_weight_keeps_the_sign_that_is_known() -> None:
    chance = np.random.default_rng(3)
    inputs = chance.normal(size=(500, 3))
    right = inputs @ [1.0, -1.0, 0.5] + chance.normal(size=500) > 0
    counts = np.ones(500)
    free = logistic(inputs, right, counts, penalty=1e-3)
    held = logistic(inputs, right, counts, penalty=1e-3, signs=[1, 1, 0])
    assert free.weights[1] < -0.5
    assert held.weights[1] == 0
    assert held.weights[0] > 0.5
    assert held.weights[2] > 0.2
    assert logistic(inputs, right, counts, penalty=1e-3, signs=[1, -1, 1]).weights == pytest.approx(
        free.weights, rel=1e-3
    )
