"""The page's head as HTML. Pure."""

from __future__ import annotations

from qa.page.wording import counted


def header(articles: int) -> str:
    """Name, size of the collection, and what the page promises."""
    return (
        '<header class="pq-head"><h1>Pullquote</h1>'
        f'<p class="pq-tagline">{counted(articles, "article")}. Runs on this machine; nothing is sent anywhere; '
        "answers are quotations.</p></header>"
    )
