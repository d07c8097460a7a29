"""rank-bm25 as its own documentation uses it: Okapi BM25 with its default settings over lower-cased words."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from rank_bm25 import BM25Okapi

from eval.benchmarks.systems.base import Built, Corpus
from index.records import Vector

_WORD = re.compile(r"\w+")


class System:
    """Keeps nothing on disk: the library has no format of its own."""

    takes_vectors = False

    def build(self, corpus: Corpus, folder: Path) -> Built:
        self._ids = list(corpus.chunk_ids)
        self._model = BM25Okapi([_WORD.findall(text.lower()) for text in corpus.texts])
        return Built(embedded=0)

    def search(self, text: str, vector: Vector | None, k: int) -> list[str]:
        scores = self._model.get_scores(_WORD.findall(text.lower()))
        return [self._ids[place] for place in np.argsort(-scores, kind="stable")[:k]]
