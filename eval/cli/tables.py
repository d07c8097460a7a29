"""Runs and comparisons as tables on a terminal."""

from __future__ import annotations

import math

from rich.console import Console
from rich.table import Table

from eval.compare import Comparison
from eval.measures.answers import RIGHT_FROM
from eval.names import STAGE_TITLES, TITLES
from eval.runner import Run
from eval.statistics import FEW_ARTICLES, MID_P, Estimate
from qa.cli.terminal import visible, write

SHOWN_OF_RANKINGS = ("success@1", "success@5", "success@20", "mrr")


def write_run(console: Console, run: Run) -> None:
    """Print a run's measures with their intervals, its rankings by stage, and its speed."""
    write(
        console,
        f"{visible(run.manifest.questions_name)}: {len(run.rows):,} questions on "
        f"{run.manifest.articles:,} articles, {visible(run.manifest.models['reader'])}",
    )
    measures = Table("measure", "value", "95 % interval", "questions", box=None, pad_edge=False)
    for name, title in TITLES.items():
        if name in run.measures:
            one = run.measures[name]
            measures.add_row(title, _figure(one.value), _interval(one), _count(one))
    console.print(measures)
    if any(f"{stage}_mrr" in run.measures for stage in STAGE_TITLES):
        rankings = Table("evidence among the first", *SHOWN_OF_RANKINGS, box=None, pad_edge=False)
        for stage, title in STAGE_TITLES.items():
            if f"{stage}_mrr" in run.measures:
                figures = [_figure(run.measures[f"{stage}_{name}"].value) for name in SHOWN_OF_RANKINGS]
                rankings.add_row(title, *figures)
        console.print(rankings)
    if "total" in run.speed:
        total = run.speed["total"]
        write(console, f"a question took {total['p50']:.0f} ms (median), {total['p95']:.0f} ms (95 in 100)")
    if str(run.resources):
        write(console, str(run.resources))
    if any(one.articles < FEW_ARTICLES for one in run.measures.values()):
        write(console, f"* on fewer than {FEW_ARTICLES} articles: the interval is wide, and rests on few")
    if any(one.method == MID_P for one in run.measures.values()):
        write(
            console,
            "° few right or wrong, or few articles: a mid-p interval, rather too wide than too narrow",
        )
    if "auroc_right" in run.measures:
        write(console, f"right: the best span shares a token F1 of {RIGHT_FROM} or more with an expected answer")


def write_comparison(console: Console, comparison: Comparison) -> None:
    """Print what was set differently, and each measure of both runs with the gain."""
    for name, first, second in comparison.settings:
        write(console, f"{visible(name)}: {visible(str(first))} -> {visible(str(second))}")
    if any(comparison.failures):
        in_first, in_second = comparison.failures
        write(
            console,
            f"could not be asked, of {comparison.questions:,} questions: {in_first:,} in the first, {in_second:,} in "
            "the second; each measure is of the questions that both answered",
        )
    table = Table(
        "measure", "first", "second", "gain", "95 % interval", "n", "p", "Holm", "wins", "losses", box=None,
        pad_edge=False,
    )  # fmt: skip
    for name, one in comparison.differences.items():
        table.add_row(
            TITLES.get(name, name.replace("_", " ", 1)),
            _figure(one.first),
            _figure(one.second),
            f"{one.gain.value:+.3f}",
            _interval(one.gain),
            f"{one.gain.n:,}",
            _p_value(one.p),
            _p_value(one.p_holm) + (" *" if one.p_holm < 0.05 else ""),
            "" if one.wins is None else str(one.wins),
            "" if one.losses is None else str(one.losses),
        )
    console.print(table)
    tested = sum(not math.isnan(one.p) for one in comparison.differences.values())
    write(
        console,
        "n: questions; p: paired randomisation test over articles, two-sided, of this measure alone; Holm: corrected "
        f"for the {tested} measures tested, * below 0.05",
    )


def _p_value(p: float) -> str:
    return "" if math.isnan(p) else f"{p:.3f}"


def _figure(value: float) -> str:
    return f"{value:.3f}"


def _interval(one: Estimate) -> str:
    return "one article only" if math.isnan(one.low) else f"{one.low:.3f} to {one.high:.3f}{_mark(one)}"


def _mark(one: Estimate) -> str:
    return " °" if one.method == MID_P else ""


def _count(one: Estimate) -> str:
    return f"{one.n:,} on {one.articles:,} articles" + (" *" if one.articles < FEW_ARTICLES else "")
