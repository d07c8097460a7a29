"""Which articles a person asks: a collection, and maybe a part of it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from urllib.parse import unquote

from index.errors import QuestionError
from index.records import Filter
from index.stores.base import ArticleSummary

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What is asked. Compared and hashed by identity, which is what the page's toolkit needs of a value that it keeps.

    Attributes:
        collection: the collection's id; empty for the served one.
        outlets: those that are asked alone; empty for all.
        only_ticked: whether only the ticked articles are asked.
        ticked: the articles that are ticked in the list, by id.
    """

    collection: str = ""
    since: date | None = None
    until: date | None = None
    outlets: tuple[str, ...] = ()
    only_ticked: bool = False
    ticked: frozenset[str] = frozenset()

    @property
    def where(self) -> Filter | None:
        """The filter for a question; None for all articles."""
        articles = tuple(sorted(self.ticked)) if self.only_ticked else None
        if articles is None and not (self.since or self.until or self.outlets):
            return None
        return Filter(articles=articles, outlets=self.outlets or None, since=self.since, until=self.until)

    def accepts(self, summary: ArticleSummary) -> bool:
        """Whether an article is asked."""
        published = date.fromisoformat(summary.published[:10]) if summary.published else None
        where = self.where
        return where is None or where.accepts(summary.article_id, summary.outlet, published)

    def narrowed(self, sent: object) -> Scope:
        """With the dates, outlets and choice of ticked ones that a browser sent.

        Raises:
            QuestionError: a date is none, or the first day comes after the last.
        """
        form = sent if isinstance(sent, dict) else {}
        since, until = _day(form.get("since"), "first"), _day(form.get("until"), "last")
        if since and until and since > until:
            raise QuestionError(f"the first day, {since}, comes after the last, {until}: exchange them")
        return replace(
            self, since=since, until=until, outlets=_names(form.get("outlets")), only_ticked=form.get("ticked") is True
        )

    def with_ticks(self, shown: object, ticked: object) -> Scope:
        """With the ticks of the rows that are shown; those of other rows stay."""
        return replace(self, ticked=self.ticked.difference(_names(shown)).union(_names(ticked)))

    def to_json(self) -> str:
        """For the browser to keep; ``from_json`` reads it back."""
        return json.dumps(
            {
                "collection": self.collection,
                "since": self.since.isoformat() if self.since else "",
                "until": self.until.isoformat() if self.until else "",
                "outlets": self.outlets,
                "only_ticked": self.only_ticked,
                "ticked": sorted(self.ticked),  # by hand, and so never too many to send
            }
        )

    @classmethod
    def from_json(cls, sent: str) -> Self | None:
        """Read what a browser kept; None for anything else that it sent."""
        try:
            values = json.loads(sent)
            collection, since, until = (values[name] for name in ("collection", "since", "until"))
            outlets, ticked, only_ticked = (values[name] for name in ("outlets", "ticked", "only_ticked"))
            if not all(isinstance(one, str) for one in (collection, *outlets, *ticked)):
                return None
            days = _day(since, "first"), _day(until, "last")
            return cls(collection, *days, tuple(outlets), only_ticked is True, frozenset(ticked))
        except (ValueError, KeyError, TypeError, RecursionError):
            return None

    def without(self, article_ids: Iterable[str]) -> Scope:
        """When articles have been removed."""
        left = self.ticked.difference(article_ids)
        return replace(self, ticked=left, only_ticked=self.only_ticked and bool(left))


def outlets_of(summaries: Collection[ArticleSummary]) -> list[str]:
    """The outlets of some articles, by name, each once."""
    found: dict[str, str] = {}
    for summary in summaries:
        if summary.outlet:
            found.setdefault(summary.outlet.casefold(), summary.outlet)
    return [found[key] for key in sorted(found)]


def _day(sent: object, which: str) -> date | None:
    if sent is None or sent == "":
        return None
    try:
        if isinstance(sent, str) and _DAY.fullmatch(sent):
            return date.fromisoformat(sent)
    except ValueError:
        pass
    raise QuestionError(f"{sent!r:.60} is no {which} day: write it as 2025-10-31, or leave it empty")


def _names(sent: object) -> tuple[str, ...]:
    """Percent-encoded names that a browser sent back; whatever else it sent is passed over."""
    names = sent if isinstance(sent, list) else []
    return tuple(unquote(name, errors="replace") for name in names if isinstance(name, str))
