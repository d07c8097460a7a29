"""Settings: what shapes an index (recorded in it), and what may change with every query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

from index.errors import ConfigError


def reject_unknown_keys(kind: type, values: Mapping[str, Any]) -> None:
    """Raise ConfigError when ``values`` names a setting that ``kind`` (a dataclass) does not have."""
    known = {field.name for field in fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise ConfigError(
            f"{kind.__name__} has no setting {', '.join(map(repr, unknown))}; it has {', '.join(sorted(known))}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildConfig:
    """What shapes an index; stored in its manifest, and an index is refused under other values.

    Attributes:
        embedder: ``"minilm"`` for the embedded all-MiniLM-L6-v2, or the name or folder of a sentence-transformers
            model.
        chunk_words: a chunk's largest number of words (white-space separated); a longer sentence makes several chunks.
        overlap_sentences: how many sentences a chunk repeats from the one before.
        stem: whether BM25 compares stems (Snowball English) instead of words.
    """

    embedder: str = "minilm"
    chunk_words: int = 120
    overlap_sentences: int = 1
    stem: bool = True

    def __post_init__(self) -> None:
        if not self.embedder:
            raise ConfigError("BuildConfig.embedder is empty; name a model, or leave it out for the embedded one")
        if not 10 <= self.chunk_words <= 1000:
            raise ConfigError(f"BuildConfig.chunk_words is {self.chunk_words}; it must lie between 10 and 1000")
        if not 0 <= self.overlap_sentences <= 5:
            raise ConfigError(f"BuildConfig.overlap_sentences is {self.overlap_sentences}; it must lie between 0 and 5")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        reject_unknown_keys(cls, values)
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchConfig:
    """What may change with every query.

    Attributes:
        mode: ``"convex"`` and ``"rrf"`` search both halves; ``"dense"`` and ``"lexical"`` one alone.
        candidates: how many candidates are handed to the reader.
        depth: how many chunks each half contributes before fusion.
        dense_weight: the dense half's share in the convex combination, in [0, 1]. Scaled from their least possible
            value, dense scores lie close together and lexical ones far apart: equal say takes more than 0.5.
        rrf_k: reciprocal rank fusion's constant. Cormack et al. (2009) take 60 for many systems' long lists; 10
            measures better for two.
    """

    mode: Literal["convex", "rrf", "dense", "lexical"] = "convex"
    candidates: int = 20
    depth: int = 100
    dense_weight: float = 0.8
    rrf_k: float = 10.0

    def __post_init__(self) -> None:
        if self.mode not in ("convex", "rrf", "dense", "lexical"):
            raise ConfigError(f"SearchConfig.mode is {self.mode!r}; it must be convex, rrf, dense or lexical")
        if not 1 <= self.candidates <= 1000:
            raise ConfigError(f"SearchConfig.candidates is {self.candidates}; it must lie between 1 and 1000")
        if self.depth < self.candidates:
            raise ConfigError(
                f"SearchConfig.depth is {self.depth}, less than candidates ({self.candidates}); "
                "make it at least as many"
            )
        if not 0.0 <= self.dense_weight <= 1.0:
            raise ConfigError(f"SearchConfig.dense_weight is {self.dense_weight}; it must lie between 0 and 1")
        if not self.rrf_k > 0:
            raise ConfigError(f"SearchConfig.rrf_k is {self.rrf_k}; it must be greater than 0")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        reject_unknown_keys(cls, values)
        return cls(**values)
