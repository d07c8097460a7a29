"""What keeps a small network from learning a few thousand paragraphs by heart: hidden words and dropout.

A network that was trained for some passes without them reads the paragraphs that it was trained on at an F1 of .94 and
others at .71 (docs/reading.md).
"""

from __future__ import annotations

import torch
from torch import nn


class SharedDropout(nn.Module):
    """Dropout whose mask is one for all tokens of a window (Tompson et al. 2015, section 3.2, there over the places of
    an image).

    Plain dropout draws a number for every token and unit, which on processors takes a quarter of the training time.

    Args:
        share: the share of the units that are set to 0; the others grow so that the mean stays.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        if not 0 <= share < 1:
            raise ValueError(f"dropout takes a share from 0 to less than 1, not {share}")
        self.share = share

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """``hidden``, shape ``(windows, tokens, units)``, with the same units of all of a window's tokens left out."""
        if not self.training or self.share == 0:
            return hidden
        kept = torch.rand((hidden.shape[0], 1, hidden.shape[2]), device=hidden.device) >= self.share
        return hidden * (kept.to(hidden.dtype) / (1 - self.share))


def share_dropout(encoder: nn.Module, share: float) -> None:
    """Put ``SharedDropout`` in the place of every dropout layer of hidden states in ``encoder``."""
    for module in list(encoder.modules()):
        for name, child in list(module.named_children()):
            # An attention layer's own dropout is of its probabilities, which are not (windows, tokens, units).
            if isinstance(child, nn.Dropout) and not hasattr(module, "query"):
                setattr(module, name, SharedDropout(share))


def hide_tokens(ids: torch.Tensor, ordinary: torch.Tensor, share: float, mask_id: int) -> torch.Tensor:
    """Token ids with a share of the ordinary ones replaced by the mask token, each by a draw of its own.

    The word that answers may be hidden too: then only what stands around it tells where it is.

    Args:
        ids: shape ``(windows, tokens)``.
        ordinary: which of them may be hidden: no separators, no padding; same shape, boolean.
        share: the expected share of the ordinary tokens.
        mask_id: the mask token.
    """
    if share == 0:
        return ids
    hidden = ordinary & (torch.rand(ids.shape, device=ids.device) < share)
    return ids.masked_fill(hidden, mask_id)
