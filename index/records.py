"""The records of the index: what is read from files, what is stored, what a search finds.

The offset rule, stated once: ``start_char`` and ``end_char`` are half-open offsets in Unicode code points into the
article's stored text, and ``article.text[start_char:end_char]`` *is* the quote. The stored text is what the loader
read, with its line ends turned to LF and nothing else changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import ArticleError

Vector = npt.NDArray[np.float32]

_LINE_END = re.compile(r"\r\n?")


def text_sha256(text: str) -> str:
    """The SHA-256 of ``text`` in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def stored_text(text: str) -> str:
    """``text`` as it is stored: CR LF and CR become LF, and nothing else changes.

    Raises:
        ArticleError: the text holds a lone surrogate, which no UTF-8 file can hold.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ArticleError(
            f"lone surrogate U+{ord(text[error.start]):04X} at character {error.start}: the text was decoded wrongly; "
            "decode it again without the 'surrogateescape' or 'surrogatepass' error handler"
        ) from None
    return _LINE_END.sub("\n", text) if "\r" in text else text


def derived_id(*parts: object) -> str:
    """A short stable identifier made from ``parts``: 16 hexadecimal digits of a SHA-256."""
    return text_sha256("\x1f".join(str(part) for part in parts))[:16]


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article as it is stored.

    Attributes:
        article_id: names the article in the collection; derived from ``source_key`` when empty.
        source_key: where it came from: its address, or its path relative to the folder that was indexed.
        title: its headline; may be empty.
        text: the stored text; line ends are turned to LF on construction.
        published: when it was published, as far as it is known.
        pages: the offset at which each page starts, ascending; empty where there are no pages.
        metadata: further keys of the source, JSON values only.

    Raises:
        ArticleError: neither ``article_id`` nor ``source_key`` is given, or a text holds a lone surrogate.
    """

    text: str
    article_id: str = ""
    source_key: str = ""
    title: str = ""
    url: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published: date | datetime | None = None
    language: str | None = None
    pages: tuple[int, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.article_id and not self.source_key:
            raise ArticleError(f"an article needs an article_id or a source_key (title: {self.title!r})")
        if not self.article_id:
            object.__setattr__(self, "article_id", derived_id(self.source_key))
        if not self.source_key:
            object.__setattr__(self, "source_key", self.article_id)
        try:
            object.__setattr__(self, "text", stored_text(self.text))
        except ArticleError as error:
            raise ArticleError(f"article {self.article_id!r}: {error}") from None
        for name in ("article_id", "source_key", "title", "url", "outlet"):
            try:
                stored_text(getattr(self, name) or "")
            except ArticleError as error:
                raise ArticleError(f"article {self.article_id!r}: its {name}: {error}") from None
        object.__setattr__(self, "authors", tuple(self.authors))
        object.__setattr__(self, "pages", tuple(self.pages))
        object.__setattr__(self, "metadata", MappingProxyType(dict(self.metadata)))

    @cached_property
    def content_sha256(self) -> str:
        """The SHA-256 of the stored text in UTF-8: the article's version."""
        return text_sha256(self.text)

    @property
    def published_date(self) -> date | None:
        """The day of publication, without its time."""
        return self.published.date() if isinstance(self.published, datetime) else self.published

    def page_at(self, offset: int) -> int | None:
        """The number, from 1, of the page that holds the character at ``offset``; None without pages."""
        if not self.pages:
            return None
        return max(1, sum(1 for start in self.pages if start <= offset))


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit of citation: a range of an article."""

    article_id: str
    position: int  # 0, 1, 2, … in the article
    start_char: int
    end_char: int

    @property
    def sentence_id(self) -> str:
        return f"{self.article_id}:{self.start_char}-{self.end_char}"


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is embedded and searched: whole sentences that follow each other, or a part of one sentence too long for a
    chunk.

    Attributes:
        text: ``article.text[start_char:end_char]``, verbatim.
        heading: title and date, put before the text for embedding and BM25 only; no offset counts it.
        sentences: the sentences that the chunk covers, in order. Of a sentence longer than a chunk's budget each of
            its chunks covers a part, and names the whole.
    """

    article_id: str
    start_char: int
    end_char: int
    text: str
    heading: str
    sentences: tuple[Sentence, ...]

    @property
    def chunk_id(self) -> str:
        return f"{self.article_id}:{self.start_char}-{self.end_char}"

    @property
    def indexed_text(self) -> str:
        """What BM25 sees."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text

    def sentences_of(self, start_char: int, end_char: int) -> tuple[Sentence, ...]:
        """The sentences that a span of the article touches, in order; of those that the chunk covers."""
        return tuple(one for one in self.sentences if one.start_char < end_char and start_char < one.end_char)


def chunk_place(chunk_id: str) -> tuple[str, int, int]:
    """What a chunk's id tells: its article's id, and its half-open characters there."""
    article_id, _, characters = chunk_id.rpartition(":")
    start, _, end = characters.partition("-")
    return article_id, int(start), int(end)


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: the stand-alone text, and its unit vector of shape ``(dim,)``."""

    text: str
    vector: Vector


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk's place in one ranked list: rank from 1, and the score that ranked it."""

    chunk_id: str
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Both halves' scores of one chunk for one query.

    Attributes:
        lexical_score: BM25, 0 or more.
        sentence_scores: for each of the chunk's sentences, in order, the inner product of the unit vectors of query and
            sentence, in [-1, 1].
    """

    lexical_score: float
    sentence_scores: tuple[float, ...]

    @property
    def dense_score(self) -> float:
        """The best sentence's score: what the chunk is ranked by (MaxP of Dai and Callan 2019)."""
        return max(self.sentence_scores)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk with its ranks and scores for one query.

    Attributes:
        article: the chunk's article, text included.
        rank: from 1, by ``fused_score``; ties by chunk id.
        dense_rank, lexical_rank: the place in that half's list; None when it was not among the first ``depth``.
        dense_score: the best of ``sentence_scores``.
        lexical_score: BM25, 0 or more.
        sentence_scores: for each of the chunk's sentences, in order, the inner product of the unit vectors of query and
            sentence, in [-1, 1].
    """

    chunk: Chunk
    article: Article
    rank: int
    fused_score: float
    dense_score: float
    lexical_score: float
    sentence_scores: tuple[float, ...]
    dense_rank: int | None
    lexical_rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which articles may answer. None means no restriction; all that are given must hold.

    Attributes:
        articles: article ids.
        outlets: outlets' names, compared without case.
        since, until: first and last day of publication, both included; an article without a date is then left out.
    """

    articles: tuple[str, ...] | None = None
    outlets: tuple[str, ...] | None = None
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        for name in ("articles", "outlets"):
            value = getattr(self, name)
            if isinstance(value, str):
                raise ArticleError(f"Filter.{name} takes a sequence of strings, not the string {value!r}")
            if value is not None:
                object.__setattr__(self, name, tuple(value))
        for name in ("since", "until"):
            value = getattr(self, name)
            if isinstance(value, datetime):
                object.__setattr__(self, name, value.date())

    def accepts(self, article_id: str, outlet: str | None, published: date | None) -> bool:
        """Whether an article with these properties may answer."""
        if self.articles is not None and article_id not in self.articles:
            return False
        if self.outlets is not None:
            folded = {name.casefold() for name in self.outlets}
            if outlet is None or outlet.casefold() not in folded:
                return False
        if self.since is None and self.until is None:
            return True
        if published is None:
            return False
        return (self.since is None or published >= self.since) and (self.until is None or published <= self.until)
