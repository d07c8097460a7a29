"""Fits the two small models that stand behind a reader: which span answers, and whether the best one is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights, one for each input, and the intercept."""

    weights: Floats
    intercept: float

    def scores(self, inputs: Floats) -> Floats:
        return inputs @ self.weights + self.intercept


def conditional_logit(inputs: Sequence[Floats], right: Sequence[Bools], penalty: float) -> Weights:
    """Fit a conditional logit (McFadden 1974) with one more alternative, "no answer", of score 0.

    Of a question's alternatives, i is right with probability ``exp(s_i) / (1 + sum of exp(s_j))``, where ``s`` is the
    intercept plus the weighted inputs, and none is right with the rest. What is maximised is the mean log probability
    of what is true, less ``penalty`` times the squared weights of the standardised inputs.

    Args:
        inputs: for each question shape ``(alternatives, inputs)``; one alternative at least.
        right: for each question which alternatives are right, shape ``(alternatives,)``; none when it has no answer.
    """
    stacked, truth = np.concatenate(inputs), np.concatenate(right)
    starts = np.cumsum([0, *(len(one) for one in right[:-1])])
    group = np.repeat(np.arange(len(right)), [len(one) for one in right])
    answerable = np.logical_or.reduceat(truth, starts)
    mean, deviation = stacked.mean(axis=0), stacked.std(axis=0) + 1e-9
    standardised = np.hstack([(stacked - mean) / deviation, np.ones((len(stacked), 1))])

    def loss(parameters: Floats) -> tuple[float, Floats]:
        scores = standardised @ parameters
        all_scores = np.logaddexp(0.0, np.logaddexp.reduceat(scores, starts))
        right_scores = np.logaddexp.reduceat(np.where(truth, scores, -np.inf), starts)
        true_scores = np.where(answerable, right_scores, 0.0)
        share = np.exp(scores - all_scores[group])
        share_of_right = np.where(truth, np.exp(scores - true_scores[group]), 0.0)
        gradient = standardised.T @ (share - share_of_right) / len(right)
        weights = np.append(parameters[:-1], 0.0)
        return float(np.mean(all_scores - true_scores) + penalty * weights @ weights), gradient + 2 * penalty * weights

    return _fitted(loss, mean, deviation)


def logistic(
    inputs: Floats, right: Bools, weight: Floats, penalty: float, signs: Sequence[int] | None = None
) -> Weights:
    """Fit a logistic regression.

    Args:
        inputs: shape ``(examples, inputs)``.
        right: shape ``(examples,)``.
        weight: what each example counts, shape ``(examples,)``.
        penalty: times the squared weights of the standardised inputs.
        signs: for each input 1 where more of it can only speak for being right, -1 where it can only speak against it,
            and 0 where nobody knows; None for no input known.
    """
    mean, deviation = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9
    standardised = np.hstack([(inputs - mean) / deviation, np.ones((len(inputs), 1))])
    share = weight / weight.sum()

    def loss(parameters: Floats) -> tuple[float, Floats]:
        scores = standardised @ parameters
        errors = np.logaddexp(0.0, scores) - np.where(right, scores, 0.0)
        gradient = standardised.T @ (share * (1 / (1 + np.exp(-scores)) - right))
        weights = np.append(parameters[:-1], 0.0)
        return float(share @ errors + penalty * weights @ weights), gradient + 2 * penalty * weights

    return _fitted(loss, mean, deviation, signs)


def _fitted(loss: object, mean: Floats, deviation: Floats, signs: Sequence[int] | None = None) -> Weights:
    sides = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
    bounds = [sides[sign] for sign in (*(signs or [0] * len(mean)), 0)]
    start, options = np.zeros(len(mean) + 1), {"maxiter": 1000}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    weights = found.x[:-1] / deviation
    return Weights(weights, float(found.x[-1] - weights @ mean))
