"""The seam between Pullquote and whatever keeps the vectors, the postings and the text."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from index.errors import ArticleError
from index.records import Article, Chunk, Filter, Hit, Query, Scores, Sentence, Vector, text_sha256


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """An article's listing, without its text."""

    article_id: str
    source_key: str
    title: str
    outlet: str | None
    url: str | None
    published: str | None  # ISO date or date-time
    content_sha256: str
    record_sha256: str  # of all that the index stores of it: text and particulars
    sentences: int
    chunks: int


def record_sha256(article: Article) -> str:
    """The SHA-256 of all that is stored of an article, as 64 hexadecimal digits.

    It is taken of the particulars and the text's own hash, written as JSON with sorted keys and no spaces. Two articles
    have the same exactly when nothing differs between them.

    Raises:
        ArticleError: its metadata cannot be written as JSON.
    """
    particulars = {
        "article_id": article.article_id,
        "source_key": article.source_key,
        "title": article.title,
        "url": article.url,
        "outlet": article.outlet,
        "authors": article.authors,
        "published": published_iso(article),
        "language": article.language,
        "pages": article.pages,
        "metadata": dict(article.metadata),
        "content_sha256": article.content_sha256,
    }
    try:
        return text_sha256(json.dumps(particulars, allow_nan=False, sort_keys=True, separators=(",", ":")))
    except (TypeError, ValueError, RecursionError) as error:
        raise ArticleError(
            f"article {article.article_id!r} has metadata that cannot be written as JSON: {error}"
        ) from error


def published_iso(article: Article) -> str | None:
    """The ISO form of a date (``2024-05-31``) or a date with time (``2024-05-31T09:00:00+02:00``)."""
    return None if article.published is None else article.published.isoformat()


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article ready to be written: split, chunked and embedded.

    Attributes:
        sentences: all of the article's sentences, in order.
        chunks: all of its chunks, in order.
        vectors: unit vectors, float32, shape ``(rows, dim)``: one row for each sentence, or for each part of a sentence
            that is longer than a chunk, in order.
        chunk_rows: for each chunk the half-open range of its rows: one row for each of its sentences.
        terms: the chunks' BM25 terms, one sequence a chunk.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    chunks: tuple[Chunk, ...]
    vectors: Vector
    chunk_rows: tuple[tuple[int, int], ...]
    terms: tuple[tuple[str, ...], ...]

    @property
    def summary(self) -> ArticleSummary:
        """The article's listing, as the store will give it."""
        return ArticleSummary(
            article_id=self.article.article_id,
            source_key=self.article.source_key,
            title=self.article.title,
            outlet=self.article.outlet,
            url=self.article.url,
            published=published_iso(self.article),
            content_sha256=self.article.content_sha256,
            record_sha256=record_sha256(self.article),
            sentences=len(self.sentences),
            chunks=len(self.chunks),
        )


class CollectionReader(Protocol):
    """One generation of a collection, whole and unchanging. May be used from any thread; a context manager."""

    @property
    def generation(self) -> int: ...

    @property
    def count(self) -> int:
        """How many chunks are live."""
        ...

    def search_dense(self, query: Query, k: int, where: Filter | None = None) -> tuple[Hit, ...]:
        """The ``k`` chunks with the largest ``dense_score`` (see ``Scores``), best first; ties by chunk id. Exact.

        Raises:
            ConfigError: ``k`` is less than 1.
            IndexMismatchError: the query's vector is not of the collection's length.
        """
        ...

    def search_lexical(self, query: Query, k: int, where: Filter | None = None) -> tuple[Hit, ...]:
        """The ``k`` chunks with the largest BM25 score above 0, best first; ties by chunk id.

        The statistics are those of the whole collection, whatever ``where`` leaves out.

        Raises:
            ConfigError: ``k`` is less than 1.
        """
        ...

    def score(self, query: Query, chunk_ids: Sequence[str]) -> tuple[Scores, ...]:
        """Both halves' scores of the named chunks, in the order given: fusion never has to fill in a zero. They are the
        same, bit for bit, as those that the searches give.

        Raises:
            ArticleNotFoundError: names the chunks that are not live.
        """
        ...

    def get(self, chunk_ids: Sequence[str]) -> tuple[Chunk, ...]:
        """The named chunks, in the order given.

        Raises:
            ArticleNotFoundError: names the chunks that are not live.
            IndexCorruptError: the stored text is not what was indexed.
        """
        ...

    def article(self, article_id: str) -> Article:
        """The article with its text, checked against its SHA-256.

        Raises:
            ArticleNotFoundError: no live article has that id.
            IndexCorruptError: the stored text is not what was indexed.
        """
        ...

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """All sentences of an article, in order.

        Raises:
            ArticleNotFoundError: no live article has that id.
        """
        ...

    def places_of(self, sentence: str) -> tuple[Sentence, ...]:
        """Every live sentence whose text equals ``sentence`` to the character, by article id and position: what tells
        that a sentence stands in several articles. Found through an index of hashes, not by a scan."""
        ...

    def articles(self) -> Iterator[ArticleSummary]:
        """All live articles, by article id."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...


class CollectionWriter(Protocol):
    """Collects changes and publishes them as one new generation. One writer at a time; a context manager that gives up
    what was not published."""

    def summaries(self) -> Mapping[str, ArticleSummary]:
        """The live articles of the generation that this writer changes, by id: what a builder compares with. Its own
        changes show after ``publish``."""
        ...

    def add(self, article: PreparedArticle) -> None:
        """Add an article; one of the same id is replaced.

        Raises:
            ArticleError: its sentences, chunks and terms do not fit together.
            IndexMismatchError: its vectors are not of the collection's length.
            ModelError: a vector is not finite or not of unit length.
        """
        ...

    def remove(self, article_ids: Collection[str]) -> None:
        """Remove articles.

        Raises:
            ArticleNotFoundError: names every id that is not there; nothing is removed then.
        """
        ...

    def publish(self) -> int:
        """Make all changes visible in one atomic step; gives the current generation's number, which is the old one when
        nothing was added or removed."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...


class CollectionStore(Protocol):
    """A place that holds a collection."""

    def reader(self) -> CollectionReader:
        """Open the current generation."""
        ...

    def writer(self) -> CollectionWriter:
        """Begin a change.

        Raises:
            IndexLockedError: another writer is at work.
        """
        ...
