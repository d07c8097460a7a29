"""What every system that is compared can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.embedder import Embedder
from index.records import Article, Vector
from index.stores.local import EmbeddingCache

RESULTS = 20
"""How many chunks are asked for."""
DEPTH = 50
"""How many chunks Haystack's halves each hand to fusion. The other hybrids keep their own: Pullquote 100, txtai 200."""


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """What is indexed: the same chunks for all.

    Attributes:
        articles: for a system that cuts them itself, by the same rules.
        chunk_ids: names each chunk.
        texts: each chunk's text under its heading.
        vectors: of ``texts``, unit length, float32, shape ``(chunks, dim)``.
        embedder: embeds sentences for a system that does not take the vectors of whole chunks; of queries always.
        known: vectors made before, by text.
    """

    articles: Sequence[Article]
    chunk_ids: Sequence[str]
    texts: Sequence[str]
    vectors: Vector
    embedder: Embedder | None
    known: EmbeddingCache | None


@dataclass(frozen=True, slots=True)
class Built:
    """What building took that is not this system's own work.

    Attributes:
        embedded: how many texts' vectors the index holds; 0 for one without vectors.
        embed_wall, embed_cpu: seconds in the embedder while building, which are taken off.
    """

    embedded: int
    embed_wall: float = 0.0
    embed_cpu: float = 0.0


class Searcher(Protocol):
    """A system: builds once, then searches."""

    takes_vectors: bool
    """Whether ``search`` is given the query's vector; a system that embeds queries itself, or uses none, is not."""

    def build(self, corpus: Corpus, folder: Path) -> Built:
        """Index the corpus, and keep it in an empty folder as far as the system can be kept in one."""
        ...

    def search(self, text: str, vector: Vector | None, k: int) -> list[str]:
        """The ids of the ``k`` best chunks, best first.

        Args:
            vector: the query's unit vector, float32, shape ``(dim,)``; None unless ``takes_vectors``.
        """
        ...
