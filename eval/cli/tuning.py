"""``pullquote eval tune``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.cli.running import open_for
from eval.cli.tables import write_comparison
from eval.datasets.reading import read_questions
from eval.tuning import Tuned, tune
from index.errors import ConfigError, RunError
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
    questions; then measure them on the other half."""
    if not 0 <= risk < 1:
        raise ConfigError(f"--risk {risk} must lie between 0 and 1")
    if out.exists():
        raise RunError(f"{out} is there already; name another file with --out")
    asked = read_questions(questions)
    with open_for(asked, index_dir, None, reader) as assistant, CountedProgress("asking", "questions") as progress:
        found = tune(asked, assistant, risk, seed=seed, progress=progress)
    write_settings(out, found.config, _comment(found, risk, seed))
    console = make_console()
    for weight, value in found.by_weight.items():
        chosen = "  <- chosen" if weight == found.config.search.dense_weight else ""
        write(console, f"dense_weight {weight:.1f}: mean reciprocal rank {value:.3f}{chosen}")
    wrong, answered = found.reached
    write(console, f"chosen on: {answered:.0%} answered, {wrong:.0%} of these wrong")
    write(console, "On the other questions, the settings there were against those chosen:")
    write_comparison(console, found.comparison)
    write_note(f"written: {out}; use it with --settings")


def _comment(found: Tuned, risk: float, seed: int) -> list[str]:
    chosen_on = found.chosen_on
    wrong, answered = found.reached
    return [
        f"Chosen by pullquote eval tune for a risk of {risk:g} on {len(chosen_on.questions)} questions "
        f"({chosen_on.name}, seed {seed}),",
        f"on which {answered:.0%} were answered and {wrong:.0%} of these wrong.",
    ]
