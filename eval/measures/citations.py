"""Whether what is cited holds the evidence, and stands word for word where the citation says. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.datasets.records import Evidence
from eval.measures.rankings import distinct_places, holds
from index.records import Article
from qa.records import Answer, Citation


def first_holds(citations: Sequence[Citation], evidence: Sequence[Evidence]) -> bool:
    """Whether the first cited sentence holds the whole of some evidence."""
    return any(_holds(one, place) for one in citations[:1] for place in evidence)


def any_holds(citations: Sequence[Citation], evidence: Sequence[Evidence]) -> bool:
    """Whether some cited sentence does."""
    return any(_holds(one, place) for one in citations for place in evidence)


def citation_precision(citations: Sequence[Citation], evidence: Sequence[Evidence]) -> float:
    """The share of the cited sentences that hold evidence (Gao et al. 2023, with places for judgements); 0 without
    citations."""
    if not citations:
        return 0.0
    return sum(any(_holds(one, place) for place in evidence) for one in citations) / len(citations)


def citation_recall(citations: Sequence[Citation], evidence: Sequence[Evidence]) -> float:
    """The share of the places of evidence that some cited sentence holds; overlapping ones are one place."""
    places = distinct_places(evidence)
    held = sum(any(_holds(one, piece) for one in citations for piece in place) for place in places)
    return held / len(places) if places else 0.0


def is_verbatim(answer: Answer, article: Callable[[str], Article]) -> bool:
    """Whether every span, sentence and quote of an answer stands word for word at its characters.

    Args:
        article: gives the stored article of an id.
    """
    spans = [(span.article_id, span.start_char, span.end_char, span.text) for span in answer.spans]
    if answer.best:
        spans.append((answer.best.article_id, answer.best.start_char, answer.best.end_char, answer.best.text))
    for one in (*answer.citations, *answer.closest):
        spans.append((one.article_id, one.start_char, one.end_char, one.sentence))
        spans.append((one.article_id, one.quote_start_char, one.quote_end_char, one.quote))
    return all(article(article_id).text[start:end] == text for article_id, start, end, text in spans)


def _holds(citation: Citation, evidence: Evidence) -> bool:
    return holds((citation.article_id, citation.start_char, citation.end_char), evidence)
