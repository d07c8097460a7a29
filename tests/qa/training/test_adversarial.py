"""Adversarial shifts against their definition, and against every other shift of the same length."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from qa.training.adversarial import Embedded, shifted_embeddings, steepest_shifts, watched_embeddings
from qa.training.config import TrainingConfig
from qa.training.model import SpanModel
from qa.training.schedule import Group
from qa.training.trainer import group_loss
from tests.qa.training.test_trainer import CPU, config, tiny_model, toy_groups

SETTINGS: TrainingConfig = config()


def loss_of(model: SpanModel, groups: list[Group]) -> torch.Tensor:
    return group_loss(model, groups, SETTINGS, CPU)


def watched(model: SpanModel, groups: list[Group]) -> list[Embedded]:
    with watched_embeddings(model) as found:
        loss = loss_of(model, groups)
    loss.backward()  # type: ignore[no-untyped-call]
    return found


def shifted_loss(model: SpanModel, groups: list[Group], shifts: list[torch.Tensor]) -> float:
    with shifted_embeddings(model, shifts), torch.inference_mode():
        return float(loss_of(model, groups))


class TestSteepestShifts:
    @given(
        seed=st.integers(0, 2**31),
        share=st.floats(1e-4, 2.0),
        slope=st.sampled_from([1e-12, 1.0, 1e12]),
        tokens=st.integers(1, 6),
    )
    def test_a_window_moves_by_its_share_along_its_gradient(
        self, seed: int, share: float, slope: float, tokens: int
    ) -> None:
        """However steep the loss is, and however much padding stands behind."""
        chance = np.random.default_rng(seed)
        vectors = torch.tensor(chance.normal(size=(3, 6, 4)), dtype=torch.float32)
        padding = torch.zeros((3, 6), dtype=torch.bool)
        padding[1, tokens:] = True
        gradient = torch.tensor(chance.normal(size=(3, 6, 4)), dtype=torch.float32) * slope
        gradient[padding] = 0.0
        vectors.grad = gradient
        (shift,) = steepest_shifts([Embedded(vectors, padding)], share)
        for row in range(3):
            length = math.sqrt(float((vectors[row][~padding[row]].double() ** 2).sum()))
            assert float(shift[row].double().norm()) == pytest.approx(share * length, rel=1e-5)
            cosine = torch.nn.functional.cosine_similarity(
                shift[row].double().flatten(), (gradient[row].double() / slope).flatten(), dim=0
            )
            assert float(cosine) == pytest.approx(1.0)
        assert not shift[padding].any()

    def test_where_the_loss_is_flat_nothing_moves(self) -> None:
        vectors = torch.ones((1, 2, 3))
        vectors.grad = torch.zeros((1, 2, 3))
        (shift,) = steepest_shifts([Embedded(vectors, torch.zeros((1, 2), dtype=torch.bool))], 0.5)
        assert torch.equal(shift, torch.zeros((1, 2, 3)))

    def test_without_a_backward_pass(self) -> None:
        with pytest.raises(ValueError, match="backward pass"):
            steepest_shifts([Embedded(torch.ones((1, 2, 3)), torch.zeros((1, 2), dtype=torch.bool))], 0.5)


class TestOnANetwork:
    @pytest.mark.parametrize("trained", [True, False])
    def test_no_other_shift_of_the_same_length_raises_the_loss_as_much(self, trained: bool) -> None:
        """Also where word embeddings are fixed, so that they have no gradient of their own."""
        model, groups = tiny_model(seed=2), toy_groups(12)
        model.encoder.embeddings.word_embeddings.weight.requires_grad_(trained)
        batches = watched(model, groups)
        assert len(batches) == 2  # 24 windows, 16 at a time
        steepest = steepest_shifts(batches, 0.01)
        before, after = loss_of(model, groups).item(), shifted_loss(model, groups, steepest)
        assert after > before
        chance = torch.Generator().manual_seed(3)
        for _ in range(20):
            others = []
            for batch, shift in zip(batches, steepest, strict=True):
                drawn = torch.randn(shift.shape, generator=chance).masked_fill(batch.padding.unsqueeze(-1), 0.0)
                others.append(drawn * shift.norm(dim=(1, 2), keepdim=True) / drawn.norm(dim=(1, 2), keepdim=True))
            assert shifted_loss(model, groups, others) < after

    def test_the_network_reads_as_before_when_it_is_done(self) -> None:
        model, groups = tiny_model(), toy_groups(4)
        before = loss_of(model, groups).item()
        shifts = steepest_shifts(watched(model, groups), 0.5)
        assert shifted_loss(model, groups, shifts) != before
        with pytest.raises(KeyError), shifted_embeddings(model, shifts):
            raise KeyError
        assert loss_of(model, groups).item() == before
