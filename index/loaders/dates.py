"""Dates as articles write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?")
_DAY_FIRST = re.compile(r"(?:[a-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]+)\.?,?\s+(\d{4})", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"(?:[a-z]+,?\s+)?([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)


def parse_iso_date(value: str) -> date | datetime | None:
    """An ISO 8601 calendar date, with a time or without (``2024-05-01T09:30:00Z``); None for anything else."""
    if not _ISO.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError:
        return None


def parse_date(value: str) -> date | datetime | None:
    """A date in ISO 8601, in RFC 2822 or with an English month's name (``7 October 2025``, ``Oct. 7, 2025``).

    None for anything else, and for ``05/06/2024``, which is another day in London than in New York.
    """
    value = value.strip()
    found = parse_iso_date(value)
    if found is not None:
        return found
    for pattern, day_at, month_at in ((_DAY_FIRST, 1, 2), (_MONTH_FIRST, 2, 1)):
        match = pattern.fullmatch(value)
        month = _MONTHS.get(match[month_at].lower()) if match else None
        if match and month:
            try:
                return date(int(match[3]), month, int(match[day_at]))
            except ValueError:
                return None
    try:
        return parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError):
        return None
