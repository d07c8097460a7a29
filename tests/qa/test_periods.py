"""Of a period the end that is asked for, in the article's own characters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.readers.periods import asked_end, with_between


def told(question: str, span: str) -> str:
    start, end = asked_end(question, span)
    return span[start:end]


@pytest.mark.parametrize(
    ("question", "span", "expected"),
    [
        ("When was John Kettle born?", "1919–1980", "1919"),
        ("When did John Kettle die?", "1919–1980", "1980"),
        ("what year did she give birth to him", "1185 - 1226", "1185"),
        ("In which year did the Harbour League end?", "1299 to 1923", "1923"),
        ("When did the Harbour League begin?", "from 1299 until 1923", "1299"),
        ("When did the empire fall?", "(1299—1923)", "1923"),
        ("When was she born?", "12 March 1920 – 4 May 1999", "12 March 1920"),
        ("When did she die?", "March 12, 1920 – May 4, 1999", "May 4, 1999"),
        ("When did he die?", "c. 1162 – August 18, 1227", "August 18, 1227"),
        ("When did the fair start?", "June 6 – August 30, 1944", "June 6"),
        ("When did the fair end?", "June 6 – August 30, 1944", "August 30, 1944"),
        ("When was the poet born?", "43 BC – 17 AD", "43 BC – 17 AD"),  # no year of three figures: perhaps no years
        ("When was he born?", "1862–90", "1862"),
        ("When did he die?", "1862–90", "1862–90"),  # "90" alone would not say which
        ("When was Schumpeter at his best?", "1872–1967", "1872–1967"),
        ("When did the war begin and end?", "1914–1918", "1914–1918"),
        ("How many were born?", "100–1500", "100–1500"),
        ("When was he born?", "1919", "1919"),
        ("When was he born?", "between the wars", "between the wars"),
        ("When was he born?", "Flight 1919–1980 of the fleet", "Flight 1919–1980 of the fleet"),
        ("When did he start school?", "1950s–1960s", "1950s–1960s"),
        ("When was he born?", "in may 1919-x", "in may 1919-x"),
    ],
)
def test_the_end_that_is_asked_for(question: str, span: str, expected: str) -> None:
    assert told(question, span) == expected


@settings(deadline=None)
@given(st.sampled_from(["When was he born?", "When did it end?"]), st.text("19 -–to,.cJunemay()", max_size=40))
def test_what_is_told_stands_in_the_span(question: str, span: str) -> None:
    start, end = asked_end(question, span)
    assert 0 <= start <= end <= len(span)
    assert bool(span[start:end]) == bool(span)


@pytest.mark.parametrize(
    ("question", "text", "span", "expected"),
    [
        ("When was it built?", "It was built between 1268 and 1273.", "1268 and 1273", "between 1268 and 1273"),
        ("When?", "Between the 1960s and 1990s it rained.", "1960s and 1990s", "Between the 1960s and 1990s"),
        ("How many?", "with between four and 24 oars", "four and 24", "between four and 24"),
        ("Between which years?", "It was built between 1268 and 1273.", "1268 and 1273", "1268 and 1273"),
        ("Who fought?", "a war between Ann Lee and Bo Reed", "Ann Lee and Bo Reed", "Ann Lee and Bo Reed"),
        ("When?", "It was built in between 1268.", "1268", "1268"),
        ("When?", "Truces between\n1268 and 1273 it rained.", "1268 and 1273", "1268 and 1273"),  # another sentence
        ("When?", "It was built in 1268 and 1273.", "1268 and 1273", "1268 and 1273"),
    ],
)
def test_between_belongs_to_two_numbers(question: str, text: str, span: str, expected: str) -> None:
    start = text.index(span)
    assert text[with_between(question, text, start, start + len(span)) : start + len(span)] == expected
