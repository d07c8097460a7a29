"""A title for a text that comes without one."""

from __future__ import annotations

import re
import unicodedata

MAX_TITLE_CHARS = 80
MAX_HEADLINE_CHARS = 150

_MUCH_LONGER = 2
"""A headline on the line above its text, without a blank line, is followed by a line this many times as long."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LINES_LOOKED_AT = 5
_ABBREVIATION_AT_END = re.compile(r"(?:^|\s)(?:\w\.){2,}$")  # U.S., a.m.
_SENTENCE_END = re.compile(r"(\S+?)[.!?]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[^\W\d_a-zß-öø-ÿ])")


def title_from_text(text: str, file_stem: str) -> str:
    """The headline that ``text`` begins with; else its first words; else the name of its file, made readable.

    A first line is taken for a headline when it is short, does not end as a sentence does, and stands alone: a blank
    line or a much longer line follows. The text keeps it.

    Args:
        text: the article.
        file_stem: the file's name without its suffix.
    """
    beginning = text.lstrip()[: 20 * MAX_HEADLINE_CHARS]  # enough to look at: one line may be all of a long text
    lines = [line.strip() for line in beginning.split("\n")]
    for number, line in enumerate(lines[:_LINES_LOOKED_AT]):
        if not any(char.isalnum() for char in line):
            continue  # a rule or an ornament
        following = lines[number + 1 : number + 2]
        if _looks_like_headline(line, following):
            return one_line(line)
        return _first_words(line)
    return readable_name(file_stem)


def readable_name(file_stem: str) -> str:
    """``budget-vote_2024`` as ``Budget vote 2024``."""
    name = one_line(re.sub(r"[-_+]+|%20", " ", file_stem))
    return name[:1].upper() + name[1:]


def one_line(title: str) -> str:
    """``title`` with its white space, line breaks too, as single spaces, and without control characters."""
    return " ".join(_CONTROL.sub(" ", title).split())


def _looks_like_headline(line: str, following: list[str]) -> bool:
    if len(line) > MAX_HEADLINE_CHARS or line.endswith((",", ";", ":", "-", "–", "—")):
        return False
    if line.endswith((".", "。", "…")) and not _ABBREVIATION_AT_END.search(line):
        return False
    if not following:  # it is the whole text
        return len(line) <= MAX_TITLE_CHARS
    return not following[0] or len(following[0]) >= _MUCH_LONGER * len(line)


def _first_words(line: str) -> str:
    """The first sentence of ``line``, cut before a word where it is too long."""
    line = one_line(line)
    for end in _SENTENCE_END.finditer(line[: MAX_TITLE_CHARS + 2]):
        word = end.group(1)
        if len(word) > 3 and "." not in word:  # not Mr., U.S. or an initial
            return line[: end.end()].rstrip(".")
    if len(line) <= MAX_TITLE_CHARS:
        return line.rstrip(".")
    cut = line.rfind(" ", 0, MAX_TITLE_CHARS)
    if cut < MAX_TITLE_CHARS // 2:  # no spaces, as in Chinese: cut at a character, not inside one
        cut = MAX_TITLE_CHARS - 1
        while cut > 1 and _continues_character(line, cut):
            cut -= 1
    return line[:cut].rstrip(" .,;:–—-(“‘«\"'") + "…"


def _continues_character(line: str, at: int) -> bool:
    """Whether the character at ``at`` belongs to the one before: a combining mark, or a part of an emoji."""
    joiners = "\u200d\ufe0f"
    return bool(unicodedata.combining(line[at])) or line[at] in joiners or line[at - 1] == "\u200d"
