"""A run's rows as a table for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from eval.rows import QuestionRow

COLUMNS = (
    "question_id", "question", "earlier_turns", "answerable", "answered", "confidence", "given", "best", "expected",
    "em", "f1", "given_em", "given_f1", "cited_first", "cited_any", "citation_precision", "citation_recall", "verbatim",
    "error",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(rows: Sequence[QuestionRow], path: Path) -> None:
    """Write a line for each question.

    A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection).
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([_cell(getattr(row, name)) for name in COLUMNS])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        value = " | ".join(value)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return str(value)
