"""Places that say the same strengthen each other: what several sentences answer in the same words is likelier right."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from index.records import Candidate
from qa.records import Reading, ScoredSpan

SHARPNESS: Final = 2.0
"""The temperature of pooling. Chosen on development questions, where 1.5 to 2.5 differ little (docs/reading.md)."""
CHANCE: Final = 0.25
"""How much an answer's rise shrinks for the candidates that hold its words and do not give them. Chosen likewise."""

_ARTICLES = frozenset({"a", "an", "the"})
_WORD = re.compile(r"\w+")


def normalised_answer(text: str) -> str:
    """An answer as it is compared: its words in lower case, without articles."""
    words = _WORD.findall(text.lower())
    return " ".join(word for word in words if word not in _ARTICLES) or " ".join(words)


def with_agreement(candidates: Sequence[Candidate], readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Readings in which each span's score is raised by what says the same elsewhere.

    An answer's log odds are pooled over the sentences that give it: ``t * log(sum(exp(score / t)))`` over the best
    score in each, with t the ``SHARPNESS``. With 1 the odds would be added up, as Kadlec et al. (2016) add up
    probabilities; more lets several weak ones count for more, as votes do. A sentence that stands in several places to
    the letter, as in copies of a story, counts once.

    What stands everywhere is given somewhere by chance: what pooling adds is multiplied by the share of the candidates
    that give the answer among those that were read and hold its words, to the power of ``CHANCE``. All spans that give
    the answer rise by as much, so that the best of them stays the best.

    Args:
        candidates, readings: of the same length, in the same order; the scores are log odds.
    """
    scores: dict[str, dict[str, float]] = {}
    for candidate, reading in zip(candidates, readings, strict=True):
        for span in reading.spans:
            by_sentence = scores.setdefault(_said(candidate, span), {})
            sentence = _sentence(candidate, span)
            by_sentence[sentence] = max(by_sentence.get(sentence, -math.inf), span.score)
    rises = _rises(candidates, readings, scores)
    return tuple(
        replace(
            reading,
            spans=tuple(
                sorted(
                    (replace(span, score=span.score + rises[_said(candidate, span)]) for span in reading.spans),
                    key=lambda span: (-span.score, span.start_char, span.end_char),
                )
            ),
        )
        for candidate, reading in zip(candidates, readings, strict=True)
    )


def pooled(scores: Sequence[float]) -> float:
    """``t * log(sum(exp(score / t)))``: of one score itself, and never below the best."""
    best = max(scores)
    return best + SHARPNESS * math.log(sum(math.exp((score - best) / SHARPNESS) for score in scores))


def _rises(
    candidates: Sequence[Candidate], readings: Sequence[Reading], scores: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """By how much each answer's spans rise.

    Args:
        scores: for each answer, for each sentence that gives it, the best score there.
    """
    read = [
        (normalised_answer(candidate.chunk.text), {_said(candidate, span) for span in reading.spans})
        for candidate, reading in zip(candidates, readings, strict=True)
        if reading.spans
    ]
    rises = {}
    for answer, found in scores.items():
        rises[answer] = 0.0
        if len(found) > 1:
            giving = sum(answer in given for _, given in read)
            holding = sum(answer in given or f" {answer} " in f" {words} " for words, given in read)
            rises[answer] = (giving / holding) ** CHANCE * (pooled(list(found.values())) - max(found.values()))
    return rises


def _said(candidate: Candidate, span: ScoredSpan) -> str:
    return normalised_answer(candidate.article.text[span.start_char : span.end_char])


def _sentence(candidate: Candidate, span: ScoredSpan) -> str:
    """The words of the sentences that a span touches."""
    touched = candidate.chunk.sentences_of(span.start_char, span.end_char)
    return " ".join(candidate.article.text[touched[0].start_char : touched[-1].end_char].lower().split())
