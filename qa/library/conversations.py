"""Conversations: begun with their first exchange, listed, read, renamed, searched, deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from index.errors import LibraryError
from index.records import Filter
from qa.library.answers import read_answer, written_answer
from qa.library.checking import checked_owner, checked_range, checked_text, known_id, new_id, not_found
from qa.library.database import Database
from qa.library.filters import written_filter
from qa.library.records import ConversationSummary, KeptConversation, KeptExchange, SearchHit
from qa.library.rows import SUMMARY, kept_exchange, row_of, summary_from, summary_of
from qa.library.words import best_match, folded_words, fts_query, kept_words, searchable
from qa.records import Answer

LONGEST_TITLE = 500
"""Characters of a title that a person gives."""


class Conversations:
    """What was asked and answered, by owner. Times are those of the computer, with the offset of its time zone."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def add(
        self,
        owner: str,
        question: str,
        answer: Answer | None = None,
        *,
        problem: str = "",
        reply: str = "",
        where: Filter | None = None,
        conversation_id: str | None = None,
        collection: str | None = None,
    ) -> KeptExchange:
        """Keep an exchange at the end of a conversation; with none named, begin one. So no empty one is ever kept.

        Args:
            question: as the person typed it, kept to the character.
            answer: what was answered, or
            problem: why there is no answer, or
            reply: what was said to small talk.
            where: which articles were asked; None for all.
            conversation_id: None begins a conversation; its id is in what is returned.
            collection: what a new conversation is about, an id or a name; passed over where it goes on.

        Raises:
            ConversationNotFoundError: the owner has no such conversation (any more).
            LibraryError: a text holds a lone surrogate, or there is not one of an answer, a problem and a reply.
        """
        name = checked_owner(owner)
        values = _checked_exchange(question, answer, problem, reply, where)
        about = None if collection is None else checked_text(collection, "a collection's name")
        now = self._now().isoformat()
        with self._database.writing() as connection:
            if conversation_id is None:
                conversation_id = new_id()
                row = connection.execute(
                    "INSERT INTO conversations (conversation_id, owner, collection, started) VALUES (?, ?, ?, ?)",
                    (conversation_id, name, about, now),
                ).lastrowid
            else:
                row = row_of(connection, name, conversation_id)
            return _insert(connection, row, conversation_id, now, values)

    def replace(
        self,
        owner: str,
        exchange_id: str,
        question: str,
        answer: Answer | None = None,
        *,
        problem: str = "",
        where: Filter | None = None,
    ) -> KeptExchange:
        """Put another exchange in the place of a conversation's last. It has an id of its own, and what was thought of
        the old one goes with that.

        Raises:
            ConversationNotFoundError: the owner has no such exchange (any more).
            LibraryError: it is not the last, and later ones lean on it; or as ``add``.
        """
        name = checked_owner(owner)
        values = _checked_exchange(question, answer, problem, "", where)
        now = self._now().isoformat()
        with self._database.erasing() as connection:
            found = connection.execute(
                "SELECT c.row, c.conversation_id, e.row, "
                "(SELECT MAX(row) FROM exchanges WHERE conversation_row = c.row) "
                "FROM exchanges e JOIN conversations c ON c.row = e.conversation_row "
                "WHERE e.exchange_id = ? AND c.owner = ?",
                (known_id(exchange_id), name),
            ).fetchone()
            if found is None:
                raise not_found()
            conversation_row, conversation_id, row, last = found
            if row != last:
                raise LibraryError("only the last exchange of a conversation can be replaced: later ones lean on it")
            connection.execute("DELETE FROM exchanges WHERE row = ?", (row,))
            return _insert(connection, conversation_row, conversation_id, now, values)

    def recent(
        self, owner: str, *, limit: int = 50, offset: int = 0, collection: str | None = None
    ) -> tuple[ConversationSummary, ...]:
        """An owner's conversations, the one that was last added to first.

        Args:
            limit: how many at most, 0 to 1000.
            offset: how many to pass over.
            collection: those about this one only.

        Raises:
            LibraryError: ``limit`` or ``offset`` is out of range.
        """
        limit, offset = checked_range(limit, offset)
        about = None if collection is None else checked_text(collection, "a collection's name")
        values = {"owner": checked_owner(owner), "collection": about, "limit": limit, "offset": offset}
        with self._database.reading() as connection:
            rows = connection.execute(
                f"{SUMMARY} AND (:collection IS NULL OR c.collection = :collection) "
                "GROUP BY c.row ORDER BY MAX(e.row) DESC LIMIT :limit OFFSET :offset",
                values,
            ).fetchall()
        return tuple(map(summary_from, rows))

    def count(self, owner: str, *, collection: str | None = None) -> int:
        """How many conversations an owner has."""
        about = None if collection is None else checked_text(collection, "a collection's name")
        with self._database.reading() as connection:
            (count,) = connection.execute(
                "SELECT COUNT(*) FROM conversations WHERE owner = ? AND (? IS NULL OR collection = ?)",
                (checked_owner(owner), about, about),
            ).fetchone()
        return int(count)

    def read(self, owner: str, conversation_id: str) -> KeptConversation:
        """A conversation with all its exchanges. An answer that this program cannot read is an exchange with a problem.

        Raises:
            ConversationNotFoundError: the owner has no such conversation (any more).
        """
        name, wanted = checked_owner(owner), known_id(conversation_id)
        with self._database.reading() as connection:
            row = row_of(connection, name, wanted)
            summary = summary_of(connection, name, row)
            rows = connection.execute(
                "SELECT exchange_id, question, answer, problem, asked, reply, asked_of FROM exchanges "
                "WHERE conversation_row = ? ORDER BY row",
                (row,),
            ).fetchall()
        return KeptConversation(summary=summary, exchanges=tuple(kept_exchange(wanted, *values) for values in rows))

    def rename(self, owner: str, conversation_id: str, title: str) -> None:
        """Give a conversation a title; a blank one makes its first question the title again.

        Raises:
            ConversationNotFoundError: the owner has no such conversation (any more).
            LibraryError: the title is too long, or holds a lone surrogate.
        """
        name, wanted = checked_owner(owner), known_id(conversation_id)
        given = " ".join(checked_text(title, "a title").split())
        if len(given) > LONGEST_TITLE:
            raise LibraryError(f"a title has at most {LONGEST_TITLE} characters, not {len(given)}: shorten it")
        with self._database.writing() as connection:
            row = row_of(connection, name, wanted)
            connection.execute("UPDATE conversations SET title = ? WHERE row = ?", (given or None, row))

    def delete(self, owner: str, conversation_id: str) -> None:
        """Delete a conversation, with what was thought of its answers.

        Raises:
            ConversationNotFoundError: the owner has no such conversation (any more).
        """
        name, wanted = checked_owner(owner), known_id(conversation_id)
        with self._database.erasing() as connection:
            connection.execute("DELETE FROM conversations WHERE row = ?", (row_of(connection, name, wanted),))

    def search(self, owner: str, query: str, *, limit: int = 50) -> tuple[SearchHit, ...]:
        """The exchanges that hold all words of ``query`` in the question, the answer or the cited sentences; the latest
        first. A word is found by its beginning, whatever its case and accents; nothing in a query is syntax.

        Args:
            query: any text; without a word in it nothing is found.
            limit: how many hits at most, 0 to 1000.
        """
        limit, _ = checked_range(limit, 0)
        name = checked_owner(owner)
        wanted = list(dict.fromkeys(folded_words(query)))[:64] if isinstance(query, str) else []
        if not wanted:
            return ()
        with self._database.reading() as connection:
            if self._database.fts5:
                found, values = (
                    "e.row IN (SELECT rowid FROM exchange_words WHERE exchange_words MATCH ?)",
                    [fts_query(wanted)],
                )
            else:
                found, values = " AND ".join(["instr(e.words, ?)"] * len(wanted)), [f" {word}" for word in wanted]
            rows = connection.execute(
                "SELECT c.row, e.exchange_id, e.question, e.answer FROM exchanges e "
                f"JOIN conversations c ON c.row = e.conversation_row WHERE c.owner = ? AND {found} "
                "ORDER BY e.row DESC LIMIT ?",
                (name, *values, limit),
            ).fetchall()
            summaries = {row: summary_of(connection, name, row) for row in {row for row, *_ in rows}}
        return tuple(
            SearchHit(
                conversation=summaries[row],
                exchange_id=exchange_id,
                question=question,
                matched=best_match(searchable(question, read_answer(answer)[0] if answer else None), wanted),
            )
            for row, exchange_id, question, answer in rows
        )


@dataclass(frozen=True, slots=True)
class _Checked:
    """An exchange that can be kept, with its answer as it is written."""

    question: str
    answer: Answer | None
    written: str | None
    problem: str
    reply: str
    where: Filter | None


def _checked_exchange(question: str, answer: Answer | None, problem: str, reply: str, where: Filter | None) -> _Checked:
    checked_text(question, "a question")
    checked_text(problem, "a problem")
    checked_text(reply, "a reply")
    if [answer is not None, bool(problem), bool(reply)].count(True) != 1:
        raise LibraryError("an exchange has either an answer or a problem or a reply, and not several of them")
    return _Checked(question, answer, None if answer is None else written_answer(answer), problem, reply, where)


def _insert(
    connection: sqlite3.Connection, conversation_row: int | None, conversation_id: str, now: str, one: _Checked
) -> KeptExchange:
    exchange_id = new_id()
    words = kept_words(searchable(one.question, one.answer))
    connection.execute(
        "INSERT INTO exchanges "
        "(exchange_id, conversation_row, asked, question, answer, problem, words, reply, asked_of) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(exchange_id, conversation_row, now, one.question, one.written, one.problem, words),
            *(one.reply, written_filter(one.where)),
        ),
    )
    return KeptExchange(
        exchange_id=exchange_id,
        conversation_id=conversation_id,
        question=one.question,
        answer=one.answer,
        problem=one.problem,
        asked=datetime.fromisoformat(now),
        reply=one.reply,
        where=one.where,
    )
