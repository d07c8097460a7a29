"""One generation of a local index, opened for reading."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from typing import Self

import numpy as np
import numpy.typing as npt

from index.errors import ArticleNotFoundError, ConfigError, IndexMismatchError, ModelError
from index.lexical import LexicalIndex
from index.manifest import IndexIdentity, Manifest
from index.records import Article, Chunk, Filter, Hit, Query, Scores, Sentence, Vector
from index.stores.base import ArticleSummary
from index.stores.local.dense import DenseIndex
from index.stores.local.layout import Layout
from index.stores.local.live import Integers, gather_postings, live_rows
from index.stores.local.segment import Segment
from index.stores.local.text_db import TextDB
from index.tokenizer import Tokenizer

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Snapshot:
    """One generation, whole and unchanging; a ``CollectionReader``. May be used from any thread.

    The postings are in memory, the vectors' files are mapped into it and the text's files are held open: a writer may
    remove them all meanwhile.

    Args:
        layout: the index's folder.
        manifest: the generation.

    Raises:
        IndexCorruptError: a file is missing or has changed.
    """

    def __init__(self, layout: Layout, manifest: Manifest) -> None:
        self._manifest = manifest
        segments = [Segment(layout.segment(record.name), record) for record in manifest.segments]
        with ExitStack() as opened:
            self._texts = [_open_text(segment, opened) for segment in segments]
            self._rows = live_rows(segments, self._texts)
            vectors = [segment.vectors(manifest.identity.dim) for segment in segments]
            self._dense = DenseIndex(vectors, self._rows.first_vector, self._rows.vectors)
            self._lexical = LexicalIndex(gather_postings([segment.postings() for segment in segments], self._rows))
            self._opened = opened.pop_all()
        self._article_ids = [summary.article_id for summary in self._rows.articles]
        self._number_at = {(place.segment, place.row): number for number, place in enumerate(self._rows.places)}
        self._tokenizer = Tokenizer(stem=manifest.identity.build.stem)
        # The searches of one question share a query and a filter. Each memo is replaced whole, so any thread may do it.
        self._last_filter: tuple[Filter, Mask] | None = None
        self._last_scores: tuple[str, Floats] | None = None

    @property
    def generation(self) -> int:
        return self._manifest.generation

    @property
    def identity(self) -> IndexIdentity:
        """What the generation was built with."""
        return self._manifest.identity

    @property
    def count(self) -> int:
        return len(self._rows.chunk_ids)

    def search_dense(self, query: Query, k: int, where: Filter | None = None) -> tuple[Hit, ...]:
        """See ``CollectionReader.search_dense``."""
        _check_k(k)
        vector, allowed = self._checked(query.vector), self._allowed(where)
        if allowed is None:
            return self._hits(self._dense.chunk_scores(vector), np.arange(self.count), k)
        chunks = np.flatnonzero(allowed)
        return self._hits(self._dense.chunk_scores(vector, chunks), chunks, k)

    def search_lexical(self, query: Query, k: int, where: Filter | None = None) -> tuple[Hit, ...]:
        """See ``CollectionReader.search_lexical``."""
        _check_k(k)
        scores = self._lexical_scores(query.text)
        allowed = self._allowed(where)
        chunks = np.flatnonzero(scores > 0 if allowed is None else (scores > 0) & allowed)
        return self._hits(scores[chunks], chunks, k)

    def score(self, query: Query, chunk_ids: Sequence[str]) -> tuple[Scores, ...]:
        """See ``CollectionReader.score``."""
        chunks = self._numbers(chunk_ids)
        dense = self._dense.row_scores(self._checked(query.vector), chunks)
        lexical = self._lexical_scores(query.text)[chunks]
        return tuple(
            Scores(lexical_score=score, sentence_scores=tuple(sentence_scores.tolist()))
            for score, sentence_scores in zip(lexical.tolist(), dense, strict=True)
        )

    def get(self, chunk_ids: Sequence[str]) -> tuple[Chunk, ...]:
        """See ``CollectionReader.get``."""
        rows, chunks = self._rows, self._numbers(chunk_ids)
        articles = {number: self._read(number) for number in dict.fromkeys(rows.article[chunks].tolist())}
        return tuple(
            self._texts[segment].chunk(row, articles[article])
            for segment, row, article in zip(
                rows.segment[chunks].tolist(), rows.row[chunks].tolist(), rows.article[chunks].tolist(), strict=True
            )
        )

    def article(self, article_id: str) -> Article:
        """See ``CollectionReader.article``."""
        return self._read(self._article_number(article_id))

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """See ``CollectionReader.sentences``."""
        place = self._rows.places[self._article_number(article_id)]
        return self._texts[place.segment].sentences(place.row, article_id)

    def places_of(self, sentence: str) -> tuple[Sentence, ...]:
        """See ``CollectionReader.places_of``."""
        found = []
        for segment, text in enumerate(self._texts):
            for row, position, start, end in text.places_of(sentence):
                number = self._number_at.get((segment, row))  # None: removed since
                if number is not None and self._read(number).text[start:end] == sentence:
                    found.append((number, Sentence(self._article_ids[number], position, start, end)))
        return tuple(place for _, place in sorted(found, key=lambda item: (item[0], item[1].position)))

    def articles(self) -> Iterator[ArticleSummary]:
        """See ``CollectionReader.articles``."""
        return iter(self._rows.articles)

    def close(self) -> None:
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _hits(self, scores: npt.NDArray[np.floating], chunks: Integers, k: int) -> tuple[Hit, ...]:
        """The best ``k`` of ``chunks``, which are ascending; best first, equal scores by number: by chunk id."""
        if len(chunks) > k:  # sort those alone that are no worse than the k-th
            last = np.partition(scores, len(scores) - k)[len(scores) - k]
            scores, chunks = scores[scores >= last], chunks[scores >= last]
        best = np.argsort(-scores, kind="stable")[:k]
        return tuple(
            Hit(self._rows.chunk_ids[chunk], rank, score)
            for rank, (chunk, score) in enumerate(
                zip(chunks[best].tolist(), scores[best].tolist(), strict=True), start=1
            )
        )

    def _lexical_scores(self, text: str) -> Floats:
        memo = self._last_scores
        if memo is None or memo[0] != text:
            memo = (text, self._lexical.scores(self._tokenizer.query_terms(text)))
            self._last_scores = memo
        return memo[1]

    def _allowed(self, where: Filter | None) -> Mask | None:
        """Which chunks ``where`` accepts; None when it is None."""
        if where is None:
            return None
        memo = self._last_filter
        if memo is None or memo[0] != where:
            memo = (where, self._accepted_articles(where)[self._rows.article])
            self._last_filter = memo
        return memo[1]

    def _accepted_articles(self, where: Filter) -> Mask:
        accepted = np.zeros(len(self._article_ids), dtype=np.bool_)
        if where.articles is None:
            numbers: Sequence[int] = range(len(self._article_ids))
        else:  # look at the named ones alone
            numbers = [place for name in where.articles if (place := _find(self._article_ids, name)) is not None]
        for number in numbers:
            article = self._rows.articles[number]
            day = date.fromisoformat(article.published[:10]) if article.published else None
            accepted[number] = where.accepts(article.article_id, article.outlet, day)
        return accepted

    def _checked(self, vector: Vector) -> Vector:
        dim = self._manifest.identity.dim
        if vector.shape != (dim,):
            raise IndexMismatchError(
                f"the query's vector has shape {vector.shape}, the index's vectors have {(dim,)}; "
                f"use the embedder that it was built with, {self._manifest.identity.embedder_name}"
            )
        if not np.isfinite(vector).all():
            raise ModelError("the query's vector holds a value that is not finite; the embedder is at fault")
        return np.ascontiguousarray(vector, dtype=np.float32)

    def _numbers(self, chunk_ids: Sequence[str]) -> Integers:
        """The places of the named chunks among all."""
        rows = [_find(self._rows.chunk_ids, chunk_id) for chunk_id in chunk_ids]
        absent = [chunk_id for chunk_id, row in zip(chunk_ids, rows, strict=True) if row is None]
        if absent:
            raise ArticleNotFoundError(f"generation {self.generation} has no chunk {', '.join(map(repr, absent))}")
        return np.array(rows, dtype=np.int64)

    def _article_number(self, article_id: str) -> int:
        number = _find(self._article_ids, article_id)
        if number is None:
            raise ArticleNotFoundError(f"generation {self.generation} has no article {article_id!r}")
        return number

    def _read(self, article_number: int) -> Article:
        place = self._rows.places[article_number]
        return self._texts[place.segment].article(place.row)


def _open_text(segment: Segment, opened: ExitStack) -> TextDB:
    text = segment.text()
    opened.callback(text.close)
    return text


def _check_k(k: int) -> None:
    if k < 1:
        raise ConfigError(f"k is {k}; a search must ask for 1 hit or more")


def _find(names: Sequence[str], name: str) -> int | None:
    """The place of ``name`` in the ascending ``names``, or None."""
    place = bisect_left(names, name)
    return place if place < len(names) and names[place] == name else None
