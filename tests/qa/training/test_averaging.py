"""Weights averaged by shares."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from index.errors import ConfigError
from qa.training.__main__ import main
from qa.training.averaging import average_weights


def written(path: Path, **tensors: list[float]) -> Path:
    save_file({name: np.array(values, dtype=np.float32) for name, values in tensors.items()}, path)
    return path


def test_by_hand(tmp_path: Path) -> None:
    first = written(tmp_path / "1", a=[0.0, 4.0], b=[1.0])
    second = written(tmp_path / "2", a=[4.0, 0.0], b=[3.0])
    average_weights([(first, 0.25), (second, 0.75)], tmp_path / "mean")
    found = load_file(tmp_path / "mean")
    assert found["a"].tolist() == [3.0, 1.0]
    assert found["b"].tolist() == [2.5]
    assert found["a"].dtype == np.float32


@pytest.mark.parametrize("shares", [[], [0.5], [0.5, 0.6], [float("nan"), 0.5]])
def test_shares_that_do_not_sum_to_one_are_refused(tmp_path: Path, shares: list[float]) -> None:
    path = written(tmp_path / "1", a=[0.0])
    with pytest.raises(ConfigError, match="must sum to 1"):
        average_weights([(path, share) for share in shares], tmp_path / "mean")


@pytest.mark.parametrize("other", [{"a": [0.0, 1.0]}, {"b": [0.0]}, {"a": [0.0], "b": [0.0]}])
def test_other_networks_are_refused(tmp_path: Path, other: dict[str, list[float]]) -> None:
    runs = [(written(tmp_path / "1", a=[0.0]), 0.5), (written(tmp_path / "2", **other), 0.5)]
    with pytest.raises(ConfigError, match="another network"):
        average_weights(runs, tmp_path / "mean")


def test_the_command(tmp_path: Path) -> None:
    first, second = written(tmp_path / "1.safetensors", a=[0.0]), written(tmp_path / "2.safetensors", a=[1.0])
    assert main(["average", "--of", f"{first}=0.2", "--of", f"{second}=0.8", "--work", str(tmp_path / "work")]) == 0
    assert load_file(tmp_path / "work" / "model.safetensors")["a"].tolist() == pytest.approx([0.8])


@pytest.mark.parametrize("of", ["no-share", "x=much", "=1"])
def test_what_is_no_run_with_a_share_is_refused(tmp_path: Path, of: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["average", "--of", of, "--work", str(tmp_path)]) == 1
    assert "FILE=SHARE" in capsys.readouterr().err
