"""Sentences of a chunk by themselves: so a reader learns what one says without the rest around it."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.sentences import sentence_spans
from qa.training.sources import Span

OTHERS = 2
"""How many sentences that do not answer are shown at most."""

_WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True, slots=True)
class Alone:
    """A sentence.

    Attributes:
        answers: half-open characters of ``text``; empty where it does not answer.
    """

    text: str
    answers: tuple[Span, ...]


def sentences_alone(question: str, text: str, answers: Sequence[Span], chance: random.Random) -> list[Alone]:
    """A sentence of a chunk that answers, if one does, and before all others those that sound most like the question.

    A sentence with a part of an answer is not shown.

    Args:
        answers: half-open characters of ``text``; empty where the chunk does not answer.

    Returns:
        The one that answers first; empty when the chunk has answers and none of them lies in one sentence.
    """
    answering, others = [], []
    for start, end in sentence_spans(text):
        inside = tuple((first - start, last - start) for first, last in answers if start <= first and last <= end)
        if inside:
            answering.append(Alone(text[start:end], inside))
        elif not any(first < end and last > start for first, last in answers):
            others.append(Alone(text[start:end], ()))
    if answers and not answering:
        return []
    asked = _words(question)
    chance.shuffle(others)
    others.sort(key=lambda one: -len(asked & _words(one.text)))
    return [*([chance.choice(answering)] if answering else []), *others[:OTHERS]]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
