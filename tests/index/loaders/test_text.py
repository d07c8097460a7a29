from __future__ import annotations

from datetime import date

import pytest

from tests.index.loaders.conftest import Load


def test_the_text_is_the_whole_file(load: Load) -> None:
    result = load("a.txt", "Headline\r\n\r\nA line  with spaces. \tAnd a tab.\r\n\r\n")
    (article,) = result.articles
    assert article.text == "Headline\n\nA line  with spaces. \tAnd a tab.\n\n"
    assert (article.title, article.source_key, article.pages) == ("Headline", "a.txt", ())
    assert (result.encoding, result.encoding_guessed, result.warnings) == ("utf-8", False, ())


def test_header_lines_are_particulars_and_stay_in_the_text(load: Load) -> None:
    content = (
        "Title: Old bridge to close\nDate: 7 October 2025\nSource: The Example Courier\n"
        "URL: https://example.org/bridge\nAuthor: Ann Lee and Bo Ek\n\nThe council voted on Tuesday.\n"
    )
    (article,) = load("a.txt", content).articles
    assert article.text == content
    assert article.title == "Old bridge to close"
    assert article.published == date(2025, 10, 7)
    assert (article.outlet, article.url) == ("The Example Courier", "https://example.org/bridge")
    assert article.authors == ("Ann Lee", "Bo Ek")


def test_a_title_after_a_header_without_one(load: Load) -> None:
    (article,) = load("a.txt", "Date: 2025-10-07\n\nOld bridge to close\n\nThe council voted.\n").articles
    assert (article.title, article.published) == ("Old bridge to close", date(2025, 10, 7))


def test_words_with_a_colon_are_not_a_header(load: Load) -> None:
    (article,) = load("a.txt", "Warning: the bridge is shut\n\nDate: unknown to all.\n").articles
    assert (article.title, article.published) == ("Warning: the bridge is shut", None)


def test_a_header_value_that_does_not_fit_is_kept_with_a_warning(load: Load) -> None:
    result = load("a.txt", "Title: A bridge\nDate: 05/06/2025\nLink: javascript:alert(1)\n\nText.\n")
    (article,) = result.articles
    assert (article.published, article.url) == (None, None)
    assert article.metadata == {"Date": "05/06/2025", "Link": "javascript:alert(1)"}
    assert "'05/06/2025' is not a date" in result.warnings[0]
    assert "'javascript:alert(1)' is not a web address" in result.warnings[1]


@pytest.mark.parametrize(("content", "reason"), [("", "the file is empty"), (" \n\u3000\n", "only white space")])
def test_a_file_without_text_is_a_failure(load: Load, content: str, reason: str) -> None:
    result = load("a.txt", content)
    assert result.articles == ()
    assert reason in str(result.failures[0])
    assert "a.txt" in str(result.failures[0])


def test_the_id_comes_from_the_key_not_from_the_place(load: Load) -> None:
    one, other, elsewhere = (
        load(name, text).articles[0] for name, text in (("a.txt", "x"), ("a.txt", "y"), ("b.txt", "x"))
    )
    assert one.article_id == other.article_id
    assert one.article_id != elsewhere.article_id
    assert one.content_sha256 != other.content_sha256
