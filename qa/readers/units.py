"""What a number counts: "33-yard" is no number of goals, and of "450 yards, 3 goals" one number is. Pure."""

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
_AMOUNT = re.compile(rf"(?<![\d.,]){_NUMBER}(?:\s(?:hundred|thousand|million|billion))?(?![\d%])", re.IGNORECASE)
_OF_A_RANGE = re.compile(
    rf"{_NUMBER}(?:\s(?:hundred|thousand|million|billion))?(?:\s(?:to|and|or)\s|\s?[-‐-―]\s?)\Z", re.IGNORECASE
)
_COUNT = re.compile(
    rf"{_NUMBER}(?:(?:\s(?:hundred|thousand|million|billion))?[-‐‑\s]?(?:(?:square|cubic|metric)\s)?"
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


def asked_count(question: str, span: str, after: str) -> tuple[int, int]:
    """The half-open characters of the number that counts what the question asks for, where a span holds several numbers
    and one of them is followed by that word; those of the whole span else, and where that number ends a range.

    Args:
        after: what stands behind the span in its sentence: the word may follow there.
    """
    asked = _HOW_MANY.search(question)
    amounts = list(_AMOUNT.finditer(span))
    if asked is None or len(amounts) < 2:
        return 0, len(span)
    counted = re.compile(rf"\s(?:\w+\s)?{re.escape(_singular(asked['counted']))}\w{{0,3}}\b", re.IGNORECASE)
    found = [amount for amount in amounts if counted.match(span + after, amount.end())]
    if len(found) != 1 or _OF_A_RANGE.search(span, 0, found[0].start()):
        return 0, len(span)
    return found[0].span()


def _singular(noun: str) -> str:
    return noun[:-3] if noun.endswith("ies") else noun.removesuffix("s")


def _unit(name: str) -> int | None:
    """The place of a unit among those that are known."""
    return next((place for place, unit in enumerate(_UNIT_PATTERNS) if unit.fullmatch(name)), None)
