"""Of a described person the name, where a person is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.readers.naming import asked_name

WHO = "Who won the regatta?"


def told(question: str, span: str) -> str:
    start, end = asked_name(question, span)
    return span[start:end]


@pytest.mark.parametrize(
    ("span", "name"),
    [
        ("linebacker Bo Reed", "Bo Reed"),
        ("Larkmouth harbour master Edda Quill", "Edda Quill"),
        ("the millionaire M. Theo Kettle", "M. Theo Kettle"),
        ("former mayor Ann van der Lee Jr.", "Ann van der Lee Jr."),
        ("l’ancien maire Émile Ünal", "Émile Ünal"),
        ("council member Jean-Luc O’Neill", "Jean-Luc O’Neill"),
    ],
)
def test_the_name_alone(span: str, name: str) -> None:
    assert told(WHO, span) == name
    assert told("To whom was it given?", span) == name
    assert told("Which harbour master won, and who lost?", span) == span  # it is not the person that is asked for first


@pytest.mark.parametrize(
    "span",
    [
        "Edda Quill",
        "Mayor Edda Quill",
        "harbour master Quill",  # a name of one word may be half of one
        "the council of Larkmouth Harbour",
        "Ann Lee and Edda Quill",
        "not Edda Quill",
        "allegedly Edda Quill",
        "perhaps Edda Quill",
        "the sister of Edda Quill",
        "Edda Quill of Larkmouth",
        "members of the crew",
        "Muhammad ibn Zakariya Razi",  # within the name
        "Shah Ala ad-Din Muhammad Khan",
        "",
    ],
)
def test_what_stays_whole(span: str) -> None:
    assert told(WHO, span) == span


@settings(deadline=None)
@given(st.text("Ab . ’-é", max_size=30))
def test_what_is_told_ends_the_span(span: str) -> None:
    start, end = asked_name(WHO, span)
    assert 0 <= start <= end == len(span)
