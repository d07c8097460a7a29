"""The article's text stays the article's text, and the marks stand at the citations' offsets."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Sentence
from index.sentences import split_article
from qa.citations import CitationCheck
from qa.page.evidence import (
    Highlight,
    evidence,
    highlighted,
    nothing_shown,
    notice,
    source_missing,
    source_words,
    whole_article,
)
from qa.page.exchanges import Pointer
from qa.records import Citation
from tests.qa.page.parsed import Element, parsed
from tests.qa.page.samples import HOSTILE, TODAY, cite_words, make_article

ARTICLE = make_article()
HOLDS = CitationCheck(True)
TIME, CAPTAIN = cite_words(ARTICLE, "7:40 a.m."), cite_words(ARTICLE, "Ruth Aldersey")


def marked_characters(root: Element, css_class: str) -> set[int]:
    """The offsets of the characters inside elements of a class."""
    found: set[int] = set()
    position = 0

    def walk(element: Element, inside: bool) -> None:
        nonlocal position
        for child in element.children:
            if isinstance(child, str):
                found.update(range(position, position + len(child)) if inside else ())
                position += len(child)
            else:
                walk(child, inside or css_class in child.classes)

    walk(root, False)
    return found


@st.composite
def texts_with_highlights(draw: st.DrawFn) -> tuple[str, list[Highlight]]:
    text = draw(st.text(alphabet="ab <&>\n{$é🙂\u202e", min_size=1, max_size=40))
    highlights = []
    for number in range(draw(st.integers(0, 4))):
        start, quote_start, quote_end, end = sorted(draw(st.integers(0, len(text))) for _ in range(4))
        citation = replace(
            TIME,
            sentence=text[start:end],
            start_char=start,
            end_char=end,
            quote=text[quote_start:quote_end],
            quote_start_char=quote_start,
            quote_end_char=quote_end,
        )
        highlights.append(Highlight(citation, Pointer(0, "cited", number), HOLDS))
    return text, highlights


@given(texts_with_highlights())
def test_marks_cover_the_citations_and_the_text_is_unchanged(drawn: tuple[str, list[Highlight]]) -> None:
    text, highlights = drawn
    borders = sorted({0, len(text) // 3, 2 * len(text) // 3, len(text)})
    ones = [Sentence("a", number, start, end) for number, (start, end) in enumerate(pairwise(borders))]
    root = parsed(highlighted(text, ones, highlights, Pointer(0, "cited", 0)))
    assert root.text == text
    assert [(one.attributes["data-at"], one.text) for one in root.all(css_class="pq-one")] == [
        (f"{one.start_char}-{one.end_char}", text[one.start_char : one.end_char]) for one in ones
    ]
    sentences = [range(each.citation.start_char, each.citation.end_char) for each in highlights]
    quotes = [range(each.citation.quote_start_char, each.citation.quote_end_char) for each in highlights]
    assert marked_characters(root, "pq-cited") == set().union(*sentences)
    assert marked_characters(root, "pq-span") == set().union(*quotes)
    assert marked_characters(root, "pq-shown") == set(sentences[0] if sentences else ())
    targets = root.all(attribute="data-target")
    assert len(targets) == (1 if sentences and sentences[0] else 0)
    if targets:
        before_target = text[: sentences[0].start]
        assert "".join(_texts_before(root, targets[0])) == before_target


def _texts_before(root: Element, target: Element) -> list[str]:
    """The texts that come before an element in the order of the document."""
    texts: list[str] = []

    def walk(element: Element) -> bool:
        for child in element.children:
            if child is target:
                return True
            if isinstance(child, str):
                texts.append(child)
            elif walk(child):
                return True
        return False

    walk(root)
    return texts


def test_words_that_come_twice_are_marked_where_the_citation_says() -> None:
    text = "He won. He won."
    second = replace(
        TIME, sentence="He won.", start_char=8, end_char=15, quote="won", quote_start_char=11, quote_end_char=14
    )
    root = parsed(highlighted(text, (), [Highlight(second, Pointer(0, "cited", 0), HOLDS)], Pointer(0, "cited", 0)))
    assert marked_characters(root, "pq-cited") == set(range(8, 15))
    assert marked_characters(root, "pq-span") == set(range(11, 14))


def shown(
    citation: Citation, check: CitationCheck = HOLDS, pointer: Pointer | None = None, *others: Highlight
) -> Element:
    highlight = Highlight(citation, pointer or Pointer(0, "cited", 0), check)
    return parsed(evidence(ARTICLE, highlight, others, split_article(ARTICLE), 1 + len(others), TODAY))


def test_the_panel_shows_title_outlet_date_and_the_whole_text() -> None:
    panel = shown(TIME)
    assert panel.one(tag="h2").text == "Ferry hits pier"
    assert panel.one(css_class="pq-particulars").text == "Courier · 6 Oct 2025 · 1 year ago · 4 sentences"
    assert panel.one(css_class="pq-text").text == ARTICLE.text
    assert panel.one(css_class="pq-evidence").attributes["data-shown"] == "0:cited:0"


def test_further_citations_of_the_article_are_numbered_and_only_one_is_the_target() -> None:
    other = Highlight(CAPTAIN, Pointer(0, "cited", 1), HOLDS)
    text = shown(TIME, HOLDS, None, other).one(css_class="pq-text")
    assert [mark.attributes["data-number"] for mark in text.all(attribute="data-number")] == ["1", "2"]
    assert text.one(attribute="data-target").attributes["data-number"] == "1"


def test_one_steps_from_citation_to_citation_also_into_other_articles() -> None:
    others = [Highlight(replace(CAPTAIN, article_id=f"other {n}"), Pointer(0, "cited", n), HOLDS) for n in (1, 2)]
    first, middle = shown(TIME, HOLDS, None, *others), shown(TIME, HOLDS, Pointer(0, "cited", 1), *others)
    steps = first.one(css_class="pq-steps")
    assert "1 of 3" in steps.text
    assert [button.attributes.get("data-open") for button in steps.all(tag="button")] == [None, "0:cited:1"]
    assert [button.attributes["data-open"] for button in middle.one(css_class="pq-steps").all(tag="button")] == [
        "0:cited:0",
        "0:cited:2",
    ]
    assert not shown(TIME).all(css_class="pq-steps"), "there is nowhere to go from the only one"


def test_what_stands_behind_a_copied_sentence() -> None:
    words = shown(TIME).one(css_class="pq-text").attributes["data-source"]
    assert words == f"Ferry hits pier, Courier, 2025-10-06, {ARTICLE.url}"
    bare = make_article("Text.", url="javascript:alert(1)", outlet=None, published=None)
    assert source_words(bare) == "Ferry hits pier"


def test_a_citation_of_another_article_is_not_marked_in_this_one() -> None:
    other = Highlight(replace(CAPTAIN, article_id="other"), Pointer(0, "cited", 1), HOLDS)
    assert (
        shown(TIME, HOLDS, None, other)
        .one(css_class="pq-text")
        .all(attribute="data-number")[-1]
        .attributes["data-number"]
        == "1"
    )


def test_a_citation_that_does_not_hold_is_not_highlighted_and_the_panel_says_why() -> None:
    panel = shown(TIME, CitationCheck(False, "the stored article has changed since it was cited"))
    assert not panel.all(tag="mark")
    assert panel.one(css_class="pq-text").text == ARTICLE.text
    warning = panel.one(css_class="pq-warning")
    assert warning.attributes["role"] == "alert"
    assert "the stored article has changed since it was cited" in warning.text
    assert "text=" not in panel.one(tag="a").attributes["href"]


def test_another_citation_that_does_not_hold_is_not_highlighted_either() -> None:
    other = Highlight(CAPTAIN, Pointer(0, "cited", 1), CitationCheck(False, "changed"))
    text = shown(TIME, HOLDS, None, other).one(css_class="pq-text")
    assert marked_characters(text, "pq-cited") == set(range(TIME.start_char, TIME.end_char))


def test_a_closest_sentence_does_not_look_like_an_answer() -> None:
    panel = shown(TIME, HOLDS, Pointer(0, "closest", 0))
    assert not panel.all(css_class="pq-cited")
    assert not panel.all(css_class="pq-span")
    assert marked_characters(panel.one(css_class="pq-text"), "pq-closest") == set(range(TIME.start_char, TIME.end_char))
    assert "It is not an answer." in panel.text


def test_a_source_that_is_gone_leaves_what_was_cited_and_says_so() -> None:
    panel = parsed(source_missing(TIME, Pointer(0, "cited", 0), "the source is no longer in the collection"))
    assert panel.one(tag="blockquote").text == TIME.sentence
    assert "the source is no longer in the collection" in panel.one(css_class="pq-warning").text
    assert not panel.all(tag="mark")


def test_an_article_to_read_has_no_marks() -> None:
    panel = parsed(whole_article(ARTICLE, split_article(ARTICLE), TODAY))
    assert panel.one(css_class="pq-text").text == ARTICLE.text
    assert not panel.all(tag="mark")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_itself(text: str) -> None:
    article = make_article(
        text, article_id=text, source_key=text, title=text, outlet=text, url=text, authors=(text,), published=None
    )
    citation = replace(
        TIME, article_id=text, title=text, sentence=text, start_char=0, end_char=len(text), quote=text[2:5],
        quote_start_char=2, quote_end_char=5,
    )  # fmt: skip
    pointer = Pointer(0, "cited", 0)
    panels = [
        parsed(evidence(article, Highlight(citation, pointer, HOLDS), (), split_article(article), 1, TODAY)),
        parsed(whole_article(article, split_article(article), TODAY)),
    ]
    for panel in panels:
        assert panel.one(css_class="pq-text").text == text
        assert panel.one(tag="h2").text == text
        assert not panel.all(tag="a")
    assert panels[1].one(css_class="pq-evidence").attributes["data-shown"] == f"article:{quote(text, safe='')}"
    assert text in parsed(source_missing(citation, pointer, text)).text
    assert text in parsed(notice(text)).text


def test_the_empty_panel_is_a_named_region_that_the_keyboard_reaches() -> None:
    panel = parsed(nothing_shown()).one(css_class="pq-evidence")
    assert (panel.attributes["role"], panel.attributes["aria-label"], panel.attributes["tabindex"]) == (
        "region",
        "Evidence",
        "0",
    )
