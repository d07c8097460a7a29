"""Merging the dense and the lexical half of a search. Pure functions; ties are broken by id everywhere.

Rank fusion takes what each half listed; score fusion takes both halves' scores of the union of the lists, so that no
score is filled in for a chunk that one half did not list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

DENSE_MINIMUM = -1.0
"""The least inner product of unit vectors: the dense half's theoretical minimum."""

LEXICAL_MINIMUM = 0.0
"""The least BM25 score: the lexical half's theoretical minimum."""


def ranking(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    """Ids with their scores, the largest first; ties by id."""
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def reciprocal_rank_fusion(rankings: Sequence[Sequence[str]], k: float) -> dict[str, float]:
    """For each id the sum over ``rankings`` of ``1 / (k + rank)``, with ranks from 1.

    Source: Cormack, Clarke and Büttcher (2009), "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
    Learning Methods", who take ``k`` = 60.

    Args:
        rankings: ids, best first. An id that a ranking does not hold gets nothing from it.
        k: how much less the first ranks count; greater than 0.
    """
    fused: dict[str, float] = {}
    for ids in rankings:
        for rank, chunk_id in enumerate(ids, start=1):
            fused[chunk_id] = fused.get(chunk_id, 0.0) + 1.0 / (k + rank)
    return fused


def convex_combination(
    dense: Mapping[str, float], lexical: Mapping[str, float], dense_weight: float
) -> dict[str, float]:
    """``dense_weight * dense + (1 - dense_weight) * lexical``, each half scaled by theoretical min-max: from its least
    possible value, which is 0, to the largest of this query, which is 1.

    Source: Bruch, Gai and Ingber (2023), "An Analysis of Fusion Functions for Hybrid Retrieval", who call it TM2C2.

    Args:
        dense: inner products of unit vectors, by id.
        lexical: BM25 scores of the same ids.
        dense_weight: in [0, 1].

    Raises:
        ValueError: the halves are not of the same ids.
    """
    if dense.keys() != lexical.keys():
        raise ValueError(f"scores of different ids: {sorted(dense.keys() ^ lexical.keys())[:3]}")
    scaled_dense = _scaled(dense, DENSE_MINIMUM)
    scaled_lexical = _scaled(lexical, LEXICAL_MINIMUM)
    return {
        chunk_id: dense_weight * scaled_dense[chunk_id] + (1.0 - dense_weight) * scaled_lexical[chunk_id]
        for chunk_id in dense
    }


def _scaled(scores: Mapping[str, float], minimum: float) -> dict[str, float]:
    """Scores with ``minimum`` put to 0 and their maximum to 1; all 0 when none is above the minimum."""
    span = max(scores.values(), default=minimum) - minimum
    return {chunk_id: (score - minimum) / span if span > 0 else 0.0 for chunk_id, score in scores.items()}
