"""A conversation as one HTML file that needs nothing else and can do nothing. Pure.

The file has no script, loads nothing, and says so in a content security policy, which lets in its own style alone, by
its hash. Everything from articles and questions is escaped and keeps its writing direction to itself.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from urllib.parse import urlsplit

from index.records import Article
from qa.citations import StandingOf
from qa.exchanges import Exchange
from qa.exports.phrases import ABSTAINED, EXPORTED, HEADING, NO_ANSWER, STANDINGS, remarks, shown_citations
from qa.exports.wording import name_of, particulars, parts, sentence_address, whereabouts
from qa.records import Citation, Place

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.55 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; font-size: 1.25rem; }
blockquote { margin: .5rem 0; padding: .1rem 1rem; border-inline-start: .25rem solid #b58900; white-space: pre-line; }
mark { background: #ffe58a; color: #111; }
.small { font-size: .85rem; overflow-wrap: anywhere; }
@media print { a { color: inherit; } section { break-inside: avoid-page; } }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode("utf-8")).digest()).decode("ascii")
_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"


def conversation_html(
    exchanges: Sequence[Exchange],
    today: date,
    articles: Mapping[str, Article] | None = None,
    standing_of: StandingOf = lambda article_id, content_sha256: "",
) -> str:
    """A conversation with its evidence, as a whole HTML document.

    Args:
        exchanges: oldest first.
        today: the day of the export.
        articles: cited articles by id, which make the links more exact; need not be complete.
        standing_of: what became of the cited articles since.
    """
    sections = "".join(_exchange(exchange, articles or {}, standing_of) for exchange in exchanges)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{HEADING}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{HEADING}</h1>\n<p class="small">{EXPORTED.format(day=today.isoformat())}</p>\n'
        f"{sections}</main>\n</body>\n</html>\n"
    )


def _exchange(exchange: Exchange, articles: Mapping[str, Article], standing_of: StandingOf) -> str:
    answer = exchange.answer
    if answer is None:
        body = f"<p><strong>{NO_ANSWER}</strong> {_bdi(exchange.problem)}</p>\n"
    else:
        items = "".join(
            f"<li>\n{_citation(citation, articles.get(citation.article_id), standing_of)}</li>\n"
            for citation in shown_citations(answer)
        )
        body = "" if answer.answered else f"<p><strong>{ABSTAINED}</strong></p>\n"
        body += f"<ol>\n{items}</ol>\n" if items else ""
        body += "".join(f'<p class="small">{_bdi(remark)}</p>\n' for remark in remarks(answer))
    return f"<section>\n<h2>{_bdi(exchange.question)}</h2>\n{body}</section>\n"


def _citation(citation: Citation, article: Article | None, standing_of: StandingOf) -> str:
    before, quote, after = (escape(part) for part in parts(citation))
    standing = standing_of(citation.article_id, citation.content_sha256)
    since = f"<p><strong>{STANDINGS[standing]}</strong></p>\n" if standing else ""
    also = "".join(f"<li>{_source(place)}</li>\n" for place in citation.also_at)
    others = f'<p class="small">The same sentence stands in:</p>\n<ul class="small">\n{also}</ul>\n' if also else ""
    return (
        f'<blockquote><bdi dir="auto">{before}<mark>{quote}</mark>{after}</bdi></blockquote>\n'
        f"<p>— {_source(citation)}{_link(citation, article)}</p>\n"
        f'{since}<p class="small">{_bdi(whereabouts(citation))}.</p>\n{others}'
    )


def _source(source: Citation | Place) -> str:
    return ", ".join([f"“{_bdi(name_of(source))}”", *map(_bdi, particulars(source))])


def _link(citation: Citation, article: Article | None) -> str:
    address = sentence_address(citation, article)
    if address is None:
        return ""
    host = urlsplit(address).hostname or ""
    return f', <a href="{escape(address)}" rel="noopener noreferrer">{_bdi(host)}</a>'


def _bdi(text: str) -> str:
    return f'<bdi dir="auto">{escape(text)}</bdi>'
