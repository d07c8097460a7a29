"""What a network finds in a candidate -> scores that compare across candidates, reading no more than is needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from index.errors import ModelError
from index.records import Candidate, Chunk, Sentence
from qa.readers.agreement import with_agreement
from qa.readers.demands import could_answer
from qa.readers.evidence import Terms
from qa.readers.sentence import evidence_score, sentence_evidence
from qa.records import Reading, ScoredSpan

READ_TOGETHER: Final = 3
"""How many candidates are read before looking whether another could win. With four, answers take longer and are not
better; with two, they are worse on news (docs/reading.md)."""
SURE: Final = 2.5
"""The log odds from which the best span may end reading: below, what the other candidates say may strengthen another
answer (``with_agreement``). Chosen on development questions (docs/reading.md)."""
UNMET_DEMAND: Final = 4.0
"""The log odds that a span loses when it lacks what the question demands (``qa.readers.demands``)."""


@dataclass(frozen=True, slots=True)
class Combination:
    """How a span's score is made: the log odds that it answers, against no answer, which scores 0.

    A conditional logit over a question's spans and "no answer", fitted on questions that the network was not trained
    on (``python -m qa.training fit``).

    Attributes:
        span: weight of the span's logits less those of no answer in its window.
        relevance: weight of the window's relevance.
        sentence: weight of what the sentence reader makes of the span's sentence, from the words and vectors of the
            search.
        intercept: added to each.
        most: what span and relevance together are taken to add to a score at most, when it is asked whether a
            candidate that is not read yet could win: fitted so that this errs seldom (``qa.training.stopping``).
    """

    span: float
    relevance: float
    sentence: float
    intercept: float
    most: float

    def score(self, span: float, relevance: float, sentence: float) -> float:
        return self.intercept + self.span * span + self.relevance * relevance + self.sentence * sentence

    def bound(self, sentence: float) -> float:
        """What a span is taken to score at most in a sentence that the sentence reader gives this score."""
        return self.intercept + self.most + max(0.0, self.sentence) * sentence

    def to_dict(self) -> dict[str, float]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read what ``to_dict`` wrote.

        Raises:
            ModelError: a weight is missing, unknown or no number.
        """
        try:
            return cls(**{name: float(value) for name, value in values.items()})
        except (TypeError, ValueError) as error:
            raise ModelError(f"a reader's combination cannot be read ({error}); install Pullquote anew") from error


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A span as the network sees it.

    Attributes:
        start_char, end_char: half-open characters of the chunk's text.
        span: start and end logit less those of no answer in the window.
        relevance: the window's.
        alone: the span's log odds against no answer where its sentences are read without the rest of the chunk; 0 where
            they were not.
    """

    start_char: int
    end_char: int
    span: float
    relevance: float
    alone: float = 0.0


def read_the_promising(
    question: str,
    candidates: Sequence[Candidate],
    sentences: Mapping[Sentence, float],
    combination: Combination,
    find: Callable[[Sequence[Candidate]], Sequence[Sequence[FoundSpan]]],
) -> tuple[Reading, ...]:
    """Read the candidates with the best sentences first, and stop when the best span is ``SURE`` and no other candidate
    is thought able to hold a better one (``Combination.bound``).

    Args:
        question: as the network reads it; what it demands lowers the spans that lack it (``qa.readers.demands``).
        sentences: what the sentence reader makes of each sentence that the candidates cover.
        find: gives each candidate's spans.

    Returns:
        One reading for each candidate, in the order given; those that were not read have no spans. What several places
        say in the same words has risen for it (``with_agreement``).
    """
    promise, order = in_order_of_promise(candidates, sentences)
    readings: dict[int, Reading] = {}
    best = -math.inf
    for begin in range(0, len(order), READ_TOGETHER):
        block = order[begin : begin + READ_TOGETHER]
        if best >= max(SURE, combination.bound(promise[block[0]])):
            break
        for place, spans in zip(block, find([candidates[place] for place in block]), strict=True):
            readings[place] = combined(question, candidates[place], spans, sentences, combination)
            best = max([best, *(span.score for span in readings[place].spans)])
    return with_agreement(
        candidates,
        [
            readings.get(place) or combined(question, candidate, (), sentences, combination)
            for place, candidate in enumerate(candidates)
        ],
    )


def in_order_of_promise(
    candidates: Sequence[Candidate], sentences: Mapping[Sentence, float]
) -> tuple[list[float], list[int]]:
    """What each candidate's best sentence scores, and the candidates' places in the order in which they are read."""
    promise = [max(sentences[sentence] for sentence in one.chunk.sentences) for one in candidates]
    order = sorted(range(len(candidates)), key=lambda place: (-promise[place], candidates[place].chunk.chunk_id))
    return promise, order


def combined(
    question: str,
    candidate: Candidate,
    found: Sequence[FoundSpan],
    sentences: Mapping[Sentence, float],
    combination: Combination,
) -> Reading:
    """The reading of a candidate: its spans with their scores, in the article's characters.

    Args:
        found: the candidate's spans.
        sentences: what the sentence reader makes of each sentence of the candidate.
    """
    first = candidate.chunk.start_char
    spans = []
    for one in found:
        start, end = first + one.start_char, first + one.end_char
        sentence = sentence_score(candidate.chunk, start, end, sentences)
        score = combination.score(one.span, one.relevance, sentence)
        touched = candidate.chunk.sentences_of(start, end)
        around = candidate.article.text[touched[0].start_char : touched[-1].end_char]
        before = touched[0].start_char
        if not could_answer(question, around, start - before, end - before):
            score -= UNMET_DEMAND
        spans.append(ScoredSpan(start, end, score, one.span, one.relevance))
    return Reading(
        chunk_id=candidate.chunk.chunk_id,
        article_id=candidate.chunk.article_id,
        spans=tuple(sorted(spans, key=lambda span: (-span.score, span.start_char, span.end_char))),
        no_answer_score=0.0,
    )


def sentence_scores(question: str, candidates: Sequence[Candidate], terms: Terms) -> dict[Sentence, float]:
    """What the sentence reader makes of each sentence that the candidates cover."""
    return {
        sentence: evidence_score(found) for sentence, found in sentence_evidence(question, candidates, terms).items()
    }


def sentence_score(chunk: Chunk, start_char: int, end_char: int, scores: Mapping[Sentence, float]) -> float:
    """The best score of the sentences that a span of the article touches."""
    return max(scores[sentence] for sentence in chunk.sentences_of(start_char, end_char))
