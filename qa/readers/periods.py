"""Periods of time and ranges: which end of one a question asks for, and where one begins. Pure."""

from __future__ import annotations

import re

from qa.english import ANY_MONTH

_PART = rf"(?:c\.|ca\.|circa\b|{ANY_MONTH}\.?(?![^\W\d_])|\d{{1,4}}(?:st|nd|rd|th)?(?!\w)|\b(?:bce?|ce|ad)\b)"
_DATE = rf"{_PART}(?:,?\s*{_PART}){{0,5}}"
_PERIOD = re.compile(
    rf"\W*(?:(?:from|between)\s+)?(?P<first>{_DATE})\s*(?:[-‐-―]+|\b(?:to|until|till|through)\b)\s*(?P<last>{_DATE})\W*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween (?:the )?\Z", re.IGNORECASE)
_SAID = re.compile(r"\bbetween\b", re.IGNORECASE)
_TWO_NUMBERS = re.compile(r"(?=.*\d)\S+(?:\s\S+){0,3}\sand\s\S+(?:\s\S+){0,3}")
_LOOK_BACK = 20  # characters: "between the "
_YEAR = re.compile(r"(?<!\d)\d{3,4}(?!\d)")
_WHEN = re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century)\b", re.IGNORECASE)
_BEGINS = re.compile(
    r"\b(?:born|birth|beg[aiu]n|begins|beginning|start(?:s|ed|ing)?|founded|establish(?:ed)?|commenced?)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:die[ds]?|death|end(?:s|ed|ing)?|finish(?:ed)?|fall|fell|collapsed?|cease[ds]?|dissolved?|abolished)\b",
    re.IGNORECASE,
)


def asked_end(question: str, span: str) -> tuple[int, int]:
    """The half-open characters of the end that is asked for, where a span is a period; those of the whole span else.

    A question asks for an end when it asks for a time, and either how something began ("born", "founded") or how it
    ended ("died", "fell"), not both. The year of a last end that is cut short ("1862-90") cannot be told in the
    article's words, so that such a period stays whole.
    """
    whole = (0, len(span))
    begins, ends = _BEGINS.search(question), _ENDS.search(question)
    period = _PERIOD.fullmatch(span)
    if period is None or bool(begins) == bool(ends) or not _WHEN.search(question):
        return whole
    asked = "first" if begins else "last"
    found = _YEAR.search(period[asked]) or (begins and _YEAR.search(period["last"]))
    return period.span(asked) if found else whole


def with_between(question: str, text: str, start: int, end: int) -> int:
    """Where a span begins, with a "between" that stands before it: "1268 and 1273" are two years, "between 1268 and
    1273" is a time. Without it where the question says it already, and where no numbers are told.
    """
    if not _TWO_NUMBERS.fullmatch(text, start, end) or _SAID.search(question):
        return start
    between = _BETWEEN.search(text, max(0, start - _LOOK_BACK), start)
    return between.start() if between else start
