"""How an article is named on the page. Pure."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from index.stores.base import ArticleSummary
from qa.page.markup import escape, isolated
from qa.page.wording import counted, date_words


def particulars(outlet: str | None, published: str | None, page: int | None, today: date) -> str:
    """Outlet, date with age, and page, as far as they are known.

    Args:
        published: an ISO date or date-time.
        today: the day that the age counts to.
    """
    parts = [isolated(outlet)] if outlet else []
    parts.append(f"<span>{escape(date_words(published, today))}</span>")
    if page is not None:
        parts.append(f"page {page}")
    return " · ".join(parts)


def article_button(summary: ArticleSummary, today: date) -> str:
    """A button that opens a whole article."""
    # Percent-encoded: a browser would change some characters of an id, such as NUL, and send back another one.
    return (
        f'<button type="button" class="pq-article" data-article="{quote(summary.article_id, safe="")}">'
        f'<span class="pq-article-title">{isolated(summary.title or summary.source_key or "Untitled")}</span> '
        f'<span class="pq-particulars">{particulars(summary.outlet, summary.published, None, today)} · '
        f"{counted(summary.sentences, 'sentence')}</span></button>"
    )
