"""How high the evidence stands in a ranking of candidates, by ir_measures (MacAvaney et al. 2022)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures

from eval.datasets.records import Evidence

CUTOFFS = (1, 5, 10, 20)
MEASURES = {
    **{f"success@{k}": ir_measures.Success @ k for k in CUTOFFS},
    **{f"recall@{k}": ir_measures.R @ k for k in CUTOFFS},
    "mrr": ir_measures.RR,
    "ndcg@10": ir_measures.nDCG @ 10,
}
"""By the name that a run's files give them. Success@k: any relevant one in the first k; Recall@k: the share of all."""

Piece = tuple[str, int, int]
"""An article's id and half-open characters of its text: what a candidate covers."""

RankedIds = tuple[str, ...]


def distinct_places(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """Evidence by place: what overlaps is one place, such as the spans that several annotators marked in a sentence."""
    places: list[list[Evidence]] = []
    for one in sorted(evidence, key=lambda one: (one.article, -1 if one.start is None else one.start)):
        last = places[-1] if places else []
        if last and last[0].article == one.article and (one.start is None or any(_overlap(one, old) for old in last)):
            last.append(one)
        else:
            places.append([one])
    return places


def is_of_articles(evidence: Sequence[Evidence]) -> bool:
    """Whether all evidence is whole articles, as BEIR's judgements are: then articles are what is ranked."""
    return all(one.start is None for one in evidence)


def ranked_ids(candidates: Sequence[Piece], evidence: Sequence[Evidence]) -> RankedIds:
    """A ranking as ids that a TREC run can hold.

    Where the evidence is places in articles: a place's own id for the first candidate that holds it whole, and one of
    their own for all others, so that a place which overlapping chunks hold is found once. Where it is whole articles:
    the articles' ids, each at the rank of its best candidate (MaxP, Dai and Callan 2019), so that figures are those
    of a ranking of documents.
    """
    if is_of_articles(evidence):
        return tuple(dict.fromkeys(article for article, _, _ in candidates))
    places = distinct_places(evidence)
    ids, found = [], set[int]()
    for rank, candidate in enumerate(candidates, start=1):
        new = [
            number
            for number, place in enumerate(places)
            if number not in found and any(holds(candidate, one) for one in place)
        ]
        found.update(new)
        ids.extend([f"evidence-{number}" for number in new] or [f"rank-{rank}"])
    return tuple(ids)


def relevance(evidence: Sequence[Evidence]) -> dict[str, int]:
    """The judgements that go with ``ranked_ids``: each place, or each article, with its grade."""
    if is_of_articles(evidence):
        return {
            article: max(one.grade for one in evidence if one.article == article) for article in _articles(evidence)
        }
    return {
        f"evidence-{number}": max(one.grade for one in place) for number, place in enumerate(distinct_places(evidence))
    }


def holds(piece: Piece, evidence: Evidence) -> bool:
    """Whether a piece of an article covers the whole of some evidence; of a whole article any piece will do."""
    article, start, end = piece
    if article != evidence.article:
        return False
    return evidence.start is None or evidence.end is None or (start <= evidence.start and evidence.end <= end)


def ranking_measures(
    rankings: Mapping[str, RankedIds], judgements: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, float]]:
    """Every measure of every ranking.

    Args:
        rankings: by question id, the best first.
        judgements: by question id; those without relevant places are left out.

    Returns:
        By question id, then by the measure's name.
    """
    judged = {question: dict(places) for question, places in judgements.items() if places}
    run = {
        question: {name: float(-place) for place, name in enumerate(rankings[question])} or {"none": 0.0}
        for question in judged
    }
    names = {measure: name for name, measure in MEASURES.items()}
    found: dict[str, dict[str, float]] = {question: {} for question in judged}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), judged, run):
        found[metric.query_id][names[metric.measure]] = float(metric.value)
    return found


def _articles(evidence: Sequence[Evidence]) -> list[str]:
    return list(dict.fromkeys(one.article for one in evidence))


def _overlap(one: Evidence, other: Evidence) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return True
    return one.start < other.end and other.start < one.end
