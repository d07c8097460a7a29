"""Citations of hostile texts, for the tests of exports."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from index.records import Article, Sentence
from qa.citations import cite
from qa.records import Citation
from tests.qa.page.samples import HOSTILE

MARKDOWN = (
    "# heading",
    "- item",
    "1. one",
    "2) two",
    "> quote",
    "---",
    "===",
    "```code```",
    "**bold** _em_ ~~gone~~",
    "[link](http://evil.example)",
    "![picture](http://evil.example/x.png)",
    "<http://evil.example>",
    "https://evil.example/x and www.evil.example and a@evil.example",
    "| a | b |\n|---|---|\n| c | d |",
    "[x]: http://evil.example\n\n[x]",
    "&copy; &#60;b&#62; <b>bold</b> <!-- x -->",
    "a\\*b \\",
    "two  \nlines\n\n    code",
    "$x_1$ {% raw %} {{ x }} [^1]",
)
LATEX = (
    r"\input{/etc/passwd}",
    "100% of $5 & #1_a ~b^c",
    "} , title = {other",
    "{ unbalanced",
    "@book{x, title={y}}",
    'a "quoted" word',
)

hostile = st.one_of(
    st.sampled_from((*HOSTILE, *MARKDOWN, *LATEX)),
    st.text(alphabet="ab1 *_`[]()<>#!|~-+=.\\&{}$@:/\"'%^\n“é🙂", max_size=30),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
addresses = st.sampled_from(
    [None, "https://a.example/x?a=1&copy;=2", "http://a.example/(x)_[y]*z{w}|<b>\"'`%20#part", "javascript:alert(1)"]
)


@st.composite
def citations(draw: st.DrawFn) -> tuple[Citation, Article]:
    """A citation that holds, and its article: three sentences of hostile text, and a span of the middle one."""
    first, second, third = (draw(hostile) for _ in range(3))
    second = second or "x"
    text = f"{first} {second}\n\n{third}"
    at = len(first) + 1
    article = Article(
        article_id=draw(hostile) or "a",
        title=draw(hostile),
        outlet=draw(st.none() | hostile),
        url=draw(addresses),
        authors=tuple(draw(st.lists(hostile, max_size=2))),
        text=text,
    )
    at, end = (
        len(Article(article_id="x", text=f"{first} ").text),
        len(Article(article_id="x", text=f"{first} {second}").text),
    )
    start = draw(st.integers(at, end - 1))
    stop = draw(st.integers(start + 1, end))
    places = [(0, at - 1), (at, end), (end + 2, len(article.text))]
    sentences = [Sentence(article.article_id, n, *place) for n, place in enumerate(places) if place[0] < place[1]]
    return cite(article, sentences, start, stop), article


def as_shown(text: str) -> str:
    """White space and control characters as every reader of these forms takes them: as one space."""
    return re.sub("[\x00-\x20\x7f-\x9f\u2028\u2029]+", " ", text).strip(" ")
