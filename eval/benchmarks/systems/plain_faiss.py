"""FAISS alone: the vectors of whole chunks in a flat index, searched by inner product."""

from __future__ import annotations

from pathlib import Path

import faiss

from eval.benchmarks.systems.base import Built, Corpus
from index.records import Vector


class System:
    takes_vectors = True

    def build(self, corpus: Corpus, folder: Path) -> Built:
        self._ids = list(corpus.chunk_ids)
        self._flat = faiss.IndexFlatIP(corpus.vectors.shape[1])
        self._flat.add(corpus.vectors)
        faiss.write_index(self._flat, str(folder / "vectors.faiss"))
        return Built(embedded=len(self._ids))

    def search(self, text: str, vector: Vector | None, k: int) -> list[str]:
        assert vector is not None
        _, places = self._flat.search(vector[None], k)
        return [self._ids[place] for place in places[0] if place >= 0]
