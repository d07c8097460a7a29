"""An article's particulars (title, date, outlet, address, authors) as a file states them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from index.loaders.dates import parse_date
from index.loaders.titles import one_line

FIELD_OF_NAME = {
    "title": "title",
    "headline": "title",
    "date": "published",
    "published": "published",
    "pubdate": "published",
    "outlet": "outlet",
    "source": "outlet",
    "publication": "outlet",
    "publisher": "outlet",
    "sitename": "outlet",
    "url": "url",
    "link": "url",
    "canonical": "url",
    "author": "authors",
    "authors": "authors",
    "by": "authors",
    "byline": "authors",
    "language": "language",
    "lang": "language",
}
"""The field of `Particulars` that a name in a file stands for, in lower case."""

Value = str | list[str]

_WEB_ADDRESS = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]\w+)*")
_AUTHOR_SEPARATOR = re.compile(r"\s*;\s*|\s*,\s*(?=\S+\s)|\s+and\s+|\s+&\s+")


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What a file says about its article; ``metadata`` holds what is no field of an article."""

    title: str = ""
    published: date | datetime | None = None
    outlet: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def article_fields(self) -> dict[str, Any]:
        """The keyword arguments for `index.records.Article`, without the title, for which there are other sources."""
        names = ("published", "outlet", "url", "authors", "language", "metadata")
        return {name: getattr(self, name) for name in names}


def read_particulars(pairs: Iterable[tuple[str, Value]]) -> Particulars:
    """The particulars in ``pairs`` of a name and its value; of a name given twice the first counts.

    A value that its field cannot take is kept in the metadata under its name, with a warning.
    """
    fields: dict[str, Any] = {}
    metadata: dict[str, Any] = {}
    warnings: list[str] = []
    for name, value in pairs:
        target = FIELD_OF_NAME.get(name.lower())
        if target == "outlet" and isinstance(value, str) and web_address(value):
            target = "url"  # "Source: https://…"
        if target is None or target in fields:
            metadata.setdefault(name, value)
            continue
        if not value:
            continue
        found = _read(target, value)
        if found is None:
            metadata.setdefault(name, value)
            warnings.append(f"{name}: {value!r} is not {_WANTED[target]}; kept as metadata")
        else:
            fields[target] = found
    return Particulars(**fields, metadata=metadata, warnings=tuple(warnings))


def web_address(value: str) -> str | None:
    """``value`` where it is an http or https address, which alone a reader may follow; else None."""
    value = value.strip()
    return value if _WEB_ADDRESS.fullmatch(value) else None


def language_code(value: str) -> str | None:
    """The language of a tag such as ``en-GB``: ``en``. None for what is no such tag."""
    match = _LANGUAGE.fullmatch(value.strip())
    return match[1].lower() if match else None


_WANTED = {
    "title": "a title",
    "published": "a date (write it as 2025-10-07)",
    "outlet": "a name",
    "url": "a web address",
    "authors": "a list of names",
    "language": "a language tag such as en",
}


def _read(target: str, value: Value) -> Any:
    if target == "authors":
        names = _AUTHOR_SEPARATOR.split(value) if isinstance(value, str) else value
        return tuple(filter(None, map(one_line, names))) or None
    if not isinstance(value, str):
        return None
    if target == "published":
        return parse_date(value)
    if target == "url":
        return web_address(value)
    if target == "language":
        return language_code(value)
    return one_line(value) or None
