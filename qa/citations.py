"""Spans to sentences to citations, and the check of a citation against the stored text. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from index.records import Article, Sentence
from qa.records import Citation, Place


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """Whether a citation still holds.

    Attributes:
        holds: the stored text is the version that was cited, and sentence and quote stand in it where they should.
        reason: what does not hold, for a person to read; empty when all does.
    """

    holds: bool
    reason: str = ""


Standing = Literal["", "source removed", "changed since"]
"""What became of a cited article; empty when it is as it was."""
StandingOf = Callable[[str, str], Standing]
"""Gives that for an article's id and the version that was cited, as a SHA-256; an empty one stands for any version."""


def standing(content_sha256: str, article: Article | None) -> Standing:
    """What became of a cited article.

    Args:
        content_sha256: the version that was cited; empty for any.
        article: as it is stored now; None when it is no longer there.
    """
    if article is None:
        return "source removed"
    return "changed since" if content_sha256 not in ("", article.content_sha256) else ""


def covering(sentences: Sequence[Sentence], start_char: int, end_char: int) -> tuple[int, int]:
    """The half-open range of positions in ``sentences`` (in order) that touch ``[start_char, end_char)``.

    Raises:
        ValueError: no sentence does.
    """
    first = bisect_right(sentences, start_char, key=lambda sentence: sentence.start_char) - 1
    if first < 0 or sentences[first].end_char <= start_char:
        first += 1
    last = first
    while last < len(sentences) and sentences[last].start_char < end_char:
        last += 1
    if first == last:
        raise ValueError(f"no sentence covers the characters {start_char} to {end_char}")
    return first, last


def cite(
    article: Article,
    sentences: Sequence[Sentence],
    start_char: int,
    end_char: int,
    also_at: tuple[Place, ...] = (),
) -> Citation:
    """Cite the sentence, or the sentences, that hold a span.

    Args:
        sentences: all of the article's sentences, in order.
        start_char, end_char: the span.
        also_at: other places with the same sentence.

    Raises:
        ValueError: no sentences cover the whole span.
    """
    first, last = covering(sentences, start_char, end_char)
    start, end = sentences[first].start_char, sentences[last - 1].end_char
    if start_char < start or end_char > end:
        raise ValueError(f"the span {start_char} to {end_char} begins or ends outside the sentences {start} to {end}")
    before, after = sentences[first - 1 : first], sentences[last : last + 1]
    return Citation(
        article_id=article.article_id,
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published=article.published.isoformat() if article.published else None,
        page=article.page_at(start),
        sentence=article.text[start:end],
        start_char=start,
        end_char=end,
        quote=article.text[start_char:end_char],
        quote_start_char=start_char,
        quote_end_char=end_char,
        before=article.text[before[0].start_char : before[0].end_char] if before else None,
        after=article.text[after[0].start_char : after[0].end_char] if after else None,
        also_at=also_at,
        content_sha256=article.content_sha256,
    )


def place(article: Article, sentence: Sentence) -> Place:
    """A sentence's place, for ``Citation.also_at``."""
    return Place(
        article_id=article.article_id,
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published=article.published.isoformat() if article.published else None,
        page=article.page_at(sentence.start_char),
        start_char=sentence.start_char,
        end_char=sentence.end_char,
    )


def check_citation(citation: Citation, article: Article | None) -> CitationCheck:
    """Check a citation against the text that is stored now.

    Args:
        article: the cited article as it is stored, or None when it is no longer there.
    """
    if article is None:
        return CitationCheck(False, "the source is no longer in the collection")
    if article.text[citation.start_char : citation.end_char] != citation.sentence:
        return CitationCheck(False, "the stored article does not hold this sentence at this place")
    if article.text[citation.quote_start_char : citation.quote_end_char] != citation.quote:
        return CitationCheck(False, "the stored article does not hold this quote at this place")
    if not citation.start_char <= citation.quote_start_char <= citation.quote_end_char <= citation.end_char:
        return CitationCheck(False, "the quote does not lie inside the sentence")
    if article.content_sha256 != citation.content_sha256:
        return CitationCheck(False, "the stored article has changed since it was cited")
    return CitationCheck(True)
