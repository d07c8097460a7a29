"""Whether a confidence of 80 % is right 80 % of the time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Some of the questions, of like confidence.

    Attributes:
        confidence: the mean that was said.
        accuracy: the share that was right.
        n: how many questions.
    """

    confidence: float
    accuracy: float
    n: int


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[ReliabilityBin]:
    """The reliability diagram's bins, of equal mass, by rising confidence (Nguyen and O'Connor 2015). With fewer
    questions than bins, each question is a bin."""
    sums, sizes = _binned(confidences, right, bins)
    return [
        ReliabilityBin(float(said / size), float(true / size), int(size))
        for (said, true), size in zip(sums, sizes, strict=True)
    ]


def expected_calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float:
    """The mean distance between what was said and what was right, over bins of equal mass (Naeini et al. 2015 with the
    bins of Nguyen and O'Connor 2015); NaN without questions."""
    if not len(confidences):
        return float("nan")
    sums, sizes = _binned(confidences, right, bins)
    return float(np.abs(sums[:, 0] - sums[:, 1]).sum() / sizes.sum())


def _binned(confidences: Sequence[float], right: Sequence[bool], bins: int) -> tuple[Floats, Floats]:
    """The sums of confidence and truth in each bin, shape ``(bins, 2)``, and the bins' sizes."""
    rows = np.column_stack([np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)])
    count = min(bins, len(rows))
    if not count:
        return np.zeros((0, 2)), np.zeros(0)
    small, larger = divmod(len(rows), count)
    sizes = np.full(count, small) + (np.arange(count) < larger)
    ordered = rows[np.argsort(rows[:, 0], kind="stable")]
    return np.add.reduceat(ordered, np.cumsum(sizes) - sizes), sizes.astype(np.float64)
