"""PDF files: one file, one article, with the places where its pages start."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from index.errors import LoadError
from index.loaders.base import MIB, FileResult, SourceFile
from index.loaders.titles import one_line, title_from_text
from index.records import Article, stored_text

PAGE_BREAK = "\n\n"
_CHILD = Path(__file__).with_name("pdf_child.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLimits:
    """What the process that opens a PDF may use. Memory and processor time are not limited on Windows."""

    memory_bytes: int = 1024 * MIB
    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    pages: int = 10_000
    output_bytes: int = 256 * MIB


DEFAULT_LIMITS = PdfLimits()

_HYPHEN = "\x02"
"""pdfium's mark, in place of hyphen and line break, where a line ends with a hyphen after a letter."""

_BROKEN_WORD = re.compile(rf"(\w+){_HYPHEN}(\w+)")
_PROGRAM_PREFIX = re.compile(
    r"^(?:Microsoft (?:Office )?Word|Microsoft PowerPoint|PowerPoint Presentation)\s*-\s*", re.IGNORECASE
)
_FILE_NAME = re.compile(r"\S*\.(?:docx?|pdf|indd|qxd|qxp|pptx?|odt|tex|dvi|rtf|pages|html?)", re.IGNORECASE)
_NO_TITLE = {"untitled", "unknown", "title", "document", "no title", "untitled document"}
_FIRST_PDF_YEAR = 1993
_PDF_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")


def load_pdf(
    content: bytes, source: SourceFile, encoding: str | None, limits: PdfLimits = DEFAULT_LIMITS
) -> FileResult:
    """The article in a PDF file, read by pdfium in a process of its own with limits on memory and time.

    Its text is that of the pages in order, a blank line between them; lines stay lines, running heads stay, and a word
    that a hyphen breaks at the end of a line is joined. Page numbers come from `Article.pages`. Title, authors and
    date are the document's own where they look like such.

    Args:
        encoding: not used: a PDF says how its text is encoded.
        limits: for the process.

    Raises:
        LoadError: it is encrypted, damaged, a scan without text, or needs more than the limits.
    """
    found = _run_child(content, limits)
    pages = _join_broken_words([stored_text(page) for page in found["pages"]])
    if not any(page.strip() for page in pages):
        raise LoadError("no text: its pages are pictures (a scan?); run it through text recognition (OCR) first")
    text = PAGE_BREAK.join(pages)
    starts = [0]
    for page in pages[:-1]:
        starts.append(starts[-1] + len(page) + len(PAGE_BREAK))
    metadata = found["metadata"]
    article = Article(
        text=text,
        source_key=source.source_key,
        title=_stated_title(metadata.get("Title", "")) or title_from_text(text, source.stem),
        authors=tuple(filter(None, map(one_line, metadata.get("Author", "").split(";")))),
        published=_stated_date(metadata.get("CreationDate", "")),
        pages=tuple(starts),
    )
    return FileResult(source=source, articles=(article,), warnings=_page_warnings(pages, found["unreadable"]))


def _run_child(content: bytes, limits: PdfLimits) -> dict[str, Any]:
    # Not "-m", with which a json.py of the user's in the current folder would be run; and with -P, which keeps the
    # modules beside the child, some of common names, out of its imports.
    arguments = (limits.memory_bytes, limits.cpu_seconds, limits.pages, limits.output_bytes)
    command = [sys.executable, "-P", str(_CHILD), *map(str, arguments)]
    # Files rather than pipes: the child's limit on the size of files then holds for what it writes.
    with tempfile.TemporaryFile() as pdf, tempfile.TemporaryFile() as output:
        pdf.write(content)
        pdf.seek(0)
        try:
            ended = subprocess.run(
                command, stdin=pdf, stdout=output, stderr=subprocess.DEVNULL, timeout=limits.wall_seconds, check=False
            )
        except subprocess.TimeoutExpired:
            raise LoadError(f"took longer than the limit of {limits.wall_seconds:g} s to read") from None
        output.seek(0)
        written = output.read(limits.output_bytes + 1)
    if ended.returncode != 0 or len(written) > limits.output_bytes:
        raise LoadError(_how_it_ended(ended.returncode, limits))
    try:
        found: dict[str, Any] = json.loads(written)
    except ValueError as error:
        raise LoadError("the process that reads PDF files stopped in the middle") from error
    if "error" in found:
        raise LoadError(found["error"])
    return found


def _how_it_ended(return_code: int, limits: PdfLimits) -> str:
    if return_code == -getattr(signal, "SIGXCPU", 0):
        return f"took more than the limit of {limits.cpu_seconds} s of processor time to read"
    return (
        f"the process that reads PDF files stopped (status {return_code}): the file is damaged, "
        f"or needs more than the limit of {limits.memory_bytes / MIB:.0f} MiB of memory"
    )


def _join_broken_words(pages: list[str]) -> list[str]:
    """``pages`` with pdfium's marks gone: a word as it stands elsewhere in the document, else joined."""
    whole = "\n".join(pages)
    if _HYPHEN not in whole:
        return pages
    known = {word.lower() for word in re.findall(r"\w+(?:-\w+)*", whole)}

    def mend(match: re.Match[str]) -> str:
        first, second = match.groups()
        hyphenated = f"{first}-{second}"
        if second[0].isupper() and not first.isupper():
            return hyphenated  # Anglo-American
        joined_known = (first + second).lower() in known
        return hyphenated if not joined_known and hyphenated.lower() in known else first + second

    return [_BROKEN_WORD.sub(mend, page).replace(_HYPHEN, "-") for page in pages]


def _stated_title(written: str) -> str:
    title = _PROGRAM_PREFIX.sub("", one_line(written))
    if _FILE_NAME.fullmatch(title) or title.lower() in _NO_TITLE or sum(map(str.isalpha, title)) < 3:
        return ""
    return title


def _stated_date(written: str) -> date | None:
    """The day of a PDF date, ``D:20231005120000+02'00'`` (ISO 32000-1, 7.9.4); None where it is no date."""
    match = _PDF_DATE.match(written)
    try:
        stated = date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
    return stated if stated and stated.year >= _FIRST_PDF_YEAR else None


def _page_warnings(pages: list[str], unreadable: list[int]) -> tuple[str, ...]:
    warnings = []
    if unreadable:
        warnings.append(f"damaged pages without text: {_numbers(unreadable)}")
    damaged = set(unreadable)
    empty = [number for number, page in enumerate(pages, start=1) if not page.strip() and number not in damaged]
    if empty:
        warnings.append(f"pages without text (blank, or pictures): {_numbers(empty)}")
    return tuple(warnings)


def _numbers(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown} and {len(numbers) - 10} more"
