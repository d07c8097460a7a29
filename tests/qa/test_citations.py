"""Citations: the offset rule from the answer's side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Article, Sentence
from qa.citations import check_citation, cite, covering

TEXT = "One  two.\n\n\U0001f600 Three, e\u0301 four! Five?"
ARTICLE = Article(article_id="a", text=TEXT, title="T", pages=(0, 11))


def sentences_of(*texts: str) -> tuple[Sentence, ...]:
    found = []
    for position, text in enumerate(texts):
        start = TEXT.index(text)
        found.append(Sentence("a", position, start, start + len(text)))
    return tuple(found)


SENTENCES = sentences_of("One  two.", "\U0001f600 Three, e\u0301 four!", "Five?")


@given(st.data())
def test_a_citation_is_the_smallest_run_of_sentences_around_its_quote(data: st.DataObject) -> None:
    inside = [i for s in SENTENCES for i in range(s.start_char, s.end_char)]
    start = data.draw(st.sampled_from(inside))
    last = data.draw(st.sampled_from([i for i in inside if i >= start]))
    citation = cite(ARTICLE, SENTENCES, start, last + 1)
    assert TEXT[citation.quote_start_char : citation.quote_end_char] == citation.quote == TEXT[start : last + 1]
    assert TEXT[citation.start_char : citation.end_char] == citation.sentence
    touched = [s for s in SENTENCES if any(s.start_char <= i < s.end_char for i in (start, last))]
    assert (citation.start_char, citation.end_char) == (touched[0].start_char, touched[-1].end_char)
    first, final = SENTENCES.index(touched[0]), SENTENCES.index(touched[-1])
    assert (citation.before is None) == (first == 0)
    assert (citation.after is None) == (final == len(SENTENCES) - 1)
    if citation.before is not None:
        assert citation.before == TEXT[SENTENCES[first - 1].start_char : SENTENCES[first - 1].end_char]
    if citation.after is not None:
        assert citation.after == TEXT[SENTENCES[final + 1].start_char : SENTENCES[final + 1].end_char]
    assert check_citation(citation, ARTICLE).holds


def test_a_page_is_that_of_the_sentences_first_character() -> None:
    assert [cite(ARTICLE, SENTENCES, s.start_char, s.end_char).page for s in SENTENCES] == [1, 2, 2]


@pytest.mark.parametrize(("start", "end"), [(9, 11), (len(TEXT), len(TEXT) + 3), (8, 10), (10, 13)])
def test_a_span_outside_the_sentences_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=str(start)):
        cite(ARTICLE, SENTENCES, start, end)


def test_covering_an_empty_article_is_refused() -> None:
    with pytest.raises(ValueError, match="no sentence"):
        covering((), 0, 1)


def test_a_citation_that_no_longer_holds_says_why() -> None:
    citation = cite(ARTICLE, SENTENCES, 0, 3)
    cases = {
        "no longer in the collection": (citation, None),
        "this sentence": (replace(citation, start_char=1), ARTICLE),
        "this quote": (replace(citation, quote_start_char=1), ARTICLE),
        "inside the sentence": (
            replace(citation, quote_start_char=12, quote_end_char=13, quote=TEXT[12:13]),
            ARTICLE,
        ),
        "has changed": (citation, replace(ARTICLE, text=TEXT + " Six.")),
    }
    for reason, (wrong, article) in cases.items():
        found = check_citation(wrong, article)
        assert not found.holds
        assert reason in found.reason
