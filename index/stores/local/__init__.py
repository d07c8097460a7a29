"""The store in a folder: FAISS for the vectors, BM25 for the terms, SQLite for the text."""

from index.stores.local.embedding_cache import EmbeddingCache
from index.stores.local.store import LocalStore

__all__ = ["EmbeddingCache", "LocalStore"]
