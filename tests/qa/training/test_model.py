"""The encoder that training begins with."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import AutoConfig, BertConfig, BertModel, DistilBertConfig

from index.errors import ConfigError
from qa.training.model import pretrained
from qa.training.regularization import SharedDropout


def test_the_weights_that_the_folder_holds_and_a_dropout_in_each_layer(tmp_path: Path) -> None:
    encoder = BertModel(
        BertConfig(vocab_size=90, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16)
    )
    encoder.save_pretrained(tmp_path)
    model = pretrained(tmp_path, dropout=0.25)
    dropouts = [module.share for module in model.encoder.modules() if isinstance(module, SharedDropout)]
    assert dropouts == [0.25] * (1 + 2 * 2)
    stored = encoder.state_dict()
    for name, weight in model.encoder.state_dict().items():
        assert torch.equal(weight, stored[name]), name


def test_what_is_no_folder_is_refused_and_not_looked_up() -> None:
    with pytest.raises(ConfigError, match="some-hub/some-model is not a folder"):
        pretrained(Path("some-hub/some-model"), dropout=0.0)


def test_another_kind_is_refused(tmp_path: Path) -> None:
    DistilBertConfig().save_pretrained(tmp_path)
    assert AutoConfig.from_pretrained(tmp_path).model_type == "distilbert"
    with pytest.raises(ConfigError, match=r"type distilbert; readers are trained from bert$"):
        pretrained(tmp_path, dropout=0.0)
