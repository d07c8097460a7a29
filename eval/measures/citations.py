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
    """Whether all that an answer shows stands word for word at its characters, in the article's version that it names.

    Checked are every span, sentence and quote, that a quote lies in its sentence, the neighbouring sentences, which
    must stand next to it with nothing but white space between, and the other places with the same sentence.

    Args:
        article: gives the stored article of an id.
    """
    spans = (*answer.spans, *([answer.best] if answer.best else []))
    return all(article(one.article_id).text[one.start_char : one.end_char] == one.text for one in spans) and all(
        _stands(one, article) for one in (*answer.citations, *answer.closest)
    )


def _stands(one: Citation, article: Callable[[str], Article]) -> bool:
    stored = article(one.article_id)
    text = stored.text
    return (
        stored.content_sha256 == one.content_sha256
        and text[one.start_char : one.end_char] == one.sentence
        and text[one.quote_start_char : one.quote_end_char] == one.quote
        and one.start_char <= one.quote_start_char <= one.quote_end_char <= one.end_char
        and (one.before is None or text[: one.start_char].rstrip().endswith(one.before.strip()))
        and (one.after is None or text[one.end_char :].lstrip().startswith(one.after.strip()))
        and all(article(at.article_id).text[at.start_char : at.end_char] == one.sentence for at in one.also_at)
    )


def _holds(citation: Citation, evidence: Evidence) -> bool:
    return holds((citation.article_id, citation.start_char, citation.end_char), evidence)
