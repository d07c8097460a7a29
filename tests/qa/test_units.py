"""Whether a number counts what is asked for, by its unit."""

from __future__ import annotations

import pytest

from qa.readers.units import asked_count, counts_something_else


@pytest.mark.parametrize(
    ("question", "span", "after"),
    [
        ("How many field goals did Reed kick?", "33-yard", " field goal"),
        ("How many field goals did Reed kick?", "a 33", "-yard field goal"),
        ("How many ferries were there?", "12 years", " later"),
        ("How many miles does the dust travel?", "2,600 km", ")"),
        ("How many square miles is it?", "some 300 square kilometres", ""),
        ("of how many yards was it", "44 feet", ""),
        ("How many metric tons were landed?", "3.5 million", " litres of milk"),
        ("How many boats sank?", "twelve days", " and 3 hours"),
        ("How many metres is it long?", "40", " miles off"),
    ],
)
def test_a_number_of_another_unit(question: str, span: str, after: str) -> None:
    assert counts_something_else(question, span, after)


@pytest.mark.parametrize(
    ("question", "span", "after"),
    [
        ("How many yards was it?", "44-yard", " field goal"),
        ("How many miles does the dust travel?", "1,600 miles (2,600 km)", ""),
        ("How many miles does the dust travel?", "1,600", " miles"),
        ("How many kgs of rock are there?", "382 kg", ") of rock"),
        ("How many years did it take?", "18 months", ""),  # told in each other's terms
        ("How many tons were landed?", "90,790 tonnes", ""),
        ("How many people drowned?", "12", ", in years of storms"),
        ("How many people drowned?", "12 of 40", " in two days"),
        ("How many people drowned?", "50%", " of the crew"),
        ("How many people drowned?", "many", " in two days"),
        ("How many people drowned?", "20 men", ""),
        ("How many goals were there?", "three mining", " accidents"),  # no minutes, no inches
        ("How long is it?", "40 miles", ""),
        ("When did he die?", "2 days later", ""),
        ("How many", "3 miles", ""),
    ],
)
def test_what_may_be_right(question: str, span: str, after: str) -> None:
    assert not counts_something_else(question, span, after)


def told(question: str, span: str, after: str = "") -> str:
    start, end = asked_count(question, span, after)
    return span[start:end]


@pytest.mark.parametrize(
    ("question", "span", "after", "expected"),
    [
        ("How many goals did Reed score?", "1,967 yards, 10", " goals", "10"),
        ("How many interceptions were there?", "13 of 23 for 141 yards with one", " interception", "one"),
        ("How many cities joined?", "two leagues and 12 new cities", "", "12"),
        ("how many people came", "on day 2 some 3 million", " people", "3 million"),
        ("How many people came?", "10 to 15 million", " people", "10 to 15 million"),  # a range is whole
        ("How many people came?", "12-15", " people", "12-15"),
        ("How many people came?", "four and 24", " people", "four and 24"),
        ("How many people came?", "15 people, 20 people", "", "15 people, 20 people"),  # which of them cannot be told
        ("How many goals did Reed score?", "10 goals", "", "10 goals"),
        ("How many goals did Reed score?", "2 yards, 10", " passes", "2 yards, 10"),
        ("Who scored?", "2 yards, 10", " goals", "2 yards, 10"),
    ],
)
def test_the_number_that_counts_what_is_asked_for(question: str, span: str, after: str, expected: str) -> None:
    assert told(question, span, after) == expected
