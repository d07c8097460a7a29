"""Which articles were asked, as it is written into a library."""

from __future__ import annotations

import json
from datetime import date

from index.records import Filter


def written_filter(where: Filter | None) -> str | None:
    """The filter's JSON form; None for no filter."""
    if where is None:
        return None
    days = {name: day.isoformat() if day else None for name, day in (("since", where.since), ("until", where.until))}
    return json.dumps({"articles": where.articles, "outlets": where.outlets, **days})


def read_filter(written: str | None) -> Filter | None:
    """The filter again."""
    if written is None:
        return None
    values = json.loads(written)
    since, until = (date.fromisoformat(values[name]) if values[name] else None for name in ("since", "until"))
    articles, outlets = (None if values[name] is None else tuple(values[name]) for name in ("articles", "outlets"))
    return Filter(articles=articles, outlets=outlets, since=since, until=until)
