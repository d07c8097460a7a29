"""A window's logits and its question -> what is proposed as an answer: the same for every extractive reader."""

from __future__ import annotations

import numpy as np

from qa.decoding import LONGEST_SPAN, CharSpan, TextLogits, decode, decode_sentences, merged
from qa.readers.answer_types import expected_answer_type, is_of_type
from qa.readers.naming import asked_name
from qa.readers.passages import Passage
from qa.readers.periods import asked_end, with_between
from qa.readers.statements import asks_for_a_statement
from qa.readers.units import asked_count

_LOOK_AHEAD = 40  # characters; a word or two


def proposed(
    question: str,
    passage: Passage,
    logits: TextLogits,
    *,
    count: int,
    length_cost: float = 0.0,
    fitting_kind: float = 0.0,
) -> list[CharSpan]:
    """The spans of a passage that one of its windows proposes.

    Whole sentences, where the question asks for a statement; else a few words, each within one sentence: of a period
    the end that is asked for, of a person the name, of several numbers the one that counts what is asked for.

    Args:
        question: as the network read it.
        count: how many at most.
        length_cost: see ``decode``.
        fitting_kind: what is added to the score of a span of the kind that the question asks for.

    Returns:
        Best first.
    """
    if asks_for_a_statement(question):
        return decode_sentences(
            passage.text, logits, longest=LONGEST_SPAN, count=count, sentence_starts=passage.sentence_starts
        )
    kind = expected_answer_type(question) if fitting_kind else None
    spans = decode(
        passage.text,
        logits,
        longest=LONGEST_SPAN,
        count=count,
        sentence_starts=passage.sentence_starts,
        length_cost=length_cost,
        preference=None if kind is None else lambda span: fitting_kind * is_of_type(kind, span, question),
    )
    return merged(_asked_part(question, passage.text, span) for span in spans)


def span_log_odds(question: str, text: str, logits: TextLogits, start: int, end: int) -> float:
    """What a window makes of a given span: its log odds against no answer.

    Args:
        question: as the network read it; one that asks for a statement gives the whole text its odds.
        text: what was read.
        start, end: half-open characters of ``text``.

    Returns:
        ``-inf`` where the window does not hold the span.
    """
    if asks_for_a_statement(question):
        return max(
            (one.score for one in decode_sentences(text, logits, longest=LONGEST_SPAN, count=1)), default=-np.inf
        )
    first = int(np.searchsorted(logits.ends, start, side="right"))
    last = int(np.searchsorted(logits.starts, end, side="left")) - 1
    if not 0 <= first <= last or logits.starts[0] > start or logits.ends[-1] < end:
        return -np.inf
    return float(logits.start[first] + logits.end[last]) - logits.no_answer


def _asked_part(question: str, text: str, span: CharSpan) -> CharSpan:
    """A span with the words that the question asks for: less than was found, or a "between" more."""
    start, end = span.start, span.end
    after = text[end : end + _LOOK_AHEAD]
    for begin, finish in (
        asked_end(question, text[start:end]),
        asked_name(question, text[start:end]),
        asked_count(question, text[start:end], after),
    ):
        if finish - begin < end - start:
            return CharSpan(start + begin, start + finish, span.score)
    return CharSpan(with_between(question, text, start, end), end, span.score)
