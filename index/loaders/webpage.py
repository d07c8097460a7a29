"""Saved web pages: trafilatura finds the article in the page. Nothing is fetched."""

from __future__ import annotations

import codecs
import re
from datetime import date
from typing import Any

from index.errors import LoadError
from index.loaders.base import MIB, FileResult, SourceFile, require_text
from index.loaders.dates import parse_iso_date
from index.loaders.decoding import decode, find_encoding
from index.loaders.particulars import language_code, web_address
from index.loaders.titles import one_line, title_from_text
from index.records import Article

MAX_PAGE_BYTES = 20 * MIB
_DECLARATION_WITHIN = 4096
_DECLARED = re.compile(
    rb"""<(?:meta\b[^>]*?\bcharset|\?xml\b[^>]*?\bencoding)\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE
)

_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "tis-620": "cp874"} | {
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
}
"""What pages mean by the names that they declare (WHATWG Encoding Standard), by Python's names."""

_NOTHING_FOUND = "no article text was found in the page"
_OPENING = re.compile(r"<html[\s>]", re.IGNORECASE)


def load_webpage(content: bytes, source: SourceFile, encoding: str | None) -> FileResult:
    """The article in a saved web page.

    Its text is trafilatura's, as it is: comments left out, tables kept, in favour of precision, which did best on pages
    with known text. Title, outlet, authors, date and address come from the page's own metadata; a date is not searched
    for in the text, where it may be another's.

    Args:
        encoding: overrules what the page declares.
    """
    if len(content) > MAX_PAGE_BYTES:
        raise LoadError(f"larger than the limit of {MAX_PAGE_BYTES / MIB:.0f} MiB for a web page")
    found = find_encoding(content, encoding, declared=_declared_encoding(content))
    markup = decode(content, found)
    require_text(markup)
    document, language = _extract(markup)
    text = document.text or ""
    if not text.strip():
        raise LoadError(_NOTHING_FOUND)
    published = parse_iso_date(document.date or "")
    article = Article(
        text=text,
        source_key=source.source_key,
        title=one_line(document.title or "") or title_from_text(text, source.stem),
        url=web_address(document.url or ""),
        outlet=one_line(document.sitename or "") or None,
        authors=tuple(filter(None, map(one_line, (document.author or "").split(";")))),
        published=published if isinstance(published, date) else None,
        language=language_code(language or ""),
    )
    return FileResult(
        source=source,
        articles=(article,),
        warnings=found.warnings,
        encoding=found.name,
        encoding_guessed=found.guessed,
    )


def _declared_encoding(content: bytes) -> str | None:
    match = _DECLARED.search(content[:_DECLARATION_WITHIN])
    if match is None:
        return None
    try:
        name = codecs.lookup(match[1].decode("ascii", "replace")).name
    except LookupError:
        return None
    # A declaration that can be read as ASCII is not in UTF-16, whatever it says.
    return "utf-8" if name.startswith(("utf-16", "utf-32")) else _READ_AS.get(name, name)


def _extract(markup: str) -> tuple[Any, str | None]:
    """trafilatura's document, and the language that the page declares."""
    # Half a second to import, and only pages need it.
    from trafilatura import bare_extraction, load_html  # noqa: PLC0415

    if not _OPENING.search(markup):
        markup = f"<html><body>{markup}</body></html>"  # a fragment, which trafilatura refuses
    try:
        tree = load_html(markup)
        document = None
        if tree is not None:
            document = bare_extraction(
                tree,
                favor_precision=True,
                include_comments=False,
                include_tables=True,
                with_metadata=True,
                date_extraction_params={"original_date": True, "extensive_search": False},
            )
    except Exception as error:  # lxml and trafilatura raise whatever hostile markup leads them to
        raise LoadError(f"the page cannot be parsed: {type(error).__name__}: {error}") from error
    if tree is None or document is None:
        raise LoadError(_NOTHING_FOUND)
    return document, tree.get("lang")
