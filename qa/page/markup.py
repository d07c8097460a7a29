"""From any string to HTML that cannot do anything but be read. Pure.

Everything that the page shows and did not write itself goes through ``escape``: articles, titles, addresses, questions,
file names. The page's own parts are strings of HTML built from such pieces.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

_INERT = {
    ord(character): f"&#{ord(character)};"
    # Besides what HTML gives a meaning to: what template languages do, so that no template can be woken by a text.
    for character in "&<>\"'`{}$\\"
}
_FRAGMENT_WORDS = 5
"""Words at each end of a long quote that a text fragment names: enough to be found, short enough for an address."""


def escape(text: str) -> str:
    """``text`` as character references where a character could mean something, for content and quoted attributes."""
    return text.translate(_INERT)


def isolated(text: str, tag: str = "bdi", css_class: str = "") -> str:
    """``text``, escaped, in an element that keeps its writing direction and its direction controls to itself."""
    attributes = f' class="{css_class}"' if css_class else ""
    return f'<{tag}{attributes} dir="auto">{escape(text)}</{tag}>'


def web_address(url: str | None) -> str | None:
    """``url`` when it is an address that a link may lead to: http or https, with a host, and without white space,
    control characters or backslashes, which browsers repair in their own ways. None otherwise."""
    if not url or any(
        ord(character) <= 0x20 or ord(character) == 0x7F or character in "\\\u2028\u2029" for character in url
    ):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def quote_address(url: str | None, quote_text: str) -> str | None:
    """The address of ``quote_text`` in the live page, with a text fragment (https://wicg.github.io/scroll-to-text-fragment)
    that makes a browser scroll there; None when ``url`` is not a web address.

    A quote of more than ``2 * _FRAGMENT_WORDS`` words is named by its first and last words, since line breaks and
    inline elements of the live page inside a long quote would keep it from being found.
    """
    address = web_address(url)
    if address is None:
        return None
    words = quote_text.split()
    if not words:
        return address
    if len(words) <= 2 * _FRAGMENT_WORDS:
        fragment = _fragment_part(words)
    else:
        fragment = f"{_fragment_part(words[:_FRAGMENT_WORDS])},{_fragment_part(words[-_FRAGMENT_WORDS:])}"
    return f"{address}{'' if '#' in address else '#'}:~:text={fragment}"


def link_out(url: str | None, quote_text: str = "") -> str:
    """A link to the original, named by its host, so that one sees where it leads; empty without a web address."""
    address = quote_address(url, quote_text)
    if address is None:
        return ""
    host = urlsplit(address).hostname or ""
    return (
        f'<a class="pq-original" href="{escape(address)}" target="_blank" rel="noopener noreferrer">'
        f'Original at {isolated(host)}<span class="pq-unseen"> (opens in a new tab)</span></a>'
    )


def _fragment_part(words: list[str]) -> str:
    # A hyphen parts prefix and suffix from the text in a fragment, and ``quote`` leaves it alone.
    return quote(" ".join(words), safe="").replace("-", "%2D")
