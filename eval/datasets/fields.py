"""Values of a question set's rows, checked one by one: what is wrong is named with its place."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from eval.datasets.records import Evidence
from index.errors import QuestionSetError
from qa.records import Turn

_ALIKE = 0.7
"""How alike a key must be to one that is known to be taken for it: "answer" is to "answers", "outlet" not to "note"."""
_PLACE_KEYS = ("article", "start", "end")
_TURN_KEYS = ("question", "answer_text", "titles")


@dataclass(frozen=True, slots=True)
class Row:
    """A row with the place that messages name, such as ``questions.jsonl, line 3``."""

    where: str
    values: Mapping[str, Any]

    def error(self, what: str) -> QuestionSetError:
        return QuestionSetError(f"{self.where}: {what}")

    def require_known(self, known: Collection[str], within: str = "") -> None:
        """Refuse keys that mean nothing, which are most often misspelt ones.

        Args:
            known: the keys that mean something.
            within: which part of the row this is, for the message, such as ``a place of "evidence"``.

        Raises:
            QuestionSetError: names the first unknown key, and the one that is likely meant.
        """
        for key in self.values:
            if key not in known:
                close = get_close_matches(str(key), known, n=1, cutoff=_ALIKE)
                hint = f'did you mean "{close[0]}"' if close else f"known are: {', '.join(known)}"
                raise self.error(f'there is no use for a key "{key}"{f" in {within}" if within else ""}; {hint}')

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
        Row(self.where, value).require_known(_PLACE_KEYS, 'a place of "evidence"')
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
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.error(f'"{key}" must be a list of turns, not {value!r}')
        turns = []
        for one in value:
            if not isinstance(one, dict) or not isinstance(one.get("question"), str):
                raise self.error(f'a turn of "{key}" must be {{"question", "answer_text"}}, not {one!r}')
            Row(self.where, one).require_known(_TURN_KEYS, f'a turn of "{key}"')
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
