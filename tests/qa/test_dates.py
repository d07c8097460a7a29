"""Relative dates are spelled out, and nothing else is touched."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.dates import spell_out_dates


@pytest.mark.parametrize(
    ("question", "today", "expected"),
    [
        ("Who resigned yesterday?", date(2025, 10, 7), "Who resigned yesterday (6 October 2025)?"),
        ("Who resigned YESTERDAY?", date(2025, 3, 1), "Who resigned YESTERDAY (28 February 2025)?"),
        ("What is open today", date(2024, 2, 29), "What is open today (29 February 2024)"),
        ("tomorrow's weather", date(2024, 12, 31), "tomorrow (1 January 2025)'s weather"),
        ("profit last month", date(2025, 1, 31), "profit last month (December 2024)"),
        ("profit next month", date(2025, 12, 1), "profit next month (January 2026)"),
        ("profit this month and last  year", date(2025, 5, 9), "profit this month (May 2025) and last  year (2024)"),
        ("Who led the yearlast year?", date(2025, 5, 9), "Who led the yearlast year?"),
        ("Who edits USA Today?", date(2025, 5, 9), "Who edits USA Today?"),
    ],
)
def test_by_hand(question: str, today: date, expected: str) -> None:
    assert spell_out_dates(question, today) == expected


@given(st.text(st.characters(exclude_characters="yY")), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_without_relative_words_nothing_changes(question: str, today: date) -> None:
    # Every word that is spelled out but "tonight", "tomorrow" and "month" has a y.
    if not any(word in question.lower() for word in ("tonight", "tomorrow", "month")):
        assert spell_out_dates(question, today) == question
