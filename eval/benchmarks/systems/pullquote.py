"""Pullquote itself, as its ``Assistant`` builds and searches: from articles, with a vector for each sentence."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.benchmarks.systems.base import Built, Corpus
from index.builder import Builder, index_identity
from index.config import BuildConfig, SearchConfig
from index.embedder import Embedder
from index.records import Vector
from index.retriever import Retriever
from index.stores.local import EmbeddingCache, LocalStore


class System:
    takes_vectors = False

    def build(self, corpus: Corpus, folder: Path) -> Built:
        assert corpus.embedder is not None
        config, embedder = BuildConfig(), _Timed(corpus.embedder)
        store = LocalStore.create(folder / "index", index_identity(config, embedder))
        with EmbeddingCache(store.embedding_cache_path) as kept:
            cache = _Filled(kept, corpus.known)
            Builder(store, embedder, config, cache).add(corpus.articles)
        collection = store.reader()
        if collection.count != len(corpus.chunk_ids):
            raise ValueError(f"Pullquote made {collection.count} chunks, and the others get {len(corpus.chunk_ids)}")
        self._retriever = Retriever(collection, corpus.embedder)
        return Built(cache.vectors, embedder.wall, embedder.cpu)

    def search(self, text: str, vector: Vector | None, k: int) -> list[str]:
        found = self._retriever.retrieve(text, SearchConfig(candidates=k))
        return [candidate.chunk.chunk_id for candidate in found]


class _Timed:
    """Another embedder, and how long it was at work."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.sha256 = embedder.name, embedder.sha256
        self.dim, self.max_tokens = embedder.dim, embedder.max_tokens
        self.count_tokens, self.embed_queries = embedder.count_tokens, embedder.embed_queries
        self._embed_chunks = embedder.embed_chunks
        self.wall = self.cpu = 0.0

    def embed_chunks(self, texts: Sequence[str]) -> Vector:
        wall, cpu = time.perf_counter(), time.process_time()
        vectors = self._embed_chunks(texts)
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu
        return vectors


class _Filled:
    """The index's own cache of vectors, filled from another that holds them already.

    Attributes:
        vectors: how many were asked for.
    """

    def __init__(self, own: EmbeddingCache, known: EmbeddingCache | None) -> None:
        self._own, self._known = own, known
        self.vectors = 0

    def get_many(self, keys: Sequence[str]) -> dict[str, Vector]:
        self.vectors += len(keys)
        found = self._own.get_many(keys)
        missing = [key for key in keys if key not in found]
        if missing and self._known:
            more = self._known.get_many(missing)
            self._own.put_many(more)
            found.update(more)
        return found

    def put_many(self, vectors: Mapping[str, Vector]) -> None:
        self._own.put_many(vectors)
