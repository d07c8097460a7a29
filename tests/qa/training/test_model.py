"""Networks of other kinds behind the same heads."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import AutoConfig, BertConfig, BertModel, DistilBertConfig, MPNetConfig, MPNetModel

from index.errors import ConfigError
from qa.training.model import MPNetSpanModel, SpanModel, pretrained
from qa.training.regularization import SharedDropout

VOCABULARY = 30_527


def tiny_mpnet() -> MPNetModel:
    torch.manual_seed(2)
    config = MPNetConfig(
        vocab_size=VOCABULARY,
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=40,
        initializer_range=0.3,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return MPNetModel(config, add_pooling_layer=False)


def tiny_bert() -> BertModel:
    return BertModel(
        BertConfig(vocab_size=90, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16)
    )


class TestMPNet:
    def test_it_reads_berts_tokens_as_its_own(self) -> None:
        """``[CLS]``, ``[SEP]``, ``[MASK]`` and padding have ids of their own; every other token's is four higher."""
        encoder = tiny_mpnet()
        model = MPNetSpanModel(encoder).eval()
        ids = torch.tensor([[101, 2040, 103, 102, 30_521, 999, 102, 0]])
        mask = torch.tensor([[1, 1, 1, 1, 1, 1, 1, 0]])
        own = torch.tensor([[0, 2044, 30_526, 2, 30_525, 1003, 2, 1]])
        with torch.no_grad():
            span, relevance = model(ids, torch.ones_like(ids), mask)
            hidden = encoder(input_ids=own, attention_mask=mask).last_hidden_state
        assert torch.equal(span, model.span(hidden))
        assert torch.equal(relevance, model.relevance(hidden[:, 0]).squeeze(-1))

    def test_padding_changes_nothing(self) -> None:
        model = MPNetSpanModel(tiny_mpnet()).eval()
        ids = torch.tensor([[101, 2040, 102, 5000, 102, 0, 0]])
        mask = (ids != 0).long()
        with torch.no_grad():
            alone, _ = model(ids[:, :5], ids[:, :5] * 0, mask[:, :5])
            padded, _ = model(ids, ids * 0, mask)
        assert torch.allclose(alone, padded[:, :5], atol=1e-6)

    def test_its_weights_are_only_those_that_are_learnt(self) -> None:
        assert not [name for name in MPNetSpanModel(tiny_mpnet()).state_dict() if "own_ids" in name]


class TestPretrained:
    @pytest.mark.parametrize("kind", ["bert", "mpnet"])
    def test_the_kind_of_network_that_the_folder_holds(self, tmp_path: Path, kind: str) -> None:
        encoder = tiny_mpnet() if kind == "mpnet" else tiny_bert()
        encoder.save_pretrained(tmp_path)
        model = pretrained(tmp_path, dropout=0.25)
        assert type(model) is (MPNetSpanModel if kind == "mpnet" else SpanModel)
        dropouts = [module.share for module in model.encoder.modules() if isinstance(module, SharedDropout)]
        assert dropouts == [0.25] * (1 + 2 * 2)
        stored = encoder.state_dict()
        for name, weight in model.encoder.state_dict().items():
            assert torch.equal(weight, stored[name]), name

    def test_what_is_no_folder_is_refused_and_not_looked_up(self) -> None:
        with pytest.raises(ConfigError, match="some-hub/some-model is not a folder"):
            pretrained(Path("some-hub/some-model"), dropout=0.0)

    def test_another_kind_is_refused(self, tmp_path: Path) -> None:
        DistilBertConfig().save_pretrained(tmp_path)
        assert AutoConfig.from_pretrained(tmp_path).model_type == "distilbert"
        with pytest.raises(ConfigError, match="type distilbert; readers are trained from bert and mpnet"):
            pretrained(tmp_path, dropout=0.0)
