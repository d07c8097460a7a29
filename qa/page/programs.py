"""What programs may ask of a served collection: the same functions for REST and for assistants (MCP).

Everything comes in as JSON and goes out as JSON. Nothing is trusted: what a caller sends may be of any type and size.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import wraps
from typing import Any, Protocol, Self, TypeVar

from index.errors import CollectionNotFoundError, ConfigError, PullquoteError
from index.records import Article, Candidate, Filter, Sentence
from index.stores.base import ArticleSummary, published_iso
from qa.page.arguments import day_of, history_of, names_of, number_of, text_of
from qa.page.sources import matching
from qa.records import Answer, Turn
from qa.served import SERVED

ENDPOINTS = ("ask", "retrieve", "sources", "source")
"""The functions that programs may call, by name."""
MOST_CANDIDATES = 50
MOST_SOURCES = 200
_OUTLETS_NAMED = 20
_log = logging.getLogger(__name__)
Call = TypeVar("Call", bound=Callable[..., dict[str, Any]])


class Library(Protocol):
    """What programs need of an ``Assistant``."""

    def ask(
        self, question: str, *, history: Sequence[Answer | Turn], where: Filter | None, today: date | None
    ) -> Answer: ...

    def retrieve(self, query: str, k: int | None = None, where: Filter | None = None) -> tuple[Candidate, ...]: ...

    def article(self, article_id: str) -> Article: ...

    def sentences(self, article_id: str) -> tuple[Sentence, ...]: ...

    def articles(self) -> tuple[ArticleSummary, ...]: ...


def _told(call: Call) -> Call:
    """The same function; what nobody foresaw goes to the log, and the caller is told no more than that."""

    @wraps(call)
    def careful(*args: Any, **given: Any) -> dict[str, Any]:
        try:
            return call(*args, **given)
        except PullquoteError:
            raise
        except Exception:
            _log.exception("a program's request could not be answered")
            raise PullquoteError("something failed that should not have; the server's log says what") from None

    return careful  # type: ignore[return-value]  # wraps keeps the signature


Named = Callable[[str, str], Library]
"""An owner's collection by its id or name; CollectionNotFoundError where there is none."""


class Programs:
    """Answers programs. Keeps nothing between calls; may be used from any thread.

    Every method gives JSON values only, and raises a ``PullquoteError`` that says what is wrong with the request.

    Args:
        library: the assistant that is asked where a call names no collection.
        named: gives the collection that a call names; None where there are no others.
        owner: who calls; None for nobody who could have collections.
    """

    def __init__(self, library: Library, named: Named | None = None, owner: str | None = None) -> None:
        self._library = library
        self._named = named
        self._owner = owner

    def of(self, owner: str | None) -> Self:
        """The same for another caller."""
        return type(self)(self._library, self._named, owner)

    @_told
    def ask(
        self,
        question: str,
        history: list[dict[str, Any]] | None = None,
        articles: list[str] | None = None,
        outlets: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        today: str | None = None,
        collection: str | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the collection's articles in their own words, or say that they do not answer it.

        Nothing is generated: "text" is a verbatim piece of an article, or null when the articles do not answer. Each of
        "citations" holds the whole sentence, its article and its exact characters there; quote "sentence" as it stands.
        When "answered" is false, "closest" holds the sentences that come nearest; they are no answers.

        Args:
            question: what to find out, in English, as one question.
            history: earlier turns of the same conversation, oldest first, so that a follow-up may lean on them: answers
                that this function gave, or objects with question, answer_text and titles.
            articles: only these articles may answer, by article_id.
            outlets: only articles of these outlets may answer, by name.
            since: only articles from this day on may answer, such as 2024-05-31.
            until: only articles up to this day may answer, such as 2024-05-31.
            today: the day of asking, such as 2024-05-31, which "yesterday" or "last year" in the question count from.
            collection: one of the caller's own collections, by name or id; without it the one that everybody asks.
        """
        asked = self._asked(collection)
        answer = asked.ask(
            text_of(question, "question"),
            history=history_of(history),
            where=_filter(asked, articles, outlets, since, until),
            today=day_of(today, "today"),
        )
        return answer.to_dict()

    @_told
    def retrieve(
        self,
        query: str,
        k: int = 10,
        articles: list[str] | None = None,
        outlets: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        collection: str | None = None,
    ) -> dict[str, Any]:
        """Search the collection's articles for the passages nearest to a query, with their places and scores.

        Use it to read around a subject; use "ask" for the answer to a question.

        Args:
            query: what to search, standing alone: words or a question.
            k: how many passages to give, from 1 to 50.
            articles: only these articles, by article_id.
            outlets: only articles of these outlets, by name.
            since: only articles from this day on, such as 2024-05-31.
            until: only articles up to this day, such as 2024-05-31.
            collection: one of the caller's own collections, by name or id; without it the one that everybody asks.
        """
        asked = self._asked(collection)
        candidates = asked.retrieve(
            text_of(query, "query"),
            number_of(k, "k", 1, MOST_CANDIDATES),
            _filter(asked, articles, outlets, since, until),
        )
        return {"query": query, "candidates": [_candidate(candidate) for candidate in candidates]}

    @_told
    def sources(
        self, words: str = "", offset: int = 0, limit: int = 50, collection: str | None = None
    ) -> dict[str, Any]:
        """List the collection's articles, newest first, without their texts.

        Args:
            words: only articles whose title, outlet, date or address holds each of these words; empty for all.
            offset: how many to pass over.
            limit: how many to give, from 1 to 200.
            collection: one of the caller's own collections, by name or id; without it the one that everybody asks.
        """
        first = number_of(offset, "offset", 0, None)
        found = matching(self._asked(collection).articles(), text_of(words, "words", 2000))
        shown = found[first : first + number_of(limit, "limit", 1, MOST_SOURCES)]
        return {"total": len(found), "offset": first, "articles": [asdict(summary) for summary in shown]}

    @_told
    def source(self, article_id: str, collection: str | None = None) -> dict[str, Any]:
        """Give one article: its text as it was indexed, its particulars, and where its sentences begin and end.

        Args:
            article_id: the article's id, as a citation, "retrieve" or "sources" gives it.
            collection: one of the caller's own collections, by name or id; without it the one that everybody asks.
        """
        asked = self._asked(collection)
        article = asked.article(text_of(article_id, "article_id"))
        sentences = asked.sentences(article.article_id)
        return {
            "article_id": article.article_id,
            "source_key": article.source_key,
            "title": article.title,
            "url": article.url,
            "outlet": article.outlet,
            "authors": list(article.authors),
            "published": published_iso(article),
            "language": article.language,
            "pages": list(article.pages),
            "metadata": _flat(article.metadata),
            "content_sha256": article.content_sha256,
            "text": article.text,
            "sentences": [{"start_char": each.start_char, "end_char": each.end_char} for each in sentences],
        }

    def _asked(self, collection: object) -> Library:
        """The collection that a call names."""
        if collection in (None, SERVED):
            return self._library
        name = text_of(collection, "collection", 300)
        if self._named is None or self._owner is None:
            raise CollectionNotFoundError(f"there is no collection {name!r} of yours here")
        return self._named(self._owner, name)


def _filter(asked: Library, articles: object, outlets: object, since: object, until: object) -> Filter | None:
    """The filter, its names checked: a mistyped one would look like an abstention."""
    ids, names = names_of(articles, "articles"), names_of(outlets, "outlets")
    first, last = day_of(since, "since"), day_of(until, "until")
    if first and last and first > last:
        raise ConfigError(f"since {first} is after until {last}")
    if ids is None and names is None and first is None and last is None:
        return None
    summaries = asked.articles()
    there = {summary.article_id for summary in summaries}
    unknown = [each for each in ids or () if each not in there]
    if unknown:
        raise ConfigError(f"no article has the id {unknown[0]!r}; sources gives the ids")
    known = {summary.outlet.casefold(): summary.outlet for summary in summaries if summary.outlet}
    unknown = [each for each in names or () if each.casefold() not in known]
    if unknown:
        named = sorted(known.values())
        listed = ", ".join(named[:_OUTLETS_NAMED]) + (", …" if len(named) > _OUTLETS_NAMED else "")
        raise ConfigError(f"no article is from {unknown[0]!r}; the outlets are: {listed or 'none'}")
    return Filter(articles=ids, outlets=names, since=first, until=last)


def _candidate(candidate: Candidate) -> dict[str, Any]:
    chunk, article = candidate.chunk, candidate.article
    return {
        "article_id": chunk.article_id,
        "title": article.title,
        "outlet": article.outlet,
        "url": article.url,
        "published": published_iso(article),
        "content_sha256": article.content_sha256,
        "text": chunk.text,
        "start_char": chunk.start_char,
        "end_char": chunk.end_char,
        "rank": candidate.rank,
        "fused_score": candidate.fused_score,
        "dense_score": candidate.dense_score,
        "dense_rank": candidate.dense_rank,
        "lexical_score": candidate.lexical_score,
        "lexical_rank": candidate.lexical_rank,
        "sentences": [
            {"start_char": sentence.start_char, "end_char": sentence.end_char, "dense_score": score}
            for sentence, score in zip(chunk.sentences, candidate.sentence_scores, strict=True)
        ],
    }


def _flat(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """An article's further keys, lists and objects among them as JSON text. An object that comes from a stranger's
    article could pass for a file of the toolkit's, which its clients would fetch from wherever it says."""
    return {
        key: value if value is None or isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)
        for key, value in metadata.items()
    }
