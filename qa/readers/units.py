"""What a number counts, where its unit tells: "33-yard" is no number of goals, and "2,600 km" none of miles. Pure."""

from __future__ import annotations

import re

_UNITS = (
    r"miles?|mi",
    r"kilomet(?:er|re)s?|kms?",
    r"yards?|yds?",
    r"met(?:er|re)s?",
    r"feet|foot|ft",
    r"inch(?:es)?",
    r"centimet(?:er|re)s?|cm",
    r"millimet(?:er|re)s?|mm",
    r"years?|decades?|centur(?:y|ies)|months?|weeks?|days?|hours?|minutes?|seconds?",
    r"dollars?|euros?",
    r"tons?|tonnes?",
    r"kilograms?|kgs?|kilos?",
    r"acres?",
    r"hectares?",
    r"degrees?",
    r"lit(?:er|re)s?",
    r"gallons?",
)
"""Each a regular expression for the names of one unit, or of units that are told in each other's terms."""
_UNIT_PATTERNS = tuple(re.compile(unit, re.IGNORECASE) for unit in _UNITS)
_HOW_MANY = re.compile(
    r"\bhow many (?:(?:more|other|different|consecutive|total|square|cubic|metric) )*(?P<counted>[\w-]+)", re.IGNORECASE
)
_NUMBER = r"(?:\d+(?:[.,]\d+)*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen)\b)"
_COUNT = re.compile(
    rf"{_NUMBER}(?P<unit>(?:\s(?:hundred|thousand|million|billion))?[-‐‑\s]?(?:(?:square|cubic|metric)\s)?"
    rf"(?P<name>{'|'.join(_UNITS)})(?!\w))?",
    re.IGNORECASE,
)


def counts_something_else(question: str, span: str, after: str) -> bool:
    """Whether a question asks how many there are of something, and each number of a span is of some other unit.

    A share is taken for an answer to any such question, as is a number without a unit.

    Args:
        after: what stands behind the span in its sentence: the unit may follow there.
    """
    asked = _HOW_MANY.search(question)
    if asked is None:
        return False
    wanted = _unit(asked["counted"])
    counts = [count for count in _COUNT.finditer(span + after) if count.start() < len(span)]
    return bool(counts) and all(count["name"] and _unit(count["name"]) != wanted for count in counts)


def _unit(name: str) -> int | None:
    """The place of a unit among those that are known."""
    return next((place for place, unit in enumerate(_UNIT_PATTERNS) if unit.fullmatch(name)), None)
