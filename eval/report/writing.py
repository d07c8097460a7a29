"""Writes a run's report into its folder."""

from __future__ import annotations

from pathlib import Path

from eval.report.csv import write_csv
from eval.report.figures import figures
from eval.report.page import report_page
from eval.report.plots import for_print
from eval.runner import Run

PAGE, TABLE, FIGURES = "report.html", "questions.csv", "figures"


def write_report(run: Run, folder: Path) -> list[Path]:
    """Write ``report.html``, which needs no network, the rows as ``questions.csv``, and each figure as an SVG file
    in ``figures``; their paths."""
    page, table = folder / PAGE, folder / TABLE
    page.write_text(report_page(run), encoding="utf-8")
    write_csv(run.rows, table)
    (folder / FIGURES).mkdir(exist_ok=True)
    written = [page, table]
    for figure in figures(run.rows):
        path = folder / FIGURES / f"{figure.name}.svg"
        path.write_text(for_print(figure.picture), encoding="utf-8")
        written.append(path)
    return written
