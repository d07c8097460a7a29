"""``pullquote eval gate``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from eval.gate import FAILURES, Outcome, hold, read_gates, require_two_sided
from eval.names import TITLES
from eval.runner import load_run
from qa.cli.exits import ExitCode
from qa.cli.terminal import make_console, write


def gate(
    run: Annotated[Path, typer.Argument(metavar="RUN", show_default=False, help="The folder of a run.")],
    gates: Annotated[Path, typer.Argument(metavar="GATES", show_default=False, help="A TOML file of bars.")],
) -> None:
    """Check that a run clears its bars; exits with 1 when a measure lies outside, or its interval does in part, or when
    more questions failed than [failures] allows: none, unless it says otherwise."""
    bars, found = read_gates(gates), load_run(run)
    require_two_sided(bars, found.measures, str(gates))
    outcomes = hold(bars, found.measures, len(found.failures))
    table = Table("measure", "bar", "value", "95 % interval", "", box=None, pad_edge=False)
    for one in outcomes:
        table.add_row(_title(one.gate.measure), _bar(one), *_figures(one), one.verdict)
    console = make_console()
    console.print(table)
    failed = [one for one in outcomes if one.verdict != "passed"]
    if failed:
        write(console, f"{len(failed)} of {len(outcomes)} gates failed")
        raise typer.Exit(ExitCode.ERROR)
    write(console, f"all {len(outcomes)} gates passed")


def _title(measure: str) -> str:
    return "failed questions" if measure == FAILURES else TITLES.get(measure, measure)


def _bar(one: Outcome) -> str:
    low, high = one.gate.low, one.gate.high
    if math.isinf(high):
        return f"at least {low:g}"
    return f"at most {high:g}" if math.isinf(low) else f"{low:g} to {high:g}"


def _figures(one: Outcome) -> tuple[str, str]:
    if one.value is None:
        return "", ""
    value = f"{one.value:.0f}" if one.gate.measure == FAILURES else f"{one.value:.3f}"
    return value, f"{one.interval[0]:.3f} to {one.interval[1]:.3f}" if one.interval else ""
