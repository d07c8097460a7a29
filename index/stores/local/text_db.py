"""A segment's text in SQLite: articles, sentences and chunks. Written once, then only read.

The text of a chunk is not stored: it is a slice of its article's.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import ArticleError, CollectionError, IndexCorruptError
from index.records import Article, Chunk, Sentence
from index.stores.base import ArticleSummary, PreparedArticle, published_iso, record_sha256
from index.stores.local.durable import missing

SCHEMA = """
CREATE TABLE articles (
    row INTEGER PRIMARY KEY,           -- 0, 1, 2, … in the order of article_id
    article_id TEXT NOT NULL UNIQUE,
    source_key TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT,
    outlet TEXT,
    authors TEXT NOT NULL,             -- JSON list
    published TEXT,                    -- ISO 8601: a date, or a date with time
    language TEXT,
    pages TEXT NOT NULL,               -- JSON list
    metadata TEXT NOT NULL,            -- JSON object
    content_sha256 TEXT NOT NULL,
    record_sha256 TEXT NOT NULL,
    sentence_count INTEGER NOT NULL,
    chunk_count INTEGER NOT NULL,
    vector_count INTEGER NOT NULL,     -- the vectors stand in the order of the articles
    text TEXT NOT NULL                 -- last, so that a listing does not read it
);
CREATE TABLE sentences (
    article_row INTEGER NOT NULL,
    position INTEGER NOT NULL,
    start_char INTEGER NOT NULL,
    end_char INTEGER NOT NULL,
    wording INTEGER NOT NULL,          -- wording_hash of the sentence
    PRIMARY KEY (article_row, position)
) WITHOUT ROWID;
CREATE INDEX sentences_wording ON sentences (wording);
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY,           -- 0, 1, 2, … in the order of chunk_id, as in the vectors and postings
    article_row INTEGER NOT NULL,
    start_char INTEGER NOT NULL,
    end_char INTEGER NOT NULL,
    heading TEXT NOT NULL,
    first_sentence INTEGER NOT NULL,   -- positions, both included
    last_sentence INTEGER NOT NULL,
    first_vector INTEGER NOT NULL      -- counted from the article's first; a chunk has one for each of its sentences
);
"""

_SUMMARY = (
    "article_id, source_key, title, outlet, url, published, content_sha256, record_sha256, sentence_count, chunk_count"
)
_ARTICLE = (
    "article_id, source_key, title, url, outlet, authors, published, language, pages, metadata, record_sha256, text"
)

Integers = npt.NDArray[np.int64]


def create_text_db(path: Path) -> sqlite3.Connection:
    """A new, empty database to be filled. It keeps no journal: nobody reads it before it is complete."""
    connection = sqlite3.connect(path.resolve().as_uri(), uri=True)  # so that ATTACH takes addresses, too
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
    return connection


def write_text_db(path: Path, articles: Sequence[PreparedArticle], chunks: Iterable[tuple[int, int]]) -> None:
    """Write a segment's text.

    Args:
        articles: by article id; their places are their rows.
        chunks: by chunk id, each as its article's row and its place in the article; their places are their rows.
    """
    with closing(create_text_db(path)) as connection:
        for row, prepared in enumerate(articles):
            try:
                connection.execute(f"INSERT INTO articles VALUES ({', '.join('?' * 17)})", _article_row(row, prepared))
            except UnicodeEncodeError as error:
                raise ArticleError(
                    f"article {prepared.article.article_id!r} holds a lone surrogate: {error}"
                ) from error
            connection.executemany(
                "INSERT INTO sentences VALUES (?, ?, ?, ?, ?)",
                (
                    (row, part.position, start, end, wording_hash(prepared.article.text[start:end]))
                    for part in prepared.sentences
                    for start, end in [(part.start_char, part.end_char)]
                ),
            )
        connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (row, article_row, *_chunk_values(articles[article_row], place))
                for row, (article_row, place) in enumerate(chunks)
            ),
        )
        connection.commit()


def _article_row(row: int, prepared: PreparedArticle) -> tuple[object, ...]:
    article = prepared.article
    return (
        row,
        article.article_id,
        article.source_key,
        article.title,
        article.url,
        article.outlet,
        json.dumps(article.authors),
        published_iso(article),
        article.language,
        json.dumps(article.pages),
        json.dumps(dict(article.metadata)),
        article.content_sha256,
        record_sha256(article),
        len(prepared.sentences),
        len(prepared.chunks),
        len(prepared.vectors),
        article.text,
    )


def _chunk_values(prepared: PreparedArticle, place: int) -> tuple[object, ...]:
    chunk = prepared.chunks[place]
    first, last = chunk.sentences[0].position, chunk.sentences[-1].position
    return (chunk.start_char, chunk.end_char, chunk.heading, first, last, prepared.chunk_rows[place][0])


def wording_hash(sentence: str) -> int:
    """The first 64 bits of a sentence's SHA-256, signed as SQLite has them: equal sentences have equal ones."""
    return int.from_bytes(hashlib.sha256(sentence.encode("utf-8")).digest()[:8], signed=True)


def read_only_uri(path: Path) -> str:
    """The address under which SQLite opens a file that never changes: no locks, no journal, any disk."""
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


class TextDB:
    """Reads a segment's text. May be used from any thread: the threads share one connection, one at a time.

    One connection, opened at once: one opened later would not find the file any more when a writer has removed the
    generation meanwhile, while an open one keeps working (on Windows an open file cannot be removed, and stays).

    Args:
        path: the file, already verified.

    Raises:
        IndexCorruptError: it is not there any more.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(read_only_uri(path), uri=True, check_same_thread=False)
        except sqlite3.OperationalError as error:  # removed since it was verified
            raise missing(path) from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def summaries(self) -> list[ArticleSummary]:
        """All articles' listings, in the order of their rows."""
        return [ArticleSummary(*row) for row in self._query(f"SELECT {_SUMMARY} FROM articles ORDER BY row")]

    def vector_counts(self) -> Integers:
        """How many vectors each article has, in the order of their rows; shape ``(articles,)``."""
        rows = self._query("SELECT vector_count FROM articles ORDER BY row")
        return np.array(rows, dtype=np.int64).reshape(len(rows))

    def chunk_columns(self) -> Integers:
        """All chunks in the order of their rows, each as its article's row, start, end, first vector (counted from the
        article's first) and number of vectors; shape ``(5, chunks)``."""
        rows = self._query(
            "SELECT article_row, start_char, end_char, first_vector, last_sentence - first_sentence + 1 "
            "FROM chunks ORDER BY row"
        )
        return np.array(rows, dtype=np.int64).reshape(len(rows), 5).T

    def article(self, row: int) -> Article:
        """The article of a row, checked against the hash of its record.

        Raises:
            IndexCorruptError: it is not what was written.
        """
        ((*values, recorded, text),) = self._query(f"SELECT {_ARTICLE} FROM articles WHERE row = ?", row)
        article_id, source_key, title, url, outlet, authors, published, language, pages, metadata = values
        article = Article(
            article_id=article_id,
            source_key=source_key,
            title=title,
            text=text,
            url=url,
            outlet=outlet,
            authors=tuple(json.loads(authors)),
            published=_parse_published(published),
            language=language,
            pages=tuple(json.loads(pages)),
            metadata=json.loads(metadata),
        )
        if record_sha256(article) != recorded:
            raise IndexCorruptError(
                f"{self._path}: article {article_id!r} is not what was indexed: the SHA-256 of its record is "
                f"{record_sha256(article)}, recorded is {recorded}; build the index anew"
            )
        return article

    def sentences(self, row: int, article_id: str) -> tuple[Sentence, ...]:
        """All sentences of the article of a row, whose id is ``article_id``."""
        return tuple(
            Sentence(article_id, *values)
            for values in self._query(
                "SELECT position, start_char, end_char FROM sentences WHERE article_row = ? ORDER BY position", row
            )
        )

    def places_of(self, sentence: str) -> list[tuple[int, int, int, int]]:
        """Where a sentence of the same wording hash stands: article row, position, start and end, in that order."""
        return self._query(
            "SELECT article_row, position, start_char, end_char FROM sentences WHERE wording = ? "
            "ORDER BY article_row, position",
            wording_hash(sentence),
        )

    def chunk(self, row: int, article: Article) -> Chunk:
        """The chunk of a row; ``article`` is the one it belongs to."""
        ((article_row, start, end, heading, first, last),) = self._query(
            "SELECT article_row, start_char, end_char, heading, first_sentence, last_sentence "
            "FROM chunks WHERE row = ?",
            row,
        )
        sentences = self._query(
            "SELECT position, start_char, end_char FROM sentences WHERE article_row = ? AND position BETWEEN ? AND ? "
            "ORDER BY position",
            article_row,
            first,
            last,
        )
        return Chunk(
            article_id=article.article_id,
            start_char=start,
            end_char=end,
            text=article.text[start:end],
            heading=heading,
            sentences=tuple(Sentence(article.article_id, *values) for values in sentences),
        )

    def _query(self, statement: str, *parameters: int) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(statement, parameters).fetchall()
        except sqlite3.ProgrammingError as error:  # "Cannot operate on a closed database."
            raise CollectionError(f"{self._path} has been closed; open a new reader of the index") from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the message may quote damaged bytes
            raise IndexCorruptError(f"{self._path} cannot be read: {error}; build the index anew") from error


def _parse_published(value: str | None) -> date | datetime | None:
    if value is None:
        return None
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
