"""JSON lines: one article a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from index.errors import ArticleError, LoadError
from index.loaders.base import MIB, FileResult, LoadFailure, SourceFile
from index.loaders.dates import parse_iso_date
from index.loaders.decoding import Encoding, decode, find_encoding
from index.loaders.particulars import language_code, web_address
from index.loaders.titles import one_line, title_from_text
from index.records import Article, derived_id, stored_text

MAX_LINE_BYTES = 16 * MIB
_FIELDS = frozenset({"id", "title", "url", "published", "text", "outlet", "authors", "language"})


def load_jsonl(content: bytes, source: SourceFile, encoding: str | None) -> FileResult:
    """The articles of a file of JSON lines.

    Each line is an object: ``text`` is needed; ``id``, ``title``, ``url``, ``published`` (ISO date or null),
    ``outlet``, ``authors`` (a name or a list of names) and ``language`` are known; other keys become metadata. A line
    that cannot go in is a failure with its number, and the others go in. A value that its key cannot take is kept as
    metadata, with a warning.

    The id of a line without ``id`` derives from its ``url``; without that too, from the file's key and the line's
    title and text, so that lines can be moved, added and taken out and the others keep their ids.
    """
    found = find_encoding(content, encoding)
    articles: list[Article] = []
    lines: list[int] = []
    failures: list[LoadFailure] = []
    warnings = list(found.warnings)
    for number, line in _numbered_lines(content, found):
        try:
            written = _parse(line, found)
            if written is None:
                continue
            article, notes = _article(written, source)
        except (LoadError, ArticleError) as error:
            if not articles and not failures and line.strip() in (b"[", b"{"):
                raise LoadError(
                    "not JSON lines but one JSON value over several lines: write one object a line"
                ) from error
            failures.append(LoadFailure(source.path, str(error), number))
            continue
        articles.append(article)
        lines.append(number)
        warnings += [f"line {number}: {note}" for note in notes]
    if not articles and not failures:
        raise LoadError("no articles: the file is empty")
    return FileResult(
        source=source,
        articles=tuple(articles),
        lines=tuple(lines),
        failures=tuple(failures),
        warnings=tuple(warnings),
        encoding=found.name,
        encoding_guessed=found.guessed,
    )


def _numbered_lines(content: bytes, encoding: Encoding) -> Iterator[tuple[int, bytes]]:
    """The lines of the file with their numbers from 1, one at a time, in an encoding with ASCII's line feed."""
    if encoding.name.startswith(("utf-16", "utf-32")):
        content = decode(content, encoding).encode("utf-8")
    start = number = 0
    while start < len(content):
        end = content.find(b"\n", start)
        end = len(content) if end < 0 else end
        number += 1
        yield number, content[start:end]
        start = end + 1


def _parse(line: bytes, encoding: Encoding) -> dict[str, Any] | None:
    """The object in a line; None for a blank line."""
    if len(line) > MAX_LINE_BYTES:
        raise LoadError(f"longer than the limit of {MAX_LINE_BYTES / MIB:.0f} MiB for a line")
    wide = encoding.name.startswith(("utf-16", "utf-32"))
    text = decode(line, Encoding("utf-8" if wide else encoding.name))
    if not text or text.isspace():
        return None
    try:
        # NaN is no JSON, but tables of articles are written with it for "nothing".
        written = json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise LoadError(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; nesting without end
        raise LoadError(f"not JSON that can be read: {error}") from error
    if "\\u" in text:
        _refuse_half_characters(written)
    if not isinstance(written, dict):
        raise LoadError(f"not a JSON object but {_shown(written)}")
    return written


def _refuse_half_characters(written: Any) -> None:
    try:
        json.dumps(written, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise LoadError(r"lone surrogate: an escape such as \ud83d without its second half is no character") from error


def _article(written: dict[str, Any], source: SourceFile) -> tuple[Article, list[str]]:
    text = written.get("text")
    if not isinstance(text, str):
        raise LoadError('key "text" is missing' if text is None else f'key "text" must be a string, not {_shown(text)}')
    if not text or text.isspace():
        raise LoadError('key "text" is empty')
    text = stored_text(text)  # so that a derived id does not depend on line ends
    metadata = {key: value for key, value in written.items() if key not in _FIELDS}
    notes: list[str] = []

    def known(key: str, wanted: str, read: Any) -> Any:
        value = written.get(key)
        if value is None or value == "":
            return None
        found = read(value)
        if found is None:
            notes.append(f'key "{key}" must be {wanted}, not {_shown(value)}; kept as metadata')
            metadata[key] = value
        return found

    article_id = _identifier(written.get("id"))
    title = known("title", "a string", _string)
    url = known("url", "a web address", lambda value: (isinstance(value, str) and web_address(value)) or None)
    article = Article(
        article_id=article_id,
        source_key=url or article_id or f"{source.source_key}#{derived_id(title, text)}",
        text=text,
        title=title or title_from_text(text, source.stem),
        url=url,
        outlet=known("outlet", "a string", _string),
        authors=known("authors", "a name or a list of names", _names) or (),
        published=known(
            "published", "an ISO date", lambda value: parse_iso_date(value.strip()) if isinstance(value, str) else None
        ),
        language=known(
            "language", "a language tag", lambda value: (isinstance(value, str) and language_code(value)) or None
        ),
        metadata=metadata,
    )
    return article, notes


def _identifier(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    raise LoadError(f'key "id" must be a string, not {_shown(value)}')


def _string(value: Any) -> str | None:
    return (one_line(value) or None) if isinstance(value, str) else None


def _names(value: Any) -> tuple[str, ...] | None:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return tuple(filter(None, map(one_line, names)))


def _shown(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= 60 else shown[:59] + "…"
