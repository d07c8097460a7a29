"""Pullquote's own question sets: JSON lines.

Each line: ``{"id", "question", "answers", "evidence"}``, and where they apply ``"history"``, ``"rewrite"``,
``"asked"`` and ``"retrieved"``. An empty list of answers means that abstaining is right; without ``"answers"`` only
the ranking is measured. ``"draft"``, ``"note"`` and ``"sentence"`` are for people, and not read. Any other key is
refused: a misspelt one would change what is measured, and nobody would see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from eval.datasets.fields import Row, json_rows
from eval.datasets.records import Question, cluster_of

_KEYS = ("id", "question", "answers", "evidence", "history", "rewrite", "asked", "retrieved")
_FOR_PEOPLE = ("draft", "note", "sentence")


def read_json_lines(path: Path, lines: Iterable[str]) -> list[Question]:
    """The questions of a JSON lines file.

    Args:
        path: names the file in messages.
        lines: its lines.

    Raises:
        QuestionSetError: a line is not what it must be; it is named by its number.
    """
    return [_question(row) for row in json_rows(path, lines)]


def _question(row: Row) -> Question:
    row.require_known((*_KEYS, *_FOR_PEOPLE))
    question_id = row.values.get("id")
    if isinstance(question_id, int) and not isinstance(question_id, bool):
        question_id = str(question_id)
    if not isinstance(question_id, str) or not question_id:
        raise row.error(f'"id" must be text, not {question_id!r}')
    evidence = row.evidence()
    rewrite = row.values.get("rewrite")
    return Question(
        question_id=question_id,
        text=row.text("question"),
        answers=row.texts("answers") if row.values.get("answers") is not None else None,
        evidence=evidence,
        history=row.history(),
        rewrite=row.text("rewrite") if rewrite is not None else None,
        asked=row.day(),
        retrieved=_retrieved(row),
        cluster=cluster_of(question_id, evidence),
        where=row.where,
    )


def _retrieved(row: Row) -> tuple[str, ...] | None:
    """The articles that make the question's collection; None for all."""
    if row.values.get("retrieved") is None:
        return None
    articles = row.texts("retrieved")
    if not articles:
        raise row.error(
            '"retrieved" names no article; name the question\'s collection, or leave it out to ask all of it'
        )
    return articles
