"""What a window proposes, by the kind of question."""

from __future__ import annotations

import numpy as np
import pytest

from qa.decoding import CharSpan, TextLogits
from qa.readers.passages import Passage
from qa.readers.proposing import proposed, span_log_odds

TEXT = "Ann Kettle (1919–1980) did not sell it. Bo Reed did."
WORDS = [("Ann", 0), ("Kettle", 4), ("1919–1980", 12), ("not", 27), ("Bo", 40), ("Reed", 43)]
PASSAGE = Passage("Kettle Harbour", TEXT, (0, 40))


def logits(**best: float) -> TextLogits:
    """Each word by itself has twice its figure, and nothing else is likely."""
    values = np.array([best.get(word.strip("–0123456789") or "years", -9.0) for word, _ in WORDS])
    starts = np.array([place for _, place in WORDS])
    return TextLogits(values, values, 0.0, starts, starts + np.array([len(word) for word, _ in WORDS]))


def texts(spans: list[CharSpan]) -> list[str]:
    return [TEXT[span.start : span.end] for span in spans]


def test_a_statement_is_a_whole_sentence() -> None:
    found = proposed("Did Ann Kettle sell it?", PASSAGE, logits(Ann=2.0, Bo=1.0), count=2)
    assert texts(found) == ["Ann Kettle (1919–1980) did not sell it.", "Bo Reed did."]


def test_of_a_period_the_end_that_is_asked_for() -> None:
    read = logits(years=2.0)
    assert texts(proposed("When was Ann born?", PASSAGE, read, count=1)) == ["1919"]
    assert texts(proposed("When did Ann die?", PASSAGE, read, count=1)) == ["1980"]
    assert texts(proposed("When was Ann there?", PASSAGE, read, count=1)) == ["1919–1980"]
    (found,) = proposed("When did Ann die?", PASSAGE, read, count=1)
    assert found.score == 4.0


def test_what_is_of_the_kind_that_is_asked_for_rises() -> None:
    read = logits(**{"not": 2.0, "Bo": 1.5})
    assert texts(proposed("Who sold it?", PASSAGE, read, count=1)) == ["not"]
    (found,) = proposed("Who sold it?", PASSAGE, read, count=1, fitting_kind=1.5)
    assert (TEXT[found.start : found.end], found.score) == ("Bo", 4.5)
    assert texts(proposed("What did Ann do?", PASSAGE, read, count=1, fitting_kind=1.5)) == ["not"]  # no kind is asked


def test_what_a_given_span_is_worth() -> None:
    read = logits(Ann=2.0, Kettle=1.5, Bo=1.0)
    assert span_log_odds("Who?", TEXT, read, 0, 10) == 3.5  # "Ann Kettle"
    assert span_log_odds("Who?", TEXT, read, 0, 3) == 4.0
    assert span_log_odds("Who?", TEXT, read, 1, 6) == 3.5  # parts of words count as their words
    away = TextLogits(read.start, read.end, 2.5, read.starts, read.ends)
    assert span_log_odds("Who?", TEXT, away, 0, 3) == 1.5
    (whole,) = proposed("Did Ann Kettle sell it?", Passage("", TEXT), read, count=1)
    assert span_log_odds("Did Ann Kettle sell it?", TEXT, read, 0, 3) == whole.score


@pytest.mark.parametrize(("start", "end"), [(0, 3), (0, 6), (44, 52), (10, 11)])
def test_a_span_that_a_window_does_not_hold_whole_is_worth_nothing_there(start: int, end: int) -> None:
    read = logits()
    inner = TextLogits(read.start[1:5], read.end[1:5], 0.0, read.starts[1:5], read.ends[1:5])
    assert span_log_odds("Who?", TEXT, inner, start, end) == -np.inf


def test_length_costs() -> None:
    values = logits(Ann=2.0, Kettle=1.9)
    assert texts(proposed("Which family?", PASSAGE, values, count=1)) == ["Ann"]
    both = TextLogits(np.array([2.0, 1.8]), np.array([1.8, 2.0]), 0.0, values.starts[:2], values.ends[:2])
    assert texts(proposed("Which family?", PASSAGE, both, count=1)) == ["Ann Kettle"]
    assert texts(proposed("Which family?", PASSAGE, both, count=1, length_cost=1.0)) == ["Ann"]


@pytest.mark.parametrize(
    ("question", "text", "found", "expected"),
    [
        ("Who won?", "It was linebacker Bo Reed.", "linebacker Bo Reed", "Bo Reed"),
        ("How many goals?", "He made 9 yards, 2 goals.", "9 yards, 2", "2"),
        ("When was it built?", "Built between 1268 and 1273.", "1268 and 1273", "between 1268 and 1273"),
        ("When was Reed born?", "Bo Reed (1919-1980)", "1919-1980", "1919"),
        ("What was it?", "It was linebacker Bo Reed.", "linebacker Bo Reed", "linebacker Bo Reed"),
    ],
)
def test_each_part_that_may_be_asked_for(question: str, text: str, found: str, expected: str) -> None:
    start = np.array([text.index(found)])
    read = TextLogits(np.array([1.0]), np.array([1.0]), 0.0, start, start + len(found))
    (span,) = proposed(question, Passage("", text), read, count=1)
    assert text[span.start : span.end] == expected
