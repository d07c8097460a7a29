"""Any string goes onto the page as itself, and as nothing else."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.page.markup import escape, isolated, link_out, quote_address, web_address
from tests.qa.page.parsed import parsed
from tests.qa.page.samples import HOSTILE

texts = st.one_of(st.text(), st.sampled_from(HOSTILE), st.text(alphabet="<>&\"'`{}$\\;#x3Cscript/ =-!"))


@given(texts)
def test_escaped_text_reads_back_as_itself_in_content_and_in_an_attribute(text: str) -> None:
    element = parsed(f'<p id="{escape(text)}">{escape(text)}</p>').one(tag="p")
    assert element.text == text
    assert element.attributes["id"] == text


@given(texts)
def test_escaped_text_holds_nothing_that_html_or_a_template_language_gives_a_meaning_to(text: str) -> None:
    assert not set(escape(text)) & set("<>\"'`{}$\\")


@given(texts)
def test_isolated_text_stands_alone_in_its_element(text: str) -> None:
    element = parsed(isolated(text)).one()
    assert (element.tag, element.text, element.attributes["dir"]) == ("bdi", text, "auto")


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/x?y=1&z=2#part",
        "http://a.example",
        "HTTPS://A.example/",
        "http://[::1]:80/",
        "http://ä.example/ü",
    ],
)
def test_a_web_address_is_taken_as_it_is(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "vbscript:x",
        "//evil.example/x",
        "/relative",
        "http:",
        "http:///nohost",
        "http://",
        "http://[::1",
        "https:\\\\evil.example",
        "http://a.example/\nx",
        "http://a.example/a b",
        "http://a.example/\x7f",
        "\x01http://a.example/",
        "mailto:a@b.example",
    ],
)
def test_everything_else_is_no_web_address_and_gives_no_link(url: str | None) -> None:
    assert web_address(url) is None
    assert link_out(url, "a quote") == ""


def test_a_short_quote_is_named_whole_in_the_text_fragment() -> None:
    address = quote_address("https://a.example/x", "It fell by 7.1%, to 5-6 & less.")
    assert address == "https://a.example/x#:~:text=It%20fell%20by%207.1%25%2C%20to%205%2D6%20%26%20less."


def test_a_long_quote_is_named_by_its_first_and_last_words() -> None:
    address = quote_address("https://a.example/x", "one two three four five six seven\neight nine ten eleven")
    assert address == "https://a.example/x#:~:text=one%20two%20three%20four%20five,seven%20eight%20nine%20ten%20eleven"


def test_a_fragment_that_is_there_is_kept() -> None:
    assert quote_address("https://a.example/x#part", "a b") == "https://a.example/x#part:~:text=a%20b"


@given(texts)
def test_no_quote_breaks_out_of_its_text_fragment(text: str) -> None:
    address = quote_address("https://a.example/x", text)
    assert address
    fragment = address.removeprefix("https://a.example/x").removeprefix("#:~:text=")
    assert set(fragment) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%._~,")
    assert fragment.count(",") <= 1
    words = text.split()
    named = [unquote(part).split() for part in fragment.split(",")]
    assert named in ([words], [words[:5], words[-5:]])


def test_a_link_leads_out_safely_and_names_the_host_that_it_really_leads_to() -> None:
    link = parsed(link_out("https://trusted.example@evil.example/x?a=1&b=2", "a quote")).one(tag="a")
    assert link.attributes["href"] == "https://trusted.example@evil.example/x?a=1&b=2#:~:text=a%20quote"
    assert link.attributes["target"] == "_blank"
    assert set(link.attributes["rel"].split()) == {"noopener", "noreferrer"}
    assert link.one(tag="bdi").text == "evil.example"
