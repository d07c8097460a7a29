"""Made-up articles, ready to be written into a store: short texts, and vectors of length 8 that follow from them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from index.config import BuildConfig
from index.manifest import IndexIdentity
from index.records import Article, Chunk, Query, Sentence, Vector
from index.stores.base import PreparedArticle
from index.tokenizer import Tokenizer

DIM = 8
TOKENIZER = Tokenizer(stem=True)
IDENTITY = IndexIdentity(
    build=BuildConfig(),
    embedder_name="made-up",
    embedder_sha256="0" * 64,
    dim=DIM,
    tokenizer_version=TOKENIZER.version,
    splitter_version="made-up",
)


def vector_of(text: str) -> Vector:
    """A unit vector that depends on the text alone: equal texts tie."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    values = np.random.default_rng(seed).standard_normal(DIM)
    return (values / np.linalg.norm(values)).astype(np.float32)


def query_of(text: str) -> Query:
    return Query(text, vector_of(text))


def prepared(
    article_id: str,
    sentences: Sequence[str],
    *,
    per_chunk: int = 2,
    overlap: int = 1,
    heading: str = "",
    title: str = "",
    url: str | None = None,
    outlet: str | None = None,
    authors: Sequence[str] = (),
    published: date | datetime | None = None,
    language: str | None = None,
    pages: Sequence[int] = (),
    metadata: Mapping[str, Any] | None = None,
) -> PreparedArticle:
    """An article of the given sentences, none empty, one a line; its chunks of ``per_chunk`` sentences overlap."""
    text = "\n".join(sentences)
    article = Article(
        article_id=article_id,
        source_key=f"{article_id}.txt",
        title=title,
        text=text,
        url=url,
        outlet=outlet,
        authors=tuple(authors),
        published=published,
        language=language,
        pages=tuple(pages),
        metadata=metadata or {},
    )
    parts: list[Sentence] = []
    start = 0
    for position, sentence in enumerate(sentences):
        parts.append(Sentence(article_id, position, start, start + len(sentence)))
        start += len(sentence) + 1
    chunks = []
    for first in range(0, len(parts), per_chunk - overlap):
        covered = tuple(parts[first : first + per_chunk])
        start, end = covered[0].start_char, covered[-1].end_char
        chunks.append(Chunk(article_id, start, end, text[start:end], heading, covered))
    return PreparedArticle(
        article=article,
        sentences=tuple(parts),
        chunks=tuple(chunks),
        vectors=np.array([vector_of(sentence) for sentence in sentences], np.float32).reshape(len(parts), DIM),
        chunk_rows=tuple((chunk.sentences[0].position, chunk.sentences[-1].position + 1) for chunk in chunks),
        terms=tuple(TOKENIZER(chunk.indexed_text) for chunk in chunks),
    )
