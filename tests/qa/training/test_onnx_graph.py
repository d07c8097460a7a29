"""The ONNX graph computes what the network does; in int8 nearly so, and the same for the same weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from onnx import TensorProto, helper, numpy_helper

from qa.readers.span import MODEL_FILE, MODEL_FOLDER
from qa.training.model import SpanModel
from qa.training.onnx_graph import quantised_rows, write_onnx
from tests.qa.training.conftest import HEADS, weights_of


def by_torch(model: SpanModel, ids: np.ndarray, types: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    with torch.inference_mode():
        span, relevance = model(torch.from_numpy(ids), torch.from_numpy(types), torch.ones(ids.shape, dtype=torch.long))
    return span.numpy(), relevance.numpy()


@pytest.mark.parametrize("tokens", [3, 17, 40])
@pytest.mark.parametrize(("int8", "tolerance"), [(False, 2e-5), (True, 0.12)])
def test_it_computes_what_the_network_does(
    model: SpanModel, tmp_path: Path, tokens: int, int8: bool, tolerance: float
) -> None:
    write_onnx(weights_of(model), HEADS, tmp_path / "model.onnx", int8=int8)
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
    chance = np.random.default_rng(tokens)
    ids = chance.integers(0, 50, size=(1, tokens))
    types = (np.arange(tokens)[None] > tokens // 2).astype(np.int64)
    span, relevance = session.run(["span", "relevance"], {"ids": ids, "type_ids": types})
    expected_span, expected_relevance = by_torch(model, ids, types)
    assert span.shape == (1, tokens, 2)
    assert relevance.shape == (1,)
    scale = float(np.abs(expected_span).max())
    assert span == pytest.approx(expected_span, abs=tolerance * scale)
    assert relevance == pytest.approx(expected_relevance, abs=tolerance * scale)


@pytest.mark.parametrize("int8", [False, True])
def test_the_same_weights_give_the_same_bytes(model: SpanModel, tmp_path: Path, int8: bool) -> None:
    for name in ("one", "two"):
        write_onnx(weights_of(model), HEADS, tmp_path / name, int8=int8)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 5), st.integers(1, 9)),
        elements=st.floats(-1e3, 1e3, width=32, allow_subnormal=False),
    )
)
@settings(deadline=None)
@pytest.mark.parametrize("multiplied", [False, True])
def test_a_quantised_row_is_off_by_half_a_step_at_most(multiplied: bool, matrix: np.ndarray) -> None:
    rows, scale = quantised_rows(matrix, multiplied=multiplied)
    assert rows.dtype == np.int8
    assert rows.min() >= -127
    step = np.maximum(scale, np.float32(1e-13))[:, None]
    assert (np.abs(rows * scale[:, None] - matrix) <= 0.5001 * step + 1e-6 * np.abs(matrix)).all()


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 3), st.integers(1, 9)),
        elements=st.sampled_from([-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0]) | st.floats(-1, 1, width=32),
    )
)
@settings(deadline=None)
def test_no_two_neighbours_of_a_product_reach_what_16_bits_hold(matrix: np.ndarray) -> None:
    rows, scale = quantised_rows(matrix, multiplied=True)
    assert_fits_16_bits(rows)
    assert (scale >= quantised_rows(matrix)[1]).all()
    assert (scale <= 2.001 * quantised_rows(matrix)[1]).all()


def test_products_are_the_same_on_every_processor(tmp_path: Path) -> None:
    """Exact integers are what processors with VNNI make; the others cut off sums that 16 bits do not hold."""
    generator = np.random.default_rng(3)
    matrix = generator.choice([-1, -0.9, 0.9, 1], size=(8, 64)).astype(np.float32)
    state = generator.choice([-1, 1], p=[0.1, 0.9], size=(5, 64)).astype(np.float32)
    rows, scale = quantised_rows(matrix, multiplied=True)
    node = helper.make_node("DynamicQuantizeMatMul", ["x", "w", "s", "z"], ["y"], domain="com.microsoft")
    stored = {"w": np.ascontiguousarray(rows.T), "s": scale, "z": np.zeros(8, dtype=np.int8)}
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [5, 64])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [5, 8])],
        [numpy_helper.from_array(np.asarray(values), name) for name, values in stored.items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    made = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    (product,) = onnxruntime.InferenceSession(made.SerializeToString()).run(["y"], {"x": state})
    # 256 steps from -1 to 1, none of which is zero: 128 is.
    step = np.float32(2 / 255)
    exact = (np.clip(np.rint(state / step) + 128, 0, 255).astype(int) - 128) @ rows.T.astype(int) * (step * scale)
    assert product == pytest.approx(exact, rel=1e-5)


def test_products_of_the_model_that_ships_fit_16_bits() -> None:
    stored = {
        tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(MODEL_FOLDER / MODEL_FILE).graph.initializer
    }
    products = [values for name, values in stored.items() if name + ".scale" in stored]
    assert len(products) == 24
    for values in products:
        assert_fits_16_bits(values.T)


def assert_fits_16_bits(rows: np.ndarray) -> None:
    """Two neighbouring weights times activations of 0 to 255 lie in the range of int16."""
    whole = np.pad(rows.astype(int), ((0, 0), (0, rows.shape[1] % 2)))
    least = 255 * (np.minimum(whole, 0)[:, 0::2] + np.minimum(whole, 0)[:, 1::2])
    most = 255 * (np.maximum(whole, 0)[:, 0::2] + np.maximum(whole, 0)[:, 1::2])
    assert least.min() >= -(2**15)
    assert most.max() <= 2**15 - 1
