"""Merging two halves: expectations computed by hand, and what must hold for any scores."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fusion import convex_combination, ranking, reciprocal_rank_fusion

UNHURRIED = settings(deadline=None)

halves = st.dictionaries(st.text("abc", min_size=1), st.tuples(st.floats(-1, 1), st.floats(0, 50)), max_size=8)


class TestRanking:
    def test_best_first_and_ties_by_id(self) -> None:
        assert ranking({"d": 1.0, "b": 2.0, "c": 1.0, "a": 1.0}) == [("b", 2.0), ("a", 1.0), ("c", 1.0), ("d", 1.0)]

    @UNHURRIED
    @given(st.dictionaries(st.text("abc"), st.sampled_from([0.0, 0.5, 1.0])))
    def test_the_order_of_arrival_does_not_count(self, scores: dict[str, float]) -> None:
        shuffled = sorted(scores.items(), reverse=True)
        assert ranking(dict(shuffled)) == ranking(scores)


class TestReciprocalRankFusion:
    def test_by_hand(self) -> None:
        fused = reciprocal_rank_fusion([["a", "b", "c"], ["c", "d"]], k=60)
        assert fused == pytest.approx({"a": 1 / 61, "b": 1 / 62, "c": 1 / 63 + 1 / 61, "d": 1 / 62}, rel=1e-12)

    def test_k_says_how_much_less_the_first_ranks_count(self) -> None:
        lists = [["a", "b", "c", "d"], ["d", "b", "c", "e"]]
        assert [name for name, _ in ranking(reciprocal_rank_fusion(lists, k=0.5))][:2] == ["d", "b"]
        assert [name for name, _ in ranking(reciprocal_rank_fusion(lists, k=60))][:2] == ["b", "d"]

    def test_an_empty_half_leaves_the_other_s_order(self) -> None:
        assert [name for name, _ in ranking(reciprocal_rank_fusion([["b", "a"], []], k=10))] == ["b", "a"]
        assert reciprocal_rank_fusion([[], []], k=10) == {}


class TestConvexCombination:
    def test_by_hand(self) -> None:
        # Dense from -1 to 0.6: (0.6 + 1) / 1.6 = 1, (0.2 + 1) / 1.6 = 0.75, (-1 + 1) / 1.6 = 0. Lexical from 0 to 8.
        dense = {"a": 0.6, "b": 0.2, "c": -1.0}
        lexical = {"a": 2.0, "b": 8.0, "c": 0.0}
        fused = convex_combination(dense, lexical, dense_weight=0.8)
        assert fused == pytest.approx({"a": 0.8 + 0.2 * 0.25, "b": 0.8 * 0.75 + 0.2, "c": 0.0}, rel=1e-12)

    @pytest.mark.parametrize(("weight", "expected"), [(1.0, ["b", "a"]), (0.0, ["a", "b"])])
    def test_a_weight_of_all_or_nothing_is_one_half_alone(self, weight: float, expected: list[str]) -> None:
        fused = convex_combination({"a": 0.1, "b": 0.2}, {"a": 3.0, "b": 1.0}, weight)
        assert [name for name, _ in ranking(fused)] == expected

    def test_no_shared_term_leaves_the_dense_order(self) -> None:
        fused = convex_combination({"a": 0.1, "b": 0.2}, {"a": 0.0, "b": 0.0}, 0.5)
        assert fused == pytest.approx({"a": 0.5 * 1.1 / 1.2, "b": 0.5}, rel=1e-12)

    def test_all_at_the_dense_minimum_is_no_division_by_zero(self) -> None:
        assert convex_combination({"a": -1.0}, {"a": 2.0}, 0.5) == {"a": 0.5}
        assert convex_combination({}, {}, 0.5) == {}

    def test_a_score_that_one_half_lacks_is_refused_not_filled_in(self) -> None:
        with pytest.raises(ValueError, match="different ids: \\['b'\\]"):
            convex_combination({"a": 0.1, "b": 0.2}, {"a": 3.0}, 0.5)

    @UNHURRIED
    @given(halves, st.floats(0, 1))
    def test_fused_scores_lie_between_0_and_1_and_keep_what_both_halves_agree_on(
        self, scores: dict[str, tuple[float, float]], weight: float
    ) -> None:
        fused = convex_combination(
            {name: dense for name, (dense, _) in scores.items()},
            {name: lexical for name, (_, lexical) in scores.items()},
            weight,
        )
        assert all(0.0 <= score <= 1.0 + 1e-12 for score in fused.values())
        for better in scores:
            for worse in scores:
                if scores[better][0] >= scores[worse][0] and scores[better][1] >= scores[worse][1]:
                    assert fused[better] >= fused[worse]
