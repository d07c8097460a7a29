"""The measures of ``eval.measures.abstention``, and the calibration error, for many samples at once. Pure.

A sample is told by how often it holds each question, so that the questions are sorted once for all samples and not anew
for each. In all of them ``scores``, ``right`` and ``positive`` have shape ``(questions,)``, ``counts`` has shape
``(samples, questions)``, and what is returned ``(samples,)``: what the function of the same name there gives for the
questions of each sample.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from eval.measures.calibration import BINS

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def auroc(scores: Floats, positive: Bools, counts: Ints) -> Floats:
    """See ``eval.measures.abstention.auroc``: every question counts as a positive or as a negative."""
    order, starts = _ties(scores)
    above = _of_ties(counts, order, starts, positive)
    below = _of_ties(counts, order, starts, ~positive)
    beaten = below.sum(axis=1, keepdims=True) - np.cumsum(below, axis=1) + below / 2
    pairs = above.sum(axis=1) * below.sum(axis=1)
    return _shares((above * beaten).sum(axis=1), pairs)


def aurc(scores: Floats, right: Bools, counts: Ints) -> Floats:
    """See ``eval.measures.abstention.aurc``.

    Of m questions of equal score, w of them wrong, behind n others with v wrong, the k-th has the expected risk
    ``(v + w k / m) / (n + k)``; summed over k that is ``w + (v - w n / m) (H(n + m) - H(n))``, H the harmonic numbers.
    """
    order, starts = _ties(scores)
    size = _of_ties(counts, order, starts, np.ones_like(right))
    wrong = _of_ties(counts, order, starts, ~right)
    behind, wrong_before = np.cumsum(size, axis=1), np.cumsum(wrong, axis=1) - wrong
    before = behind - size
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, int(behind.max(initial=0)) + 1))])
    share = wrong / np.maximum(size, 1)
    passed = harmonic[behind.astype(np.int64)] - harmonic[before.astype(np.int64)]
    return _shares((wrong + (wrong_before - share * before) * passed).sum(axis=1), size.sum(axis=1))


def excess_aurc(scores: Floats, right: Bools, counts: Ints) -> Floats:
    """See ``eval.measures.abstention.excess_aurc``."""
    return aurc(scores, right, counts) - aurc(right.astype(np.float64), right, counts)


def coverage_at_accuracy(scores: Floats, right: Bools, accuracy: float, counts: Ints) -> Floats:
    """See ``eval.measures.abstention.coverage_at_accuracy``."""
    order, starts = _ties(scores)
    answered = np.cumsum(_of_ties(counts, order, starts, np.ones_like(right)), axis=1)
    wrong = np.cumsum(_of_ties(counts, order, starts, ~right), axis=1)
    enough = wrong <= (1 - accuracy + 1e-12) * answered
    return _shares(np.where(enough, answered, 0.0).max(axis=1, initial=0.0), answered[:, -1:].sum(axis=1))


def expected_calibration_error(confidences: Floats, right: Bools, counts: Ints) -> Floats:
    """See ``eval.measures.calibration.expected_calibration_error``.

    Along the questions by rising confidence, the sum of the gaps between what was said and what was right grows from
    bin to bin: a bin that ends among a question's copies has its part of them.
    """
    order = np.argsort(confidences, kind="stable")
    times, gap = counts[:, order], (confidences - right)[order]
    behind, summed = np.cumsum(times, axis=1), np.cumsum(times * gap, axis=1)
    sizes = behind[:, -1:].sum(axis=1)
    bins = np.minimum(BINS, sizes)
    small, larger = np.divmod(sizes, np.maximum(bins, 1))
    found, before = np.zeros(len(counts)), np.zeros(len(counts))
    rows = np.arange(len(counts))
    for number in range(1, BINS + 1):
        end = np.minimum(number, bins) * small + np.minimum(number, larger)
        place = np.minimum((behind < end[:, None]).sum(axis=1), max(0, len(gap) - 1))
        upto = summed[rows, place] - (behind[rows, place] - end) * gap[place] if len(gap) else before
        found += np.abs(upto - before)
        before = upto
    return _shares(found, sizes.astype(np.float64))


def _ties(scores: Floats) -> tuple[Ints, Ints]:
    """The questions' places by falling score, and where in that order each score begins."""
    order = np.argsort(-scores, kind="stable")
    falling = scores[order]
    return order, np.flatnonzero(np.append(True, falling[1:] != falling[:-1])[: len(scores)])


def _of_ties(counts: Ints, order: Ints, starts: Ints, which: Bools) -> Floats:
    """How many questions of some kind each score has, shape ``(samples, scores)``."""
    if not len(starts):
        return np.zeros((len(counts), 0))
    return np.add.reduceat(counts[:, order] * which[order], starts, axis=1).astype(np.float64)


def _shares(parts: Floats, wholes: Floats) -> Floats:
    """NaN where there is nothing to take a share of."""
    found: Floats = np.divide(parts, wholes, out=np.full(len(parts), np.nan), where=wholes > 0)
    return found
