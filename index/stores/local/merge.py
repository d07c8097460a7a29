"""Compaction: the live rows of several segments copied into one. Nothing is split, embedded or counted again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np

from index.stores.local.durable import sync_tree
from index.stores.local.live import LiveRows, gather_postings, live_rows
from index.stores.local.segment import TEXT, Segment, write_postings, write_vectors
from index.stores.local.text_db import create_text_db, read_only_uri


def merge_segments(folder: Path, segments: Sequence[Segment], dim: int) -> LiveRows:
    """Write what is live in ``segments`` as one segment into a new folder, and wait until it is on the disk.

    Args:
        dim: the length of the vectors.

    Returns:
        What was live in them.
    """
    with ExitStack() as opened:
        texts = [opened.enter_context(closing(segment.text())) for segment in segments]
        rows = live_rows(segments, texts)
    folder.mkdir(parents=True)
    vectors = [segment.vectors(dim) for segment in segments]
    blocks = (vectors[place.segment][place.first_vector : place.end_vector] for place in rows.places)
    write_vectors(folder, blocks, sum(place.end_vector - place.first_vector for place in rows.places), dim)
    write_postings(folder, gather_postings([segment.postings() for segment in segments], rows))
    with closing(create_text_db(folder / TEXT)) as connection:
        for number, segment in enumerate(segments):
            _copy_text(connection, segment, number, rows)
        connection.commit()
    sync_tree(folder)
    return rows


def _copy_text(connection: sqlite3.Connection, segment: Segment, number: int, rows: LiveRows) -> None:
    """Copy the live rows of one segment, the ``number``-th, under their new row numbers."""
    connection.execute("CREATE TEMP TABLE article_rows (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)")
    connection.execute("CREATE TEMP TABLE chunk_rows (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)")
    connection.executemany(
        "INSERT INTO article_rows VALUES (?, ?)",
        ((place.row, new) for new, place in enumerate(rows.places) if place.segment == number),
    )
    new_rows = np.flatnonzero(rows.segment == number)
    connection.executemany(
        "INSERT INTO chunk_rows VALUES (?, ?)",
        zip(rows.row[new_rows].tolist(), new_rows.tolist(), strict=True),
    )
    connection.commit()  # a database cannot be attached within a transaction
    connection.execute("ATTACH ? AS source", (read_only_uri(segment.verified(TEXT)),))
    connection.executescript(
        """
        INSERT INTO main.articles
            SELECT new, article_id, source_key, title, url, outlet, authors, published, language, pages, metadata,
                content_sha256, record_sha256, sentence_count, chunk_count, vector_count, text
            FROM article_rows JOIN source.articles ON row = old ORDER BY new;
        INSERT INTO main.sentences
            SELECT new, position, start_char, end_char, wording
            FROM article_rows JOIN source.sentences ON article_row = old ORDER BY new, position;
        INSERT INTO main.chunks
            SELECT chunk_rows.new, article_rows.new, start_char, end_char, heading, first_sentence, last_sentence,
                first_vector
            FROM chunk_rows
                JOIN source.chunks ON row = chunk_rows.old
                JOIN article_rows ON article_row = article_rows.old
            ORDER BY chunk_rows.new;
        DETACH source;
        DROP TABLE article_rows;
        DROP TABLE chunk_rows;
        """
    )
