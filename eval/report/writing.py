"""Writes a run's report into its folder."""

from __future__ import annotations

from pathlib import Path

from eval.report.csv import write_csv
from eval.report.page import report_page
from eval.runner import Run

PAGE, TABLE = "report.html", "questions.csv"


def write_report(run: Run, folder: Path) -> list[Path]:
    """Write ``report.html``, which needs no network, and the rows as ``questions.csv``; their paths."""
    page, table = folder / PAGE, folder / TABLE
    page.write_text(report_page(run), encoding="utf-8")
    write_csv(run.rows, table)
    return [page, table]
