"""Articles: the offset rule's ground, and filters."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ArticleError
from index.records import Article, Chunk, Filter, chunk_place, stored_text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_stored_text_changes_line_ends_and_nothing_else(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert stored_text(text) == lines
    assert Article(article_id="a", text=text).text == lines


@pytest.mark.parametrize("field", ["text", "title", "url", "outlet", "source_key"])
def test_a_lone_surrogate_is_refused_by_place(field: str) -> None:
    with pytest.raises(ArticleError, match=r"U\+D83D at character 2"):
        Article(**{"article_id": "a", "text": "", field: "ab\ud83d"})  # type: ignore[arg-type]


def test_an_id_is_derived_from_the_source_key_alone() -> None:
    one, two = Article(source_key="a/b.txt", text="x"), Article(source_key="a/b.txt", text="y", title="z")
    assert one.article_id == two.article_id != Article(source_key="b.txt", text="x").article_id
    assert Article(article_id="given", text="").source_key == "given"
    with pytest.raises(ArticleError, match="needs an article_id or a source_key"):
        Article(text="x")


def test_the_version_is_the_sha256_of_the_utf8_text() -> None:
    # printf 'Grüße\n' | sha256sum
    expected = "b1de61b8108f15d9913e0fa2e6371ed737fbe2be84e63a89ca8ae7a370322371"
    assert Article(article_id="a", text="Grüße\r\n").content_sha256 == expected


def test_pages_are_counted_from_one() -> None:
    article = Article(article_id="a", text="0123456789", pages=(0, 4, 8))
    assert [article.page_at(offset) for offset in (0, 3, 4, 7, 8, 9)] == [1, 1, 2, 2, 3, 3]
    assert Article(article_id="a", text="x").page_at(0) is None


DAY = date(2025, 3, 2)


@pytest.mark.parametrize(
    ("where", "accepted"),
    [
        (Filter(), True),
        (Filter(articles=("a",)), True),
        (Filter(articles=("b",)), False),
        (Filter(articles=()), False),
        (Filter(outlets=("the HERALD",)), True),
        (Filter(outlets=("Post",)), False),
        (Filter(since=DAY, until=DAY), True),
        (Filter(since=date(2025, 3, 3)), False),
        (Filter(until=date(2025, 3, 1)), False),
        (Filter(since=datetime(2025, 3, 2, 23)), True),
        (Filter(articles=("a",), outlets=("Post",)), False),
    ],
)
def test_a_filter_accepts(where: Filter, accepted: bool) -> None:
    assert where.accepts("a", "The Herald", DAY) is accepted


def test_an_article_without_date_or_outlet_fails_filters_on_them() -> None:
    assert Filter().accepts("a", None, None)
    assert not Filter(since=DAY).accepts("a", None, None)
    assert not Filter(until=DAY).accepts("a", None, None)
    assert not Filter(outlets=("x",)).accepts("a", None, None)


def test_a_string_is_not_taken_for_many() -> None:
    with pytest.raises(ArticleError, match="sequence of strings"):
        Filter(articles="abc")  # type: ignore[arg-type]


@given(st.text(min_size=1), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_chunks_id_tells_its_place(article_id: str, start: int, end: int) -> None:
    """Also where the article's id holds colons and hyphens itself."""
    assert chunk_place(Chunk(article_id, start, end, "", "", ()).chunk_id) == (article_id, start, end)
