"""A teacher's labels: those of the windows asked for, in their order, whatever interrupted the labelling."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from index.errors import ConfigError
from qa.readers.windows import Window
from qa.training import labelling, labels
from qa.training.labelling import label_windows
from qa.training.labels import read_labels
from qa.training.model import SpanModel
from qa.training.trainer import read_windows
from tests.qa.training.test_trainer import CPU, tiny_model, window


@pytest.fixture(autouse=True)
def _small_parts_on_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelling, "best_device", lambda: CPU)
    monkeypatch.setattr(labelling, "PART", 5)
    monkeypatch.setattr(labels, "PART", 5)
    monkeypatch.setattr(labelling, "WINDOWS_AT_ONCE", 2)


def windows(count: int = 13) -> list[Window]:
    chance = np.random.default_rng(4)
    return [window(chance.integers(8, 20, size=int(chance.integers(1, 9))).tolist()) for _ in range(count)]


def lively_model(dropout: float = 0.0) -> SpanModel:
    """One whose logits differ from token to token: weights as they are drawn make nearly the same of everything."""
    model = tiny_model(dropout=dropout)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    return model


class CountingTeacher:
    """Counts how often a model is run."""

    def __init__(self, model: SpanModel) -> None:
        self.runs = 0
        model.register_forward_hook(lambda *_: setattr(self, "runs", self.runs + 1))


def test_each_windows_own_logits_come_back(tmp_path: Path) -> None:
    model, asked = lively_model(), windows()
    label_windows(model, asked, tmp_path)
    found = read_labels(tmp_path, asked)
    assert len(found) == len(asked)
    for one, label in zip(asked, found, strict=True):
        with torch.no_grad():
            alone = read_windows(model, [one], CPU)
        assert label.start.shape == label.end.shape == (len(one),)
        assert np.array_equal(np.isfinite(label.start), np.isfinite(alone.start[0].numpy()))
        finite = np.isfinite(label.start)
        assert label.start[finite] == pytest.approx(alone.start[0].numpy()[finite], abs=0.05)
        assert label.end[finite] == pytest.approx(alone.end[0].numpy()[finite], abs=0.05)
        assert label.relevance == pytest.approx(float(alone.relevance[0]), abs=0.05)
    spread = np.ptp([value for label in found for value in label.start if np.isfinite(value)])
    assert spread > 0.5, "labels that are all alike would tell nothing"


def test_dropout_is_off_while_labelling(tmp_path: Path) -> None:
    asked = windows(5)
    for name in ("one", "other"):
        model = lively_model(dropout=0.5).train()
        label_windows(model, asked, tmp_path / name)
    one, other = (read_labels(tmp_path / name, asked) for name in ("one", "other"))
    assert [label.relevance for label in one] == [label.relevance for label in other]


def test_an_interrupted_run_goes_on_behind_its_last_whole_file(tmp_path: Path) -> None:
    model, asked = tiny_model(), windows()
    told: list[tuple[int, int]] = []

    def interrupt(done: int, of: int) -> None:
        told.append((done, of))
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        label_windows(model, asked, tmp_path, told=interrupt)
    assert told == [(5, 13), (10, 13)]
    counted = CountingTeacher(model)
    label_windows(model, asked, tmp_path)
    assert counted.runs == 2, "three windows were left, two at once"
    whole = tmp_path / "whole"
    label_windows(model, asked, whole)
    for path in sorted(whole.iterdir()):
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_labels_of_other_windows_are_refused(tmp_path: Path) -> None:
    model, asked = tiny_model(), windows()
    label_windows(model, asked, tmp_path)
    exchanged = [*asked[:6], asked[7], asked[6], *asked[8:]]
    with pytest.raises(ConfigError, match=r"0000005\.safetensors holds labels of other windows"):
        read_labels(tmp_path, exchanged)
    with pytest.raises(ConfigError, match="other windows"):
        label_windows(model, exchanged, tmp_path)
    with pytest.raises(ConfigError, match="other windows"):
        read_labels(tmp_path, asked[:-1])


def test_damaged_labels_are_named(tmp_path: Path) -> None:
    label_windows(tiny_model(), windows(), tmp_path)
    part = tmp_path / "0000005.safetensors"
    part.write_bytes(part.read_bytes()[:-3])
    for use in (lambda: read_labels(tmp_path, windows()), lambda: label_windows(tiny_model(), windows(), tmp_path)):
        with pytest.raises(ConfigError, match=r"0000005\.safetensors is damaged .*remove it"):
            use()


def test_missing_labels_say_how_they_are_made(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"0000000\.safetensors is missing.*training label"):
        read_labels(tmp_path, windows())
