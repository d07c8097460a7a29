"""A conversation as JSON, and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from index.errors import SchemaError
from qa.citations import StandingOf
from qa.exchanges import Exchange
from qa.exports.phrases import shown_citations
from qa.records import Answer

CONVERSATION_VERSION = "1.0"
"""Version of a conversation's JSON form: a reader accepts any minor version of its own major one."""


def conversation_to_dict(
    exchanges: Sequence[Exchange],
    today: date,
    standing_of: StandingOf = lambda article_id, content_sha256: "",
) -> dict[str, Any]:
    """A conversation's JSON form: plain dicts, lists, strings, numbers, booleans and None.

    Args:
        exchanges: oldest first.
        today: the day of the export.
        standing_of: what became of the cited articles since.
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
        "sources_since": _standings(exchanges, standing_of),
    }


def _standings(exchanges: Sequence[Exchange], standing_of: StandingOf) -> dict[str, str]:
    """The cited articles that are not as they were cited, by id."""
    cited = (one for exchange in exchanges if exchange.answer for one in shown_citations(exchange.answer))
    found = {one.article_id: standing_of(one.article_id, one.content_sha256) for one in cited}
    return {article_id: standing for article_id, standing in found.items() if standing}


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
