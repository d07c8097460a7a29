"""How early reading may stop: fitted on questions all of whose candidates were read."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from qa.readers.combination import READ_TOGETHER, Combination, combined, in_order_of_promise
from qa.training.asking import Asked

MISSED = 0.005
"""The share of questions whose best span may stand in a candidate that is not read any more."""


def most_for(asked: Sequence[Asked], combination: Combination) -> float:
    """The least ``Combination.most`` with which reading stops too early for no more than ``MISSED`` of the questions.

    The largest that was ever seen would be safe, and would have nearly every candidate read: one window in thousands
    sets it. It is at least 0, so that a span that is surer than no answer is never thought to add nothing.

    Args:
        combination: what it has as ``most`` does not matter.
    """
    needed = [_needed(one, combination) for one in asked]
    return max(0.0, float(np.quantile(needed, 1 - MISSED, method="higher")))


def _needed(asked: Asked, combination: Combination) -> float:
    """The least ``most`` with which the candidate that holds the best span is read; ``-inf`` where any will do."""
    promise, order = in_order_of_promise(asked.candidates, asked.sentences)
    best, needed, until_here = -math.inf, -math.inf, -math.inf
    for begin in range(0, len(order), READ_TOGETHER):
        block = order[begin : begin + READ_TOGETHER]
        if begin:
            without = combination.bound(promise[block[0]]) - combination.most
            until_here = max(until_here, math.nextafter(best - without, math.inf))
        for place in block:
            reading = combined(
                asked.asked.question, asked.candidates[place], asked.found[place], asked.sentences, combination
            )
            if reading.spans and reading.spans[0].score > best:
                best, needed = reading.spans[0].score, until_here
    return needed
