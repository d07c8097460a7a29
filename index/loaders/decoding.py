"""Bytes to text: byte-order mark, then strict UTF-8, then a recorded guess; what the user names overrules them."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from index.errors import ArticleError, EncodingError, LoadError
from index.loaders.guessing import guess_encoding
from index.records import stored_text

_BYTE_ORDER_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP file (as .docx, .odt and .epub are)"),
    (b"\xd0\xcf\x11\xe0", "a Microsoft Office file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"{\\rtf", "a Rich Text file"),
)
_CONTROLS = re.compile(rb"[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_CONTROL_SHARE = 0.01
_CONTINUATION_BYTES = bytes(range(0x80, 0xC0))
_PIECE_BYTES = 2**20
_UTF8_SHARE = 0.75
"""With this share of its non-ASCII characters valid, a file is damaged UTF-8. Other encodings stay far below: what is a
character in them is rarely a lead byte followed by just as many continuation bytes as it asks for."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes are to be read.

    Attributes:
        name: Python's name of the encoding.
        guessed: neither the file, the user nor UTF-8's own rules vouch for it.
        mark_bytes: the length of the byte-order mark, which is not text.
    """

    name: str
    guessed: bool = False
    mark_bytes: int = 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to tell the user: that it was a guess."""
        if not self.guessed:
            return ()
        return (f"encoding guessed as {self.name}; if characters look wrong, name the right one with --encoding",)


def find_encoding(content: bytes, encoding: str | None = None, *, declared: str | None = None) -> Encoding:
    """The encoding of a text file.

    Args:
        content: all of the file.
        encoding: what the user says it is; overrules everything.
        declared: what the file itself says it is. Bytes that are UTF-8 beyond ASCII are UTF-8 all the same.

    Raises:
        EncodingError: no such encoding is known, or no likely one was found.
        LoadError: it is not a text file.
    """
    if encoding is not None:
        return _named(content, encoding)
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return Encoding(name, mark_bytes=len(mark))
    _refuse_other_formats(content)
    if declared is not None and (content.isascii() or not _is_utf8(content)):
        try:
            content.decode(declared)
            return Encoding(codecs.lookup(declared).name)
        except (LookupError, UnicodeError):
            pass  # wrong about itself: found as if it had said nothing
    if b"\0" in content:
        return _utf16_without_mark(content)
    if b"\x1b$" in content and content.isascii():  # ISO 2022 switches character sets by escape sequences within ASCII
        return _guessed(content) or Encoding("utf-8")
    if _is_utf8(content) or _is_damaged_utf8(content):
        return Encoding("utf-8")
    if len(_CONTROLS.findall(content)) > _MAX_CONTROL_SHARE * len(content):
        raise LoadError("a binary file: it holds control characters that no text has")
    guessed = _guessed(content)
    if guessed is None:
        raise EncodingError("no likely encoding was found: name it with --encoding, or it is not a text file")
    return guessed


def decode(content: bytes, encoding: Encoding) -> str:
    """The text of ``content``: without its byte-order mark, line ends turned to LF, and nothing else changed.

    Raises:
        EncodingError: a byte is not text in that encoding; the message gives its offset in the file.
        LoadError: a NUL character says that this is no text.
    """
    try:
        text = content[encoding.mark_bytes :].decode(encoding.name)
        text = stored_text(text.removeprefix("\ufeff") if encoding.mark_bytes == 0 else text)
    except UnicodeDecodeError as error:
        raise EncodingError(_undecodable(content, encoding, error)) from error
    except (UnicodeError, ArticleError) as error:
        raise EncodingError(f"not text in {encoding.name}: {error}") from error
    if "\0" in text:
        raise LoadError(f"a binary file: NUL at character {text.index(chr(0))} of it as {encoding.name}")
    return text


def _named(content: bytes, name: str) -> Encoding:
    try:
        known = codecs.lookup(name)
        "a".encode(name)  # refuses codecs that are not of text, such as base64
    except (LookupError, UnicodeError, ValueError) as error:
        raise EncodingError(f"unknown text encoding {name!r}: name one that Python knows, such as cp1252") from error
    marks = [len(mark) for mark, marked in _BYTE_ORDER_MARKS if marked == known.name and content.startswith(mark)]
    return Encoding(known.name, mark_bytes=marks[0] if marks else 0)


def _guessed(content: bytes) -> Encoding | None:
    name = guess_encoding(content)
    return None if name is None else Encoding(codecs.lookup(name).name, guessed=True)


def _refuse_other_formats(content: bytes) -> None:
    for signature, description in _SIGNATURES:
        if content.startswith(signature):
            raise LoadError(f"a binary file: {description} under the name of a text file")


def _is_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()  # in pieces, so that a large file is not held a second time
    try:
        for start in range(0, len(content), _PIECE_BYTES):
            decoder.decode(content[start : start + _PIECE_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged_utf8(content: bytes) -> bool:
    # A file that was cut, or two files of different encodings in one. To read it in another encoding would garble all
    # of its characters to save one.
    cut_at = len(content.rstrip(_CONTINUATION_BYTES)) - 1  # where the last character beyond ASCII begins
    if content[cut_at] >= 0x80 and not content[:cut_at].isascii() and _is_utf8(content[:cut_at]):
        return True
    text = content.decode("utf-8", errors="surrogateescape")
    wrong = len(re.findall("[\udc80-\udcff]", text))
    beyond_ascii = len(re.findall(r"[^\x00-\x7f]", text))
    return beyond_ascii - wrong >= _UTF8_SHARE * beyond_ascii


def _utf16_without_mark(content: bytes) -> Encoding:
    # Text that is mostly ASCII has its NULs in every other place.
    even, odd = content[::2].count(0), content[1::2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if others == 0 and zeros > len(content) / 5 and len(content) % 2 == 0:
            return Encoding(name, guessed=True)
    raise LoadError(
        f"a binary file: NUL byte at offset {content.index(0)} (UTF-16 text is read with --encoding utf-16-le)"
    )


def _undecodable(content: bytes, encoding: Encoding, error: UnicodeDecodeError) -> str:
    offset = encoding.mark_bytes + error.start
    byte = content[offset]
    return f"byte 0x{byte:02X} at offset {offset} is not text in {encoding.name}: repair it, or name another --encoding"
