"""Web annotations select the quote, by its words and by its place."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given

from index.records import Article
from qa.exports import citation_annotation, export_citation
from qa.records import Citation
from tests.qa.exports.made_up import citations
from tests.qa.page.samples import TODAY, cite_words, make_article

ARTICLE = make_article()
TIME = cite_words(ARTICLE, "7:40 a.m.")


@given(citations())
def test_the_selectors_find_the_quote_in_the_stored_text(drawn: tuple[Citation, Article]) -> None:
    citation, article = drawn
    annotation = json.loads(export_citation(citation, "jsonld", TODAY, article))
    words, place = annotation["target"]["selector"]
    before, after = article.text[: place["start"]], article.text[place["end"] :]
    assert words["exact"] == citation.quote == article.text[place["start"] : place["end"]]
    assert before.endswith(words["prefix"])
    assert after.startswith(words["suffix"])
    assert len(words["prefix"]) == min(32, len(before))
    assert len(words["suffix"]) == min(32, len(after))


def test_without_the_text_the_context_comes_from_the_sentences_around() -> None:
    words, place = citation_annotation(TIME)["target"]["selector"]
    assert words == {
        "type": "TextQuoteSelector",
        "exact": "7:40 a.m.",
        "prefix": " seven. It struck Pier No. 4 at ",
        "suffix": " Nobody was hurt.",
    }
    assert place == {"type": "TextPositionSelector", "start": 49, "end": 58}


def test_a_text_that_has_changed_is_left_aside() -> None:
    changed = make_article(f"New. {ARTICLE.text}")
    assert citation_annotation(TIME, changed) == citation_annotation(TIME)
    assert citation_annotation(TIME, make_article(article_id="other")) == citation_annotation(TIME)


def test_the_source_is_the_address_or_the_article() -> None:
    source = citation_annotation(TIME)["target"]["source"]
    assert source["id"] == "https://news.example/ferry"
    assert source["schema:sha256"] == ARTICLE.content_sha256
    for url in (None, "javascript:alert(1)"):
        nameless = replace(TIME, url=url, article_id="a b/ü")
        assert citation_annotation(nameless)["target"]["source"]["id"] == "urn:pullquote:a%20b%2F%C3%BC"


def test_the_same_quote_has_the_same_name() -> None:
    assert citation_annotation(TIME)["id"] == citation_annotation(TIME, ARTICLE)["id"]
    assert citation_annotation(TIME)["id"] != citation_annotation(cite_words(ARTICLE, "Ruth Aldersey"))["id"]
