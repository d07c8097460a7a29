"""The page's head as HTML. Pure."""

from __future__ import annotations

from qa.page.forms import LOGOUT
from qa.page.markup import isolated
from qa.page.wording import counted

_KEYS = (
    ("/", "to the question box"),
    ("Enter", "ask; on a source: open it, and go to its article"),
    ("Shift+Enter", "a new line in the question"),
    ("j, k", "the next citation of the conversation, the one before"),
    ("c", "copy the citation that is open"),
    ("→, ←", "in an article: the next sentence, the one before; Enter copies it"),
    ("Escape", "back from the article to its source"),
    ("?", "this list"),
)


def header(articles: int, user: str = "") -> str:
    """Name, size of the collection, what the page promises, and the list of keys.

    Args:
        articles: how many there are in the collection that is served.
        user: who has signed in; empty where nobody does.
    """
    signed_in = ""
    if user:
        signed_in = (
            f'<p class="pq-user">Signed in as {isolated(user)} <a class="pq-link" href="{LOGOUT}">Sign out</a></p>'
        )
    keys = "".join(f"<dt>{_kbd(key)}</dt><dd>{words}</dd>" for key, words in _KEYS)
    return (
        '<header class="pq-head"><h1>Pullquote</h1>'
        f'<p class="pq-tagline">{counted(articles, "article")}. Answers are quotations. All runs on the machine '
        "that serves this page, which sends nothing on.</p>"
        '<button type="button" class="pq-link" data-keys aria-haspopup="dialog">Keyboard</button>'
        f"{signed_in}</header>"
        '<dialog class="pq-keys" id="pq-keys" aria-labelledby="pq-keys-title"><h2 id="pq-keys-title">Keyboard</h2>'
        f'<dl>{keys}</dl><button type="button" class="pq-link" data-keys-close>Close</button></dialog>'
        '<p class="pq-told" id="pq-told" role="status"></p>'
    )


def _kbd(keys: str) -> str:
    return ", ".join(f"<kbd>{key}</kbd>" for key in keys.split(", "))
