"""What a score is worth: by hand, and against going through all pairs, thresholds and orders."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measures.abstention import aurc, auroc, coverage_at_accuracy, excess_aurc, risk_coverage

scored = st.lists(st.tuples(st.integers(0, 5).map(float), st.booleans()), min_size=1, max_size=12)


@given(st.lists(st.integers(0, 4), max_size=9), st.lists(st.integers(0, 4), max_size=9))
def test_auroc_is_the_share_of_pairs_in_order(positive: list[int], negative: list[int]) -> None:
    pairs = [1.0 if p > n else 0.5 if p == n else 0.0 for p in positive for n in negative]
    found = auroc(list(map(float, positive)), list(map(float, negative)))
    if pairs:
        assert found == pytest.approx(sum(pairs) / len(pairs))
    else:
        assert math.isnan(found)


def test_the_curve_by_hand() -> None:
    """Scores 9, 8, 8, 7; right, wrong, right, wrong: the two 8s are answered together."""
    curve = risk_coverage([8.0, 9.0, 8.0, 7.0], [False, True, True, False])
    assert curve.coverage.tolist() == [0.25, 0.75, 1.0]
    assert curve.risk.tolist() == pytest.approx([0.0, 1 / 3, 0.5])
    assert risk_coverage([], []).risk.tolist() == []


def test_aurc_by_hand() -> None:
    """The risks at 1, 2, 3 and 4 answers: 0, 1/2, 1/3, 1/2."""
    assert aurc([4.0, 3.0, 2.0, 1.0], [True, False, True, False]) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    # The oracle answers both right ones first: 0, 0, 1/3, 1/2.
    oracle = (0 + 0 + 1 / 3 + 1 / 2) / 4
    assert excess_aurc([4.0, 3.0, 2.0, 1.0], [True, False, True, False]) == pytest.approx((4 / 3) / 4 - oracle)
    assert math.isnan(aurc([], []))


@given(st.lists(st.tuples(st.integers(0, 2).map(float), st.booleans()), min_size=1, max_size=6))
def test_aurc_of_ties_is_the_mean_over_their_orders(rows: list[tuple[float, bool]]) -> None:
    areas = []
    for order in itertools.permutations(rows):
        if any(one[0] < other[0] for one, other in itertools.pairwise(order)):
            continue  # not by falling score
        wrong, total = 0, 0.0
        for place, (_, right) in enumerate(order, start=1):
            wrong += not right
            total += wrong / place
        areas.append(total / len(order))
    assert aurc([score for score, _ in rows], [right for _, right in rows]) == pytest.approx(sum(areas) / len(areas))


@given(scored)
def test_no_score_beats_the_oracle(rows: list[tuple[float, bool]]) -> None:
    scores, right = [score for score, _ in rows], [truth for _, truth in rows]
    assert excess_aurc(scores, right) >= -1e-12
    assert excess_aurc([float(truth) for truth in right], right) == pytest.approx(0)


@given(scored, st.sampled_from([0.5, 0.8, 1.0]))
def test_coverage_at_accuracy_is_that_of_the_best_threshold(rows: list[tuple[float, bool]], accuracy: float) -> None:
    best = 0.0
    for threshold in {score for score, _ in rows}:
        answered = [right for score, right in rows if score >= threshold]
        if sum(answered) / len(answered) >= accuracy:
            best = max(best, len(answered) / len(rows))
    found = coverage_at_accuracy([score for score, _ in rows], [right for _, right in rows], accuracy)
    assert found == pytest.approx(best)


def test_questions_without_any_score_are_answered_together_or_not_at_all() -> None:
    curve = risk_coverage([0.5, -math.inf, -math.inf], [True, True, False])
    assert curve.coverage.tolist() == pytest.approx([1 / 3, 1])
    assert curve.risk.tolist() == pytest.approx([0, 1 / 3])
