"""Gates: what clears a bar, what does not, and files that are no gates."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from eval.gate import hold, read_gates
from eval.statistics import Estimate
from index.errors import ConfigError

MEASURES = {
    "f1": Estimate(0.7, 0.6, 0.8, 100, 10),
    "abstained": Estimate(1.0, 1.0, 1.0, 20, 5),
    "alone": Estimate(0.7, math.nan, math.nan, 5, 1),
}


def verdict(tmp_path: Path, text: str) -> str:
    path = tmp_path / "gates.toml"
    path.write_text(text, encoding="utf-8")
    (outcome,) = hold(read_gates(path), MEASURES)
    return outcome.verdict


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[f1]\nat_least = 0.6", "passed"),
        ("[f1]\nat_least = 0.61", "uncertain"),
        ("[f1]\nat_least = 0.71", "below"),
        ('[f1]\nat_least = 0.61\njudge = "value"', "passed"),
        ('[f1]\nat_least = 0.71\njudge = "value"', "below"),
        ("[f1]\nat_most = 0.8", "passed"),
        ("[f1]\nat_most = 0.79", "uncertain"),
        ("[f1]\nat_most = 0.69", "above"),
        ("[f1]\nat_least = 0.5\nat_most = 0.9", "passed"),
        ("[abstained]\nbetween = [0.5, 0.98]", "above"),  # always abstaining fails as never abstaining does
        ("[f1]\nbetween = [0.6, 0.8]", "passed"),
        ("[alone]\nat_least = 0.5", "uncertain"),
        ('[alone]\nat_least = 0.5\njudge = "value"', "passed"),
        ("[speed]\nat_least = 0", "not measured"),
    ],
)
def test_verdicts(tmp_path: Path, text: str, expected: str) -> None:
    assert verdict(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "holds no gate"),
        ("f1 = 0.6", r"\[f1\] takes at_least"),
        ("[f1]\n", r"\[f1\] takes at_least"),
        ("[f1]\nat_lest = 0.6", r"\[f1\] takes at_least"),
        ('[f1]\njudge = "value"', "needs at_least, at_most, or between alone"),
        ("[f1]\nat_least = 0.5\nbetween = [0, 1]", "between alone"),
        ("[f1]\nbetween = [0.5]", "a list of two numbers"),
        ("[f1]\nbetween = [0.9, 0.5]", "the lower one first; got 0.9 and 0.5"),
        ('[f1]\nat_least = "0.5"', "must be numbers"),
        ("[f1]\nat_least = true", "must be numbers"),
        ('[f1]\nat_least = 0.5\njudge = "mean"', "judge is"),
        ("[f1", "is not a TOML file"),
    ],
)
def test_what_is_no_gate(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named) as caught:
        verdict(tmp_path, text)
    assert "gates.toml" in str(caught.value)
