"""Markdown, read back by a parser of CommonMark: texts are themselves, and nothing stands there that is not ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.records import Article
from qa.exchanges import Exchange
from qa.exports import citation_markdown, citation_plain, conversation_markdown
from qa.exports.markdown import markdown_text
from qa.records import Citation
from tests.qa.exports.made_up import as_shown, citations, hostile
from tests.qa.page.samples import TODAY, abstention_with, answer_with, cite_words, make_article, with_copy

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ARTICLE = make_article()
TIME = cite_words(ARTICLE, "7:40 a.m.")


def tokens(markdown: str) -> list[Token]:
    def flat(found: list[Token]) -> Iterator[Token]:
        for token in found:
            yield token
            yield from flat(token.children or [])

    return list(flat(PARSER.parse(markdown)))


def kinds(markdown: str) -> set[str]:
    return {token.type for token in tokens(markdown)}


def texts(markdown: str) -> list[str]:
    """The text of each paragraph or heading, tags and marks taken out."""
    return [
        "".join(child.content for child in token.children or [] if child.type in ("text", "softbreak"))
        for token in PARSER.parse(markdown)
        if token.type == "inline"
    ]


@given(hostile)
def test_a_text_reads_as_itself_wherever_it_stands(text: str) -> None:
    text = text.strip()  # this parser strips no-break spaces from a paragraph's ends, which CommonMark leaves there
    for around in ("{}", "# {}", "> {}", "- {}", "so {} it"):
        plain = around.format("x")
        made = around.format(markdown_text(text) or "x")
        assert kinds(made) == kinds(plain)
        (shown,) = texts(made)
        assert shown.strip() == texts(plain)[0].replace("x", as_shown(text) or "x").strip()


@given(citations())
def test_a_citation_shows_its_sentence_and_nothing_that_is_not_ours(drawn: tuple[Citation, Article]) -> None:
    citation, article = drawn
    markdown = citation_markdown(citation, article)
    cited = as_shown(citation.sentence).strip()  # as the parser strips no-break spaces
    sentence, source = texts(markdown) if cited else ["", *texts(markdown)]
    assert as_shown(sentence).strip() == cited
    assert as_shown(citation.title).strip() in source
    found = tokens(markdown)
    ours = {"blockquote_open", "blockquote_close", "paragraph_open", "paragraph_close", "inline", "text"}
    ours |= {"strong_open", "strong_close", "html_inline", "link_open", "link_close"}
    assert {token.type for token in found} <= ours
    assert {token.content for token in found if token.type == "html_inline"} <= {"<strong>", "</strong>"}
    links = [str(token.attrs["href"]) for token in found if token.type == "link_open"]
    assert len(links) == (1 if citation.url and citation.url.startswith("http") else 0)
    for link in links:
        assert unquote(link).startswith(unquote(citation.url or "").replace("<", "%3C").replace(">", "%3E")) or unquote(
            link
        ).startswith(unquote(citation.url or ""))


@given(citations())
def test_what_is_bold_is_the_quote(drawn: tuple[Citation, Article]) -> None:
    citation, article = drawn
    bold, inside = "", False
    for token in tokens(citation_markdown(citation, article)):
        if token.type == "strong_open" or token.content == "<strong>":
            inside = True
        elif token.type == "strong_close" or token.content == "</strong>":
            inside = False
        elif token.type == "text" and inside:
            bold += token.content
    whole = as_shown(citation.quote) in ("", as_shown(citation.sentence)) or not citation.quote.strip()
    assert as_shown(bold).strip() == ("" if whole else as_shown(citation.quote).strip())


def test_a_citation_reads_well() -> None:
    assert citation_markdown(TIME, ARTICLE) == (
        "> It struck Pier No. 4 at **7:40 a.m.**\n>\n> — “Ferry hits pier”, Courier, 2025-10-06, "
        "[news.example](<https://news.example/ferry#:~:text=It%20struck%20Pier%20No.%204%20at%207%3A40%20a.m.>)\n"
    )
    assert citation_plain(replace(TIME, page=3, published="2025-10-06T22:15:00+00:00")) == (
        "“It struck Pier No. 4 at 7:40 a.m.”\n— Ferry hits pier, Courier, 2025-10-06, page 3\n"
        "https://news.example/ferry#:~:text=It%20struck%20Pier%20No.%204%20at%207%3A40%20a.m.\n"
    )


@given(citations())
def test_plain_text_is_one_line_for_each_part(drawn: tuple[Citation, Article]) -> None:
    citation, article = drawn
    quotation, source, *address = citation_plain(citation, article).splitlines()
    assert quotation == f"“{as_shown(citation.sentence)}”"
    assert source.startswith(f"— {as_shown(citation.title)}")
    assert len(address) == (1 if citation.url and citation.url.startswith("http") else 0)


@given(hostile, hostile, citations())
def test_a_conversation_has_its_own_headings_alone(
    question: str, problem: str, drawn: tuple[Citation, Article]
) -> None:
    citation, article = drawn
    exchanges = [
        Exchange(question, answer_with([citation], query=problem, notes=(question,), models={"reader": question})),
        Exchange(question, abstention_with([citation])),
        Exchange(question, problem=problem),
    ]
    markdown = conversation_markdown(exchanges, TODAY, {article.article_id: article})
    found = PARSER.parse(markdown)
    headings = [found[place + 1] for place, token in enumerate(found) if token.type == "heading_open"]
    shown = ["".join(child.content for child in token.children or []) for token in headings]
    # This parser strips no-break spaces from a heading's ends too.
    assert [one.strip() for one in shown] == ["Questions and answers", *[as_shown(question).strip()] * 3]
    assert not kinds(markdown) & {
        "image",
        "fence",
        "code_block",
        "code_inline",
        "html_block",
        "table_open",
        "hr",
        "em_open",
    }


def test_a_conversation_tells_everything_about_its_evidence() -> None:
    copy = make_article(f"Copied. {TIME.sentence}", article_id="copy", title="The same again", outlet="Wire", url=None)
    exchanges = [
        Exchange("When?", answer_with([with_copy(TIME, copy)], query="When was it struck?", confidence=0.8)),
        Exchange("Why?", abstention_with([TIME])),
        Exchange("", problem="the question is empty"),
    ]
    markdown = conversation_markdown(exchanges, TODAY)
    answered, abstained, problem = markdown.split("\n## ")[1:]
    parts = (
        "When was it struck?",
        "About 8 in 10",
        "**7:40 a.m.**",
        "The same again",
        "2025-10-06",
        TIME.content_sha256,
    )
    for part in parts:
        assert part in answered
    assert f"characters {TIME.quote_start_char}–{TIME.quote_end_char}" in answered
    assert "do not answer" not in answered
    assert "do not answer" in abstained
    assert "problem" in problem
    assert "the question is empty" in problem
    assert "2026-11-22" in markdown.split("\n## ")[0]


@pytest.mark.parametrize(
    ("text", "written"),
    [("U.S. firms, 5-6 (or 7)!", "U.S. firms, 5-6 (or 7)!"), ("1. Done", "1\\. Done"), ("- x", "\\- x")],
)
def test_plain_words_are_left_readable(text: str, written: str) -> None:
    assert markdown_text(text) == written


@given(st.text(alphabet="ab.“$ ", min_size=1, max_size=8), st.data())
def test_any_span_of_any_sentence_can_be_marked(sentence: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sentence) - 1))
    end = data.draw(st.integers(start + 1, len(sentence)))
    citation = replace(
        TIME,
        sentence=sentence,
        start_char=0,
        end_char=len(sentence),
        quote=sentence[start:end],
        quote_start_char=start,
        quote_end_char=end,
    )
    shown = texts(citation_markdown(citation))
    assert "".join(shown[:-1]) == as_shown(sentence)
