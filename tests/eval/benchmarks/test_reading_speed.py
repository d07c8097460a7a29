"""The network beside PyTorch: every way reads every question, and the ratio is that of the times."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch

from eval.benchmarks.reading_speed import Timed, in_torch, in_turns, table
from index.minilm import embedded_model_folder
from qa.readers.windows import WindowMaker
from tests.contracts.reader import candidates_for


def test_all_ways_read_all_questions_and_the_first_round_does_not_count() -> None:
    read: list[tuple[str, str]] = []
    ways = {name: lambda question, _, name=name: read.append((name, question)) for name in ("one", "other")}
    timed = in_turns(ways, [("a?", ()), ("b?", ())], 2)
    assert read == [("one", "a?"), ("other", "a?"), ("one", "b?"), ("other", "b?")] * 3
    assert [len(one.wall) for one in timed.values()] == [len(one.cpu) for one in timed.values()] == [4, 4]


def test_work_and_sleep_are_told_apart() -> None:
    timed = in_turns({"sleeps": lambda *_: time.sleep(0.05)}, [("a?", ())], 1)
    assert timed["sleeps"].wall[0] >= 0.05 > timed["sleeps"].cpu[0]


def test_the_ratio_is_against_the_first() -> None:
    lines = table({"slow": Timed([0.3, 0.6], [0.2, 0.2]), "fast": Timed([0.1, 0.1], [0.05, 0.05])}, 2.5)
    assert lines[2] == "| slow | 450 | 200 | 1.00 | 1.00 |"
    assert lines[3] == "| fast | 100 | 50 | 4.50 | 4.00 |"


@pytest.mark.parametrize("together", [True, False])
def test_torch_is_given_every_window(together: bool) -> None:
    seen: list[np.ndarray] = []

    class Model(torch.nn.Module):
        def forward(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> None:
            seen.extend(row[kept.bool()].numpy() for row, kept in zip(ids, mask, strict=True))

    candidates = candidates_for("Who keeps the harbour?")
    maker = WindowMaker(embedded_model_folder() / "tokenizer.json")
    in_torch(Model(), maker, together=together)("Who keeps the harbour?", candidates)  # type: ignore[arg-type]
    expected = [
        window.ids
        for one in candidates
        for window in maker.windows("Who keeps the harbour?", one.article.title, one.chunk.text)
    ]
    assert [row.tolist() for row in seen] == [row.tolist() for row in expected]
