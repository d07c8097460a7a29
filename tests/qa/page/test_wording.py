"""Dates, ages and confidence in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.exports.phrases import confidence_words
from qa.page.wording import age_words, as_of, counted, date_words, place_words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 21), "yesterday"),
        (date(2026, 11, 20), "2 days ago"),
        (date(2026, 11, 9), "13 days ago"),
        (date(2026, 11, 8), "2 weeks ago"),
        (date(2026, 9, 23), "8 weeks ago"),
        (date(2026, 9, 22), "2 months ago"),
        (date(2025, 12, 22), "11 months ago"),
        (date(2025, 11, 23), "11 months ago"),
        (date(2025, 11, 22), "1 year ago"),
        (date(2024, 11, 23), "1 year ago"),
        (date(2024, 11, 22), "2 years ago"),
        (date(1926, 11, 22), "100 years ago"),
        (date(2026, 11, 23), "dated in the future"),
    ],
)
def test_an_age_is_rounded_down_to_the_largest_unit(day: date, words: str) -> None:
    assert age_words(day, date(2026, 11, 22)) == words


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 40_000))
def test_an_age_in_words_agrees_with_the_days(today: date, days: int) -> None:
    shortest = {"day": 1, "week": 7, "month": 28, "year": 365}
    longest = {"day": 1, "week": 7, "month": 31, "year": 366}
    words = age_words(today - timedelta(days), today)
    if days < 2:
        assert words == ("today", "yesterday")[days]
        return
    number, unit, ago = words.split()
    unit = unit.removesuffix("s")
    assert ago == "ago"
    assert int(number) * shortest[unit] <= days < (int(number) + 1) * longest[unit]


def test_a_date_is_shown_with_its_age() -> None:
    assert date_words("2025-10-06", date(2026, 11, 22)) == "6 Oct 2025 · 1 year ago"


def test_a_date_with_time_is_shown_by_its_day() -> None:
    assert date_words("2026-11-21T23:59:00+02:00", date(2026, 11, 22)) == "21 Nov 2026 · yesterday"


@pytest.mark.parametrize("published", [None, "", "soon", "2025-13-01"])
def test_an_unknown_date_is_said_to_be_none(published: str | None) -> None:
    assert date_words(published, date(2026, 11, 22)) == "no date"


@pytest.mark.parametrize(
    ("confidence", "start"),
    [
        (1.0, "Nearly all"),
        (0.95, "Nearly all"),
        (0.9, "About 9 in 10"),
        (0.549, "About 5 in 10"),
        (0.04, "Almost none"),
    ],
)
def test_a_confidence_is_a_share_of_answers_that_were_right(confidence: float, start: str) -> None:
    assert confidence_words(confidence).startswith(f"{start} answers like this one were right on our development")


def test_a_reader_without_calibration_is_said_to_have_none() -> None:
    assert "not calibrated" in confidence_words(None)
    assert not any(character.isdigit() for character in confidence_words(None))


def test_counting() -> None:
    assert [counted(number, "article") for number in (0, 1, 2, 11405)] == [
        "0 articles",
        "1 article",
        "2 articles",
        "11,405 articles",
    ]


def test_an_answer_is_as_old_as_its_newest_source() -> None:
    today = date(2026, 11, 22)
    dates = ["2025-10-06", None, "2026-11-20T08:00:00", "2024-01-01"]
    assert as_of(dates, today) == "As of 20 Nov 2026 · 2 days ago, the date of the newest source cited."
    assert as_of(["2025-10-06"], today).endswith("the date of the source cited.")
    assert as_of([None, "soon"], today) == as_of([], today) == ""


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (None, "Reading the articles …"),
        (0, "Others are being answered; your question is the next one."),
        (1, "1 question is before yours."),
        (12, "12 questions are before yours."),
    ],
)
def test_a_place_in_the_line_in_words(before: int | None, words: str) -> None:
    assert place_words(before) == words
