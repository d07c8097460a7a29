"""Hidden words and shared dropout: what is left out, what never is, and that means stay."""

from __future__ import annotations

import pytest
import torch
from transformers import BertConfig, BertModel

from index.minilm import embedded_model_folder
from qa.training.model import pretrained
from qa.training.regularization import SharedDropout, hide_tokens, share_dropout
from qa.training.trainer import MASK_ID
from tests.qa.training.test_trainer import tiny_model


def test_a_windows_tokens_lack_the_same_units_and_windows_others() -> None:
    torch.manual_seed(0)
    left = SharedDropout(0.25)(torch.ones(64, 7, 32))
    assert torch.equal(left, left[:, :1].expand_as(left)), "one mask for all tokens of a window"
    assert left.unique().tolist() == pytest.approx([0.0, 1 / 0.75])
    assert len({tuple(row.tolist()) for row in left[:, 0]}) > 60
    assert left.mean().item() == pytest.approx(1, abs=0.05)


def test_nothing_is_left_out_when_the_network_is_used() -> None:
    layer = SharedDropout(0.5).eval()
    hidden = torch.randn(2, 3, 4)
    assert layer(hidden) is hidden


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="dropout takes a share"):
        SharedDropout(share)


def test_it_takes_the_place_of_all_dropout_of_hidden_states() -> None:
    config = BertConfig(vocab_size=20, hidden_size=8, num_hidden_layers=3, num_attention_heads=2, intermediate_size=16)
    encoder = BertModel(config, add_pooling_layer=False)
    share_dropout(encoder, 0.2)
    # The embeddings' one, and in each layer that after attention and that at its end.
    assert sum(isinstance(module, SharedDropout) for module in encoder.modules()) == 1 + 2 * 3
    torch.manual_seed(1)
    encoder.train()
    ids = torch.tensor([[1, 5, 6, 2]])
    first, second = (encoder(input_ids=ids).last_hidden_state for _ in range(2))
    assert not torch.equal(first, second)
    encoder.train(mode=False)
    first, second = (encoder(input_ids=ids).last_hidden_state for _ in range(2))
    assert torch.equal(first, second)


def test_words_are_hidden_one_by_one_and_separators_never() -> None:
    torch.manual_seed(2)
    ids = torch.arange(1, 201).repeat(50, 1)
    ordinary = torch.ones_like(ids, dtype=torch.bool)
    ordinary[:, ::10] = False
    hidden = hide_tokens(ids, ordinary, 0.3, mask_id=999)
    changed = hidden != ids
    assert not changed[:, ::10].any()
    assert (hidden[changed] == 999).all()
    assert changed[ordinary].float().mean().item() == pytest.approx(0.3, abs=0.02)
    assert len({tuple(row.tolist()) for row in changed}) == 50
    assert hide_tokens(ids, ordinary, 0.0, mask_id=999) is ids


def test_the_mask_token_is_that_of_the_embedded_model() -> None:
    words = (embedded_model_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    assert words[MASK_ID] == "[MASK]"


def test_dropout_is_asked_for_by_the_settings() -> None:
    model = pretrained(embedded_model_folder(), dropout=0.2)
    shares = {module.share for module in model.modules() if isinstance(module, SharedDropout)}
    assert shares == {0.2}
    assert {one.share for one in tiny_model().modules() if isinstance(one, SharedDropout)} == {0.0}
