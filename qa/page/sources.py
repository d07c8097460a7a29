"""The list of sources as HTML. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from index.stores.base import ArticleSummary
from qa.page.labels import article_button
from qa.page.markup import isolated
from qa.page.wording import counted

SHOWN_AT_MOST = 200
"""More rows than this are no list to read, and slow on a phone; the words to find narrow it down."""


def matching(summaries: Sequence[ArticleSummary], words: str) -> list[ArticleSummary]:
    """The articles whose title, outlet, date, address or file holds each of the ``words``, newest first; those without
    a date last."""
    wanted = words.casefold().split()
    found = [summary for summary in summaries if all(word in _searchable(summary) for word in wanted)]
    found.sort(key=lambda summary: summary.article_id)
    found.sort(key=lambda summary: summary.published or "", reverse=True)
    return found


def source_list(summaries: Sequence[ArticleSummary], words: str, today: date) -> str:
    """The articles that match ``words``, each with a button that opens it.

    Args:
        summaries: all articles of the collection.
        words: what to narrow the list by; empty for all.
        today: the day that ages count to.
    """
    found = matching(summaries, words)
    shown = found[:SHOWN_AT_MOST]
    if not found:
        count = f"No article matches {isolated(words, 'q')}." if words.strip() else "There are no articles yet."
    elif len(shown) < len(found):
        count = f"The newest {len(shown)} of {counted(len(found), 'article')}; narrow the list to see others."
    else:
        count = f"{counted(len(found), 'article')}, newest first."
    rows = "".join(f"<li>{article_button(summary, today)}</li>" for summary in shown)
    return (
        f'<div class="pq-sources"><p class="pq-small" role="status">{count}</p><ul class="pq-offers">{rows}</ul></div>'
    )


def _searchable(summary: ArticleSummary) -> str:
    parts = (summary.title, summary.outlet, summary.published, summary.url, summary.source_key)
    return "\n".join(part for part in parts if part).casefold()
