"""Answers to keep, made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from qa.records import Answer, AnswerSpan, Citation

ZONE = timezone(timedelta(hours=5, minutes=30))
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)
SHA = "ab" * 32
TEXT = "It struck Pier No. 4 at 7:40 a.m. The captain is Ruth Aldersey."


def citation_of(
    quote: str, *, sentence: str | None = None, article_id: str = "ferry", text: str = TEXT, sha256: str = SHA
) -> Citation:
    """A citation of ``quote``, which stands once in ``text``; the sentence is all of the text without ``sentence``."""
    whole = sentence or text
    start, quote_start = text.index(whole), text.index(quote)
    return Citation(
        article_id=article_id, title=f"About {article_id}", outlet=None, url=None, published=None, page=None,
        sentence=whole, start_char=start, end_char=start + len(whole),
        quote=quote, quote_start_char=quote_start, quote_end_char=quote_start + len(quote),
        before=None, after=None, also_at=(), content_sha256=sha256,
    )  # fmt: skip


def answer_with(*citations: Citation, question: str = "When?") -> Answer:
    """An answer that cites ``citations``; its text is the first one's quote."""
    spans = tuple(
        AnswerSpan(one.quote, one.article_id, one.quote_start_char, one.quote_end_char, 1.0) for one in citations
    )
    return Answer(
        question=question, query=question, answered=True, spans=spans, best=spans[0], confidence=0.9,
        citations=citations, closest=(),
    )  # fmt: skip


def abstention(*closest: Citation, question: str = "When?") -> Answer:
    return Answer(
        question=question, query=question, answered=False, spans=(), best=None, confidence=None,
        citations=(), closest=closest,
    )  # fmt: skip


STRUCK = answer_with(citation_of("7:40 a.m.", sentence="It struck Pier No. 4 at 7:40 a.m."))
BOTH = answer_with(STRUCK.citations[0], citation_of("Ruth Aldersey", sentence="The captain is Ruth Aldersey."))
NOTHING = abstention(citation_of("Ruth Aldersey", sentence="The captain is Ruth Aldersey."))


def asked(question: str, answer: Answer) -> Answer:
    return replace(answer, question=question, query=question)
