"""Values of a question set's rows, checked one by one: what is wrong is named with its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from eval.datasets.records import Evidence
from index.errors import QuestionSetError
from qa.records import Turn


@dataclass(frozen=True, slots=True)
class Row:
    """A row with the place that messages name, such as ``questions.jsonl, line 3``."""

    where: str
    values: Mapping[str, Any]

    def error(self, what: str) -> QuestionSetError:
        return QuestionSetError(f"{self.where}: {what}")

    def text(self, key: str) -> str:
        """A string that is not blank."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f'"{key}" must be text, not {value!r}')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, none of them blank."""
        value = self.values.get(key)
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.error(f'"{key}" must be a list of texts, not {value!r}')
        return tuple(value)

    def evidence(self, key: str = "evidence") -> tuple[Evidence, ...]:
        """A list of places: ``{"article", "start", "end"}``, or ``{"article"}`` for all of an article."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.error(f'"{key}" must be a list, not {value!r}')
        return tuple(self._place(one) for one in value)

    def _place(self, value: object) -> Evidence:
        if not isinstance(value, dict) or not isinstance(value.get("article"), str):
            raise self.error(f'a place of "evidence" must be {{"article", "start", "end"}}, not {value!r}')
        start, end = value.get("start"), value.get("end")
        if start is None and end is None:
            return Evidence(value["article"])
        whole = all(isinstance(one, int) and not isinstance(one, bool) for one in (start, end))
        if not whole or not 0 <= start < end:  # type: ignore[operator]
            raise self.error(f'"start" and "end" must be characters with 0 <= start < end, not {start!r} and {end!r}')
        return Evidence(value["article"], start, end)

    def history(self, key: str = "history") -> tuple[Turn, ...]:
        """Earlier turns: ``{"question", "answer_text", "titles"}``; an answer of null for none, titles of what was
        cited."""
        value = self.values.get(key) or []
        if not isinstance(value, list):
            raise self.error(f'"{key}" must be a list of turns, not {value!r}')
        turns = []
        for one in value:
            if not isinstance(one, dict) or not isinstance(one.get("question"), str):
                raise self.error(f'a turn of "{key}" must be {{"question", "answer_text"}}, not {one!r}')
            answer, titles = one.get("answer_text"), one.get("titles", [])
            if not (answer is None or isinstance(answer, str)) or not isinstance(titles, list):
                raise self.error(f'a turn of "{key}" must be {{"question", "answer_text"}}, not {one!r}')
            turns.append(Turn(one["question"], answer, tuple(map(str, titles))))
        return tuple(turns)

    def day(self, key: str = "asked") -> date | None:
        """An ISO date, or the day of an ISO date-time."""
        value = self.values.get(key)
        if value is None or value == "":
            return None
        try:
            return datetime.fromisoformat(value).date()
        except (TypeError, ValueError):
            raise self.error(f'"{key}" must be a date as 2024-05-31, not {value!r}') from None


def json_rows(path: Path, lines: Iterable[str]) -> Iterator[Row]:
    """The objects of a JSON lines file; blank lines are passed over.

    Raises:
        QuestionSetError: a line is no JSON object; it is named by its number.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        try:
            values = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise Row(where, {}).error(f"is not JSON: {error}") from None
        if not isinstance(values, dict):
            raise Row(where, {}).error("is not a JSON object")
        yield Row(where, values)
