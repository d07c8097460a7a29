"""``pullquote eval gate``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from eval.gate import Outcome, hold, read_gates
from eval.names import TITLES
from eval.runner import load_run
from qa.cli.exits import ExitCode
from qa.cli.terminal import make_console, write


def gate(
    run: Annotated[Path, typer.Argument(metavar="RUN", show_default=False, help="The folder of a run.")],
    gates: Annotated[Path, typer.Argument(metavar="GATES", show_default=False, help="A TOML file of bars.")],
) -> None:
    """Check that a run clears its bars; exits with 1 when a measure lies outside, or its interval does in part."""
    outcomes = hold(read_gates(gates), load_run(run).measures)
    table = Table("measure", "bar", "value", "95 % interval", "", box=None, pad_edge=False)
    for one in outcomes:
        table.add_row(TITLES.get(one.gate.measure, one.gate.measure), _bar(one), *_figures(one), one.verdict)
    console = make_console()
    console.print(table)
    failed = [one for one in outcomes if one.verdict != "passed"]
    if failed:
        write(console, f"{len(failed)} of {len(outcomes)} gates failed")
        raise typer.Exit(ExitCode.ERROR)
    write(console, f"all {len(outcomes)} gates passed")


def _bar(one: Outcome) -> str:
    low, high = one.gate.low, one.gate.high
    if math.isinf(high):
        return f"at least {low:g}"
    return f"at most {high:g}" if math.isinf(low) else f"{low:g} to {high:g}"


def _figures(one: Outcome) -> tuple[str, str]:
    if one.estimate is None:
        return "", ""
    interval = "" if math.isnan(one.estimate.low) else f"{one.estimate.low:.3f} to {one.estimate.high:.3f}"
    return f"{one.estimate.value:.3f}", interval
