"""Plain text files: one file, one article."""

from __future__ import annotations

import re

from index.loaders.base import FileResult, SourceFile, require_text
from index.loaders.decoding import decode, find_encoding
from index.loaders.particulars import FIELD_OF_NAME, read_particulars
from index.loaders.titles import title_from_text
from index.records import Article

_HEADER_LINE = re.compile(r"([A-Za-z]+)[ \t]*:[ \t]*(\S.*)")


def load_text(content: bytes, source: SourceFile, encoding: str | None) -> FileResult:
    """The article in a ``.txt`` file. Its text is the file, whole.

    Lines such as ``Title: …``, ``Date: …``, ``Outlet: …``, ``URL: …`` and ``Author: …`` at the very top, one under the
    other, are read as its particulars, and stay in the text. Without a title it gets one from its text.
    """
    found = find_encoding(content, encoding)
    text = decode(content, found)
    require_text(text)
    header, body = _split_header(text)
    particulars = read_particulars(header)
    article = Article(
        text=text,
        source_key=source.source_key,
        title=particulars.title or title_from_text(body if body.strip() else text, source.stem),
        **particulars.article_fields(),
    )
    return FileResult(
        source=source,
        articles=(article,),
        warnings=found.warnings + particulars.warnings,
        encoding=found.name,
        encoding_guessed=found.guessed,
    )


def _split_header(text: str) -> tuple[list[tuple[str, str]], str]:
    """The header lines at the top of ``text``, as pairs, and what follows them."""
    pairs = []
    rest = text
    while rest:
        line, _, following = rest.partition("\n")
        match = _HEADER_LINE.fullmatch(line.strip())
        if match and match[1].lower() in FIELD_OF_NAME:
            pairs.append((match[1], match[2]))
        elif line.strip() or pairs:
            break
        rest = following
    return pairs, rest
