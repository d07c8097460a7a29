"""The tables of a library."""

from __future__ import annotations

VERSION = 1
"""Version of the tables: a file of a later one is refused."""
APPLICATION = 0x50514C42
"""Marks the file as a library of this program (SQLite's ``application_id``)."""

TABLES = """
CREATE TABLE conversations (
    row INTEGER PRIMARY KEY,
    conversation_id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    collection TEXT,
    title TEXT,                        -- NULL: its first question is its title
    started TEXT NOT NULL              -- ISO 8601 with the offset of the time zone, as all times here
);
CREATE INDEX conversations_owner ON conversations (owner);
CREATE TABLE exchanges (
    row INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again, so that it is the order of asking
    exchange_id TEXT NOT NULL UNIQUE,
    conversation_row INTEGER NOT NULL REFERENCES conversations (row) ON DELETE CASCADE,
    asked TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT,                       -- Answer.to_dict() as JSON
    problem TEXT NOT NULL,
    words TEXT NOT NULL,               -- what is searched: folded words, a space before each
    reply TEXT NOT NULL DEFAULT '',    -- what was said to small talk
    asked_of TEXT                      -- which articles were asked, as JSON; NULL: all, or not known
);
CREATE INDEX exchanges_conversation ON exchanges (conversation_row);
CREATE TABLE feedback (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    exchange_row INTEGER NOT NULL REFERENCES exchanges (row) ON DELETE CASCADE,
    citation INTEGER NOT NULL,         -- -1: the answer as a whole
    verdict TEXT NOT NULL,
    correction TEXT,                   -- Correction.to_dict() as JSON
    note TEXT NOT NULL,
    given TEXT NOT NULL,
    UNIQUE (exchange_row, citation)
);
CREATE TABLE collections (
    collection_id TEXT PRIMARY KEY,
    owner TEXT,                        -- NULL: everybody's
    name TEXT NOT NULL,
    folder TEXT NOT NULL
);
CREATE UNIQUE INDEX collections_name ON collections (COALESCE(owner, ''), name);
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
"""Statements that make an empty library, each on lines of its own."""

LATER_COLUMNS = {"reply": "TEXT NOT NULL DEFAULT ''", "asked_of": "TEXT"}
"""Columns of the exchanges that the first libraries lack. Programs of that time pass over them."""

SEARCH = """
CREATE VIRTUAL TABLE IF NOT EXISTS exchange_words
    USING fts5(words, content = 'exchanges', content_rowid = 'row', tokenize = 'ascii')
"""
"""The search's index, where SQLite has FTS5. It keeps no texts of its own."""

# They belong to the connection and not to the file, which so stays usable where SQLite lacks FTS5.
KEEP_SEARCH = (
    """
    CREATE TEMP TRIGGER words_added AFTER INSERT ON main.exchanges BEGIN
        INSERT INTO exchange_words (rowid, words) VALUES (new.row, new.words);
    END
    """,
    """
    CREATE TEMP TRIGGER words_removed AFTER DELETE ON main.exchanges BEGIN
        INSERT INTO exchange_words (exchange_words, rowid, words) VALUES ('delete', old.row, old.words);
    END
    """,
)
"""Statements that bring every change of the exchanges into the search's index."""
