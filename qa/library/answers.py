"""Answers as they are kept: complete, so that they are readable when their sources are gone."""

from __future__ import annotations

import json

from index.errors import SchemaError
from qa.library.checking import checked_text
from qa.records import Answer


def written_answer(answer: Answer) -> str:
    """The answer as JSON.

    Raises:
        LibraryError: it holds a lone surrogate.
    """
    return checked_text(json.dumps(answer.to_dict(), ensure_ascii=False), "an answer")


def read_answer(written: str) -> tuple[Answer | None, str]:
    """A kept answer; or None, and why it cannot be read, for a person to read."""
    try:
        values = json.loads(written)
        if not isinstance(values, dict):
            raise SchemaError("it is not a JSON object")
        return Answer.from_dict(values), ""
    except (SchemaError, ValueError, RecursionError) as error:
        return None, f"the answer that was kept cannot be read: {error}"
