"""What every store relies on in the articles it is given, checked before anything is written."""

from __future__ import annotations

import json

import numpy as np

from index.errors import ArticleError, IndexMismatchError, ModelError
from index.records import Article, Chunk, Sentence
from index.stores.base import PreparedArticle, record_sha256

UNIT_TOLERANCE = 1e-3
"""How far a vector's length may be from 1: rounding in float32, also through half precision, stays well below."""


def check_prepared(prepared: PreparedArticle, dim: int) -> None:
    """Refuse an article that no store could give back unchanged; ``dim`` is the length of the collection's vectors.

    Raises:
        ArticleError: metadata is not JSON, or sentences, chunks and terms do not fit the article or each other.
        IndexMismatchError: the vectors are of another shape.
        ModelError: a vector is not finite or not of unit length.
    """
    record_sha256(prepared.article)  # refuses metadata that is not JSON
    _check_metadata(prepared.article)
    _check_sentences(prepared)
    _check_chunks(prepared)
    _check_vectors(prepared, dim)


def _check_metadata(article: Article) -> None:
    metadata = dict(article.metadata)
    if json.loads(json.dumps(metadata)) != metadata:
        raise ArticleError(
            f"article {article.article_id!r}: its metadata would come back changed from JSON; use only objects with "
            "string keys, lists, strings, numbers, booleans and None"
        )


def _check_sentences(prepared: PreparedArticle) -> None:
    article_id = prepared.article.article_id
    for position, sentence in enumerate(prepared.sentences):
        _check_range(prepared.article, sentence)
        if sentence.position != position:
            raise ArticleError(
                f"article {article_id!r}: sentence {position} says that it is number {sentence.position}"
            )


def _check_chunks(prepared: PreparedArticle) -> None:
    article = prepared.article
    for chunk in prepared.chunks:
        _check_range(article, chunk)
        if chunk.text != article.text[chunk.start_char : chunk.end_char]:
            raise ArticleError(f"chunk {chunk.chunk_id!r}: its text is not what stands at that range of its article")
        first = chunk.sentences[0].position if chunk.sentences else 0
        if not chunk.sentences or chunk.sentences != prepared.sentences[first : first + len(chunk.sentences)]:
            raise ArticleError(
                f"chunk {chunk.chunk_id!r}: it must cover sentences of its article that follow each other"
            )
    if len({chunk.chunk_id for chunk in prepared.chunks}) < len(prepared.chunks):
        raise ArticleError(f"article {article.article_id!r}: two of its chunks have the same range")
    if len(prepared.terms) != len(prepared.chunks):
        raise ArticleError(
            f"article {article.article_id!r}: {len(prepared.chunks)} chunks, but terms of {len(prepared.terms)}"
        )


def _check_range(article: Article, part: Sentence | Chunk) -> None:
    if part.article_id != article.article_id:
        raise ArticleError(f"article {article.article_id!r} was given a part of article {part.article_id!r}")
    if not 0 <= part.start_char < part.end_char <= len(article.text):
        raise ArticleError(
            f"article {article.article_id!r}: the range {part.start_char}-{part.end_char} is empty or lies outside its "
            f"{len(article.text)} characters"
        )


def _check_vectors(prepared: PreparedArticle, dim: int) -> None:
    article_id, vectors, ranges = prepared.article.article_id, prepared.vectors, prepared.chunk_rows
    if vectors.shape != (len(vectors), dim) or vectors.dtype != np.float32:
        raise IndexMismatchError(
            f"article {article_id!r}: its vectors are {vectors.dtype} of shape {vectors.shape}, the collection takes "
            f"float32 of shape (any, {dim}); use the embedder that the collection was made with"
        )
    if len(ranges) != len(prepared.chunks):
        raise ArticleError(f"article {article_id!r}: {len(prepared.chunks)} chunks, but vectors of {len(ranges)}")
    for chunk, (first, end) in zip(prepared.chunks, ranges, strict=True):
        if not 0 <= first < end <= len(vectors) or end - first != len(chunk.sentences):
            raise ArticleError(
                f"chunk {chunk.chunk_id!r} of {len(chunk.sentences)} sentences was given rows {first}-{end} "
                f"of its article's {len(vectors)} vectors"
            )
    lengths = np.linalg.norm(vectors, axis=1)
    wrong = np.flatnonzero(~(np.abs(lengths - 1) <= UNIT_TOLERANCE))  # a NaN compares false
    if len(wrong):
        raise ModelError(
            f"article {article_id!r}: its vector {wrong[0]} has length {lengths[wrong[0]]:.4g}, not 1; "
            "the embedder must give finite vectors of unit length"
        )
