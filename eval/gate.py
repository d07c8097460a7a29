"""Bars that a run must clear, from a TOML file: what keeps a change from making answers worse unseen.

[f1]
at_least = 0.60            # the whole interval must lie at or above it
[abstained_unanswerable]
between = [0.50, 0.98]     # two-sided: always and never abstaining both fail
[verbatim]
at_least = 1.0
judge = "value"            # the value alone, whatever its interval
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from eval.statistics import Estimate
from index.errors import ConfigError

Verdict = Literal["passed", "below", "above", "uncertain", "not measured"]
_KEYS = frozenset({"at_least", "at_most", "between", "judge"})


@dataclass(frozen=True, slots=True)
class Gate:
    """The bar of one measure: from ``low`` to ``high``, both included.

    Attributes:
        by_interval: the whole interval must lie there; else the value.
    """

    measure: str
    low: float
    high: float
    by_interval: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A gate held against a run: ``uncertain`` when the value clears the bar and its interval crosses it."""

    gate: Gate
    estimate: Estimate | None
    verdict: Verdict


def read_gates(path: Path) -> list[Gate]:
    """Read a file of gates.

    Raises:
        ConfigError: it is not TOML, or holds something that is no gate.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not a TOML file: {error}") from None
    if not values:
        raise ConfigError(f"{path} holds no gate; write one as [f1] and, below it, at_least = 0.6")
    return [_gate(path, name, value) for name, value in values.items()]


def hold(gates: Sequence[Gate], measures: Mapping[str, Estimate]) -> list[Outcome]:
    """Hold gates against a run's measures."""
    return [Outcome(gate, measures.get(gate.measure), _verdict(gate, measures.get(gate.measure))) for gate in gates]


def _verdict(gate: Gate, estimate: Estimate | None) -> Verdict:
    if estimate is None or math.isnan(estimate.value):
        return "not measured"
    if estimate.value < gate.low:
        return "below"
    if estimate.value > gate.high:
        return "above"
    inside = gate.low <= estimate.low and estimate.high <= gate.high  # false for the NaN of a single article
    return "passed" if inside or not gate.by_interval else "uncertain"


def _gate(path: Path, name: str, value: Any) -> Gate:
    where = f"{path}: [{name}]"
    if not isinstance(value, dict) or not value or set(value) - _KEYS:
        raise ConfigError(f"{where} takes at_least, at_most or between, and judge; got {value!r}")
    if value.get("judge", "interval") not in ("interval", "value"):
        raise ConfigError(f'{where}: judge is "interval" or "value", not {value["judge"]!r}')
    bars = [key for key in ("at_least", "at_most", "between") if key in value]
    if not bars or ("between" in bars and len(bars) > 1):
        raise ConfigError(f"{where} needs at_least, at_most, or between alone")
    low, high = value.get("at_least", -math.inf), value.get("at_most", math.inf)
    if "between" in value:
        if not isinstance(value["between"], list) or len(value["between"]) != 2:
            raise ConfigError(f"{where}: between is a list of two numbers, not {value['between']!r}")
        low, high = value["between"]
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (low, high))
    if not numbers or not low <= high:
        raise ConfigError(f"{where}: the bars must be numbers, the lower one first; got {low!r} and {high!r}")
    return Gate(name, float(low), float(high), value.get("judge", "interval") == "interval")
