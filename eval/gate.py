"""Bars that a run must clear, from a TOML file: what keeps a change from making answers worse unseen.

[f1]
at_least = 0.60            # the whole interval must lie at or above it
[abstained_unanswerable]
between = [0.50, 0.98]     # two-sided: always and never abstaining both fail
[verbatim]
at_least = 1.0             # the end of the scale: no interval can lie above it, and the value alone decides
[ece]
at_most = 0.10
judge = "value"            # the value alone, whatever its interval
[failures]
at_most = 2                # how many questions may have failed; without this, none
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from eval.statistics import Estimate
from index.errors import ConfigError

Verdict = Literal["passed", "below", "above", "uncertain", "not measured"]

FAILURES: Final = "failures"
"""The gate that every file has: a question that failed is in no measure, so that without it a run passes by failing."""

_KEYS = frozenset({"at_least", "at_most", "between", "judge"})
_BOTTOM, _TOP = 0.0, 1.0
"""Of the scale of every measure but ``_UNBOUNDED``."""
_UNBOUNDED = frozenset({"rewrite_recovered"})
_ANSWERED, _ABSTAINED = "answered_answerable", "abstained_unanswerable"
_UNTHINKING = {
    "never answers": {_ANSWERED: 0.0, _ABSTAINED: 1.0},
    "always answers": {_ANSWERED: 1.0, _ABSTAINED: 0.0},
}
"""What assistants that decide nothing reach."""


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
    """A gate held against a run.

    Attributes:
        value: of the measure, or how many questions failed; None where it was not measured.
        interval: its 95 % interval; None where there is none.
        verdict: ``uncertain`` when the value clears the bar and its interval crosses it.
    """

    gate: Gate
    value: float | None
    interval: tuple[float, float] | None
    verdict: Verdict


def read_gates(path: Path) -> list[Gate]:
    """Read a file of gates.

    Returns:
        The gate of failed questions, at most 0 unless the file says otherwise; then the file's others in its order.

    Raises:
        ConfigError: it cannot be read, is not TOML, or holds something that is no gate.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"the gates {path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not a TOML file: {error}") from None
    if not values:
        raise ConfigError(f"{path} holds no gate; write one as [f1] and, below it, at_least = 0.6")
    return [_gate(path, name, value) for name, value in ({FAILURES: {"at_most": 0}} | values).items()]


def require_two_sided(gates: Sequence[Gate], measures: Mapping[str, Estimate], where: str) -> None:
    """Refuse bars on abstaining that an assistant clears which never answers, or which always does.

    Args:
        gates: of one file.
        measures: of the run; where it has not both of ``answered_answerable`` and ``abstained_unanswerable``, as of a
            set without unanswerable questions, there is nothing to hold against each other.
        where: names the file in the message.

    Raises:
        ConfigError: there is a bar for one of the two, and the other's is missing or as one-sided.
    """
    pair = [gate for gate in gates if gate.measure in (_ANSWERED, _ABSTAINED)]
    if not pair or not {_ANSWERED, _ABSTAINED} <= measures.keys():
        return
    for assistant, reached in _UNTHINKING.items():
        if all(gate.low <= reached[gate.measure] <= gate.high for gate in pair):
            lacking = min(reached, key=lambda measure: reached[measure])
            raise ConfigError(
                f"{where}: an assistant that {assistant} clears {' and '.join(f'[{gate.measure}]' for gate in pair)}; "
                f"give [{lacking}] at_least, or use between"
            )


def hold(gates: Sequence[Gate], measures: Mapping[str, Estimate], failures: int) -> list[Outcome]:
    """Hold gates against a run.

    Args:
        gates: of one file.
        measures: of the run, by name.
        failures: how many of its questions could not be asked, and are in none of the measures.

    Returns:
        One outcome for each gate, in their order.
    """
    return [
        _held_count(gate, failures) if gate.measure == FAILURES else _held(gate, measures.get(gate.measure))
        for gate in gates
    ]


def _held_count(gate: Gate, count: int) -> Outcome:
    return Outcome(gate, float(count), None, "passed" if count <= gate.high else "above")


def _held(gate: Gate, estimate: Estimate | None) -> Outcome:
    if estimate is None or math.isnan(estimate.value):
        return Outcome(gate, None, None, "not measured")
    interval = None if math.isnan(estimate.low) else (estimate.low, estimate.high)
    return Outcome(gate, estimate.value, interval, _verdict(gate, estimate))


def _verdict(gate: Gate, estimate: Estimate) -> Verdict:
    if estimate.value < gate.low:
        return "below"
    if estimate.value > gate.high:
        return "above"
    return "passed" if not gate.by_interval or _is_inside(gate, estimate) else "uncertain"


def _is_inside(gate: Gate, estimate: Estimate) -> bool:
    """Whether the interval of a value that clears the bar clears it too. At the end of its scale an interval has
    nowhere to lie beyond the bar: there the value decides. False for the NaN of a single article."""
    bounded = gate.measure not in _UNBOUNDED
    open_below = math.isinf(gate.low) or (bounded and gate.low == _TOP)
    open_above = math.isinf(gate.high) or (bounded and gate.high == _BOTTOM)
    return (open_below or gate.low <= estimate.low) and (open_above or estimate.high <= gate.high)


def _gate(path: Path, name: str, value: Any) -> Gate:
    where = f"{path}: [{name}]"
    if name == FAILURES:
        return _gate_of_failures(where, value)
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


def _gate_of_failures(where: str, value: Any) -> Gate:
    most = value.get("at_most") if isinstance(value, dict) and set(value) == {"at_most"} else None
    if not isinstance(most, int) or isinstance(most, bool) or most < 0:
        raise ConfigError(f"{where} takes at_most alone, how many questions may fail: 0 or more; got {value!r}")
    return Gate(FAILURES, -math.inf, float(most), by_interval=False)
