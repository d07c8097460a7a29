"""Whether the words of an answer are right: SQuAD's exact match and token F1, with and without unanswerable questions.
Pure."""

from __future__ import annotations

from collections.abc import Sequence

from qa.scoring import RIGHT_FROM, exact_match, normalised, token_f1

__all__ = ["RIGHT_FROM", "best_span_em", "best_span_f1", "given_em", "given_f1"]


def best_span_em(best: str | None, expected: Sequence[str]) -> float:
    """Exact match of the best span with an expected answer, given or held back (Rajpurkar et al. 2016)."""
    return exact_match(best or "", _sayable(expected))


def best_span_f1(best: str | None, expected: Sequence[str]) -> float:
    """Token F1 of the best span with the expected answer that it is nearest to, given or held back."""
    return token_f1(best or "", _sayable(expected))


def given_em(given: str | None, expected: Sequence[str]) -> float:
    """Exact match of what was answered, by SQuAD 2.0's rule: with no expected answer, saying nothing is right, and
    so are only words of which nothing is left, such as "the" (Rajpurkar et al. 2018, section 5.1)."""
    return exact_match(given or "", _sayable(expected))


def given_f1(given: str | None, expected: Sequence[str]) -> float:
    """Token F1 of what was answered, by SQuAD 2.0's rule."""
    return token_f1(given or "", _sayable(expected))


def _sayable(expected: Sequence[str]) -> Sequence[str]:
    """The expected answers as SQuAD 2.0's evaluation takes them: those of which something is left once they are
    normalised, and where there is none, saying nothing."""
    return [one for one in expected if normalised(one)] or [""]
