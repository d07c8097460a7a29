"""The losses: values by hand, and by plain sums of probabilities."""

from __future__ import annotations

import math

import pytest
import torch

from qa.training.losses import relevance_loss, span_loss
from qa.training.model import Logits

Spans = list[tuple[int, int]]
INFINITY = float("inf")


def logits(start: list[list[float]], end: list[list[float]]) -> Logits:
    return Logits(torch.tensor(start), torch.tensor(end), torch.zeros(len(start)))


def probability(scores: list[float], place: int) -> float:
    return math.exp(scores[place]) / sum(math.exp(score) for score in scores)


class TestSpanLoss:
    def test_one_span_by_hand(self) -> None:
        """Start: 1 of 2 at ln 3 against ln 1. End: a quarter."""
        found = span_loss(logits([[0.0, math.log(3)]], [[0.0, math.log(1 / 3)]]), [[(1, 1)]], 1.0)
        assert float(found) == pytest.approx(-math.log(3 / 4 * 1 / 4))

    def test_the_probabilities_of_alternatives_are_added(self) -> None:
        start, end = [0.3, -1.0, 2.0, 0.5], [1.0, 0.25, -0.5, 3.0]
        right = [(1, 2), (2, 2), (2, 3)]
        summed = sum(probability(start, first) * probability(end, last) for first, last in right)
        assert float(span_loss(logits([start], [end]), [right], 0.5)) == pytest.approx(-math.log(summed), rel=1e-5)

    def test_windows_without_an_answer_weigh_less(self) -> None:
        start, end = [[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]], [[0.5, 0.0, 1.0], [0.0, 3.0, 0.0]]
        with_answer = -math.log(probability(start[0], 1) * probability(end[0], 2))
        without = -math.log(probability(start[1], 0) * probability(end[1], 0))
        found = span_loss(logits(start, end), [[(1, 2)], [(0, 0)]], 0.25)
        assert float(found) == pytest.approx((with_answer + 0.25 * without) / 1.25, rel=1e-5)

    def test_tokens_where_no_answer_may_be_neither_count_nor_spoil_the_gradient(self) -> None:
        start = torch.tensor([[0.0, -INFINITY, 2.0]], requires_grad=True)
        end = torch.tensor([[0.0, -INFINITY, 1.0]], requires_grad=True)
        loss = span_loss(Logits(start, end, torch.zeros(1)), [[(2, 2)]], 0.5)
        assert loss.item() == pytest.approx(
            -math.log(probability([0.0, 2.0], 1) * probability([0.0, 1.0], 1)), rel=1e-5
        )
        torch.autograd.backward(loss)
        assert start.grad is not None
        assert start.grad.tolist()[0] == pytest.approx(
            [probability([0.0, 2.0], 0), 0.0, probability([0.0, 2.0], 1) - 1], rel=1e-5
        )

    def test_better_logits_cost_less(self) -> None:
        target: list[Spans] = [[(1, 2)]]
        worse = span_loss(logits([[0.0, 1.0, 0.0]], [[0.0, 0.0, 1.0]]), target, 0.5)
        better = span_loss(logits([[0.0, 4.0, 0.0]], [[0.0, 0.0, 4.0]]), target, 0.5)
        assert 0 < float(better) < float(worse)


class TestRelevanceLoss:
    def test_by_hand(self) -> None:
        """The second of two windows among "none", ln 1, ln 2 and ln 5; then "none" against ln 3."""
        relevance = torch.tensor([math.log(2), math.log(5), math.log(3)])
        found = relevance_loss(relevance, [2, 1], [1, None])
        assert float(found) == pytest.approx((-math.log(5 / 8) - math.log(1 / 4)) / 2)

    def test_one_question_does_not_see_the_windows_of_another(self) -> None:
        first, second = torch.tensor([1.0, 2.0]), torch.tensor([-4.0, 0.5, 3.0])
        together = relevance_loss(torch.cat([first, second]), [2, 3], [0, 2])
        apart = (relevance_loss(first, [2], [0]) + relevance_loss(second, [3], [2])) / 2
        assert float(together) == pytest.approx(float(apart))

    def test_without_an_answer_every_window_is_pushed_down(self) -> None:
        relevance = torch.tensor([1.0, -2.0], requires_grad=True)
        torch.autograd.backward(relevance_loss(relevance, [2], [None]))
        assert relevance.grad is not None
        assert (relevance.grad > 0).all()

    def test_a_question_for_each_size(self) -> None:
        with pytest.raises(ValueError, match="zip"):
            relevance_loss(torch.zeros(2), [1, 1], [None])
