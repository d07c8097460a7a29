"""Feedback: what people think of answers and citations, and the sentences that would have been right."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime

from index.errors import LibraryError
from qa.library.answers import read_answer
from qa.library.checking import checked_owner, checked_text, known_id, not_found
from qa.library.database import Database
from qa.library.records import VERDICTS, Correction, Feedback, Verdict
from qa.records import Answer, Turn

WHOLE_ANSWER = -1
"""Stands for no citation in the table: SQLite would take two NULLs for different."""

_ROWS = """
SELECT f.verdict, f.citation, f.correction, f.note, f.given,
    e.row, e.exchange_id, e.question, e.answer, e.asked, c.row, c.conversation_id, c.collection
FROM feedback f JOIN exchanges e ON e.row = f.exchange_row JOIN conversations c ON c.row = e.conversation_row
"""


class Verdicts:
    """What people think of the answers that they got. A verdict goes with its exchange when that is deleted."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def give(
        self,
        owner: str,
        exchange_id: str,
        verdict: Verdict,
        *,
        citation: int | None = None,
        correction: Correction | None = None,
        note: str = "",
    ) -> None:
        """Judge an answer, or one of its citations; what the owner thought of the same before is replaced.

        Args:
            verdict: one of ``VERDICTS``. An abstention is "right" where abstaining was, and else a "wrong answer".
            citation: a position in ``answer.citations``, from 0; None for the answer as a whole.
            correction: the sentence that would have been right, with "wrong answer" or "wrong citation".
            note: in the person's own words.

        Raises:
            ConversationNotFoundError: the owner has no such exchange (any more).
            LibraryError: the verdict is unknown or does not fit the answer, or a text holds a lone surrogate.
        """
        name, wanted = checked_owner(owner), known_id(exchange_id)
        checked_text(note, "a note")
        if verdict not in VERDICTS:
            raise LibraryError(f"a verdict is one of {', '.join(VERDICTS)}, not {verdict!r:.80}")
        if correction is not None and verdict not in ("wrong answer", "wrong citation"):
            raise LibraryError(f"a sentence that would have been right does not go with the verdict {verdict!r}")
        sentence = None if correction is None else json.dumps(correction.to_dict(), ensure_ascii=False)
        checked_text(sentence or "", "a corrected sentence")
        now = self._now().isoformat()
        with self._database.writing() as connection:
            row, written = _exchange_of(connection, name, wanted)
            _require_fitting(read_answer(written)[0] if written else None, verdict, citation)
            connection.execute(
                "INSERT OR REPLACE INTO feedback (exchange_row, citation, verdict, correction, note, given) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (row, WHOLE_ANSWER if citation is None else citation, verdict, sentence, note, now),
            )

    def withdraw(self, owner: str, exchange_id: str, *, citation: int | None = None) -> None:
        """Take back what was thought of an answer, or of one of its citations; nothing happens where nothing was.

        Raises:
            ConversationNotFoundError: the owner has no such exchange (any more).
        """
        name, wanted = checked_owner(owner), known_id(exchange_id)
        with self._database.erasing(exchanges=False) as connection:
            row, _ = _exchange_of(connection, name, wanted)
            judged = connection.execute("SELECT row, citation FROM feedback WHERE exchange_row = ?", (row,)).fetchall()
            position = WHOLE_ANSWER if citation is None else citation
            of_this = [(one,) for one, other in judged if other == position]
            connection.executemany("DELETE FROM feedback WHERE row = ?", of_this)

    def of_owner(self, owner: str) -> tuple[Feedback, ...]:
        """What an owner thinks, in the order in which it was last given."""
        return self._listed("WHERE c.owner = ? ORDER BY f.row", checked_owner(owner))

    def of_conversation(self, owner: str, conversation_id: str) -> tuple[Feedback, ...]:
        """What an owner thinks of a conversation's answers; nothing where the owner has no such conversation."""
        return self._listed(
            "WHERE c.owner = ? AND c.conversation_id = ? ORDER BY f.row",
            checked_owner(owner),
            known_id(conversation_id),
        )

    def of_everybody(self, *, collection: str | None = None) -> tuple[Feedback, ...]:
        """What all owners think, without their names, in the order in which it was last given: for who keeps the
        collection, and not for a page that anybody sees.

        Args:
            collection: of conversations about this one only.
        """
        if collection is None:
            return self._listed("ORDER BY f.row")
        return self._listed("WHERE c.collection = ? ORDER BY f.row", checked_text(collection, "a collection's name"))

    def _listed(self, which: str, *values: str) -> tuple[Feedback, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_ROWS + which, values).fetchall()
            histories = {row[5]: _history(connection, row[10], row[5]) for row in rows}
        return tuple(
            Feedback(
                conversation_id=conversation_id,
                exchange_id=exchange_id,
                question=question,
                answer=read_answer(written)[0] if written else None,
                history=histories[exchange_row],
                collection=collection,
                asked=datetime.fromisoformat(asked),
                given=datetime.fromisoformat(given),
                verdict=verdict,
                citation=None if citation == WHOLE_ANSWER else citation,
                correction=Correction.from_dict(json.loads(correction)) if correction else None,
                note=note,
            )
            for (
                verdict, citation, correction, note, given,
                exchange_row, exchange_id, question, written, asked, _, conversation_id, collection,
            ) in rows
        )  # fmt: skip


def _exchange_of(connection: sqlite3.Connection, owner: str, exchange_id: str) -> tuple[int, str | None]:
    """An owner's exchange: its row and its answer as it is written."""
    found = connection.execute(
        "SELECT e.row, e.answer FROM exchanges e JOIN conversations c ON c.row = e.conversation_row "
        "WHERE e.exchange_id = ? AND c.owner = ?",
        (exchange_id, owner),
    ).fetchone()
    if found is None:
        raise not_found()
    row, written = found
    return row, written


def _require_fitting(answer: Answer | None, verdict: Verdict, citation: int | None) -> None:
    if answer is None:
        raise LibraryError("there is no answer to judge: the question had none, or it can no longer be read")
    if verdict in ("wrong citation", "should have abstained") and not answer.answered:
        raise LibraryError(f"the verdict {verdict!r} does not fit: nothing was answered, and nothing cited")
    if citation is None:
        return
    if verdict == "should have abstained":
        raise LibraryError("the verdict 'should have abstained' is of the whole answer, not of a citation")
    if not isinstance(citation, int) or isinstance(citation, bool) or not 0 <= citation < len(answer.citations):
        raise LibraryError(f"the answer has {len(answer.citations)} citations, from 0 on, and none at {citation!r}")


def _history(connection: sqlite3.Connection, conversation_row: int, exchange_row: int) -> tuple[Turn, ...]:
    """The answered turns before an exchange, with what a follow-up leans on: the title of the first citation."""
    earlier = connection.execute(
        "SELECT answer FROM exchanges WHERE conversation_row = ? AND row < ? AND answer IS NOT NULL ORDER BY row",
        (conversation_row, exchange_row),
    ).fetchall()
    answers = [read_answer(written)[0] for (written,) in earlier]
    return tuple(
        Turn(answer.question, answer.text, tuple(citation.title for citation in answer.citations[:1]))
        for answer in answers
        if answer
    )
