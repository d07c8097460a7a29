"""Writes small PDF files by hand, so that the tests need no library that makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def text_page(lines: Sequence[str]) -> bytes:
    """The content stream of a page that shows ``lines`` one under the other (WinAnsi characters only)."""
    operators = [b"BT /F1 12 Tf 14 TL 72 720 Td"]
    for line in lines:
        escaped = line.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
        operators.append(b"(" + escaped + b") Tj T*")
    return b"\n".join([*operators, b"ET"])


def pdf_string(text: str) -> bytes:
    """``text`` as a PDF text string in UTF-16 (ISO 32000-1, 7.9.2.2)."""
    return b"<FEFF" + text.encode("utf-16-be").hex().encode() + b">"


def pdf_from_objects(objects: Mapping[int, bytes], trailer: bytes) -> bytes:
    """A PDF file of numbered objects, with its cross-reference table (ISO 32000-1, 7.5).

    Args:
        objects: the body of each object by its number, from 1 without gaps.
        trailer: the entries of the trailer dictionary besides ``/Size``.
    """
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number in sorted(objects):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    table_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table_at)
    return bytes(out)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def make_pdf(
    pages: Sequence[Sequence[str]],
    *,
    info: Mapping[str, str] | None = None,
    page_count: int | None = None,
    contents: Sequence[bytes] | None = None,
) -> bytes:
    """A PDF file of text pages.

    Args:
        pages: the lines of each page.
        info: entries of the document information dictionary, such as ``Title``.
        page_count: the number of pages that the file says it has, where that is to be a lie.
        contents: whole stream objects to use as the pages' contents in place of ``pages``.
    """
    streams = list(contents) if contents is not None else [stream(text_page(lines)) for lines in pages]
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    kids: list[bytes] = []
    for content in streams:
        page_number = len(objects) + 2 if not kids else max(objects) + 1
        kids.append(b"%d 0 R" % page_number)
        objects[page_number] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (page_number + 1)
        )
        objects[page_number + 1] = content
    count = len(kids) if page_count is None else page_count
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), count)
    trailer = b"/Root 1 0 R"
    if info:
        number = max(objects) + 1
        entries = b" ".join(b"/" + key.encode() + b" " + pdf_string(value) for key, value in info.items())
        objects[number] = b"<< " + entries + b" >>"
        trailer += b" /Info %d 0 R" % number
    return pdf_from_objects(objects, trailer)
