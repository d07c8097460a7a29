"""Which articles are trained on, which calibrate, and which only measure."""

from __future__ import annotations

from qa.training.sources import share_of

MEASURED_SHARE = 0.3
"""The share of the articles of ``natural`` that only measure: the upper end of what is kept aside."""


def is_kept_aside(article_id: str, kept_aside: float) -> bool:
    """Whether an article is among the share that is not trained on."""
    return share_of(article_id) < kept_aside


def is_measured(article_id: str, kept_aside: float) -> bool:
    """Whether an article of ``natural`` is kept for measuring alone, and neither trained on nor calibrated with."""
    return kept_aside - MEASURED_SHARE <= share_of(article_id) < kept_aside
