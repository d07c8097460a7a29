"""txtai with ``hybrid=True`` and its default settings: FAISS and BM25, fused half and half."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from txtai import Embeddings

from eval.benchmarks.systems.base import Built, Corpus
from index.records import Vector


class System:
    """Is handed its vectors: ``external`` is txtai's way of taking those of another embedder."""

    takes_vectors = True

    def build(self, corpus: Corpus, folder: Path) -> Built:
        known = dict(zip(corpus.texts, corpus.vectors, strict=True))
        self._known: dict[str, Vector] = known

        def vectors_of(texts: Sequence[str]) -> Vector:
            return np.stack([self._known[text] for text in texts])

        self._embeddings = Embeddings(method="external", transform=vectors_of, hybrid=True, content=False)
        self._embeddings.index((name, text, None) for name, text in zip(corpus.chunk_ids, corpus.texts, strict=True))
        self._embeddings.config.pop("transform")  # a function, which no file can hold
        self._embeddings.save(str(folder / "txtai"))
        return Built(embedded=len(corpus.texts))

    def search(self, text: str, vector: Vector | None, k: int) -> list[str]:
        assert vector is not None
        self._known = {text: vector}
        return [name for name, _ in self._embeddings.search(text, k)]
