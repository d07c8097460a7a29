"""What training minimises."""

from __future__ import annotations

import torch

from qa.training.model import Logits


def span_loss(logits: Logits, targets: list[list[tuple[int, int]]], negative_weight: float) -> torch.Tensor:
    """The mean negative log probability of the right spans, each window by itself.

    A window's right spans are alternatives, of which one suffices: the probabilities of all are added (marginal
    likelihood, Clark and Gardner 2018, section 3.1). A window without an answer has the span (0, 0), its ``[CLS]``
    (Devlin et al. 2019).

    Args:
        targets: for each window the tokens, first and last, of every right span; ``[(0, 0)]`` for none.
        negative_weight: what a window without an answer counts, against one with it.
    """
    start, end = logits.start.log_softmax(-1), logits.end.log_softmax(-1)
    losses, weights = [], []
    for row, spans in enumerate(targets):
        first, last = torch.tensor(spans, device=start.device).unbind(-1)
        losses.append(-torch.logsumexp(start[row, first] + end[row, last], 0))
        weights.append(negative_weight if spans == [(0, 0)] else 1.0)
    weight = torch.tensor(weights, device=start.device)
    return (torch.stack(losses) * weight).sum() / weight.sum()


def relevance_loss(relevance: torch.Tensor, sizes: list[int], right: list[int | None]) -> torch.Tensor:
    """The mean negative log probability of the window that answers among all of its question's windows and "none".

    A conditional logit (McFadden 1974) in which "none" has the score 0: scores compare across a question's windows, and
    against no answer. Multi-passage BERT normalises over the windows likewise (Wang et al. 2019).

    Args:
        relevance: shape ``(windows,)``, the windows of a question next to each other.
        sizes: the number of windows of each question.
        right: the place of the window that answers among those of its question; None when none does.
    """
    losses = []
    for scores, place in zip(torch.split(relevance, sizes), right, strict=True):
        alternatives = torch.cat([scores.new_zeros(1), scores])
        losses.append(-alternatives.log_softmax(0)[0 if place is None else place + 1])
    return torch.stack(losses).mean()
