"""What training minimises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from qa.training.model import Logits

TokenSpan = tuple[int, int]


def span_log_probability(logits: Logits, targets: Sequence[Sequence[TokenSpan]]) -> torch.Tensor:
    """The log probability of the right spans, each window by itself, shape ``(windows,)``.

    A window's right spans are alternatives, of which one suffices: the probabilities of all are added (marginal
    likelihood, Clark and Gardner 2018, section 3.1). A window without an answer has the span (0, 0), its ``[CLS]``
    (Devlin et al. 2019).

    Args:
        targets: for each window the tokens, first and last, of every right span; ``[(0, 0)]`` for none.
    """
    start, end = logits.start.log_softmax(-1), logits.end.log_softmax(-1)
    found = []
    for row, spans in enumerate(targets):
        first, last = torch.tensor(spans, device=start.device).unbind(-1)
        found.append(torch.logsumexp(start[row, first] + end[row, last], 0))
    return torch.stack(found)


def answer_log_odds(logits: Logits) -> torch.Tensor:
    """The log odds that a window answers, shape ``(windows,)``: all of its starts and ends against its ``[CLS]``."""
    start = torch.logsumexp(logits.start[:, 1:], 1) - logits.start[:, 0]
    end = torch.logsumexp(logits.end[:, 1:], 1) - logits.end[:, 0]
    return start + end


def choice_loss(scores: torch.Tensor, sizes: Sequence[int], right: Sequence[int | None]) -> torch.Tensor:
    """The mean negative log probability of the window that answers among all of its question's windows and "none".

    A conditional logit (McFadden 1974) in which "none" has the score 0: scores compare across a question's windows, and
    against no answer. Multi-passage BERT normalises over the windows likewise (Wang et al. 2019).

    Args:
        scores: shape ``(windows,)``, the windows of a question next to each other.
        sizes: the number of windows of each question.
        right: the place of the window that answers among those of its question; None when none does.
    """
    losses = []
    for of_question, place in zip(torch.split(scores, list(sizes)), right, strict=True):
        alternatives = torch.cat([of_question.new_zeros(1), of_question])
        losses.append(-alternatives.log_softmax(0)[0 if place is None else place + 1])
    return torch.stack(losses).mean()


@dataclass(frozen=True, slots=True, eq=False)
class WindowScores:
    """What the loss takes of each window; each of shape ``(windows,)``, the windows of a question next to each other.

    Attributes:
        right_spans: the log probability of the window's right spans.
        log_odds: that it answers, by its spans.
        relevance: that it answers, by the relevance logit.
    """

    right_spans: torch.Tensor
    log_odds: torch.Tensor
    relevance: torch.Tensor


def window_scores(logits: Logits, targets: Sequence[Sequence[TokenSpan]]) -> WindowScores:
    """The scores of a batch of windows."""
    return WindowScores(span_log_probability(logits, targets), answer_log_odds(logits), logits.relevance)


def question_loss(
    scores: WindowScores,
    answers: Sequence[bool],
    sizes: Sequence[int],
    right: Sequence[int | None],
    *,
    negative_weight: float,
    choice_weight: float,
) -> torch.Tensor:
    """The loss of some questions: where the spans are, which window answers, and whether any does.

    Args:
        answers: whether each window answers.
        sizes, right: see ``choice_loss``.
        negative_weight: what a window without an answer counts for the spans, against one with it.
        choice_weight: what the choice by the spans' own log odds counts, against that by relevance.
    """
    weight = scores.right_spans.new_tensor([1.0 if answer else negative_weight for answer in answers])
    spans = -(scores.right_spans * weight).sum() / weight.sum()
    by_relevance = choice_loss(scores.relevance, sizes, right)
    return spans + by_relevance + choice_weight * choice_loss(scores.log_odds, sizes, right)


@dataclass(frozen=True, slots=True, eq=False)
class TaughtScores:
    """What a teacher says of each window; each of shape ``(windows,)``, the windows of a question next to each other.

    Attributes:
        spans: the cross-entropy of the network's starts and ends with the teacher's.
        log_odds: the teacher's, that the window answers, by its spans.
        relevance: the teacher's, that it answers, by the relevance logit.
    """

    spans: torch.Tensor
    log_odds: torch.Tensor
    relevance: torch.Tensor


def taught_scores(logits: Logits, teacher: Logits) -> TaughtScores:
    """Compare a batch of windows with what the teacher made of the same ones."""
    spans = _cross_entropy(logits.start, teacher.start) + _cross_entropy(logits.end, teacher.end)
    return TaughtScores(spans, answer_log_odds(teacher), teacher.relevance)


def taught_choice_loss(scores: torch.Tensor, teacher: torch.Tensor, sizes: Sequence[int]) -> torch.Tensor:
    """``choice_loss`` with the teacher's probabilities of each window and of "none" in the place of what is right.

    Args:
        scores, teacher: shape ``(windows,)``, the windows of a question next to each other.
        sizes: the number of windows of each question.
    """
    losses = []
    for of_question, taught in zip(torch.split(scores, list(sizes)), torch.split(teacher, list(sizes)), strict=True):
        alternatives = torch.cat([of_question.new_zeros(1), of_question])
        right = torch.cat([taught.new_zeros(1), taught]).softmax(0)
        losses.append(-(right * alternatives.log_softmax(0)).sum())
    return torch.stack(losses).mean()


def taught_loss(
    scores: WindowScores, taught: TaughtScores, sizes: Sequence[int], *, choice_weight: float
) -> torch.Tensor:
    """``question_loss`` with the teacher's distributions in the place of the right answers (Hinton et al. 2015,
    section 2, at temperature 1)."""
    by_relevance = taught_choice_loss(scores.relevance, taught.relevance, sizes)
    by_odds = taught_choice_loss(scores.log_odds, taught.log_odds, sizes)
    return taught.spans.mean() + by_relevance + choice_weight * by_odds


def _cross_entropy(logits: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
    """Of each window, over its tokens, shape ``(windows,)``. Where no answer may be, both are -inf and do not count."""
    right = teacher.softmax(-1)
    return -(right * logits.log_softmax(-1).masked_fill(teacher.isneginf(), 0.0)).sum(-1)
