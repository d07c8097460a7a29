"""A window's logits and its question -> what is proposed as an answer: the same for every extractive reader."""

from __future__ import annotations

from qa.decoding import LONGEST_SPAN, CharSpan, TextLogits, decode, decode_sentences, merged
from qa.readers.answer_types import expected_answer_type, is_of_type
from qa.readers.passages import Passage
from qa.readers.periods import asked_end
from qa.readers.statements import asks_for_a_statement


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

    Whole sentences, where the question asks for a statement; else a few words, each within one sentence, and of a
    period the end that is asked for.

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
    return merged(_at_the_asked_end(question, passage.text, span) for span in spans)


def _at_the_asked_end(question: str, text: str, span: CharSpan) -> CharSpan:
    begin, end = asked_end(question, text[span.start : span.end])
    return CharSpan(span.start + begin, span.start + end, span.score)
