"""The network: an encoder with one linear layer for start and end, and one for relevance.

What ships has a BERT of six layers. A larger one that reads the same word pieces can be trained likewise, to teach the
small one (``qa.training.labels``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from torch import nn
from transformers import AttentionInterface, AutoConfig, BertConfig, BertModel

from index.errors import ConfigError
from qa.training.regularization import share_dropout


@dataclass(frozen=True, slots=True, eq=False)
class Logits:
    """What the network makes of a batch.

    Attributes:
        start, end: shape ``(windows, tokens)``; at position 0 that there is no answer; -inf where no answer may be.
        relevance: whether the window answers, shape ``(windows,)``; 0 is the score of no answer.
    """

    start: torch.Tensor
    end: torch.Tensor
    relevance: torch.Tensor


class SpanModel(nn.Module):
    """Reads question, title and chunk in one pass.

    Args:
        encoder: the network whose hidden states are read; its pooling layer is not used.
    """

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        size = encoder.config.hidden_size
        self.span = nn.Linear(size, 2)
        self.relevance = nn.Linear(size, 1)
        for head in (self.span, self.relevance):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)

    def forward(
        self, ids: torch.Tensor, type_ids: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Unmasked logits.

        Args:
            ids, type_ids: shape ``(windows, tokens)``.
            mask: 1 for tokens, 0 for padding, same shape.

        Returns:
            Start and end, shape ``(windows, tokens, 2)``, and relevance, shape ``(windows,)``.
        """
        added = (mask[:, None, None, :] - 1) * torch.tensor(1e4, dtype=torch.bfloat16, device=mask.device)
        hidden: torch.Tensor = self.encoder(
            input_ids=ids, attention_mask=added, token_type_ids=type_ids
        ).last_hidden_state
        return self.span(hidden), self.relevance(hidden[:, 0]).squeeze(-1)


def masked(span: torch.Tensor, relevance: torch.Tensor, allowed: torch.Tensor) -> Logits:
    """Logits in float32, with -inf outside the text's tokens and position 0.

    Args:
        allowed: where an answer may start and end, position 0 included, shape ``(windows, tokens)``, boolean.
    """
    span = span.float().masked_fill(~allowed.unsqueeze(-1), float("-inf"))
    return Logits(span[..., 0], span[..., 1], relevance.float())


def _plain_attention(
    module: nn.Module, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: torch.Tensor, **_: object
) -> tuple[torch.Tensor, None]:
    """Attention (Vaswani et al. 2017, equation 1) in the type that it is given, all of shape ``(windows, heads, tokens,
    size)``.

    On processors, the fused attention's backward pass takes several times as long as plain matrix products, and
    the library's own plain attention takes the softmax in float32, through memory.
    """
    scores = torch.matmul(query * cast(float, module.scaling), key.transpose(-1, -2)) + mask
    return torch.matmul(scores.softmax(-1), value).transpose(1, 2), None


AttentionInterface.register("plain", _plain_attention)


def pretrained(folder: Path, *, dropout: float) -> SpanModel:
    """The model to start training from: a sentence-transformers model's encoder and new heads.

    Args:
        folder: holds a BERT with the vocabulary of the uncased models.
        dropout: the share of the hidden states' units that a window is read without.

    Raises:
        ConfigError: there is no such folder, or it holds another kind of network.
    """
    if not folder.is_dir():  # a name would be looked up on a hub
        raise ConfigError(f"{folder} is not a folder; name that of a sentence-transformers model")
    kind = AutoConfig.from_pretrained(folder).model_type
    if kind != "bert":
        raise ConfigError(f"{folder} holds a network of type {kind}; readers are trained from bert")
    bert = BertConfig.from_pretrained(folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    encoder = BertModel.from_pretrained(folder, config=bert, add_pooling_layer=False, attn_implementation="plain")
    share_dropout(encoder, dropout)
    return SpanModel(encoder)
