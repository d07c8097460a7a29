"""Answers taken elsewhere: a citation in the forms that other programs read, and a whole conversation. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, get_args

from index.errors import ConfigError
from index.records import Article
from qa.citations import StandingOf
from qa.exchanges import Exchange
from qa.exports.annotation import citation_annotation
from qa.exports.bibtex import citation_bibtex
from qa.exports.document import conversation_html
from qa.exports.jsonform import conversation_from_dict, conversation_to_dict
from qa.exports.markdown import citation_markdown, citation_plain, conversation_markdown
from qa.records import Citation

__all__ = [
    "CITATION_FORMS",
    "CONVERSATION_FORMS",
    "MEDIA_TYPES",
    "SUFFIXES",
    "CitationForm",
    "ConversationForm",
    "citation_annotation",
    "citation_bibtex",
    "citation_markdown",
    "citation_plain",
    "conversation_from_dict",
    "conversation_html",
    "conversation_markdown",
    "conversation_to_dict",
    "export_citation",
    "export_conversation",
]

CitationForm = Literal["markdown", "text", "bibtex", "jsonld"]
ConversationForm = Literal["markdown", "html", "json"]
CITATION_FORMS: tuple[CitationForm, ...] = get_args(CitationForm)
CONVERSATION_FORMS: tuple[ConversationForm, ...] = get_args(ConversationForm)

SUFFIXES = {
    "markdown": ".md",
    "text": ".txt",
    "bibtex": ".bib",
    "jsonld": ".jsonld",
    "html": ".html",
    "json": ".json",
}
"""What the name of a file of each form ends with."""
MEDIA_TYPES = {
    "markdown": "text/markdown; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "bibtex": "application/x-bibtex; charset=utf-8",
    "jsonld": "application/ld+json",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}


def export_citation(citation: Citation, form: CitationForm, today: date, article: Article | None = None) -> str:
    """One citation in one of ``CITATION_FORMS``, as text that ends with a line break.

    Args:
        today: the day of the export.
        article: the cited article as it is stored now, which gives authors, the words around the quote and a more exact
            link; whatever it no longer supports is made from the citation alone.

    Raises:
        ConfigError: there is no such form.
    """
    if form == "markdown":
        return citation_markdown(citation, article)
    if form == "text":
        return citation_plain(citation, article)
    if form == "bibtex":
        return citation_bibtex(citation, today, article)
    if form == "jsonld":
        return _json(citation_annotation(citation, article))
    raise ConfigError(f"there is no form {form!r} of a citation; choose one of {', '.join(CITATION_FORMS)}")


def export_conversation(
    exchanges: Sequence[Exchange],
    form: ConversationForm,
    today: date,
    articles: Mapping[str, Article] | None = None,
    standing_of: StandingOf = lambda article_id, content_sha256: "",
) -> str:
    """A conversation with all its evidence in one of ``CONVERSATION_FORMS``, as text that ends with a line break.

    Args:
        exchanges: oldest first.
        today: the day of the export.
        articles: cited articles by id, as they are stored now, which make the links more exact; need not be complete.
        standing_of: what became of the cited articles since.

    Raises:
        ConfigError: there is no such form.
    """
    if form == "markdown":
        return conversation_markdown(exchanges, today, articles, standing_of)
    if form == "html":
        return conversation_html(exchanges, today, articles, standing_of)
    if form == "json":
        return _json(conversation_to_dict(exchanges, today, standing_of))
    raise ConfigError(f"there is no form {form!r} of a conversation; choose one of {', '.join(CONVERSATION_FORMS)}")


def _json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"
