"""Rows of the tables as records."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from qa.library.answers import read_answer
from qa.library.checking import known_id, not_found
from qa.library.filters import read_filter
from qa.library.records import ConversationSummary, KeptExchange

TITLE_CHARACTERS = 80
"""Of a title that is made from a question."""
# With MAX, SQLite takes e.asked from the row that has it.
SUMMARY = """
SELECT c.conversation_id, c.title, c.collection, c.started, e.asked, COUNT(*), MAX(e.row),
    (SELECT question FROM exchanges WHERE conversation_row = c.row ORDER BY reply <> '', row LIMIT 1)
FROM conversations c JOIN exchanges e ON e.conversation_row = c.row
WHERE c.owner = :owner
"""


def shortened(question: str, characters: int = TITLE_CHARACTERS) -> str:
    """A question on one line, cut after a word where it is longer than ``characters``, with "…" for the rest."""
    line = " ".join(question.split())
    if len(line) <= characters:
        return line
    cut = line[:characters]
    return f"{cut.rpartition(' ')[0] or cut[:-1]}…"


def row_of(connection: sqlite3.Connection, owner: str, conversation_id: str) -> int:
    found = connection.execute(
        "SELECT row FROM conversations WHERE conversation_id = ? AND owner = ?", (known_id(conversation_id), owner)
    ).fetchone()
    if found is None:
        raise not_found()
    return int(found[0])


def summary_of(connection: sqlite3.Connection, owner: str, row: int) -> ConversationSummary:
    values = {"owner": owner, "row": row}
    return summary_from(connection.execute(f"{SUMMARY} AND c.row = :row GROUP BY c.row", values).fetchone())


def summary_from(values: tuple[Any, ...]) -> ConversationSummary:
    conversation_id, title, collection, started, changed, exchanges, _, first_question = values
    return ConversationSummary(
        conversation_id=conversation_id,
        title=title if title is not None else shortened(first_question),
        collection=collection,
        started=datetime.fromisoformat(started),
        changed=datetime.fromisoformat(changed),
        exchanges=exchanges,
    )


def kept_exchange(
    conversation_id: str,
    exchange_id: str,
    question: str,
    written: str | None,
    problem: str,
    asked: str,
    reply: str,
    asked_of: str | None,
) -> KeptExchange:
    answer, unreadable = read_answer(written) if written is not None else (None, "")
    return KeptExchange(
        exchange_id=exchange_id,
        conversation_id=conversation_id,
        question=question,
        answer=answer,
        problem=problem or unreadable,
        asked=datetime.fromisoformat(asked),
        reply=reply,
        where=read_filter(asked_of),
    )
