"""Question sets from a spreadsheet: CSV with a heading.

Columns: ``question``, and where there are any ``id``, ``answer`` (several right ones in columns ``answer 2``,
``answer 3``; all empty: abstaining is right; no such column: only the ranking is measured), ``article``, ``start``,
``end``, ``asked``.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from eval.datasets.fields import Row
from eval.datasets.records import Evidence, Question, cluster_of

_ANSWER = re.compile(r"answers?( \d+)?")
_COLUMNS = ("id", "question", "article", "start", "end", "asked")


def read_table(path: Path, text: str) -> list[Question]:
    """The questions of a CSV file; commas, semicolons or tabs between its columns.

    Raises:
        QuestionSetError: the heading or a row is not what it must be; it is named by its line.
    """
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    heading = Row(f"{path.name}, line 1", {})
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or []]
        unknown = [name for name in names if name not in _COLUMNS and not _ANSWER.fullmatch(name)]
        if "question" not in names:
            raise heading.error(f'there is no column "question"; the columns are: {", ".join(names) or "none"}')
        if unknown:
            known = ", ".join((*_COLUMNS, "answer", "answer 2"))
            raise heading.error(f"there is no use for a column {unknown[0]!r}; known are: {known}")
        if len(set(names)) < len(names):
            raise heading.error("a column is there twice")
        reader.fieldnames = names
        questions = []
        for number, values in enumerate(reader, start=1):
            row = Row(f"{path.name}, line {reader.line_num}", values)
            if None in values or None in values.values():
                raise row.error(f"the row does not have the heading's {len(names)} columns")
            questions.append(_question(row, names, number))
        return questions
    except csv.Error as error:
        raise Row(f"{path.name}, line {reader.line_num}", {}).error(f"is not CSV: {error}") from None


def _question(row: Row, names: list[str], number: int) -> Question:
    answer_columns = [name for name in names if _ANSWER.fullmatch(name)]
    answers = tuple(value for name in answer_columns if (value := row.values[name].strip()))
    evidence = _evidence(row)
    question_id = (row.values.get("id") or "").strip() or str(number)
    return Question(
        question_id=question_id,
        text=row.text("question").strip(),
        answers=answers if answer_columns else None,
        evidence=evidence,
        asked=row.day(),
        cluster=cluster_of(question_id, evidence),
        where=row.where,
    )


def _evidence(row: Row) -> tuple[Evidence, ...]:
    article, start, end = ((row.values.get(name) or "").strip() for name in ("article", "start", "end"))
    if not article:
        return ()
    if not start and not end:
        return (Evidence(article),)
    try:
        first, last = int(start), int(end)
    except ValueError:
        raise row.error(f'"start" and "end" must be whole numbers, not {start!r} and {end!r}') from None
    if not 0 <= first < last:
        raise row.error(f'"start" and "end" must be characters with 0 <= start < end, not {first} and {last}')
    return (Evidence(article, first, last),)
