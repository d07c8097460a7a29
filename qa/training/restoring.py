"""A shipped model's weights, for a run that begins with them: what ships is int8, training wants floats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper
from safetensors.numpy import save_file

from index.errors import ConfigError

Floats = npt.NDArray[np.float32]

_QKV = "attention.self.qkv"
_PARTS = ("query", "key", "value")
_WORDS = "encoder.embeddings.word_embeddings.weight"


def restored_weights(model: Path) -> dict[str, Floats]:
    """``SpanModel``'s weights from an ONNX file that ``write_onnx`` wrote, by their names there.

    An int8 weight is its number times its scale, so that writing the restored weights gives the same numbers again, and
    scales that differ by rounding.

    Args:
        model: the ONNX file, in full precision or in int8.

    Raises:
        ConfigError: the file is no ONNX file, or not one of ``write_onnx``.
    """
    try:
        graph = onnx.load(str(model)).graph
    except OSError:
        raise
    except Exception as error:  # protobuf's DecodeError is of a package that we do not depend on
        raise ConfigError(f"{model} is not an ONNX file: {error}") from None
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    if graph.name != "span-reader" or "span.bias" not in stored:
        raise ConfigError(f"{model} is no model that python -m qa.training has exported")
    products = {name for node in graph.node if "MatMul" in node.op_type for name in node.input if name in stored}
    weights: dict[str, Floats] = {}
    for name, tensor in stored.items():
        if name == "words":
            weights[_WORDS] = tensor.astype(np.float32) * stored["word_scales"]
        elif name.endswith((_QKV, _QKV + ".bias")):
            whole = _matrix(name, stored) if name.endswith(_QKV) else tensor
            kind = "weight" if name.endswith(_QKV) else "bias"
            before = name.partition("qkv")[0]
            for part, rows in zip(_PARTS, np.split(whole, len(_PARTS)), strict=True):
                weights[f"{before}{part}.{kind}"] = np.ascontiguousarray(rows)
        elif name.endswith(".weight"):
            weights[name] = _matrix(name, stored) if name in products else np.array(tensor)
        elif name.endswith(".bias"):
            weights[name] = np.array(tensor)
    return weights


def restore(model: Path, target: Path) -> None:
    """Write the weights of an exported ONNX file as safetensors, for ``python -m qa.training train --start``."""
    save_file(restored_weights(model), target)


def _matrix(name: str, stored: dict[str, npt.NDArray[np.generic]]) -> Floats:
    """A layer's weight with a row for each output, as torch has it."""
    matrix = stored[name].T.astype(np.float32)
    scale = stored.get(name + ".scale")
    if scale is not None:
        matrix = matrix * scale.astype(np.float32)[:, None]
    return np.ascontiguousarray(matrix)
