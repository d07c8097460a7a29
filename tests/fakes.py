"""Stand-ins for models, simple enough to predict by hand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from index.records import Vector


class WordEmbedder:
    """An embedder without a model: a text's vector counts its words, each in the dimension that the word's hash names.

    Texts without a common word are orthogonal but for collisions of hashes; a text's vector depends on that text alone.

    Attributes:
        embedded: every text that went through, in order.
    """

    name = "words"
    dim = 64
    max_tokens = 256

    def __init__(self, sha256: str = "0" * 64) -> None:
        self.sha256 = sha256
        self.embedded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [2 + len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dim)

    def embed_chunks(self, texts: Sequence[str]) -> Vector:
        self.embedded.extend(texts)
        return self.embed_queries(texts)

    def _vector(self, text: str) -> Vector:
        vector = np.zeros(self.dim, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()) or ["\N{EMPTY SET}"]:
            vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dim] += 1
        unit: Vector = vector / np.linalg.norm(vector)
        return unit
