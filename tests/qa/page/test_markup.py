"""Any string goes onto the page as itself, and as nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.page.markup import escape, isolated, link_out
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


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "data:text/html,x", "http://a.example/a b"])
def test_what_is_no_web_address_gives_no_link(url: str | None) -> None:
    assert link_out(url, "a quote") == ""


def test_a_link_leads_out_safely_and_names_the_host_that_it_really_leads_to() -> None:
    link = parsed(link_out("https://trusted.example@evil.example/x?a=1&b=2", "a quote")).one(tag="a")
    assert link.attributes["href"] == "https://trusted.example@evil.example/x?a=1&b=2#:~:text=a%20quote"
    assert link.attributes["target"] == "_blank"
    assert set(link.attributes["rel"].split()) == {"noopener", "noreferrer"}
    assert link.one(tag="bdi").text == "evil.example"
