"""A small network, for tests of what is made of weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from qa.training.model import SpanModel

HEADS = 4


@pytest.fixture(scope="module")
def model() -> SpanModel:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=50,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=HEADS,
        intermediate_size=64,
        max_position_embeddings=40,
        initializer_range=0.4,  # activations of some size, or every mistake would be small
    )
    config._attn_implementation = "plain"
    made = SpanModel(BertModel(config, add_pooling_layer=False)).eval()
    for parameter in made.parameters():  # biases and norms that do something
        if parameter.ndim == 1:
            torch.nn.init.normal_(parameter, mean=0.5, std=0.5)
    return made


def weights_of(model: SpanModel) -> dict[str, np.ndarray]:
    return {name: tensor.detach().numpy() for name, tensor in model.state_dict().items()}
