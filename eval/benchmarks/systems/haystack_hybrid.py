"""Haystack's hybrid retrieval in memory: a BM25 and an embedding retriever, joined by reciprocal ranks.

The components are called one after the other, which is what its ``Pipeline`` does, without its bookkeeping.
"""

from __future__ import annotations

from pathlib import Path

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from eval.benchmarks.systems.base import DEPTH, Built, Corpus
from index.records import Vector


class System:
    takes_vectors = True

    def build(self, corpus: Corpus, folder: Path) -> Built:
        store = InMemoryDocumentStore(return_embedding=False)  # what is found needs no vector, which saves it time
        store.write_documents(
            [
                Document(id=name, content=text, embedding=vector.tolist())
                for name, text, vector in zip(corpus.chunk_ids, corpus.texts, corpus.vectors, strict=True)
            ]
        )
        store.save_to_disk(str(folder / "documents.json"))
        self._by_words = InMemoryBM25Retriever(store, top_k=DEPTH)
        self._by_vectors = InMemoryEmbeddingRetriever(store, top_k=DEPTH)
        self._joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")
        return Built(embedded=len(corpus.texts))

    def search(self, text: str, vector: Vector | None, k: int) -> list[str]:
        assert vector is not None
        found = [
            self._by_words.run(query=text)["documents"],
            self._by_vectors.run(query_embedding=vector.tolist())["documents"],
        ]
        return [document.id for document in self._joiner.run(documents=found, top_k=k)["documents"]]
