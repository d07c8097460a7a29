from __future__ import annotations

import gzip
import json
import re
import socket
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.loaders import webpage
from tests.index.loaders.conftest import Load

PARAGRAPHS = (
    "The council voted on Tuesday to close the old bridge for two years while its piers are rebuilt.",
    "Drivers will be sent over the new bridge, which is four kilometres to the north, the engineer said.",
    "“Nobody likes it,” the mayor said. “But the café’s terrace is cracking, and the river rises & falls.”",
)
BODY = "".join(f"<p>{paragraph.replace('&', '&amp;')}</p>" for paragraph in PARAGRAPHS)


def page(head: str = "", body: str = BODY, html: str = '<html lang="en-CA">') -> str:
    return f"<!DOCTYPE html>{html}<head>{head}</head><body><article>{body}</article></body></html>"


HEAD = """<meta charset="utf-8"><title>Old bridge to close - Courier</title>
<meta property="og:title" content="Old bridge to close"><meta property="og:site_name" content="The Example Courier">
<link rel="canonical" href="https://example.org/news/bridge"><meta name="author" content="Ann Lee">
<meta property="article:published_time" content="2025-10-07T08:00:00Z">
<meta property="article:modified_time" content="2025-10-09T08:00:00Z">
<script src="https://example.org/a.js"></script><link rel="stylesheet" href="https://example.org/a.css">"""


def test_an_article_with_its_particulars(load: Load) -> None:
    result = load("a.html", page(HEAD, BODY + "<img src='https://example.org/a.png'>"))
    (article,) = result.articles
    assert article.text.split("\n") == list(PARAGRAPHS)
    assert article.title == "Old bridge to close"
    assert (article.outlet, article.url) == ("The Example Courier", "https://example.org/news/bridge")
    assert article.published == date(2025, 10, 7)  # not the day it was changed
    assert (article.authors, article.language) == (("Ann Lee",), "en")
    assert article.source_key == "a.html"


def test_nothing_is_fetched(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(AssertionError):
        socket.create_connection(("example.org", 80))
    head = HEAD + '<base href="https://example.org/"><meta http-equiv="refresh" content="0;url=https://example.org/b">'
    doctype = '<!DOCTYPE html [<!ENTITY x SYSTEM "https://example.org/x">]>'
    for content in (
        page(head),
        doctype + page(head, BODY + "<p>&x;</p>"),
        page(head, BODY + "<iframe src='//example.org'>"),
    ):
        assert load("a.html", content).articles


def test_an_entity_that_names_a_file_is_not_followed(load: Load, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret words")
    doctype = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    (article,) = load("a.xhtml", doctype + "<html><body>" + BODY + "<p>&x;</p></body></html>").articles
    assert "secret words" not in article.text


def test_without_metadata_the_page_still_has_a_title(load: Load) -> None:
    assert load("a.html", page("<title>Old bridge to close</title>")).articles[0].title == "Old bridge to close"
    (article,) = load("old-bridge.html", page()).articles
    assert article.title == "The council voted on Tuesday to close the old bridge for two years while its…"
    assert (article.published, article.url, article.outlet) == (None, None, None)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "/news/bridge"])
def test_only_web_addresses_are_addresses(load: Load, address: str) -> None:
    (article,) = load("a.html", page(f'<link rel="canonical" href="{address}">')).articles
    assert article.url is None or article.url.startswith("http")


def test_markup_in_text_stays_text(load: Load) -> None:
    (article,) = load(
        "a.html", page(body=BODY + "<p>Write &lt;script&gt;alert(1)&lt;/script&gt; with care, they said.</p>")
    ).articles
    assert article.text.endswith("Write <script>alert(1)</script> with care, they said.")


def test_a_fragment_is_a_page(load: Load) -> None:
    assert load("a.html", f"<p>{PARAGRAPHS[0]}</p>").articles[0].text == PARAGRAPHS[0]


@pytest.mark.parametrize(
    ("declared", "written", "read", "guessed"),
    [
        ('<meta charset="iso-8859-1">', "cp1252", "cp1252", False),  # as browsers read it: quotation marks are cp1252's
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', "cp1252", "cp1252", False),
        ('<meta charset="utf-16">', "utf-8", "utf-8", False),
        ('<meta charset="latin-1">', "utf-8", "utf-8", False),  # UTF-8 beyond ASCII is UTF-8
        ('<meta charset="windows-1251">', "utf-8", "utf-8", False),
        ('<meta charset="klingon">', "utf-8", "utf-8", False),
        ('<meta charset="utf-8">', "cp1252", "cp1252", True),
        ("", "cp1252", "cp1252", True),
        ("", "utf-16", "utf-16-le", False),
    ],
)
def test_encodings(load: Load, declared: str, written: str, read: str, guessed: bool) -> None:
    result = load("a.html", page(declared).encode(written))
    assert result.articles[0].text.split("\n") == list(PARAGRAPHS)
    assert (result.encoding, result.encoding_guessed) == (read, guessed)


def test_declared_encodings_of_other_scripts(load: Load) -> None:
    text = (
        "政府は火曜日、来年度の予算案を閣議決定した。新しい美術館は来月開館する予定で、市民からは期待の声が上がっている。"
        * 3
    )
    for declared, written in (("Shift_JIS", "cp932"), ("euc-jp", "euc_jp"), ("iso-2022-jp", "iso2022_jp")):
        result = load("a.html", page(f'<meta charset="{declared}">', f"<p>{text}</p>", "<html>").encode(written))
        assert result.articles[0].text == text
        assert not result.encoding_guessed


def test_an_xml_declaration_does_not_garble(load: Load) -> None:
    content = '<?xml version="1.0" encoding="iso-8859-1"?>' + page()
    assert load("a.xhtml", content.encode("cp1252")).articles[0].text.split("\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        (page(body=""), "no article text"),
        ("<html><head><title>T</title></head><body><script>var a = 1</script></body></html>", "no article text"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"<html>\0\0\1</html>", "NUL"),
    ],
)
def test_failures(load: Load, content: bytes | str, reason: str) -> None:
    (failure,) = load("a.html", content).failures
    assert reason in failure.reason
    assert "a.html" in str(failure)


def test_hostile_markup_ends(load: Load) -> None:
    for body in (
        "<div>" * 20_000 + BODY,
        "<table><tr><td>" * 2_000 + BODY,
        "<ul><li>" * 5_000,
        "<!--" * 10_000,
        "&#xD800;" * 50,
    ):
        result = load("a.html", page(body=body))
        assert len(result.articles) + len(result.failures) == 1


def test_a_page_over_the_limit(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webpage, "MAX_PAGE_BYTES", 100)
    assert "larger than the limit" in load("a.html", page()).failures[0].reason


def mean_f1(load: Load, folder: Path, pages: int) -> float:
    """Mean F1 of 4-grams of words, the measure of the benchmark that the pages are from."""
    with gzip.open(folder / "ground-truth.json.gz", "rt", encoding="utf-8") as file:
        truth: dict[str, Any] = json.load(file)
    scores = []
    for name in sorted(truth)[:pages]:
        (article,) = load("page.html.gz", (folder / f"{name}.html.gz").read_bytes()).articles
        found, wanted = shingles(article.text), shingles(truth[name]["text"])
        scores.append(2 * (found & wanted).total() / (found.total() + wanted.total()))
    assert len(scores) == pages
    return sum(scores) / pages


def test_extraction_on_some_pages_with_known_text(shared_dir: Path, load: Load) -> None:
    assert mean_f1(load, shared_dir / "data" / "html", 8) >= 0.97


@pytest.mark.slow
def test_extraction_on_all_pages_with_known_text(shared_dir: Path, load: Load) -> None:
    assert mean_f1(load, shared_dir / "data" / "html", 60) >= 0.95


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(tuple(words[start : start + 4]) for start in range(max(1, len(words) - 3)))
