"""Which index a server answers from, as its conversations remember it. Pure."""

from __future__ import annotations

from pathlib import Path

SERVED = ""
"""The id of the collection that a server was started with, whichever that is."""
ELSEWHERE = "elsewhere"
"""Stands for a collection that another server, or this one at another time, was started with."""
_INDEX = "index:"


def index_name(index_dir: Path | None) -> str:
    """The name under which conversations with an index are kept. It is the index's place: building it anew, or changing
    its articles, leaves it the same.

    Args:
        index_dir: None for the sample collection, whose place changes with the program's version.
    """
    return f"{_INDEX}{index_dir.resolve()}" if index_dir else f"{_INDEX}sample"


def kept_as(collection_id: str, served: str) -> str | None:
    """What is kept of a conversation's collection; None where nothing is known.

    Args:
        served: the ``index_name`` of what is served; empty where that is not known.
    """
    return collection_id or served or None


def shown_as(kept: str | None, served: str) -> str:
    """The collection's id on this server: ``ELSEWHERE`` for another index. What was kept without a name, as earlier
    versions did, is taken to be of the served one."""
    if not kept or kept == served:
        return SERVED
    return ELSEWHERE if kept.startswith(_INDEX) else kept
