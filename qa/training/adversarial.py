"""Adversarial training: every window is shown once more with its words moved to where the network errs most.

A network that knows a few thousand paragraphs by heart leans on their exact words; moved words take that away (Miyato
et al. 2017; for reading comprehension Yang et al. 2019).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import nn

from qa.training.model import SpanModel


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """The word embeddings of a batch that was read.

    Attributes:
        vectors: shape ``(windows, tokens, units)``; after a backward pass they have their gradient.
        padding: shape ``(windows, tokens)``, boolean.
    """

    vectors: torch.Tensor
    padding: torch.Tensor


@contextmanager
def watched_embeddings(model: SpanModel) -> Iterator[list[Embedded]]:
    """While this is open, its list gets the word embeddings of every batch that the model reads, in order."""
    found: list[Embedded] = []

    def watch(words: nn.Embedding, ids: tuple[torch.Tensor], vectors: torch.Tensor) -> torch.Tensor:
        watched = vectors if vectors.requires_grad else vectors.detach().requires_grad_()
        watched.retain_grad()
        found.append(Embedded(watched, torch.eq(ids[0], words.padding_idx or 0)))
        return watched

    handle = model.encoder.embeddings.word_embeddings.register_forward_hook(watch)
    try:
        yield found
    finally:
        handle.remove()


@contextmanager
def shifted_embeddings(model: SpanModel, shifts: Sequence[torch.Tensor]) -> Iterator[None]:
    """While this is open, the word embeddings of the first batch that the model reads are moved by the first shift, and
    so on: the batches that were watched are to be read again, in the same order."""
    left = iter(shifts)

    def shift(_: nn.Module, __: object, vectors: torch.Tensor) -> torch.Tensor:
        return vectors + next(left)

    handle = model.encoder.embeddings.word_embeddings.register_forward_hook(shift)
    try:
        yield
    finally:
        handle.remove()


def steepest_shifts(batches: Sequence[Embedded], share: float) -> list[torch.Tensor]:
    """The shifts of a given length along which the loss rises most, by its gradient: ``share |x| g / |g|``.

    Lengths are Euclidean, over all tokens and units of a window without its padding, so that long and short windows are
    moved alike (Miyato et al. 2017, equations 6 and 7, who scale the embeddings to one length instead).

    Args:
        batches: word embeddings with their gradients.
        share: the length of the shift against that of the embeddings.

    Returns:
        For each batch, shape ``(windows, tokens, units)``.

    Raises:
        ValueError: no backward pass has given the embeddings their gradients.
    """
    shifts = []
    for batch in batches:
        if batch.vectors.grad is None:
            raise ValueError("the word embeddings have no gradient: run the backward pass first")
        gradient = batch.vectors.grad.float()
        words = batch.vectors.detach().float().masked_fill(batch.padding.unsqueeze(-1), 0.0)
        length = words.norm(dim=(1, 2), keepdim=True)
        steepness = gradient.norm(dim=(1, 2), keepdim=True).clamp_min(torch.finfo(torch.float32).tiny)
        shifts.append((share * length * (gradient / steepness)).to(batch.vectors.dtype))
    return shifts
