"""The evidence of an answer, by hand, and the probability that is made of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ModelError
from index.records import Candidate
from index.tokenizer import Tokenizer
from qa.calibration import AnswerEvidence, Calibration, Regression, answer_evidence, best_span
from qa.readers.agreement import normalised_answer
from qa.records import Reading, ScoredSpan
from tests.contracts.reader import HARBOUR, QUESTION, candidates_for

TERMS = Tokenizer(stem=True)
ZERO = AnswerEvidence(*[0.0] * len(AnswerEvidence._fields))


def readings_of(candidates: Sequence[Candidate], said: dict[str, float], no_answer: float = 0.0) -> list[Reading]:
    """Readings in which each candidate that holds one of the texts proposes it, with its score."""
    made = []
    for candidate in candidates:
        spans = []
        for text, score in said.items():
            place = candidate.chunk.text.find(text)
            if place >= 0:
                start = candidate.chunk.start_char + place
                spans.append(ScoredSpan(start, start + len(text), score))
        spans.sort(key=lambda span: -span.score)
        made.append(Reading(candidate.chunk.chunk_id, candidate.article.article_id, tuple(spans), no_answer))
    return made


def evidence_of(said: dict[str, float], question: str = QUESTION, no_answer: float = 0.0) -> AnswerEvidence:
    candidates = candidates_for(question, (HARBOUR,))
    found = answer_evidence(question, candidates, readings_of(candidates, said, no_answer), TERMS, alone=2.5)
    assert found.alone == 2.5
    return found


def test_one_answer_by_hand() -> None:
    found = evidence_of({"Edda Quill": 2.0})
    assert found.score == 2
    assert found.share == pytest.approx(math.log(math.exp(2) / (1 + math.exp(2))))
    assert found.lead == 8  # there is no other
    assert found.words == pytest.approx(math.log(2))
    assert (found.type_held, found.type_missing) == (1, 0)
    assert found.names_missing == 0
    assert 0 < found.coverage <= 1


def test_a_rival_takes_from_the_lead_and_from_the_share() -> None:
    found = evidence_of({"Edda Quill": 2.0, "$2.4 million": 1.5})
    assert found.lead == pytest.approx(0.5)
    odds = [math.exp(2), math.exp(1.5), 1]
    assert found.share == pytest.approx(math.log(odds[0] / sum(odds)))


def test_no_answer_is_subtracted() -> None:
    assert evidence_of({"Edda Quill": 2.0}, no_answer=0.5).score == pytest.approx(1.5)


def test_the_same_place_in_overlapping_chunks_counts_once() -> None:
    candidates = candidates_for(QUESTION, (HARBOUR,))
    twice = [*candidates, *(replace(one, chunk=replace(one.chunk, heading="other")) for one in candidates)]
    said = {"Edda Quill": 2.0, "$2.4 million": 1.5}
    once = answer_evidence(QUESTION, candidates, readings_of(candidates, said), TERMS, alone=0.0)
    both = answer_evidence(QUESTION, twice, readings_of(twice, said), TERMS, alone=0.0)
    assert once is not None
    assert both is not None
    assert both._replace(few=0.0) == once._replace(few=0.0)


def test_the_kind_of_answer_that_was_asked_for() -> None:
    money = "How much did dredging cost?"
    assert evidence_of({"$2.4 million": 1.0}, money).type_held == 1
    assert evidence_of({"Edda Quill": 1.0}, money).type_missing == 1
    assert evidence_of({"Larkmouth": 1.0}, "Where is the harbour?").type_held == 1, "a place without its preposition"
    untyped = evidence_of({"Edda Quill": 1.0}, "what about cod")
    assert (untyped.type_held, untyped.type_missing) == (0, 0)


def test_a_name_that_is_nowhere_near() -> None:
    assert evidence_of({"Edda Quill": 1.0}, "Who is the harbour master of Saltmouth Bay?").names_missing == 1


def test_without_a_span_there_is_no_evidence() -> None:
    candidates = candidates_for(QUESTION, (HARBOUR,))
    assert best_span(candidates, readings_of(candidates, {})) is None
    assert best_span((), ()) is None


def test_a_regressions_probability_by_hand() -> None:
    regression = Regression(ZERO._replace(score=2.0, dense=-1.0), intercept=0.5)
    evidence = ZERO._replace(score=1.5, dense=0.5, words=99.0)
    assert regression.probability(evidence) == pytest.approx(1 / (1 + math.exp(-(0.5 + 3 - 0.5))))


def test_to_be_right_there_must_be_an_answer_and_this_must_be_it() -> None:
    calibration = Calibration(
        answerable=Regression(ZERO._replace(score=1.0), intercept=0.0),
        right_if_answerable=Regression(ZERO._replace(lead=1.0), intercept=0.0),
    )
    evidence = ZERO._replace(score=math.log(3), lead=math.log(4))
    assert calibration.probability(evidence) == pytest.approx(0.75 * 0.8)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_probability_is_one_whatever_the_score_and_grows_with_it(one: float, other: float) -> None:
    rising = Regression(ZERO._replace(score=1.0), intercept=0.0)
    calibration = Calibration(answerable=rising, right_if_answerable=rising)
    low, high = (calibration.probability(ZERO._replace(score=score)) for score in sorted((one, other)))
    assert 0 <= low <= high <= 1


def test_a_calibration_is_read_back_as_it_was_written() -> None:
    weights = AnswerEvidence(*map(float, range(len(AnswerEvidence._fields))))
    calibration = Calibration(Regression(weights, intercept=-3.0), Regression(weights._replace(few=0.5), intercept=2.0))
    assert Calibration.from_dict(calibration.to_dict()) == calibration


WHOLE = {"weights": ZERO._asdict(), "intercept": 0.0}


@pytest.mark.parametrize(
    "values",
    [
        {},
        WHOLE,  # that of readers before 6
        {"answerable": WHOLE},
        {"answerable": WHOLE, "right_if_answerable": {"weights": {}, "intercept": 0}},
        {"answerable": {"weights": {"score": "much"}, "intercept": 0}, "right_if_answerable": WHOLE},
        {"answerable": None, "right_if_answerable": WHOLE},
        [],
    ],
)
def test_a_damaged_calibration_is_refused(values: Any) -> None:
    with pytest.raises(ModelError, match="install Pullquote anew"):
        Calibration.from_dict(values)


def test_answers_are_compared_without_case_marks_and_articles() -> None:
    assert normalised_answer("The “Harbour Master”,") == normalised_answer("harbour master") == "harbour master"
    assert normalised_answer("The A") == "the a"
