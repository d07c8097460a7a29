"""How well a score tells the questions that are answered right from the others. Pure.

In all of them ``scores`` are confidences, larger is surer, and ``right`` says of each question whether its best answer
is
right: for a question without an answer it never is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The probability that a positive's score lies above a negative's, ties counting half (Hanley and McNeil 1982); NaN
    where either is missing."""
    above, below = np.asarray(positive, dtype=np.float64), np.sort(np.asarray(negative, dtype=np.float64))
    if not len(above) or not len(below):
        return float("nan")
    beaten = np.searchsorted(below, above, "left") + np.searchsorted(below, above, "right")
    return float(beaten.mean() / 2 / len(below))


@dataclass(frozen=True, slots=True, eq=False)
class RiskCoverage:
    """What is wrong among the answers, when only the surest questions are answered (El-Yaniv and Wiener 2010).

    Questions with equal scores are answered together or not at all.

    Attributes:
        coverage: the share of questions answered, rising, shape ``(points,)``.
        risk: the share of wrong answers among them, same shape.
    """

    coverage: Floats
    risk: Floats


def risk_coverage(scores: Sequence[float], right: Sequence[bool]) -> RiskCoverage:
    """The risk at every coverage that a threshold can give."""
    score, wrong = np.asarray(scores, dtype=np.float64), ~np.asarray(right, dtype=np.bool_)
    order = np.argsort(-score, kind="stable")
    falling = score[order]  # compared, not subtracted: two scores of -inf are equal, and their difference is NaN
    last_of_score = np.append(falling[1:] != falling[:-1], True) if len(score) else np.zeros(0, dtype=np.bool_)
    answered = np.arange(1, len(score) + 1, dtype=np.float64)
    risk = np.cumsum(wrong[order]) / answered if len(score) else np.zeros(0)
    return RiskCoverage(answered[last_of_score] / max(1, len(score)), risk[last_of_score])


def aurc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """The area under the risk-coverage curve: the mean over all questions of the risk at which each gets answered
    (Geifman and El-Yaniv 2017). Questions of equal score each get the expected risk over their orders.

    0 would be to answer no question wrongly; NaN without questions.
    """
    score, truth = np.asarray(scores, dtype=np.float64), np.asarray(right, dtype=np.bool_)
    if not len(score):
        return float("nan")
    _, tie, sizes = np.unique(-score, return_inverse=True, return_counts=True)
    wrong = np.bincount(tie, weights=~truth)
    answered_before, wrong_before = np.cumsum(sizes) - sizes, np.cumsum(wrong) - wrong
    of_place = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(1, len(score) + 1)
    within = place - answered_before[of_place]
    expected = wrong_before[of_place] + wrong[of_place] * within / sizes[of_place]
    return float((expected / place).mean())


def excess_aurc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """AURC less that of an oracle that answers all right ones first (E-AURC, Geifman et al. 2019)."""
    truth = np.asarray(right, dtype=np.bool_)
    return aurc(scores, right) - aurc(truth.astype(np.float64).tolist(), truth.tolist())


def coverage_at_accuracy(scores: Sequence[float], right: Sequence[bool], accuracy: float) -> float:
    """The largest share of questions that can be answered with at least so many of the answers right; 0 when none."""
    curve = risk_coverage(scores, right)
    enough = curve.risk <= 1 - accuracy + 1e-12
    return float(curve.coverage[enough].max(initial=0.0))
