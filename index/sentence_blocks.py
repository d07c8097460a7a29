"""Text -> blocks: stretches of text that hold whole sentences, found from line ends and list markers alone.

A blank line always ends a block. A single line end does when the author, not the margin, broke the line there. Items
that stand on one line ("1) Flour 2) Sugar") are a block each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from index.sentence_words import TITLES, UNFINISHED

Span = tuple[int, int]

NARROWEST_MARGIN = 30
"""No text is wrapped at fewer columns: shorter lines are items, headings or verse."""

_LINE = re.compile(r"\S[^\n\f\u2029]*")
_WORD = re.compile(r"\S+")
_OPENING = re.compile(r"[\"'“‘«„(\[¿¡…]{0,4}")
_BULLETS = "•⁃‣▪●◦∙·*"
_BULLET_LINE = re.compile(rf"[{_BULLETS}]\s*\S")
_ITEM_LINE = re.compile(r"(?:[-–—+>]|\(?\d{1,3}\.?\)|\d{1,3}\.|\(?[A-Za-z]\))[^\S\n]+\S")
_MARKER = r"(?P<open>\(?)(?P<value>\d{1,3}|[a-z])(?P<close>\.?\)|\.)"
_FIRST_ITEM = re.compile(rf"(?P<bullet>[{_BULLETS}])|{_MARKER}[^\S\n]")
_LATER_BULLET = re.compile(rf"(?<=\s)[{_BULLETS}](?=\s*[^\W_])")
_LATER_ITEM = re.compile(rf"(?<=\s){_MARKER}(?=\s+(?P<capital>[A-Z])?)")


def text_blocks(text: str) -> Iterator[Span]:
    """Yields the blocks of ``text`` in order, as half-open code point offsets.

    Every character outside the blocks is white space, and no block starts or ends with white space.
    """
    for start, end in _paragraphs(text):
        for item_start, next_item in pairwise([start, *_further_items(text, start, end), end]):
            yield item_start, item_start + len(text[item_start:next_item].rstrip())


def _paragraphs(text: str) -> Iterator[Span]:
    lines = [(line.start(), line.start() + len(line.group().rstrip())) for line in _LINE.finditer(text)]
    if not lines:
        return
    adjacent = [_is_single_line_end(text[above[1] : below[0]]) for above, below in pairwise(lines)]
    margin = _margin([end - start for (start, end), single in zip(lines, [*adjacent, False], strict=True) if single])
    paragraph_start = lines[0][0]
    for (above, below), single in zip(pairwise(lines), adjacent, strict=True):
        if not (single and _is_wrapped(text, above, below, margin)):
            yield paragraph_start, above[1]
            paragraph_start = below[0]
    yield paragraph_start, lines[-1][1]


def _is_single_line_end(gap: str) -> bool:
    return gap.count("\n") == 1 and "\f" not in gap and "\u2029" not in gap


def _margin(lengths: list[int]) -> int:
    """The column at which the text seems to be wrapped, from the lengths of the lines that another line follows.

    Their 90th percentile, not the maximum: one long address or table row must not make each line of wrapped prose look
    as if its author had broken it early.
    """
    if not lengths:
        return NARROWEST_MARGIN
    return max(NARROWEST_MARGIN, sorted(lengths)[len(lengths) * 9 // 10])


def _is_wrapped(text: str, above: Span, below: Span, margin: int) -> bool:
    """Whether the line ``below`` goes on with the line ``above``, which the margin broke."""
    if _BULLET_LINE.match(text, *below):
        return False
    first_word = _WORD.match(text, *below)
    assert first_word is not None  # a line starts with a character that is not white space
    is_full = above[1] - above[0] + len(" ") + len(first_word.group()) > margin
    if _ITEM_LINE.match(text, *below):
        # "12. The" may be wrapped prose, as after "on Dec.": an item needs a reason to start here.
        return is_full and text[above[1] - 1] != ":" and not _ITEM_LINE.match(text, *above)
    opening = _OPENING.match(text, *below)
    assert opening is not None  # it may be empty
    return is_full or text[opening.end() : opening.end() + 1].islower() or _is_unfinished(text, above)


def _is_unfinished(text: str, line: Span) -> bool:
    """Whether the line's last word waits for another: "of", "Mr.", "Paris,"."""
    last = text[max(line[0], line[1] - 12) : line[1]].rsplit(None, 1)[-1]
    return last[-1] == "," or last in UNFINISHED or last.removesuffix(".") in TITLES


def _further_items(text: str, start: int, end: int) -> list[int]:
    """Where the second and later items start in a paragraph that opens with a list marker."""
    first = _FIRST_ITEM.match(text, start, end)
    if first is None:
        return []
    if bullet := first["bullet"]:
        return [item.start() for item in _LATER_BULLET.finditer(text, first.end(), end) if item.group() == bullet]
    starts: list[int] = []
    due = _next_value(first["value"])
    for item in _LATER_ITEM.finditer(text, first.end(), end):
        if (item["open"], item["value"], item["close"]) != (first["open"], due, first["close"]):
            continue
        # A number and a full stop may end a sentence: only a capital behind them makes them a marker.
        if item["capital"] or item["close"] != "." or not due.isdecimal():
            starts.append(item.start())
            due = _next_value(due)
    return starts


def _next_value(value: str) -> str:
    return str(int(value) + 1) if value.isdecimal() else chr(ord(value) + 1)
