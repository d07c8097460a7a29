"""Relative dates in a question, spelled out: articles and their headings name days and years, not "yesterday"."""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTHS = (  # not the calendar module's names, which follow the locale
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_RELATIVE = re.compile(
    r"\b(?P<day>today|tonight|yesterday|tomorrow)\b|\b(?P<which>last|this|next)\s+(?P<unit>month|year)\b", re.IGNORECASE
)
_DAYS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
_STEPS = {"last": -1, "this": 0, "next": 1}


def spell_out_dates(question: str, today: date) -> str:
    """``question`` with the date that each relative word means put behind it in parentheses.

    ``today``, ``tonight``, ``yesterday`` and ``tomorrow`` give a day; ``last``, ``this`` and ``next`` before ``month``
    or ``year`` give that month or year. "Who resigned yesterday?", asked on 7 October 2025, becomes "Who resigned
    yesterday (6 October 2025)?". A capital inside the question marks a name, such as USA Today, which is left alone. A
    question without such words comes back as it is.
    """

    def spelled_out(found: re.Match[str]) -> str:
        words = found.group()
        is_name = found.start() > 0 and words[0].isupper() and not words.isupper()
        return words if is_name else f"{words} ({_meaning(found, today)})"

    return _RELATIVE.sub(spelled_out, question)


def _meaning(found: re.Match[str], today: date) -> str:
    if found["day"]:
        day = today + timedelta(days=_DAYS[found["day"].lower()])
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    step = _STEPS[found["which"].lower()]
    if found["unit"].lower() == "year":
        return str(today.year + step)
    months = today.year * 12 + today.month - 1 + step
    return f"{_MONTHS[months % 12]} {months // 12}"
