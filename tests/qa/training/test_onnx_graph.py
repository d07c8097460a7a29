"""The ONNX graph computes what the network does; in int8 nearly so, and the same for the same weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

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
def test_a_quantised_row_is_off_by_half_a_step_at_most(matrix: np.ndarray) -> None:
    rows, scale = quantised_rows(matrix)
    assert rows.dtype == np.int8
    assert rows.min() >= -127
    step = np.maximum(scale, np.float32(1e-13))[:, None]
    assert (np.abs(rows * scale[:, None] - matrix) <= 0.5001 * step + 1e-6 * np.abs(matrix)).all()
