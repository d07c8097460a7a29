"""A citation as a W3C Web Annotation (https://www.w3.org/TR/annotation-model/), in JSON-LD. Pure."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from index.records import Article
from qa.exports.wording import holding_text, plain_address
from qa.records import Citation

_CONTEXT_CHARACTERS = 32
"""Characters of context at either side: enough to find a quote again in a page that has changed a little."""


def citation_annotation(citation: Citation, article: Article | None = None) -> dict[str, Any]:
    """A citation's quote, selected by its words and by its place.

    Positions count Unicode code points of the stored text, whose SHA-256 is named with the source; the live page may
    hold other text around the article.

    Args:
        article: the cited article, from whose text the words around the quote are taken, to the character. Without it,
            or when the citation does not hold in it, they come from the cited sentence and its neighbours, with a space
            for the white space between sentences, which a citation does not record.

    Returns:
        Plain dicts, lists, strings and numbers, to be written as JSON.
    """
    prefix, suffix = _around(citation, article)
    source: dict[str, Any] = {"id": plain_address(citation) or f"urn:pullquote:{quote(citation.article_id, safe='')}"}
    known = {
        "dc:identifier": citation.article_id,
        "dc:title": citation.title,
        "dc:publisher": citation.outlet,
        "dcterms:issued": citation.published,
        "schema:sha256": citation.content_sha256,
    }
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"urn:uuid:{_identity(citation)}",
        "type": "Annotation",
        "motivation": "identifying",
        "target": {
            "type": "SpecificResource",
            "source": {**source, **{name: value for name, value in known.items() if value}},
            "selector": [
                {"type": "TextQuoteSelector", "exact": citation.quote, "prefix": prefix, "suffix": suffix},
                {
                    "type": "TextPositionSelector",
                    "start": citation.quote_start_char,
                    "end": citation.quote_end_char,
                },
            ],
        },
    }


def _around(citation: Citation, article: Article | None) -> tuple[str, str]:
    """What stands before and after the quote."""
    start, end = citation.quote_start_char, citation.quote_end_char
    text = holding_text(citation, article)
    if text is not None:
        return text[max(0, start - _CONTEXT_CHARACTERS) : start], text[end : end + _CONTEXT_CHARACTERS]
    before = citation.sentence[: start - citation.start_char]
    after = citation.sentence[end - citation.start_char :]
    if citation.before:
        before = f"{citation.before} {before}"
    if citation.after:
        after = f"{after} {citation.after}"
    return before[-_CONTEXT_CHARACTERS:], after[:_CONTEXT_CHARACTERS]


def _identity(citation: Citation) -> uuid.UUID:
    """The same for the same quote of the same version of the same article."""
    place = (citation.article_id, citation.content_sha256, citation.quote_start_char, citation.quote_end_char)
    return uuid.uuid5(uuid.NAMESPACE_URL, "\x1f".join(map(str, place)))
