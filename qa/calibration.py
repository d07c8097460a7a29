"""From readings to a probability: how likely the best span is right."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from index.errors import ModelError
from index.records import Candidate, Sentence
from qa.readers.agreement import normalised_answer
from qa.readers.answer_types import expected_answer_type, is_of_type
from qa.readers.evidence import NEIGHBOUR_CHARACTERS, Terms, covered_sentences, gather_evidence
from qa.records import Reading, ScoredSpan

_CLEAR_LEAD = 8.0
_NUMBER = re.compile(r"\d+")


class AnswerEvidence(NamedTuple):
    """What tells a right answer from a wrong one, once the candidates have been read.

    Attributes:
        score: the best span's score less the no-answer score of its reading: log odds, with a reader whose scores are.
        share: log of the best answer's share of the odds, where all spans of the same words count for it and "no
            answer" is among the others.
        lead: how far the best score lies above that of the best other answer, at most 8.
        agreeing: log of the number of candidates whose best span says the same.
        network: what the network alone makes of the span. ``score`` weighs it so that spans of one question compare;
            here questions are compared.
        relevance: what it makes of the span's window.
        type_held: 1 when the question asks for a kind of answer and the span is one, else 0.
        type_missing: 1 when it asks for one and the span is none, else 0.
        names_missing: share of the question's names that stand neither in the cited sentence nor beside it nor in the
            heading.
        numbers_missing: share of the question's numbers that do not.
        coverage: share of the question's content that stands in the cited sentence, weighted by its rarity among the
            candidates' sentences.
        around: share that stands beside it or in the heading, and not in it.
        dense: inner product of the question's vector and the cited sentence's.
        words: log of the span's number of words.
        few: 1 / number of candidates: with few, a high score means less.
        alone: log odds of the span against no answer where the network reads the cited sentence without the rest of
            the chunk.
    """

    score: float
    share: float
    lead: float
    agreeing: float
    network: float
    relevance: float
    type_held: float
    type_missing: float
    names_missing: float
    numbers_missing: float
    coverage: float
    around: float
    dense: float
    words: float
    few: float
    alone: float


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression over ``AnswerEvidence`` (Platt 1999 with more than one input).

    Attributes:
        weights: one for each kind of evidence.
        intercept: added to their sum.
    """

    weights: AnswerEvidence
    intercept: float

    def probability(self, evidence: AnswerEvidence) -> float:
        """A probability, in [0, 1]."""
        odds = self.intercept + sum(w * value for w, value in zip(self.weights, evidence, strict=True))
        return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0

    def to_dict(self) -> dict[str, Any]:
        return {"weights": self.weights._asdict(), "intercept": self.intercept}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read what ``to_dict`` wrote.

        Raises:
            ModelError: a weight is missing, unknown or no number.
        """
        try:
            return cls(
                AnswerEvidence(**{k: float(v) for k, v in values["weights"].items()}), float(values["intercept"])
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"a reader's calibration cannot be read ({error}); install Pullquote anew") from error


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether the articles answer at all, and whether the best span is right if they do.

    What speaks for the one says little of the other: a span far above no answer may have rivals as good as it is, and
    one without rivals may be the best of nothing. One regression for both is a compromise, and tells each less well
    (docs/reading.md).

    Attributes:
        answerable: the probability that the articles answer.
        right_if_answerable: the probability that the best span is right where they do.
    """

    answerable: Regression
    right_if_answerable: Regression

    def probability(self, evidence: AnswerEvidence) -> float:
        """The probability that the best span is right, in [0, 1]."""
        return self.answerable.probability(evidence) * self.right_if_answerable.probability(evidence)

    def to_dict(self) -> dict[str, Any]:
        return {
            "answerable": self.answerable.to_dict(),
            "right_if_answerable": self.right_if_answerable.to_dict(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read what ``to_dict`` wrote.

        Raises:
            ModelError: a part or a weight is missing, or a weight is unknown or no number.
        """
        try:
            parts = {name: values[name] for name in ("answerable", "right_if_answerable")}
        except (KeyError, TypeError) as error:
            raise ModelError(f"a reader's calibration has no part {error}; install Pullquote anew") from error
        return cls(**{name: Regression.from_dict(part) for name, part in parts.items()})


def best_span(candidates: Sequence[Candidate], readings: Sequence[Reading]) -> tuple[Candidate, ScoredSpan] | None:
    """The best span of all readings, and the candidate that it was found in; of equally good ones the first by place.

    Args:
        candidates, readings: of the same length, in the same order.

    Returns:
        None when no reading has a span.
    """
    best = min(_by_place(candidates, readings), key=_rank, default=None)
    return (best.candidate, best.span) if best else None


def answer_evidence(
    question: str, candidates: Sequence[Candidate], readings: Sequence[Reading], terms: Terms, *, alone: float
) -> AnswerEvidence:
    """The evidence for the best span of all readings.

    Args:
        candidates, readings: of the same length, in the same order; one reading at least has a span.
        terms: gives a text's terms: the tokenizer of the lexical index.
        alone: see ``AnswerEvidence``; it takes a network to tell.
    """
    spans = _by_place(candidates, readings)
    best = min(spans, key=_rank)
    said = best.answer
    by_answer: dict[str, float] = {}
    for one in spans:
        by_answer[one.answer] = max(by_answer.get(one.answer, -math.inf), one.margin)
    others = [margin for answer, margin in by_answer.items() if answer != said]
    total = _log_sum([0.0, *(one.margin for one in spans)])
    kind = expected_answer_type(question)
    held = kind is not None and is_of_type(kind, best.text, question)
    firsts = {reading.chunk_id: reading.spans[0] for reading in readings if reading.spans}
    agreeing = sum(one.answer == said and firsts[one.candidate.chunk.chunk_id] is one.span for one in spans)
    cited = {sentence.sentence_id for sentence in best.sentences}
    found = gather_evidence(question, covered_sentences(candidates), terms, lambda _: False, among=cited)
    return AnswerEvidence(
        score=best.margin,
        share=_log_sum([one.margin for one in spans if one.answer == said]) - total,
        lead=min(_CLEAR_LEAD, best.margin - max(others, default=-math.inf)),
        agreeing=math.log(max(1, agreeing)),
        network=best.span.network,
        relevance=best.span.relevance,
        type_held=float(held),
        type_missing=float(kind is not None and not held),
        names_missing=min((one.names_missing for one in found), default=0.0),
        numbers_missing=_numbers_missing(question, best),
        coverage=max((one.coverage for one in found), default=0.0),
        around=max((one.before + one.after + one.heading for one in found), default=0.0),
        dense=max((one.dense for one in found), default=0.0),
        words=math.log(max(1, len(best.text.split()))),
        few=1 / len(candidates),
        alone=alone,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Proposed:
    candidate: Candidate
    span: ScoredSpan
    margin: float
    text: str
    answer: str

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return self.candidate.chunk.sentences_of(self.span.start_char, self.span.end_char)


def _numbers_missing(question: str, best: _Proposed) -> float:
    asked = set(_NUMBER.findall(question))
    if not asked:
        return 0.0
    first, last = best.sentences[0].start_char, best.sentences[-1].end_char
    beside = best.candidate.article.text[max(0, first - NEIGHBOUR_CHARACTERS) : last + NEIGHBOUR_CHARACTERS]
    held = set(_NUMBER.findall(f"{best.candidate.chunk.heading} {beside}"))
    return len(asked - held) / len(asked)


def _by_place(candidates: Sequence[Candidate], readings: Sequence[Reading]) -> list[_Proposed]:
    """Every proposed span; of one that overlapping chunks both hold, the better."""
    found: dict[tuple[str, int, int], _Proposed] = {}
    for candidate, reading in zip(candidates, readings, strict=True):
        for span in reading.spans:
            text = candidate.article.text[span.start_char : span.end_char]
            margin = span.score - reading.no_answer_score
            one = _Proposed(candidate, span, margin, text, normalised_answer(text))
            key = (reading.article_id, span.start_char, span.end_char)
            if key not in found or _rank(one) < _rank(found[key]):
                found[key] = one
    return list(found.values())


def _rank(one: _Proposed) -> tuple[float, str, int, int]:
    return (-one.margin, one.candidate.article.article_id, one.span.start_char, one.span.end_char)


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))
