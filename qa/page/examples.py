"""Questions to start with."""

from __future__ import annotations

import json
from collections.abc import Collection
from importlib import resources

_SAMPLE_QUESTIONS = (
    "brightwater-winner",
    "flood-deaths",
    "halcyon-cost",
    "boat-depth",
    "none-pryce-tamm-age",
)
"""Ids in ``qa/sample/questions.jsonl``; the last is one that the sample does not answer."""


def sample_examples(article_ids: Collection[str]) -> tuple[str, ...]:
    """Questions on the sample collection; none when it is not the sample that is asked.

    Args:
        article_ids: all articles of the collection.
    """
    lines = resources.files("qa.sample").joinpath("questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = {question["id"]: question for question in map(json.loads, lines)}
    chosen = [questions[name] for name in _SAMPLE_QUESTIONS]
    needed = {evidence["article"] for question in chosen for evidence in question["evidence"]}
    return tuple(question["question"] for question in chosen) if needed <= set(article_ids) else ()
