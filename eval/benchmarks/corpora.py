"""The articles that systems are compared on, written once for all of their processes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.benchmarks.systems.base import Corpus
from index.chunks import chunk_article
from index.config import BuildConfig
from index.embedder import Embedder
from index.records import Article, Chunk, Vector, text_sha256
from index.sentences import split_article
from index.stores.local import EmbeddingCache

_ARTICLES, _CHUNKS, _VECTORS = "articles.jsonl", "chunks.jsonl", "vectors.npy"
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Written:
    """A corpus in a folder.

    Attributes:
        words: of an average chunk, its heading left out.
        texts: what plain dense search embeds.
        rows: what Pullquote embeds: each sentence of a chunk under its heading.
    """

    folder: Path
    articles: int
    chunks: int
    words: float
    texts: tuple[str, ...]
    rows: tuple[str, ...]


class DrawnEmbedder:
    """Counts tokens and embeds queries as another embedder does, and draws the vectors of chunks at random, each from
    its text: how long a search takes, and what it holds, does not hang on what vectors say."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.sha256 = embedder.name, embedder.sha256
        self.dim, self.max_tokens = embedder.dim, embedder.max_tokens
        self.count_tokens, self.embed_queries = embedder.count_tokens, embedder.embed_queries

    def embed_chunks(self, texts: Sequence[str]) -> Vector:
        drawn = np.stack([np.random.default_rng(_seed(text)).standard_normal(self.dim) for text in texts])
        vectors: Vector = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
        return vectors


def write_corpus(
    articles: Sequence[Article], folder: Path, embedder: Embedder, known: EmbeddingCache | None
) -> Written:
    """Cut the articles into chunks, embed these, and write all of it.

    Args:
        known: keeps the vectors from one time to the next; None keeps none.
    """
    config = BuildConfig()
    folder.mkdir(parents=True)
    chunks = [(article, chunk) for article in articles for chunk in _chunks(article, config, embedder)]
    texts = [chunk.indexed_text for _, chunk in chunks]
    rows = dict.fromkeys(row for article, chunk in chunks for row in _rows(article, chunk))
    with (folder / _ARTICLES).open("w", encoding="utf-8") as lines:
        for article in articles:
            fields = {"id": article.article_id, "title": article.title, "url": article.url, "text": article.text}
            lines.write(json.dumps(fields) + "\n")
    with (folder / _CHUNKS).open("w", encoding="utf-8") as lines:
        for (_, chunk), text in zip(chunks, texts, strict=True):
            lines.write(json.dumps({"id": chunk.chunk_id, "text": text}) + "\n")
    np.save(folder / _VECTORS, _embedded(texts, embedder, known))
    if known:
        _embedded(list(rows), embedder, known)  # so that they are there when Pullquote's process asks for them
    words = sum(len(chunk.text.split()) for _, chunk in chunks) / len(chunks)
    return Written(folder, len(articles), len(chunks), words, tuple(texts), tuple(rows))


def read_corpus(folder: Path, embedder: Embedder | None, known: EmbeddingCache | None) -> Corpus:
    """What ``write_corpus`` wrote, in another process."""
    with (folder / _ARTICLES).open(encoding="utf-8") as lines:
        fields = [json.loads(line) for line in lines]
    articles = [Article(article_id=one["id"], title=one["title"], url=one["url"], text=one["text"]) for one in fields]
    with (folder / _CHUNKS).open(encoding="utf-8") as lines:
        chunks = [json.loads(line) for line in lines]
    return Corpus(
        articles=articles,
        chunk_ids=[chunk["id"] for chunk in chunks],
        texts=[chunk["text"] for chunk in chunks],
        vectors=np.load(folder / _VECTORS),
        embedder=embedder,
        known=known,
    )


def _embedded(texts: Sequence[str], embedder: Embedder, known: EmbeddingCache | None) -> Vector:
    blocks = []
    for start in range(0, len(texts), _BLOCK):
        some = texts[start : start + _BLOCK]
        keys = [text_sha256(f"{embedder.sha256}\n{text}") for text in some]  # as ``Builder`` keys them
        found = known.get_many(keys) if known else {}
        missing = {key: text for key, text in zip(keys, some, strict=True) if key not in found}
        if missing:
            made = dict(zip(missing, embedder.embed_chunks(list(missing.values())), strict=True))
            if known:
                known.put_many(made)
            found.update(made)
        blocks.append(np.stack([found[key] for key in keys]))
    return np.concatenate(blocks)


def _rows(article: Article, chunk: Chunk) -> list[str]:
    """A chunk's sentences as Pullquote embeds them."""
    heading = f"{chunk.heading}\n" if chunk.heading else ""
    return [
        heading + article.text[max(one.start_char, chunk.start_char) : min(one.end_char, chunk.end_char)]
        for one in chunk.sentences
    ]


def _chunks(article: Article, config: BuildConfig, embedder: Embedder) -> tuple[Chunk, ...]:
    return chunk_article(
        article,
        split_article(article),
        chunk_words=config.chunk_words,
        overlap_sentences=config.overlap_sentences,
        count_tokens=embedder.count_tokens,
        max_tokens=embedder.max_tokens,
    )


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "little")
