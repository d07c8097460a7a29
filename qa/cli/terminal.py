"""Text for a terminal: article text that cannot command it, and the consoles that print it."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

_UNSAFE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0 and C1 controls: escape sequences, bells, what moves the cursor
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidi controls: what reorders the characters around them
    "\u2028\u2029\ufeff"  # line and paragraph separators, byte-order mark
    "\ud800-\udfff"  # lone surrogates, of file names and arguments that are not UTF-8: no terminal takes them
    "]"
)
_SPACES = frozenset("\t\n\v\f\r\x85\u2028\u2029")


_WIDE = 160
"""Where nothing is known of the place that the output goes to, such as a file: no table of ours is wider."""


def visible(text: str) -> str:
    """``text`` with every character that could command a terminal replaced by a visible symbol; white space of any kind
    becomes a space, so that the result is one line. For display only: nothing that is stored or given as JSON goes
    through it."""
    return _UNSAFE.sub(lambda match: _symbol(match.group()), text)


def _symbol(character: str) -> str:
    if character in _SPACES:
        return " "
    if character < " ":
        return chr(0x2400 + ord(character))  # Unicode's control pictures stand in the order of the controls
    return "\u2421" if character == "\x7f" else f"‹U+{ord(character):04X}›"


def make_console(*, stderr: bool = False) -> Console:
    """A console that takes text as it is: no markup, no emoji codes, no guessed highlighting. Colour follows the
    terminal, ``NO_COLOR`` and ``FORCE_COLOR``. Elsewhere than on a terminal tables are as wide as they need, up to
    ``_WIDE`` characters or what ``COLUMNS`` says."""
    console = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDE
    return console


def write(console: Console, text: Text | str, *, indent: int = 0) -> None:
    """Print one paragraph: wrapped and indented on a terminal, on one line elsewhere, so that scripts can search it."""
    paragraph = Text(text) if isinstance(text, str) else text
    if console.is_terminal:
        console.print(Padding(paragraph, (0, 0, 0, indent)) if indent else paragraph)
    else:
        console.print(Text(" " * indent).append_text(paragraph), soft_wrap=True)


def write_json(document: Any) -> None:
    """Print one JSON document on stdout. It is ASCII where stdout does not take all of Unicode."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=encoding != "utf8", allow_nan=False) + "\n")


def write_error(message: str) -> None:
    """Print ``error: message`` on stderr, red on a terminal."""
    write(make_console(stderr=True), Text(f"error: {visible(message)}", style="red"))


def write_note(message: str) -> None:
    """Print a line on stderr that is no error."""
    write(make_console(stderr=True), Text(visible(message), style="yellow"))
