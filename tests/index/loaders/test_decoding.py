from __future__ import annotations

import random

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from index.errors import EncodingError, LoadError
from index.loaders.decoding import decode, find_encoding

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def read(content: bytes, encoding: str | None = None) -> str:
    return decode(content, find_encoding(content, encoding))


def with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(ANY_TEXT)
@example("a\r\nb\rc\nd\u2028e\x85f\x0b\x0cg")
@example("e\u0301 👩\u200d👩\u200d👧 \u202eright to left\u202c \ufeff inside")
def test_utf8_text_is_kept_but_for_line_ends(text: str) -> None:
    content = text.encode("utf-8")
    assume("\x1b$" not in text and not text.startswith(("\ufeff", "%PDF-", "PK\x03\x04", "{\\rtf")))
    assert read(content) == with_lf(text)


@given(ANY_TEXT, st.sampled_from(["utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]))
@example("\ufeffa second mark is text", "utf-8-sig")
def test_a_byte_order_mark_says_the_encoding_and_is_not_text(text: str, encoding: str) -> None:
    content = text.encode(encoding) if encoding == "utf-8-sig" else ("\ufeff" + text).encode(encoding)
    found = find_encoding(content)
    assert (found.name, found.guessed) == (encoding.removesuffix("-sig"), False)
    assert decode(content, found) == with_lf(text)


def test_utf8_is_never_guessed() -> None:
    content = "Ã© is what é looks like when it is read wrongly".encode()
    assert find_encoding(content).name == "utf-8"
    assert not find_encoding(content).guessed


def test_utf16_without_a_mark_is_guessed_from_its_zeros() -> None:
    for name in ("utf-16-le", "utf-16-be"):
        content = "The vote is on Tuesday, the café said.".encode(name)
        found = find_encoding(content)
        assert (found.name, found.guessed) == (name, True)
        assert decode(content, found) == "The vote is on Tuesday, the café said."


def test_the_named_encoding_overrules_mark_and_utf8() -> None:
    content = "é".encode("utf-8-sig")
    assert read(content, "cp1252") == "ï»¿Ã©"
    assert read(content, "utf-8") == "é"  # the mark is not text in the encoding that it marks
    assert not find_encoding(content, "cp1252").guessed


def test_a_wrong_named_encoding_says_byte_offset_and_encoding() -> None:
    with pytest.raises(EncodingError, match=r"byte 0x81 at offset 5 is not text in cp1252"):
        read(b"abcde\x81fgh", "cp1252")
    with pytest.raises(EncodingError, match=r"byte 0xE9 at offset 6 .* utf-8"):
        read(b"\xef\xbb\xbfabc\xe9 d", "utf-8")  # offsets count the mark: they are those of the file


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", "undefined", "utf-8\0"])
def test_an_unknown_encoding_is_named(name: str) -> None:
    with pytest.raises(EncodingError, match="unknown text encoding"):
        find_encoding(b"abc", name)


def test_lone_surrogates_from_a_lax_codec_are_refused() -> None:
    with pytest.raises(EncodingError, match="lone surrogate"):
        read(rb"abc \ud800", "unicode_escape")


def test_damaged_utf8_is_an_error_not_garbled_text() -> None:
    content = "“Yes”, she said — “naïve”, café, Zoë.".encode()
    with pytest.raises(
        EncodingError, match=r"byte 0xE2 at offset 6 is not text in utf-8: repair it, or name another --encoding"
    ):
        read(content[:7] + b" " + content[8:])
    with pytest.raises(EncodingError, match="utf-8"):
        read("“Yes”, she said — ".encode()[:-2])  # cut inside a character


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"text\0more text", "NUL byte at offset 4"),
        (bytes(range(1, 32)) * 5 + b"\xff\xfe\xe9", "control characters"),
        (b"\xff\xfea\0\0\0b\0", "NUL at character 1"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF file"),
        (b"PK\x03\x04rest", "a ZIP file"),
        (b"\x89PNG\r\n", "a PNG image"),
        (random.Random(1).randbytes(3000), "binary"),
    ],
)
def test_binary_content_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        read(content)


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_are_text_or_a_load_error(content: bytes) -> None:
    try:
        text = read(content)
    except LoadError:
        return
    assert "\0" not in text
    assert "\r" not in text
