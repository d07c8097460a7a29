"""A conversation as JSON, and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from index.errors import SchemaError
from qa.exchanges import Exchange
from qa.records import Answer

CONVERSATION_VERSION = "1.0"
"""Version of a conversation's JSON form: a reader accepts any minor version of its own major one."""


def conversation_to_dict(exchanges: Sequence[Exchange], today: date) -> dict[str, Any]:
    """A conversation's JSON form: plain dicts, lists, strings, numbers, booleans and None.

    Args:
        exchanges: oldest first.
        today: the day of the export.
    """
    return {
        "conversation_version": CONVERSATION_VERSION,
        "exported": today.isoformat(),
        "exchanges": [
            {
                "question": exchange.question,
                "answer": exchange.answer.to_dict() if exchange.answer else None,
                "problem": exchange.problem,
            }
            for exchange in exchanges
        ],
    }


def conversation_from_dict(values: Mapping[str, Any]) -> tuple[Exchange, ...]:
    """Read the JSON form back. Keys that a later minor version added are passed over.

    Raises:
        SchemaError: the version is missing or of another major version, or something does not fit.
    """
    version = values.get("conversation_version") if isinstance(values, Mapping) else None
    major = CONVERSATION_VERSION.split(".")[0]
    if not isinstance(version, str) or version.split(".")[0] != major:
        raise SchemaError(
            f"a conversation of version {version!r} cannot be read; this program reads version {major}.x, which "
            "Pullquote's export as JSON writes"
        )
    exchanges = values.get("exchanges")
    if not isinstance(exchanges, list):
        raise SchemaError(f"the conversation's exchanges are no list but {type(exchanges).__name__}")
    return tuple(_exchange(number, exchange) for number, exchange in enumerate(exchanges, start=1))


def _exchange(number: int, values: object) -> Exchange:
    if not isinstance(values, Mapping) or not isinstance(values.get("question"), str):
        raise SchemaError(f"exchange {number} of the conversation has no question")
    answer, problem = values.get("answer"), values.get("problem", "")
    if not isinstance(answer, Mapping | None) or not isinstance(problem, str):
        raise SchemaError(f"exchange {number} of the conversation: its answer is no object, or its problem no text")
    try:
        return Exchange(values["question"], None if answer is None else Answer.from_dict(answer), problem)
    except SchemaError as error:
        raise SchemaError(f"exchange {number} of the conversation: {error}") from error
