"""Writes the embedded model's graph, by which ONNX Runtime computes what sentence-transformers does with it:

    python -m index.minilm_graph [FILE]

The graph holds no weights: it names their places in the official ``model.safetensors``, so that the weights stay in the
one file whose SHA-256 is checked. Needs the ``onnx`` package (extra ``train``); using the graph does not.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

from index.minilm import GRAPH_FILE, WEIGHTS_FILE, embedded_model_folder

_OPSET = 17
_MICROSOFT = "com.microsoft"
_EPSILON = 1e-12


def write_graph(weights: Path, layers: int, heads: int, path: Path) -> None:
    """Write the graph of a BERT encoder with mean pooling and normalising: ``ids``, int64 of shape ``(1, tokens)``,
    give ``vector``, float32 of shape ``(1, dim)``.

    Args:
        weights: the file that the graph will be used with; its tensors' places go into the graph.
        layers: how many the encoder has.
        heads: the number of attention heads of each.
        path: where the graph goes; the same weights give the same bytes.
    """
    graph = _Graph(_places(weights), weights.name, heads)
    made = helper.make_model(
        graph.build(layers),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)],
        producer_name="pullquote",
        ir_version=10,
    )
    path.write_bytes(made.SerializeToString(deterministic=True))


def _places(weights: Path) -> dict[str, tuple[list[int], int, int]]:
    """Shape, first byte and number of bytes of each float32 tensor of a safetensors file: an 8-byte length, a JSON
    header of that length, and the tensors (https://github.com/huggingface/safetensors#format)."""
    with weights.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    return {
        name: (entry["shape"], 8 + size + entry["data_offsets"][0], entry["data_offsets"][1] - entry["data_offsets"][0])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


class _Graph:
    """Collects nodes and the places of tensors."""

    def __init__(self, places: dict[str, tuple[list[int], int, int]], file: str, heads: int) -> None:
        self._places = places
        self._file = file
        self._heads = heads
        self._nodes: list[NodeProto] = []
        self._stored: dict[str, TensorProto] = {}

    def build(self, layers: int) -> onnx.GraphProto:
        state = self._embedded()
        for number in range(layers):
            state = self._layer(state, f"encoder.layer.{number}.")
        pooled = self._node("ReduceMean", [state], axes=[0], keepdims=1)
        self._node("Div", [pooled, self._node("ReduceL2", [pooled], axes=[1], keepdims=1)], output="vector")
        dim = self._places["embeddings.word_embeddings.weight"][0][1]
        return helper.make_graph(
            self._nodes,
            "minilm",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, dim])],
            list(self._stored.values()),
        )

    def _embedded(self) -> str:
        """The tokens' first states, shape ``(tokens, dim)``, as are those of all layers."""
        name = "embeddings."
        ids = self._node("Squeeze", ["ids", self._store("zero", np.array([0], dtype=np.int64))])
        words = self._node("Gather", [self._weight(name + "word_embeddings.weight"), ids])
        kinds = self._weight(name + "token_type_embeddings.weight")
        kind = self._node("Gather", [kinds, self._store("text", np.array(0, dtype=np.int64))])
        places = self._node(
            "Slice",
            [
                self._weight(name + "position_embeddings.weight"),
                self._store("zero", np.array([0], dtype=np.int64)),
                self._node("Shape", [ids]),
                self._store("zero", np.array([0], dtype=np.int64)),
            ],
        )
        summed = self._node("Add", [self._node("Add", [words, kind]), places])
        return self._normed(summed, name + "LayerNorm.")

    def _layer(self, state: str, name: str) -> str:
        parts = ("query", "key", "value")
        attention = name + "attention.self."
        projected = [self._node("Unsqueeze", [self._dense(state, f"{attention}{part}."), "zero"]) for part in parts]
        attended = self._node("MultiHeadAttention", projected, domain=_MICROSOFT, num_heads=self._heads)
        flat = self._node("Squeeze", [attended, "zero"])
        state = self._added(state, flat, name + "attention.output.")
        wide = self._dense(state, name + "intermediate.dense.")
        active = self._node("Gelu", [wide], domain=_MICROSOFT)
        return self._added(state, active, name + "output.")

    def _added(self, state: str, more: str, name: str) -> str:
        """The norm of the sum of a state and a product with what was made of it."""
        # Not the fused SkipLayerNormalization: ONNX Runtime 1.31 takes six times as long over it.
        summed = self._node("Add", [self._dense(more, name + "dense."), state])
        return self._normed(summed, name + "LayerNorm.")

    def _normed(self, state: str, name: str) -> str:
        norm = [self._weight(name + "weight"), self._weight(name + "bias")]
        return self._node("LayerNormalization", [state, *norm], axis=-1, epsilon=_EPSILON)

    def _dense(self, state: str, name: str) -> str:
        """``state @ weight.T + bias``: the file has a row for each output."""
        return self._node("Gemm", [state, self._weight(name + "weight"), self._weight(name + "bias")], transB=1)

    def _weight(self, name: str) -> str:
        """A tensor of the weights' file, by its place there."""
        if name not in self._stored:
            shape, offset, length = self._places[name]
            tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
            tensor.data_location = TensorProto.EXTERNAL
            for key, value in (("location", self._file), ("offset", str(offset)), ("length", str(length))):
                tensor.external_data.add(key=key, value=value)
            self._stored[name] = tensor
        return name

    def _store(self, name: str, values: npt.NDArray[np.generic]) -> str:
        self._stored.setdefault(name, numpy_helper.from_array(values, name))
        return name

    def _node(self, kind: str, inputs: Sequence[str], *, output: str = "", domain: str = "", **settings: Any) -> str:
        output = output or f"{kind}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    folder = embedded_model_folder()
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    write_graph(
        folder / WEIGHTS_FILE,
        config["num_hidden_layers"],
        config["num_attention_heads"],
        Path(given[0]) if given else GRAPH_FILE,
    )


if __name__ == "__main__":
    main()
