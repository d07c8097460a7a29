"""Tests that exchange articles: by hand, against going through all exchanges, and by how often they find nothing."""

from __future__ import annotations

import itertools
import math
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval import randomisation
from eval.measures import abstention
from eval.measures.resampled import auroc
from eval.randomisation import exchange_test, holm, randomisation_test


class TestRandomisationTest:
    def test_by_hand(self) -> None:
        """Three articles that all gain: of 8 ways to turn signs, 2 are as extreme."""
        assert randomisation_test([1.0, 1.0, 2.0], ["a", "b", "c"]) == pytest.approx(2 / 8)
        assert randomisation_test([1.0, 1.0, 2.0], ["a", "a", "c"]) == pytest.approx(2 / 4)

    def test_no_difference_is_no_finding(self) -> None:
        assert randomisation_test([0.0, 0.0], ["a", "b"]) == 1.0
        assert randomisation_test([1.0, -1.0], ["a", "a"]) == 1.0

    @settings(deadline=None, max_examples=50)
    @given(st.lists(st.integers(-3, 3), min_size=1, max_size=7))
    def test_all_ways_are_gone_through(self, differences: list[int]) -> None:
        total = abs(sum(differences))
        ways = list(itertools.product((1, -1), repeat=len(differences)))
        extreme = sum(abs(sum(s * d for s, d in zip(signs, differences, strict=True))) >= total for signs in ways)
        found = randomisation_test(list(map(float, differences)), list(range(len(differences))))
        assert found == pytest.approx(extreme / len(ways))

    def test_what_is_drawn_agrees_with_going_through_all(self) -> None:
        chance = np.random.default_rng(1)
        differences = chance.normal(0.2, 1, size=12).tolist()
        exact = randomisation_test(differences, list(range(12)))
        # A tiny thirteenth and fourteenth article change next to nothing, but make it draw.
        drawn = randomisation_test([*differences, 1e-12, -1e-12], list(range(14)), permutations=40_000)
        assert drawn == pytest.approx(exact, abs=0.01)

    def test_it_is_never_certain(self) -> None:
        assert randomisation_test([1.0] * 60, list(range(60)), permutations=999) == pytest.approx(1 / 1000)

    def test_where_nothing_is_to_be_found_it_finds_as_often_as_it_says(self) -> None:
        chance = np.random.default_rng(8)
        found = [randomisation_test(chance.normal(size=10).tolist(), list(range(10))) <= 0.1 for _ in range(400)]
        assert 0.06 < np.mean(found) < 0.14


class TestExchangeTest:
    mean = staticmethod(lambda values, counts: counts @ values / counts.sum(axis=1))

    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8), st.integers(1, 4))
    def test_of_a_mean_it_is_the_randomisation_test(self, values: list[tuple[int, int]], articles: int) -> None:
        first, second = (np.array(column, dtype=np.float64) for column in zip(*values, strict=True))
        clusters = [place % articles for place in range(len(values))]
        found = exchange_test(partial(self.mean, np.concatenate([first, second])), clusters, (first != second).tolist())
        assert found == pytest.approx(randomisation_test((second - first).tolist(), clusters))

    @settings(max_examples=30)
    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), min_size=2, max_size=6))
    def test_all_exchanges_are_gone_through(self, asked: list[tuple[int, int, bool]]) -> None:
        """Against exchanging the answers themselves, one way after the other."""
        first, second = [one for one, _, _ in asked], [other for _, other, _ in asked]
        positive = np.array([one for _, _, one in asked])

        def area(scores: list[int]) -> float:
            given_scores: Any = np.array(scores, dtype=np.float64)
            return abstention.auroc(given_scores[positive], given_scores[~positive])

        gains = []
        for ways in itertools.product((False, True), repeat=len(asked)):
            pairs = [
                pair[::-1] if turn else pair for pair, turn in zip(zip(first, second, strict=True), ways, strict=True)
            ]
            gains.append(area([other for _, other in pairs]) - area([one for one, _ in pairs]))
        measure = partial(auroc, np.array(first + second, dtype=np.float64), np.tile(positive, 2))
        found = exchange_test(measure, list(range(len(asked))), [one != other for one, other, _ in asked])
        if positive.all() or not positive.any():
            assert math.isnan(found)
        else:
            assert found == pytest.approx(np.mean(np.abs(gains) >= abs(gains[0]) - 1e-9))

    def test_runs_that_do_not_differ(self) -> None:
        measure = partial(self.mean, np.array([0.0, 1.0, 0.0, 1.0]))
        assert exchange_test(measure, ["a", "b"], [False, False]) == 1.0

    def test_many_articles_are_exchanged_by_chance(self) -> None:
        """Each gains by 1: only exchanging all or none is as extreme, and next to never drawn."""
        measure = partial(self.mean, np.repeat([0.0, 1.0], 40))
        assert exchange_test(measure, list(range(40)), [True] * 40, permutations=999) == pytest.approx(1 / 1000)

    def test_what_is_drawn_agrees_with_going_through_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        chance = np.random.default_rng(4)
        scores, positive = chance.normal(size=24) + np.repeat([0, 0.4], 12) * 1.0, np.tile(chance.random(12) < 0.5, 2)
        measure = partial(auroc, scores, positive)
        exact = exchange_test(measure, list(range(12)), [True] * 12)
        monkeypatch.setattr(randomisation, "EXACT_UP_TO", 3)
        drawn = exchange_test(measure, list(range(12)), [True] * 12, permutations=20_000)
        assert drawn == pytest.approx(exact, abs=0.015)

    def test_where_nothing_is_to_be_found_it_finds_as_often_as_it_says(self) -> None:
        """Two readers as good as each other, on articles of unlike difficulty."""
        chance, found = np.random.default_rng(9), []
        clusters = np.repeat(np.arange(10), 4)
        for _ in range(300):
            positive = chance.random(40) < 0.5
            ease = chance.normal(size=10)[clusters]
            scores = np.concatenate([positive + ease + chance.normal(size=40) for _ in range(2)])
            measure = partial(auroc, scores, np.tile(positive, 2))
            found.append(exchange_test(measure, clusters.tolist(), [True] * 40) <= 0.1)
        assert 0.05 < np.mean(found) < 0.15


@pytest.mark.parametrize("at_once", [1, 70, 10**9])
def test_blocks_of_any_size_hold_as_many_ways(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(randomisation, "_AT_ONCE", at_once)
    assert randomisation_test([1.0, 1.0, 2.0], ["a", "b", "c"]) == pytest.approx(2 / 8)
    assert randomisation_test([1.0] * 60, list(range(60)), permutations=999) == pytest.approx(1 / 1000)


class TestHolm:
    def test_by_hand(self) -> None:
        """Sorted .01, .02, .04: times 3, 2 and 1, and never less than the one before."""
        assert holm({"a": 0.02, "b": 0.01, "c": 0.04}) == pytest.approx({"a": 0.04, "b": 0.03, "c": 0.04})
        assert holm({"a": 0.03, "b": 0.02, "c": 0.9}) == pytest.approx({"a": 0.06, "b": 0.06, "c": 0.9})

    def test_what_was_not_tested_stays_out(self) -> None:
        found = holm({"a": math.nan, "b": 0.04})
        assert found["b"] == 0.04
        assert math.isnan(found["a"])
        assert holm({}) == {}

    @given(st.dictionaries(st.text(), st.floats(0, 1), max_size=8))
    def test_correcting_never_helps_and_keeps_the_order(self, p_values: dict[str, float]) -> None:
        found = holm(p_values)
        assert all(p <= found[name] <= 1 for name, p in p_values.items())
        order = sorted(p_values, key=lambda name: p_values[name])
        assert [found[name] for name in order] == sorted(found.values())
