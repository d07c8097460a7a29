"""The edges of a span of text: whole words, without the marks around them. Pure."""

from __future__ import annotations

import re
import unicodedata

_STRIPPED_BEFORE = ",;:!?)]}…”»„"
_STRIPPED_AFTER = ",;:!?([{…“«"
_PAIRS = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»", '"': '"', "‘": "’"}
_ONE_SIDED = {opening: closing for opening, closing in _PAIRS.items() if opening not in '"‘'}
"""Pairs whose marks tell which side they stand on: ``"`` stands on both, and ``’`` is an apostrophe too."""
_ABBREVIATION = re.compile(r"(?<![\w.])(?:[^\W\d_]{1,2}\.){2,}\Z")  # U.S., p.m., Ph.D.
_ZERO_WIDTH_JOINER = "\u200d"
_JOINERS = "\u00ad\u200c\u2060" + _ZERO_WIDTH_JOINER
"""Format characters that stand inside a word: soft hyphen, non-joiner, word joiner, and the one inside emoji."""


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A span widened to the edges of its words and without marks and white space at its ends.

    A token may be a part of a word, or of a number (``2.4``). Marks that close or separate go, and a bracket or
    quotation mark without its partner; a full stop stays when it is part of an abbreviation (``U.S.``) or begins a
    number (``.45``). A bracket or quotation mark right beside the span comes in when its partner is inside. Nothing is
    left of a span of punctuation alone.
    """
    while 0 < start < end and _joined(text, start):
        start -= 1
    while start < end < len(text) and _joined(text, end):
        end += 1
    if not any(unicodedata.category(character)[0] in "LNS" for character in text[start:end]):
        return start, start
    while start < end:
        inside = text[start:end]
        if _goes_before(inside) or _opens_alone(inside):
            start += 1
        elif _goes_after(inside) or _closes_alone(inside):
            end -= 1
        else:
            break
    return _with_partners(text, start, end)


def _with_partners(text: str, start: int, end: int) -> tuple[int, int]:
    """A span with the bracket or mark next to it whose partner stands alone inside: ``boat (1990`` before ``)``."""
    inside = text[start:end]
    for opening, closing in _ONE_SIDED.items():
        surplus = inside.count(opening) - inside.count(closing)
        if surplus == 1 and text[end : end + 1] == closing and not (text[end + 1 :] and _combines(text[end + 1])):
            return start, end + 1
        if surplus == -1 and start and text[start - 1] == opening:
            return start - 1, end
    return start, end


def _joined(text: str, place: int) -> bool:
    """Whether the characters on both sides of ``place`` belong to one word or number, or to one character."""
    after = text[place]
    if _combines(after) or text[place - 1] == _ZERO_WIDTH_JOINER:
        return True
    before = place - 1
    while before > 0 and _combines(text[before]):
        before -= 1
    if text[before].isalnum() and after.isalnum():
        return True
    mark = place if after in ".," else place - 1
    return 0 < mark < len(text) - 1 and text[mark] in ".," and text[mark - 1].isdigit() and text[mark + 1].isdigit()


def _combines(character: str) -> bool:
    """Whether a character belongs to the one before it: an accent, a joiner, an emoji's skin colour."""
    return unicodedata.category(character)[0] == "M" or character in _JOINERS or "🏻" <= character <= "🏿"


def _goes_before(inside: str) -> bool:
    if inside[0] == ".":
        return not inside[1:2].isdigit()
    return inside[0].isspace() or inside[0] in _STRIPPED_BEFORE or _combines(inside[0])


def _goes_after(inside: str) -> bool:
    if inside[-1] == ".":
        return not _ABBREVIATION.search(inside)
    return inside[-1].isspace() or inside[-1] in _STRIPPED_AFTER


def _opens_alone(inside: str) -> bool:
    partner = _PAIRS.get(inside[0])
    return partner is not None and partner not in inside[1:]


def _closes_alone(inside: str) -> bool:
    return any(inside[-1] == closing and opening not in inside[:-1] for opening, closing in _PAIRS.items())
