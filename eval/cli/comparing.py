"""``pullquote eval compare``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from eval.cli.tables import write_comparison
from eval.compare import Change, changes, compare, measures_in_both
from eval.runner import load_run
from qa.cli.options import JsonOption
from qa.cli.terminal import make_console, visible, write, write_json

RunArgument = Annotated[Path, typer.Argument(metavar="RUN", show_default=False, help="The folder of a run.")]


def compare_runs(
    first: RunArgument,
    second: RunArgument,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="MEASURE",
            show_default=False,
            help="List the questions on which the runs differ in this measure; without it F1 by SQuAD 2.0's rule, and "
            "of runs that have none their first measure.",
        ),
    ] = None,
    shown: Annotated[int, typer.Option(metavar="N", min=0, help="How many of them, of wins and of losses.")] = 5,
    as_json: JsonOption = False,
) -> None:
    """Hold two runs over the same questions and articles against each other: is the second better, or was it luck?"""
    one, other = load_run(first), load_run(second)
    comparison = compare(one, other)
    listed_by = by or next(iter(measures_in_both(one, other)), None)
    differing = changes(one, other, listed_by) if listed_by else []
    if as_json:
        document = {
            "settings": [list(setting) for setting in comparison.settings],
            "questions": comparison.questions,
            "failures": list(comparison.failures),
            "measures": {name: _plain(asdict(found)) for name, found in comparison.differences.items()},
            "changes_by": listed_by,
            "changes": [
                {
                    "id": change.first.question_id,
                    "gain": change.gain,
                    "first": change.first.best,
                    "second": change.second.best,
                }
                for change in differing
            ],
        }
        write_json(document)
        return
    console = make_console()
    write_comparison(console, comparison)
    wins = [change for change in differing if change.gain > 0]
    losses = [change for change in differing if change.gain < 0]
    _write_changes(console, f"won by the second ({listed_by}), {len(wins)} in all", wins[:shown])
    _write_changes(console, f"lost by the second ({listed_by}), {len(losses)} in all", losses[::-1][:shown])


def _write_changes(console: Console, title: str, found: list[Change]) -> None:
    if found:
        write(console, title)
    for change in found:
        first, second = (
            visible(repr(row.given)) if row.answered else "abstained" for row in (change.first, change.second)
        )
        write(console, f"{change.gain:+.2f}  {visible(change.first.question)}  {first} -> {second}", indent=2)


def _plain(value: object) -> object:
    """JSON has no NaN: null stands for it."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return None if isinstance(value, float) and value != value else value
