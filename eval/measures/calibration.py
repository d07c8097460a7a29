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


def binned_gaps(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> Floats:
    """What each question adds to its bin's gap between what was said and what was right, shape ``(questions, bins)``:
    the distances of the columns' means sum up to the expected calibration error."""
    said, true = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)
    gaps = np.zeros((len(said), bins))
    sizes = _sizes(len(said), bins)
    order = np.argsort(said, kind="stable")
    gaps[order, np.repeat(np.arange(len(sizes)), sizes)] = (said - true)[order]
    return gaps


def _binned(confidences: Sequence[float], right: Sequence[bool], bins: int) -> tuple[Floats, Floats]:
    """The sums of confidence and truth in each bin, shape ``(bins, 2)``, and the bins' sizes."""
    rows = np.column_stack([np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)])
    sizes = _sizes(len(rows), bins)
    if not len(sizes):
        return np.zeros((0, 2)), np.zeros(0)
    ordered = rows[np.argsort(rows[:, 0], kind="stable")]
    return np.add.reduceat(ordered, np.cumsum(sizes) - sizes), sizes.astype(np.float64)


def _sizes(questions: int, bins: int) -> npt.NDArray[np.int64]:
    """How many questions each bin holds: as many as the others, or one more."""
    count = min(bins, questions)
    if not count:
        return np.zeros(0, dtype=np.int64)
    small, larger = divmod(questions, count)
    return np.full(count, small, dtype=np.int64) + (np.arange(count) < larger)
