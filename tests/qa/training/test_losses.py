"""The losses: values by hand, and by plain sums of probabilities."""

from __future__ import annotations

import math

import pytest
import torch

from qa.training.losses import (
    WindowScores,
    answer_log_odds,
    choice_loss,
    question_loss,
    span_log_probability,
    taught_choice_loss,
    taught_loss,
    taught_scores,
    window_scores,
)
from qa.training.model import Logits

INFINITY = float("inf")


def logits(start: list[list[float]], end: list[list[float]]) -> Logits:
    return Logits(torch.tensor(start), torch.tensor(end), torch.zeros(len(start)))


def probability(scores: list[float], place: int) -> float:
    return math.exp(scores[place]) / sum(math.exp(score) for score in scores)


class TestSpanLogProbability:
    def test_one_span_by_hand(self) -> None:
        """Start: 1 of 2 at ln 3 against ln 1. End: a quarter."""
        found = span_log_probability(logits([[0.0, math.log(3)]], [[0.0, math.log(1 / 3)]]), [[(1, 1)]])
        assert found.tolist() == pytest.approx([math.log(3 / 4 * 1 / 4)])

    def test_the_probabilities_of_alternatives_are_added(self) -> None:
        start, end = [0.3, -1.0, 2.0, 0.5], [1.0, 0.25, -0.5, 3.0]
        right = [(1, 2), (2, 2), (2, 3)]
        summed = sum(probability(start, first) * probability(end, last) for first, last in right)
        found = span_log_probability(logits([start], [end]), [right])
        assert found.tolist() == pytest.approx([math.log(summed)], rel=1e-5)

    def test_each_window_by_itself_and_none_is_the_first_token(self) -> None:
        start, end = [[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]], [[0.5, 0.0, 1.0], [0.0, 3.0, 0.0]]
        with_answer = math.log(probability(start[0], 1) * probability(end[0], 2))
        without = math.log(probability(start[1], 0) * probability(end[1], 0))
        found = span_log_probability(logits(start, end), [[(1, 2)], [(0, 0)]])
        assert found.tolist() == pytest.approx([with_answer, without], rel=1e-5)

    def test_tokens_where_no_answer_may_be_neither_count_nor_spoil_the_gradient(self) -> None:
        start = torch.tensor([[0.0, -INFINITY, 2.0]], requires_grad=True)
        end = torch.tensor([[0.0, -INFINITY, 1.0]], requires_grad=True)
        loss = -span_log_probability(Logits(start, end, torch.zeros(1)), [[(2, 2)]]).sum()
        assert loss.item() == pytest.approx(
            -math.log(probability([0.0, 2.0], 1) * probability([0.0, 1.0], 1)), rel=1e-5
        )
        torch.autograd.backward(loss)
        assert start.grad is not None
        assert start.grad.tolist()[0] == pytest.approx(
            [probability([0.0, 2.0], 0), 0.0, probability([0.0, 2.0], 1) - 1], rel=1e-5
        )


class TestAnswerLogOdds:
    def test_all_starts_and_ends_against_none_by_hand(self) -> None:
        """Starts e² and e against 1, ends 1 and 3 against 2: (e² + e) · (4 / 2)."""
        found = answer_log_odds(logits([[0.0, 2.0, 1.0]], [[math.log(2), 0.0, math.log(3)]]))
        assert found.tolist() == pytest.approx([math.log((math.exp(2) + math.e) * 2)])

    def test_tokens_where_no_answer_may_be_do_not_count(self) -> None:
        found = answer_log_odds(logits([[1.0, -INFINITY, 3.0]], [[0.0, -INFINITY, 0.5]]))
        assert found.tolist() == pytest.approx([2.5])


class TestChoiceLoss:
    def test_by_hand(self) -> None:
        """The second of two windows among "none", ln 1, ln 2 and ln 5; then "none" against ln 3."""
        relevance = torch.tensor([math.log(2), math.log(5), math.log(3)])
        found = choice_loss(relevance, [2, 1], [1, None])
        assert float(found) == pytest.approx((-math.log(5 / 8) - math.log(1 / 4)) / 2)

    def test_one_question_does_not_see_the_windows_of_another(self) -> None:
        first, second = torch.tensor([1.0, 2.0]), torch.tensor([-4.0, 0.5, 3.0])
        together = choice_loss(torch.cat([first, second]), [2, 3], [0, 2])
        apart = (choice_loss(first, [2], [0]) + choice_loss(second, [3], [2])) / 2
        assert float(together) == pytest.approx(float(apart))

    def test_without_an_answer_every_window_is_pushed_down(self) -> None:
        relevance = torch.tensor([1.0, -2.0], requires_grad=True)
        torch.autograd.backward(choice_loss(relevance, [2], [None]))
        assert relevance.grad is not None
        assert (relevance.grad > 0).all()

    def test_a_question_for_each_size(self) -> None:
        with pytest.raises(ValueError, match="zip"):
            choice_loss(torch.zeros(2), [1, 1], [None])


class TestQuestionLoss:
    SCORES = WindowScores(
        right_spans=torch.tensor([-1.0, -2.0, -4.0]),
        log_odds=torch.tensor([2.0, 1.0, 0.5]),
        relevance=torch.tensor([0.3, -0.2, 0.1]),
    )
    ANSWERS, SIZES, RIGHT = [True, False, False], [2, 1], [0, None]

    def loss(self, negative_weight: float, choice_weight: float) -> float:
        found = question_loss(
            self.SCORES,
            self.ANSWERS,
            self.SIZES,
            self.RIGHT,
            negative_weight=negative_weight,
            choice_weight=choice_weight,
        )
        return float(found)

    def test_windows_without_an_answer_weigh_less(self) -> None:
        relevance = float(choice_loss(self.SCORES.relevance, self.SIZES, self.RIGHT))
        assert self.loss(0.25, 0.0) == pytest.approx((1 + 0.25 * 6) / 1.5 + relevance)
        assert self.loss(1.0, 0.0) == pytest.approx(7 / 3 + relevance)

    def test_the_choice_by_log_odds_is_added_with_its_weight(self) -> None:
        by_odds = float(choice_loss(self.SCORES.log_odds, self.SIZES, self.RIGHT))
        assert self.loss(0.5, 0.4) - self.loss(0.5, 0.0) == pytest.approx(0.4 * by_odds)

    def test_better_logits_cost_less(self) -> None:
        def of(start: list[float], end: list[float]) -> float:
            scores = window_scores(logits([start], [end]), [[(1, 2)]])
            return float(question_loss(scores, [True], [1], [0], negative_weight=0.5, choice_weight=0.5))

        assert 0 < of([0.0, 4.0, 0.0], [0.0, 0.0, 4.0]) < of([0.0, 1.0, 0.0], [0.0, 0.0, 1.0])


class TestTaughtLoss:
    def test_cross_entropy_by_hand(self) -> None:
        """The teacher: 1 to 3, then all alike; the network: all alike, then 1 to 4."""
        student = logits([[0.0, 0.0]], [[0.0, math.log(4)]])
        teacher = logits([[0.0, math.log(3)]], [[1.0, 1.0]])
        found = taught_scores(student, teacher)
        expected = math.log(2) + 0.5 * math.log(5) + 0.5 * math.log(5 / 4)
        assert found.spans.tolist() == pytest.approx([expected])
        assert found.log_odds.tolist() == pytest.approx([math.log(3)])

    def test_it_is_least_where_both_say_the_same(self) -> None:
        start = torch.tensor([[0.3, -INFINITY, 2.0, -1.0]], requires_grad=True)
        end = torch.tensor([[1.0, -INFINITY, 0.5, 0.1]], requires_grad=True)
        relevance = torch.tensor([0.7], requires_grad=True)
        teacher = Logits(start.detach() + 5, end.detach() - 2, relevance.detach())  # a logit's level says nothing
        student = Logits(start, end, relevance)
        scores, taught = window_scores(student, [[(2, 2)]]), taught_scores(student, teacher)
        torch.autograd.backward(taught_loss(scores, taught, [1], choice_weight=0.0))
        for grown in (start.grad, end.grad, relevance.grad):
            assert grown is not None
            assert grown.abs().max().item() < 1e-6

    def test_a_teacher_that_is_certain_is_the_right_answer(self) -> None:
        scores, sizes = torch.tensor([0.3, -0.2, 0.1]), [2, 1]
        teacher = torch.tensor([-90.0, 90.0, -90.0])
        taught, right = taught_choice_loss(scores, teacher, sizes), choice_loss(scores, sizes, [1, None])
        assert float(taught) == pytest.approx(float(right))

    def test_the_choice_by_log_odds_is_added_with_its_weight(self) -> None:
        student = logits([[0.0, 1.0], [0.5, 0.0]], [[0.2, 0.0], [0.0, 1.0]])
        teacher = logits([[0.0, 2.0], [3.0, 0.0]], [[0.0, 2.0], [2.0, 0.0]])
        scores, taught = window_scores(student, [[(1, 1)], [(0, 0)]]), taught_scores(student, teacher)
        without, with_it = (float(taught_loss(scores, taught, [2], choice_weight=weight)) for weight in (0.0, 0.4))
        by_odds = float(taught_choice_loss(scores.log_odds, taught.log_odds, [2]))
        assert with_it - without == pytest.approx(0.4 * by_odds)
        by_relevance = float(taught_choice_loss(scores.relevance, taught.relevance, [2]))
        assert without == pytest.approx(float(taught.spans.mean()) + by_relevance)
