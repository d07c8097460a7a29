"""Writes the network as an ONNX graph, in full precision or in int8, from its weights.

By hand rather than by an exporter: the graph has just the operators that ONNX Runtime runs fastest on processors (one
product for query, key and value, fused attention, norms and activations), and the same weights give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

Floats = npt.NDArray[np.float32]

_OPSET = 17
_MICROSOFT = "com.microsoft"
_EPSILON = 1e-12
_LARGEST = 127


def write_onnx(weights: Mapping[str, Floats], heads: int, path: Path, *, int8: bool) -> None:
    """Write a graph that reads one window: ``ids`` and ``type_ids``, int64 of shape ``(1, tokens)``, give ``span``,
    float32 of shape ``(1, tokens, 2)``, and ``relevance``, float32 of shape ``(1,)``.

    Args:
        weights: ``SpanModel``'s, by their names there.
        heads: the number of attention heads.
        int8: whether products take int8 weights, with a scale for each output, and activations of 8 bits, with a scale
            for each token; word embeddings are then int8 with a scale for each word. Norms, attention and the
            two last layers stay in full precision.
    """
    graph = _Graph(weights, heads, int8)
    made = helper.make_model(
        graph.build(),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)],
        producer_name="pullquote",
        ir_version=10,
    )
    onnx.checker.check_model(made, check_custom_domain=False)
    path.write_bytes(made.SerializeToString(deterministic=True))


def quantised_rows(matrix: Floats, *, multiplied: bool = False) -> tuple[npt.NDArray[np.int8], Floats]:
    """Each row as int8 and its scale: ``row = scale * int8``, symmetric, shapes ``(rows, columns)`` and ``(rows,)``.

    Args:
        multiplied: whether the rows are multiplied with activations of 8 bits (0 to 255). Processors without VNNI add
            the products of two neighbouring columns in 16 bits (``vpmaddubsw``) and cut off what is larger. A row
            where two neighbours could make as much gets a larger scale, so that all processors compute the same.
    """
    largest = np.abs(matrix).max(axis=1)
    if multiplied and matrix.shape[1] > 1:
        largest = np.maximum(largest, _largest_of_neighbours(matrix))
    scale = (np.maximum(largest, 1e-12) / _LARGEST).astype(np.float32)
    return np.clip(np.rint(matrix / scale[:, None]), -_LARGEST, _LARGEST).astype(np.int8), scale


def _largest_of_neighbours(matrix: Floats) -> Floats:
    """Of each row, the largest sum of two weights of one sign in columns 2i and 2i + 1.

    Scaled to 127 these are 128 at most as int8, both rounded up, and 255 * 128 is below 2 ** 15.
    """
    paired = matrix[:, : matrix.shape[1] // 2 * 2]
    sums = [np.maximum(side, 0)[:, 0::2] + np.maximum(side, 0)[:, 1::2] for side in (paired, -paired)]
    largest: Floats = np.max(sums, axis=(0, 2))
    return largest


class _Graph:
    """Collects nodes and stored tensors."""

    def __init__(self, weights: Mapping[str, Floats], heads: int, int8: bool) -> None:
        self._weights = weights
        self._heads = heads
        self._int8 = int8
        self._nodes: list[NodeProto] = []
        self._stored: dict[str, TensorProto] = {}

    def build(self) -> onnx.GraphProto:
        state = self._embedded()
        layers = 1 + max(int(name.split(".")[3]) for name in self._weights if name.startswith("encoder.encoder.layer."))
        for number in range(layers):
            state = self._layer(state, f"encoder.encoder.layer.{number}.")
        self._node("Add", [self._product(state, "span.weight", int8=False), self._weight("span.bias")], output="span")
        first = self._node("Gather", [state, self._store("first", np.array(0, dtype=np.int64))], axis=1)
        relevance = self._node(
            "Add", [self._product(first, "relevance.weight", int8=False), self._weight("relevance.bias")]
        )
        self._node("Squeeze", [relevance, self._store("last", np.array([1], dtype=np.int64))], output="relevance")
        return helper.make_graph(
            self._nodes,
            "span-reader",
            [helper.make_tensor_value_info(name, TensorProto.INT64, [1, "tokens"]) for name in ("ids", "type_ids")],
            [
                helper.make_tensor_value_info("span", TensorProto.FLOAT, [1, "tokens", 2]),
                helper.make_tensor_value_info("relevance", TensorProto.FLOAT, [1]),
            ],
            list(self._stored.values()),
        )

    def _embedded(self) -> str:
        name = "encoder.embeddings."
        if self._int8:
            table, scale = quantised_rows(self._weights[name + "word_embeddings.weight"])
            found = self._node(
                "Cast", [self._node("Gather", [self._store("words", table), "ids"])], to=TensorProto.FLOAT
            )
            scales = self._node("Gather", [self._store("word_scales", scale[:, None]), "ids"])
            words = self._node("Mul", [found, scales])
        else:
            words = self._node("Gather", [self._weight(name + "word_embeddings.weight"), "ids"])
        types = self._node("Gather", [self._weight(name + "token_type_embeddings.weight"), "type_ids"])
        tokens = self._node("Shape", ["ids"], start=1, end=2)
        places = self._node(
            "Slice",
            [
                self._weight(name + "position_embeddings.weight"),
                self._store("zero", np.array([0], dtype=np.int64)),
                tokens,
                self._store("zero_axis", np.array([0], dtype=np.int64)),
            ],
        )
        summed = self._node("Add", [self._node("Add", [words, types]), places])
        norm = [self._weight(name + "LayerNorm.weight"), self._weight(name + "LayerNorm.bias")]
        return self._node("LayerNormalization", [summed, *norm], axis=-1, epsilon=_EPSILON)

    def _layer(self, state: str, name: str) -> str:
        attention = name + "attention.self."
        parts = ("query", "key", "value")
        weight = np.concatenate([self._weights[f"{attention}{part}.weight"] for part in parts])
        bias = np.concatenate([self._weights[f"{attention}{part}.bias"] for part in parts])
        product = self._product(state, attention + "qkv", int8=self._int8, weight=weight)
        biased = self._node("Add", [product, self._store(attention + "qkv.bias", bias)])
        query, key, value = (f"{attention}{part}" for part in parts)
        self._nodes.append(helper.make_node("Split", [biased], [query, key, value], axis=-1))
        attended = self._node("MultiHeadAttention", [query, key, value], domain=_MICROSOFT, num_heads=self._heads)
        state = self._added(state, attended, name + "attention.output.")
        wide = self._product(state, name + "intermediate.dense.weight", int8=self._int8)
        active = self._node("BiasGelu", [wide, self._weight(name + "intermediate.dense.bias")], domain=_MICROSOFT)
        return self._added(state, active, name + "output.")

    def _added(self, state: str, more: str, name: str) -> str:
        """The norm of the sum of a state and a product with what was made of it."""
        product = self._product(more, name + "dense.weight", int8=self._int8)
        biased = self._node("Add", [product, self._weight(name + "dense.bias")])
        # Not the fused SkipLayerNormalization: ONNX Runtime 1.31 takes six times as long over it.
        summed = self._node("Add", [biased, state])
        norm = [self._weight(name + "LayerNorm.weight"), self._weight(name + "LayerNorm.bias")]
        return self._node("LayerNormalization", [summed, *norm], axis=-1, epsilon=_EPSILON)

    def _product(self, state: str, name: str, *, int8: bool, weight: Floats | None = None) -> str:
        """``state @ weight.T``; torch stores a layer's weight with a row for each output."""
        matrix = self._weights[name] if weight is None else weight
        if not int8:
            return self._node("MatMul", [state, self._store(name, np.ascontiguousarray(matrix.T))])
        rows, scale = quantised_rows(matrix, multiplied=True)
        # Each token is scaled to [-1, 1] before and back after: one scale for the whole window, which is all that the
        # operator offers, would leave most tokens few of the 256 steps, because a few have very large values.
        magnitude = self._node("Abs", [state])
        largest = self._node("ReduceMax", [magnitude], axes=[-1], keepdims=1)
        above_zero = self._node("Max", [largest, self._store("least", np.array(1e-12, dtype=np.float32))])
        product = self._node(
            "DynamicQuantizeMatMul",
            [
                self._node("Mul", [state, self._node("Reciprocal", [above_zero])]),
                self._store(name, np.ascontiguousarray(rows.T)),
                self._store(name + ".scale", scale),
                self._store(name + ".zero", np.zeros(len(scale), dtype=np.int8)),
            ],
            domain=_MICROSOFT,
        )
        return self._node("Mul", [product, above_zero])

    def _weight(self, name: str) -> str:
        return self._store(name, self._weights[name])

    def _store(self, name: str, values: npt.NDArray[np.generic]) -> str:
        if name not in self._stored:
            self._stored[name] = numpy_helper.from_array(values, name)
        return name

    def _node(self, kind: str, inputs: list[str], *, output: str = "", domain: str = "", **settings: Any) -> str:
        output = output or f"{kind}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output
