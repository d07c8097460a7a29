"""``pullquote eval report`` and ``pullquote eval trec``: a run in other forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.report.writing import write_report
from eval.runner import load_run
from eval.trec import write_trec
from qa.cli.terminal import write_note


def trec(
    run: Annotated[Path, typer.Argument(metavar="RUN", show_default=False, help="The folder of a run.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", show_default=False, help="Where to write; RUN/trec without it.")
    ] = None,
) -> None:
    """Write a run's rankings as TREC run and qrels files, for other tools to check the figures."""
    for path in write_trec(load_run(run).rows, out or run / "trec"):
        write_note(f"written: {path}")


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", show_default=False, help="The folder of a run.")],
) -> None:
    """Write a run's report: RUN/report.html, which needs no network, and its rows as RUN/questions.csv."""
    for path in write_report(load_run(run), run):
        write_note(f"written: {path}")
