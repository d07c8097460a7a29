"""Buttons that copy a citation in one of several formats, as HTML. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from qa.page.markup import escape


def copy_menu(formats: Mapping[str, str]) -> str:
    """A closed menu with a button for each format; the script puts what a button holds on the clipboard.

    Args:
        formats: the name that a person reads -> what is copied.
    """
    buttons = "".join(
        f'<li><button type="button" class="pq-link" data-copy="{_attribute(text)}">{escape(name)}</button></li>'
        for name, text in formats.items()
    )
    return f'<details class="pq-copy"><summary>Copy citation</summary><ul>{buttons}</ul></details>'


def _attribute(text: str) -> str:
    # A browser reads line ends in attributes as they are, but for a carriage return, which it makes a line feed.
    return escape(text).replace("\n", "&#10;").replace("\r", "&#13;")
