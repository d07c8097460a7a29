"""A conversation as HTML and as JSON, and the forms by name."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given

from index.errors import ConfigError, SchemaError
from index.records import Article
from qa.exchanges import Exchange
from qa.exports import (
    CITATION_FORMS,
    CONVERSATION_FORMS,
    MEDIA_TYPES,
    SUFFIXES,
    conversation_from_dict,
    conversation_html,
    conversation_to_dict,
    export_citation,
    export_conversation,
)
from qa.records import Citation
from tests.qa.exports.made_up import citations, hostile
from tests.qa.page.samples import TODAY, abstention_with, answer_with, cite_words, make_article

ARTICLE = make_article()
TIME = cite_words(ARTICLE, "7:40 a.m.")
EXCHANGES = (
    Exchange("When?", answer_with([TIME], confidence=0.8)),
    Exchange("Why?", abstention_with([TIME])),
    Exchange("", problem="the question is empty"),
)
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "section"),
    *("p", "strong", "ol", "ul", "li", "blockquote", "bdi", "mark", "a"),
}
VOID = {"meta"}


class Reader(HTMLParser):
    """Collects elements, attributes and the text in each kind of element; fails on what an export does not use."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.links: list[str] = []
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        given = dict(attrs)
        assert set(given) <= {"lang", "charset", "http-equiv", "content", "name", "class", "dir", "href", "rel"}
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""
        if tag == "a":
            self.links.append(given["href"] or "")
            assert given["rel"] == "noopener noreferrer"
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data!r}")


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


@given(hostile, hostile, citations())
def test_html_shows_every_text_as_itself(question: str, problem: str, drawn: tuple[Citation, Article]) -> None:
    citation, article = drawn
    answer = answer_with([citation], query=problem, notes=(question,), models={"reader": question})
    exchanges = [Exchange(question, answer), Exchange(question, problem=problem)]
    reader = read(conversation_html(exchanges, TODAY, {article.article_id: article}))
    assert reader.texts["h2"] == [question, question]
    assert reader.texts["mark"] == [citation.quote]
    assert reader.texts["blockquote"] == [citation.sentence]
    assert problem in reader.texts["section"][1]
    assert all(re.match(r"https?://a\.example/", link) for link in reader.links)
    assert len(reader.links) == (1 if citation.url and citation.url.startswith("http") else 0)


def test_html_needs_nothing_and_can_do_nothing() -> None:
    reader = read(conversation_html(EXCHANGES, TODAY))
    digest = base64.b64encode(hashlib.sha256(reader.texts["style"][0].encode()).digest()).decode()
    directives = dict(part.strip().split(" ", 1) for part in reader.policy.split(";"))
    assert directives == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert "url(" not in reader.texts["style"][0]
    assert "@import" not in reader.texts["style"][0]


def test_html_tells_answers_abstentions_and_problems_apart() -> None:
    answered, abstained, problem = read(conversation_html(EXCHANGES, TODAY)).texts["section"]
    for part in ("Ferry hits pier", "Courier", "2025-10-06", TIME.content_sha256, "49–58", "About 8 in 10"):
        assert part in answered
    assert "do not answer" not in answered
    assert "do not answer" in abstained
    assert "problem" in problem
    assert "the question is empty" in problem


@given(hostile, hostile, citations())
def test_json_goes_round(question: str, problem: str, drawn: tuple[Citation, Article]) -> None:
    citation, _ = drawn
    exchanges = (
        Exchange(question, answer_with([citation], confidence=0.25)),
        Exchange(question, abstention_with([citation])),
        Exchange(question, problem=problem),
    )
    written = export_conversation(exchanges, "json", TODAY)
    assert conversation_from_dict(json.loads(written)) == exchanges


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_how_sure_an_answer_is_stands_there_in_the_words_of_the_page(form: Any) -> None:
    sure = export_conversation(EXCHANGES, form, TODAY)
    assert "About 8 in 10 answers like this one were right" in sure
    assert "80%" not in sure
    unknown = (Exchange("When?", answer_with([TIME])),)
    assert "not calibrated" in export_conversation(unknown, form, TODAY)
    assert "not calibrated" not in export_conversation(EXCHANGES, form, TODAY)


def test_json_of_a_later_minor_version_is_read() -> None:
    values = conversation_to_dict(EXCHANGES, TODAY)
    values |= {"conversation_version": "1.9", "more": 1}
    values["exchanges"][0]["more"] = 2
    assert conversation_from_dict(values) == EXCHANGES
    assert values["exported"] == "2026-11-22"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"conversation_version": "2.0"}, "2.0"),
        ({"conversation_version": None}, "None"),
        ({"exchanges": None}, "NoneType"),
        ({"exchanges": ["x"]}, "exchange 1"),
        ({"exchanges": [{"question": 1, "answer": None}]}, "exchange 1"),
        ({"exchanges": [{"question": "x", "answer": 1}]}, "exchange 1"),
        ({"exchanges": [{"question": "x", "answer": {}}]}, "exchange 1"),
    ],
)
def test_json_that_does_not_fit_is_refused(change: dict[str, Any], named: str) -> None:
    with pytest.raises(SchemaError, match=re.escape(named)):
        conversation_from_dict({**conversation_to_dict(EXCHANGES, TODAY), **change})


def test_every_form_has_a_suffix_and_a_media_type() -> None:
    assert set(SUFFIXES) == set(MEDIA_TYPES) == {*CITATION_FORMS, *CONVERSATION_FORMS}
    for form in CITATION_FORMS:
        assert export_citation(TIME, form, TODAY, ARTICLE).endswith("\n")
    for whole in CONVERSATION_FORMS:
        assert export_conversation(EXCHANGES, whole, TODAY).endswith("\n")


def test_an_unknown_form_is_named() -> None:
    with pytest.raises(ConfigError, match=r"'pdf'.*bibtex"):
        export_citation(TIME, "pdf", TODAY)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=r"'pdf'.*html"):
        export_conversation(EXCHANGES, "pdf", TODAY)  # type: ignore[arg-type]
