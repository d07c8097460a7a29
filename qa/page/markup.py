"""From any string to HTML that cannot do anything but be read. Pure.

Everything that the page shows and did not write itself goes through ``escape``: articles, titles, addresses, questions,
file names. The page's own parts are strings of HTML built from such pieces.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from qa.addresses import quote_address

_INERT = {
    ord(character): f"&#{ord(character)};"
    # Besides what HTML gives a meaning to: what template languages do, so that no template can be woken by a text.
    for character in "&<>\"'`{}$\\"
}


def escape(text: str) -> str:
    """``text`` as character references where a character could mean something, for content and quoted attributes."""
    return text.translate(_INERT)


def isolated(text: str, tag: str = "bdi", css_class: str = "") -> str:
    """``text``, escaped, in an element that keeps its writing direction and its direction controls to itself."""
    attributes = f' class="{css_class}"' if css_class else ""
    return f'<{tag}{attributes} dir="auto">{escape(text)}</{tag}>'


def alert(reason: str) -> str:
    """Why something could not be done, told at once by a screen reader; empty without a reason."""
    return f'<p class="pq-warning" role="alert">{isolated(reason)}</p>' if reason else ""


def link_out(
    url: str | None, quote_text: str = "", *, article_text: str | None = None, start_char: int | None = None
) -> str:
    """A link to the original, named by its host, so that one sees where it leads; empty without a web address. The
    arguments are those of ``quote_address``."""
    return link_to(quote_address(url, quote_text, article_text=article_text, start_char=start_char))


def link_to(address: str | None) -> str:
    """A link to the original at an address that ``quote_address`` gave, named by its host."""
    if address is None:
        return ""
    host = urlsplit(address).hostname or ""
    return (
        f'<a class="pq-original" href="{escape(address)}" target="_blank" rel="noopener noreferrer">'
        f'Original at {isolated(host)}<span class="pq-unseen"> (opens in a new tab)</span></a>'
    )
