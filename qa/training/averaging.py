"""The weights of several runs, averaged: "model soups" (Wortsman et al. 2022).

Runs that started from the same weights end in places between which the loss is low; there the average reads passages
that it was not trained on better than any of them (docs/reading.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from index.errors import ConfigError


def average_weights(runs: Sequence[tuple[Path, float]], target: Path) -> None:
    """Write the weighted mean of finished runs' weights.

    Args:
        runs: each run's ``model.safetensors`` and its share; the shares sum to 1.
        target: the file to write.

    Raises:
        ConfigError: there is no run, the shares do not sum to 1, or the runs are of networks of other shapes.
    """
    total = math.fsum(share for _, share in runs)
    if not runs or not math.isclose(total, 1, abs_tol=1e-6):
        raise ConfigError(f"the shares of the {len(runs)} runs sum to {total:g}; they must sum to 1")
    mean: dict[str, np.ndarray] = {}
    shapes: dict[str, tuple[int, ...]] = {}
    for path, share in runs:
        tensors = load_file(path)
        found = {name: tensor.shape for name, tensor in tensors.items()}
        if shapes and found != shapes:
            raise ConfigError(f"{path} is of another network than {runs[0][0]}: they cannot be averaged")
        shapes = found
        for name, tensor in tensors.items():
            mean[name] = mean.get(name, 0) + np.float64(share) * tensor.astype(np.float64)
    save_file({name: np.ascontiguousarray(tensor.astype(np.float32)) for name, tensor in mean.items()}, target)
