"""Whether a number counts what is asked for, by its unit."""

from __future__ import annotations

import pytest

from qa.readers.units import counts_something_else


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
