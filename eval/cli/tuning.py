"""``pullquote eval tune``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from eval.cli.running import open_for
from eval.cli.tables import write_comparison
from eval.datasets.reading import read_questions
from eval.statistics import Estimate
from eval.tuning import RiskAndCoverage, Tuned, risk_and_coverage, tune
from index.errors import ConfigError, RunError
from qa.cli.exits import ExitCode
from qa.cli.options import IndexOrSampleOption, ReaderOption
from qa.cli.progress import CountedProgress
from qa.cli.terminal import make_console, write, write_note
from qa.settings import write_settings


def tune_settings(
    questions: Annotated[Path, typer.Argument(show_default=False, metavar="QUESTIONS", help="A question set.")],
    out: Annotated[Path, typer.Option(metavar="FILE", show_default=False, help="The settings file to write: .toml.")],
    index_dir: IndexOrSampleOption = None,
    reader: ReaderOption = None,
    risk: Annotated[
        float, typer.Option(metavar="SHARE", help="The largest share of wrong answers among those given.")
    ] = 0.2,
    seed: Annotated[int, typer.Option(metavar="N", help="Fixes which articles' questions are chosen on.")] = 0,
) -> None:
    """Choose the weight of vectors against BM25, and from which confidence on to answer, on half of the articles'
    questions; then measure them on the other half.

    Exits with 3 when some questions could not be asked.
    """
    if not 0 <= risk < 1:
        raise ConfigError(f"--risk {risk} must lie between 0 and 1")
    if out.exists():
        raise RunError(f"{out} is there already; name another file with --out")
    if not out.parent.is_dir():
        raise RunError(f"{out.parent} is no folder; make it, or name another file with --out")
    asked = read_questions(questions)
    with open_for(asked, index_dir, None, reader) as assistant, CountedProgress("asking", "questions") as progress:
        found = tune(asked, assistant, risk, seed=seed, progress=progress)
    before, after = risk_and_coverage(found.before), risk_and_coverage(found.after)
    write_settings(out, found.config, _comment(found, after, risk, seed))
    console = make_console()
    _write_weights(console, found)
    write(console, f"On the {len(found.after.rows)} other questions, with the settings there were and those chosen:")
    _write_risk_and_coverage(console, before, after)
    write_comparison(console, found.comparison)
    if after.risk.value > risk:
        write_note(
            f"on the other questions {_share(after.risk)} of the answers are wrong, and {risk:.1%} were wanted: "
            "a smaller --risk leaves room"
        )
    write_note(f"written: {out}; use it with --settings")
    failures = found.failures + len(found.before.failures) + len(found.after.failures)
    if failures:
        write_note(f"{failures} times a question could not be asked; it was left out")
        raise typer.Exit(ExitCode.INCOMPLETE)


def _write_weights(console: Console, found: Tuned) -> None:
    if found.by_weight:
        write(console, f"Mean reciprocal rank, of the {len(found.chosen_on.questions)} questions chosen on alone:")
    for weight, value in found.by_weight.items():
        chosen = "  <- chosen" if weight == found.config.search.dense_weight else ""
        write(console, f"dense_weight {weight:.1f}: {value:.3f}{chosen}")


def _write_risk_and_coverage(console: Console, before: RiskAndCoverage, after: RiskAndCoverage) -> None:
    table = Table("", "before", "95 % interval", "after", "95 % interval", box=None, pad_edge=False)
    for title, one, other in (
        ("coverage (answered)", before.coverage, after.coverage),
        ("risk (wrong of these)", before.risk, after.risk),
    ):
        table.add_row(title, _share(one), _interval(one), _share(other), _interval(other))
    console.print(table)


def _comment(found: Tuned, after: RiskAndCoverage, risk: float, seed: int) -> list[str]:
    """Where the settings come from: the figures are of questions that nothing was chosen on."""
    return [
        f"Chosen by pullquote eval tune for a risk of {risk:g} on {len(found.chosen_on.questions)} questions "
        f"({found.chosen_on.name}, seed {seed}).",
        f"Of {len(found.after.rows)} questions on other articles, {_with_interval(after.coverage)} were answered, and "
        f"{_with_interval(after.risk)} of the answers were wrong.",
    ]


def _with_interval(one: Estimate) -> str:
    interval = _interval(one)
    return f"{_share(one)} [{interval}]" if interval else _share(one)


def _share(one: Estimate) -> str:
    return "none" if math.isnan(one.value) else f"{one.value:.1%}"


def _interval(one: Estimate) -> str:
    return "" if math.isnan(one.low) else f"{one.low:.1%} to {one.high:.1%}"
