"""Finds the chunks that look like the answer to a question and are not: hard negatives, by BM25 and by vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer

from index.lexical import LexicalIndex, Postings
from index.minilm import embedded_model_folder
from index.records import Chunk
from index.tokenizer import Tokenizer
from qa.training.precision import fastest_precision

Floats = npt.NDArray[np.float32]


class Miner:
    """Ranks the chunks of one collection for a question as the product's search does, only faster: a chunk has one
    vector, made in bfloat16 where that is fast. What is mined need be hard, not reproducible to the bit.

    Args:
        chunks: the collection.
        questions: all questions that will be asked, embedded here in one go.
    """

    def __init__(self, chunks: Sequence[Chunk], questions: Sequence[str], *, dense_weight: float = 0.8) -> None:
        self._tokenizer = Tokenizer(stem=True)
        self._lexical = LexicalIndex(Postings.from_terms([self._tokenizer(chunk.indexed_text) for chunk in chunks]))
        self._chunks = embedded([chunk.indexed_text for chunk in chunks])
        self._questions = dict(zip(questions, embedded(questions), strict=True))
        self._dense_weight = dense_weight

    def ranked(self, question: str, depth: int) -> list[int]:
        """The places of the ``depth`` best chunks, best first, by a convex combination of both halves' scores."""
        dense = (self._chunks @ self._questions[question] + 1) / 2
        lexical = self._lexical.scores(self._tokenizer.query_terms(question))
        lexical = lexical / max(float(lexical.max(initial=0.0)), 1e-9)
        scores = self._dense_weight * dense + (1 - self._dense_weight) * lexical
        depth = min(depth, len(scores))
        best = np.argpartition(-scores, depth - 1)[:depth]
        return [int(place) for place in best[np.argsort(-scores[best], kind="stable")]]


def embedded(texts: Sequence[str]) -> Floats:
    """The embedded model's vectors of some texts, of length 1, shape ``(texts, units)``."""
    model = SentenceTransformer(str(embedded_model_folder()), device="cpu")
    with fastest_precision(torch.device("cpu")):
        found = model.encode(list(texts), batch_size=64, normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(found, dtype=np.float32)
