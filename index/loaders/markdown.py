"""Markdown files, with or without front matter: one file, one article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.loaders.base import FileResult, SourceFile, require_text
from index.loaders.decoding import decode, find_encoding
from index.loaders.particulars import Value, read_particulars
from index.loaders.titles import one_line, title_from_text
from index.records import Article

_FENCE = "---"
_ENTRY = re.compile(r"([A-Za-z_][\w -]*?)[ \t]*:(?:[ \t]+(.*)|)")
_FOLDED = (">", "|", ">-", "|-")
_LIST_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")

_CODE_FENCE = re.compile(r" {0,3}(```|~~~)")
_HEADING = re.compile(r" {0,3}#[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}=+[ \t]*")
_LINK_OR_IMAGE = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|\*|__|`|(?<!\w)_|_(?!\w))")


def load_markdown(content: bytes, source: SourceFile, encoding: str | None) -> FileResult:
    """The article in a ``.md`` file. Its text is all that follows the front matter, as it stands, Markdown included.

    Front matter is the block between two lines ``---`` at the very top, of ``key: value`` lines as in YAML (quoted
    values, ``[a, b]`` and ``- a`` lists, indented lines that go on; no nesting). The title is the one given there,
    else the first heading of level one, else it comes from the text.
    """
    found = find_encoding(content, encoding)
    whole = decode(content, found)
    entries, text, unread = _split_front_matter(whole)
    require_text(text)
    particulars = read_particulars(entries)
    article = Article(
        text=text,
        source_key=source.source_key,
        title=particulars.title or _heading(text) or title_from_text(_without_markup(text), source.stem),
        **particulars.article_fields(),
    )
    return FileResult(
        source=source,
        articles=(article,),
        warnings=found.warnings
        + particulars.warnings
        + tuple(f"front matter not understood: {line!r}" for line in unread),
        encoding=found.name,
        encoding_guessed=found.guessed,
    )


def _split_front_matter(text: str) -> tuple[list[tuple[str, Value]], str, list[str]]:
    """The entries of the front matter, the text after it, and the lines of it that are not understood."""
    lines = text.split("\n")
    fences = [number for number, line in enumerate(lines) if line.rstrip() in (_FENCE, "...")]
    if len(fences) < 2 or fences[0] != 0 or lines[0].rstrip() != _FENCE:
        return [], text, []
    block = [line for line in lines[1 : fences[1]] if line.strip() and not line.lstrip().startswith("#")]
    if not block or not _ENTRY.fullmatch(block[0].rstrip()):  # two thematic breaks
        return [], text, []
    entries: list[tuple[str, Value]] = []
    unread = []
    for line in block:
        entry, item = _ENTRY.fullmatch(line.rstrip()), _LIST_ITEM.fullmatch(line.rstrip())
        if entry:
            entries.append((entry[1], _value(entry[2] or "")))
        elif item and entries and (isinstance(entries[-1][1], list) or not entries[-1][1]):
            name, items = entries[-1]
            entries[-1] = (name, [*items, _unquoted(item[1])])
        elif line[0].isspace() and entries and isinstance(entries[-1][1], str) and entries[-1][1]:
            name, begun = entries[-1]
            entries[-1] = (name, f"{'' if begun in _FOLDED else begun} {line.strip()}".strip())
        else:
            unread.append(line)
    return entries, "\n".join(lines[fences[1] + 1 :]), unread


def _value(written: str) -> Value:
    written = written.strip()
    if written.startswith("[") and written.endswith("]"):
        return [_unquoted(item) for item in written[1:-1].split(",") if item.strip()]
    return _unquoted(written)


def _unquoted(written: str) -> str:
    written = written.strip()
    if len(written) >= 2 and written[0] == written[-1] and written[0] in "\"'":
        inner = written[1:-1]
        return inner.replace("''", "'") if written[0] == "'" else inner.replace('\\"', '"').replace("\\\\", "\\")
    return "" if written in ("null", "~") else written


def _heading(text: str) -> str:
    """The first heading of level one, without its markup; empty when there is none."""
    previous = ""
    for line in _lines_outside_code(text):
        heading = _HEADING.fullmatch(line)
        if heading:
            return _without_markup(heading[1])
        if previous.strip() and _UNDERLINE.fullmatch(line):
            return _without_markup(previous)
        previous = line
    return ""


def _lines_outside_code(text: str) -> Iterator[str]:
    fence = None
    for line in text.split("\n"):
        mark = _CODE_FENCE.match(line)
        if mark and fence in (None, mark[1]):
            fence = None if fence else mark[1]
        elif fence is None:
            yield line


def _without_markup(markdown: str) -> str:
    """``markdown`` as far as a title needs it: links by their text, no emphasis, no heading marks."""
    lines = []
    for line in markdown.lstrip()[:4000].split("\n"):
        plain = _EMPHASIS.sub("", _LINK_OR_IMAGE.sub(r"\1", line))
        lines.append(one_line(re.sub(r"^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+)", "", plain)))
    return "\n".join(lines)
