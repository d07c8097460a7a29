"""``pullquote eval``: measure a collection on a question set, compare two runs, and write their files."""

from __future__ import annotations

import typer

from eval.cli.comparing import compare_runs
from eval.cli.drafting import make
from eval.cli.gating import gate
from eval.cli.group import EvalGroup
from eval.cli.running import run
from eval.cli.tuning import tune_settings
from eval.cli.writing import report, trec

app = typer.Typer(
    cls=EvalGroup, no_args_is_help=True, add_completion=False, help="Measure retrieval and answers on question sets."
)
app.command("run")(run)
app.command("compare")(compare_runs)
app.command("gate")(gate)
app.command("tune")(tune_settings)
app.command("make")(make)
app.command("report")(report)
app.command("trec")(trec)
