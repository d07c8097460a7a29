from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.loaders.dates import parse_date, parse_iso_date


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("2024-05-01T09:30:00Z", datetime(2024, 5, 1, 9, 30, tzinfo=UTC)),
        ("2024-05-01 09:30", datetime(2024, 5, 1, 9, 30)),
        ("7 October 2025", date(2025, 10, 7)),
        ("Tuesday, October 7, 2025", date(2025, 10, 7)),
        ("Oct. 7th, 2025", date(2025, 10, 7)),
        ("1 Sept 2025", date(2025, 9, 1)),
        ("Tue, 07 Oct 2025 12:30:00 +0200", datetime(2025, 10, 7, 12, 30, tzinfo=timezone(timedelta(hours=2)))),
    ],
)
def test_dates(written: str, expected: date) -> None:
    assert parse_date(written) == expected


@pytest.mark.parametrize(
    "written", ["", "05/06/2024", "2024-02-30", "31 June 2024", "7 Frimaire 2024", "yesterday", "2024"]
)
def test_what_is_no_date_or_more_than_one(written: str) -> None:
    assert parse_date(written) is None


@pytest.mark.parametrize("written", ["7 October 2025", "20240501", "2024-W01-1", "2024-5-1", "1714550400"])
def test_only_iso_dates_are_iso_dates(written: str) -> None:
    assert parse_iso_date(written) is None


@given(st.dates() | st.datetimes(timezones=st.none() | st.just(UTC)))
def test_iso_dates_round_trip(moment: date) -> None:
    assert parse_iso_date(moment.isoformat()) == moment


@given(st.text())
def test_any_text_is_a_date_or_none(written: str) -> None:
    assert parse_date(written) is None or isinstance(parse_date(written), date)
