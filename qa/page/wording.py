"""Dates, ages and places in the line in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date_words(published: str | None, today: date) -> str:
    """A date and its age, such as ``6 Oct 2025 · 1 year ago``.

    Args:
        published: an ISO date or date-time; None gives ``no date``.
        today: the day that the age counts to.
    """
    day = _day(published)
    if day is None:
        return "no date"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year} · {age_words(day, today)}"


def age_words(day: date, today: date) -> str:
    """How long ago ``day`` was, in whole days, weeks, months or years, rounded down."""
    days = (today - day).days
    if days < 0:
        return "dated in the future"
    if days < 2:
        return ("today", "yesterday")[days]
    if days < 14:
        return f"{days} days ago"
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    if months < 2:
        return f"{days // 7} weeks ago"
    if months < 12:
        return f"{months} months ago"
    years = months // 12
    return f"{years} year{'s' if years > 1 else ''} ago"


def as_of(published: Sequence[str | None], today: date) -> str:
    """How old the newest of some sources is; empty when none has a date.

    Args:
        published: ISO dates or date-times.
        today: the day that the age counts to.
    """
    days = [day for one in published if (day := _day(one)) is not None]
    if not days:
        return ""
    which = "the source" if len(published) == 1 else "the newest source"
    return f"As of {date_words(max(days).isoformat(), today)}, the date of {which} cited."


def counted(number: int, noun: str) -> str:
    """``1 sentence``, ``2,310 sentences``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _day(published: str | None) -> date | None:
    if not published:
        return None
    try:
        return datetime.fromisoformat(published).date()
    except ValueError:
        return None


def place_words(before: int | None) -> str:
    """Where a question stands that has been asked.

    Args:
        before: how many questions wait before it; None when it is being answered.
    """
    if before is None:
        return "Reading the articles …"
    if before == 0:
        return "Others are being answered; your question is the next one."
    return f"{counted(before, 'question')} {'is' if before == 1 else 'are'} before yours."
