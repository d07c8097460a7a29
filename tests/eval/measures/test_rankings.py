"""Rankings: the measures against the definitions, and places of evidence that overlapping chunks share."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.datasets.records import Evidence
from eval.measures.rankings import CUTOFFS, distinct_places, holds, ranked_ids, ranking_measures, relevance


def by_definition(ids: list[str], relevant: dict[str, int]) -> dict[str, float]:
    """Each measure as its paper writes it."""
    found: dict[str, float] = {}
    for k in CUTOFFS:
        hits = [name for name in ids[:k] if name in relevant]
        found[f"success@{k}"] = float(bool(hits))
        found[f"recall@{k}"] = len(hits) / len(relevant)
    ranks = [rank for rank, name in enumerate(ids, start=1) if name in relevant]
    found["mrr"] = 1 / ranks[0] if ranks else 0.0
    gained = sum(relevant.get(name, 0) / math.log2(rank + 1) for rank, name in enumerate(ids[:10], start=1))
    best = sorted(relevant.values(), reverse=True)[:10]
    found["ndcg@10"] = gained / sum(grade / math.log2(rank + 1) for rank, grade in enumerate(best, start=1))
    return found


def test_a_thousand_random_rankings_agree_with_the_definitions() -> None:
    chance = np.random.default_rng(6)
    rankings, judgements = {}, {}
    for number in range(1000):
        names = [f"d{one}" for one in chance.permutation(40)]
        chosen = chance.choice(40, size=int(chance.integers(1, 6)), replace=False)
        judgements[f"q{number}"] = {f"d{one}": int(chance.integers(1, 3)) for one in chosen}
        rankings[f"q{number}"] = tuple(names[: int(chance.integers(0, 30))])
    found = ranking_measures(rankings, judgements)
    for question, measures in found.items():
        expected = by_definition(list(rankings[question]), judgements[question])
        assert measures == pytest.approx(expected, abs=1e-9), question
    assert len(found) == 1000


def test_questions_without_evidence_are_left_out() -> None:
    assert ranking_measures({"a": ("x",)}, {"a": {}}) == {}


def test_evidence_that_overlaps_is_one_place() -> None:
    evidence = [
        Evidence("a", 10, 20),
        Evidence("a", 15, 25, grade=2),
        Evidence("a", 25, 30),  # begins where the one before ends
        Evidence("b", 10, 20),
    ]
    assert [len(place) for place in distinct_places(evidence)] == [2, 1, 1]
    assert relevance(evidence) == {"evidence-0": 2, "evidence-1": 1, "evidence-2": 1}


def test_the_first_candidate_that_holds_a_place_finds_it() -> None:
    evidence = [Evidence("a", 10, 20), Evidence("a", 40, 50)]
    candidates = [("b", 0, 100), ("a", 0, 19), ("a", 5, 25), ("a", 5, 60), ("a", 0, 100)]
    # The third holds the first place; the fourth holds both, and finds the second.
    assert ranked_ids(candidates, evidence) == ("rank-1", "rank-2", "evidence-0", "evidence-1", "rank-5")


def test_one_candidate_may_find_two_places() -> None:
    assert ranked_ids([("a", 0, 60)], [Evidence("a", 10, 20), Evidence("a", 40, 50)]) == ("evidence-0", "evidence-1")


def test_of_a_whole_article_any_piece_will_do() -> None:
    assert holds(("a", 5, 9), Evidence("a"))
    assert not holds(("b", 5, 9), Evidence("a"))
    assert len(distinct_places([Evidence("a"), Evidence("a", 3, 5), Evidence("b")])) == 2


def test_where_evidence_is_whole_articles_articles_are_ranked() -> None:
    """Three chunks of one article take one rank, not three: figures are a document ranking's."""
    evidence = [Evidence("a", grade=2), Evidence("c"), Evidence("a")]
    candidates = [("b", 0, 9), ("b", 9, 20), ("a", 0, 9), ("b", 20, 30), ("a", 9, 20), ("c", 0, 9)]
    assert ranked_ids(candidates, evidence) == ("b", "a", "c")
    assert relevance(evidence) == {"a": 2, "c": 1}
    found = ranking_measures({"q": ranked_ids(candidates, evidence)}, {"q": relevance(evidence)})["q"]
    assert found["mrr"] == 0.5
    # (2 / log2(3) + 1 / log2(4)) / (2 / log2(2) + 1 / log2(3)), Järvelin and Kekäläinen 2002
    assert found["ndcg@10"] == pytest.approx((2 / np.log2(3) + 1 / 2) / (2 + 1 / np.log2(3)))


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 9)), max_size=20), st.sets(st.sampled_from("abcdef"))
)
def test_an_articles_rank_is_that_of_its_first_chunk(pieces: list[tuple[str, int]], relevant: set[str]) -> None:
    ids = ranked_ids([(article, start, start + 1) for article, start in pieces], [Evidence(one) for one in relevant])
    assert len(ids) == len(set(ids))
    assert sorted(ids, key=[article for article, _ in pieces].index) == list(ids)
    assert set(ids) == {article for article, _ in pieces}
