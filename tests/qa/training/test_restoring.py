"""Weights are taken back from what was exported, so that a run can begin with a model that ships."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from index.errors import ConfigError
from index.minilm import embedded_model_folder
from qa.readers.span import MODEL_FILE, MODEL_FOLDER
from qa.training.__main__ import main
from qa.training.model import SpanModel, pretrained
from qa.training.onnx_graph import write_onnx
from qa.training.restoring import restored_weights
from qa.training.trainer import load_weights
from tests.qa.training.conftest import HEADS, weights_of


def test_in_full_precision_they_are_the_ones_exported(model: SpanModel, tmp_path: Path) -> None:
    write_onnx(weights_of(model), HEADS, tmp_path / "model.onnx", int8=False)
    restored = restored_weights(tmp_path / "model.onnx")
    expected = weights_of(model)
    assert restored.keys() == expected.keys()
    for name, weight in expected.items():
        assert np.array_equal(restored[name], weight), name


def test_in_int8_they_are_off_by_half_a_step_and_written_again_they_are_the_same(
    model: SpanModel, tmp_path: Path
) -> None:
    write_onnx(weights_of(model), HEADS, tmp_path / "once.onnx", int8=True)
    restored = restored_weights(tmp_path / "once.onnx")
    for name, weight in weights_of(model).items():
        # A row's scale is at most twice what its largest weight needs: room for two neighbours in 16 bits.
        step = 2 * np.abs(weight).max(axis=-1, keepdims=True) / 127 if weight.ndim > 1 else 0
        assert (np.abs(restored[name] - weight) <= 0.501 * step).all(), name
    write_onnx(restored, HEADS, tmp_path / "twice.onnx", int8=True)
    assert_same_numbers(tmp_path / "twice.onnx", tmp_path / "once.onnx")


def test_the_model_that_ships_is_restored_and_a_run_can_begin_with_it(tmp_path: Path) -> None:
    assert main(["restore", "--work", str(tmp_path)]) == 0
    write_onnx(load_file(tmp_path / "model.safetensors"), 12, tmp_path / "again.onnx", int8=True)
    assert_same_numbers(tmp_path / "again.onnx", MODEL_FOLDER / MODEL_FILE)
    load_weights(pretrained(embedded_model_folder(), dropout=0.1), tmp_path / "model.safetensors")


def assert_same_numbers(written: Path, expected: Path) -> None:
    """Of two graphs the int8 numbers are equal, and all others but for rounding.

    Two neighbours may both have been rounded up, to 128 together; they come back as 127, and what else is large in that
    row less by one.
    """
    numbers, others = (
        {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}
        for path in (written, expected)
    )
    assert numbers.keys() == others.keys()
    for name, values in numbers.items():
        assert values.dtype == others[name].dtype
        if values.dtype == np.int8:
            off = values.astype(int) - others[name]
            assert np.abs(off).max() <= 1, name
            assert (off != 0).mean() < 0.001, name
        else:
            np.testing.assert_allclose(values, others[name], rtol=1 / 126, atol=1e-6, err_msg=name)


def test_other_files_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.onnx").write_text("no model", encoding="utf-8")
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    other = helper.make_model(helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", [value], [value]))
    onnx.save(other, str(tmp_path / "other.onnx"))
    for name, told in (("text.onnx", "is not an ONNX file"), ("other.onnx", "is no model that")):
        with pytest.raises(ConfigError, match=f"{name} {told}"):
            restored_weights(tmp_path / name)
    assert main(["restore", "--of", str(tmp_path / "none.onnx"), "--work", str(tmp_path)]) == 1
    assert "none.onnx" in capsys.readouterr().err
    assert main(["restore", "--of", "one", "--of", "two", "--work", str(tmp_path)]) == 1
    assert "takes one --of FILE, not 2" in capsys.readouterr().err
