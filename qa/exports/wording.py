"""What all written forms of a citation share: its particulars in words, and the article's text where it can be relied
on. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from index.records import Article
from qa.addresses import quote_address, web_address
from qa.records import Citation, Place

_BREAKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """``text`` with each run of spaces, line breaks and control characters as one space, and none at its ends."""
    return _BREAKS.sub(" ", text).strip(" ")


def day_of(published: str | None) -> str:
    """The day of an ISO date or date-time as ``2025-10-06``; ``no date`` where there is none."""
    if not published:
        return "no date"
    try:
        return datetime.fromisoformat(published).date().isoformat()
    except ValueError:
        return one_line(published)


def name_of(source: Citation | Place) -> str:
    """A source's title; its id where it has none. On one line."""
    return one_line(source.title) or one_line(source.article_id)


def particulars(source: Citation | Place) -> list[str]:
    """Outlet, day and page, as far as there are any, each on one line."""
    known = [one_line(source.outlet or ""), day_of(source.published), f"page {source.page}" if source.page else ""]
    return [words for words in known if words]


def whereabouts(citation: Citation) -> str:
    """The characters of the sentence and of the quote in it, the article's id and version."""
    version = f", SHA-256 {one_line(citation.content_sha256)}" if citation.content_sha256 else ""
    return (
        f"Sentence: characters {citation.start_char}–{citation.end_char}; quote: characters "
        f"{citation.quote_start_char}–{citation.quote_end_char}; article {one_line(citation.article_id)}{version}"
    )


def holding_text(citation: Citation, article: Article | None) -> str | None:
    """The article's text when sentence and quote stand in it where the citation says; None otherwise."""
    if article is None or article.article_id != citation.article_id:
        return None
    sentence = article.text[citation.start_char : citation.end_char]
    quote = article.text[citation.quote_start_char : citation.quote_end_char]
    return article.text if (sentence, quote) == (citation.sentence, citation.quote) else None


def sentence_address(citation: Citation, article: Article | None = None) -> str | None:
    """The address of the cited sentence in the live page; None without a web address.

    Args:
        article: the cited article, whose text tells which words name the sentence alone.
    """
    text = holding_text(citation, article)
    return quote_address(citation.url, citation.sentence, article_text=text, start_char=citation.start_char)


def plain_address(citation: Citation) -> str | None:
    """The original's address as it was recorded; None when no link may lead there."""
    return web_address(citation.url)


def parts(citation: Citation) -> tuple[str, str, str]:
    """The sentence in three slices: before the quote, the quote, and after it."""
    start = citation.quote_start_char - citation.start_char
    end = citation.quote_end_char - citation.start_char
    return citation.sentence[:start], citation.sentence[start:end], citation.sentence[end:]
