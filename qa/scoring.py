"""Whether an answer is right: SQuAD's exact match and token F1."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable

RIGHT_FROM = 0.5
"""The token F1 with an expected answer from which an answer counts as right for fitting and calibration."""

_ARTICLE = re.compile(r"\b(?:a|an|the)\b")


def normalised(text: str) -> list[str]:
    """An answer's tokens as SQuAD's evaluation compares them (Rajpurkar et al. 2016, section 6.1): in lower case,
    without ASCII punctuation and without articles."""
    plain = "".join(character for character in text.lower() if character not in string.punctuation)
    return _ARTICLE.sub(" ", plain).split()


def exact_match(answer: str, expected: Iterable[str]) -> float:
    """1 when the answer is one of the expected ones, else 0."""
    return float(any(normalised(answer) == normalised(one) for one in expected))


def token_f1(answer: str, expected: Iterable[str]) -> float:
    """The largest F1 of the answer's tokens with those of an expected one; two empty ones agree."""
    return max((_f1(normalised(answer), normalised(one)) for one in expected), default=0.0)


def _f1(answer: list[str], expected: list[str]) -> float:
    if not answer or not expected:
        return float(answer == expected)
    common = sum((Counter(answer) & Counter(expected)).values())
    return 2 * common / (len(answer) + len(expected))
