"""A query in, candidates out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.config import SearchConfig
from index.embedder import Embedder
from index.fusion import convex_combination, ranking, reciprocal_rank_fusion
from index.records import Candidate, Filter, Hit, Query, Scores
from index.stores.base import CollectionReader


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        candidates: the best by both halves together, with their text.
        dense, lexical: the ids of each half's own list, best first; empty where the mode leaves that half out.
        fused: the ids of all that either half listed, best first by both together.
    """

    candidates: tuple[Candidate, ...]
    dense: tuple[str, ...]
    lexical: tuple[str, ...]
    fused: tuple[str, ...]


class Retriever:
    """Searches one generation of a collection.

    Args:
        collection: the generation.
        embedder: the one that the collection was built with.
    """

    def __init__(self, collection: CollectionReader, embedder: Embedder) -> None:
        self._collection = collection
        self._embedder = embedder

    def retrieve(
        self, text: str, config: SearchConfig | None = None, where: Filter | None = None
    ) -> tuple[Candidate, ...]:
        """The candidates for a stand-alone query, best first; ties by chunk id.

        Each half contributes its first ``config.depth`` chunks; both halves' scores are then computed for the union, so
        that a chunk which one half did not list still has that half's true score.

        Args:
            text: the query.
            where: which articles may answer.

        Returns:
            ``config.candidates`` candidates at most.
        """
        return self.search(text, config, where).candidates

    def search(self, text: str, config: SearchConfig | None = None, where: Filter | None = None) -> Found:
        """What ``retrieve`` gives, with the ranked lists that it came from; the arguments are the same."""
        config = config or SearchConfig()
        query = Query(text, self._embedder.embed_queries([text])[0])
        dense = self._collection.search_dense(query, config.depth, where) if config.mode != "lexical" else ()
        lexical = self._collection.search_lexical(query, config.depth, where) if config.mode != "dense" else ()
        dense_ranks = {hit.chunk_id: hit.rank for hit in dense}
        lexical_ranks = {hit.chunk_id: hit.rank for hit in lexical}
        chunk_ids = sorted(dense_ranks.keys() | lexical_ranks.keys())
        scores = dict(zip(chunk_ids, self._collection.score(query, chunk_ids), strict=True))
        fused = _ranked(scores, dense, lexical, config)
        ranked = fused[: config.candidates]
        chunks = self._collection.get([chunk_id for chunk_id, _ in ranked])
        articles = {chunk.article_id: self._collection.article(chunk.article_id) for chunk in chunks}
        candidates = tuple(
            Candidate(
                chunk=chunk,
                article=articles[chunk.article_id],
                rank=rank,
                fused_score=fused_score,
                dense_score=scores[chunk_id].dense_score,
                lexical_score=scores[chunk_id].lexical_score,
                sentence_scores=scores[chunk_id].sentence_scores,
                dense_rank=dense_ranks.get(chunk_id),
                lexical_rank=lexical_ranks.get(chunk_id),
            )
            for rank, ((chunk_id, fused_score), chunk) in enumerate(zip(ranked, chunks, strict=True), start=1)
        )
        return Found(
            candidates,
            dense=tuple(hit.chunk_id for hit in dense),
            lexical=tuple(hit.chunk_id for hit in lexical),
            fused=tuple(chunk_id for chunk_id, _ in fused),
        )


def _ranked(
    scores: Mapping[str, Scores], dense: Sequence[Hit], lexical: Sequence[Hit], config: SearchConfig
) -> list[tuple[str, float]]:
    """All ids with their fused scores, the best first; ties by id."""
    if config.mode == "rrf":
        halves = [[hit.chunk_id for hit in half] for half in (dense, lexical)]
        return ranking(reciprocal_rank_fusion(halves, config.rrf_k))
    dense_scores = {chunk_id: score.dense_score for chunk_id, score in scores.items()}
    lexical_scores = {chunk_id: score.lexical_score for chunk_id, score in scores.items()}
    if config.mode == "convex":
        return ranking(convex_combination(dense_scores, lexical_scores, config.dense_weight))
    return ranking(dense_scores if config.mode == "dense" else lexical_scores)
