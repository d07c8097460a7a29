from __future__ import annotations

from datetime import date

import pytest

from tests.index.loaders.conftest import Load

FRONT = """---
# where it is from
title: "Bridge: \\"closed\\" for two years"
date: 2025-10-07
source: The Example Courier
link: https://example.org/bridge
authors:
  - Ann Lee
  - 'Bo O''Neill'
lang: en-GB
tags: [roads, 'public works']
summary: >
  A bridge,
  closed.
---
"""


def test_front_matter_is_particulars_and_the_text_is_what_follows(load: Load) -> None:
    body = "\n# A heading\n\nThe *council* voted.\n"
    result = load("a.md", FRONT + body)
    (article,) = result.articles
    assert article.text == body
    assert article.title == 'Bridge: "closed" for two years'
    assert article.published == date(2025, 10, 7)
    assert (article.outlet, article.url, article.language) == (
        "The Example Courier",
        "https://example.org/bridge",
        "en",
    )
    assert article.authors == ("Ann Lee", "Bo O'Neill")
    assert article.metadata == {"tags": ["roads", "public works"], "summary": "A bridge, closed."}
    assert result.warnings == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# The **old** [bridge](https://example.org) #\n\nText.", "The old bridge"),
        ("Intro.\n\n# The bridge\n", "Intro."),
        ("The bridge\n==========\n\nText.", "The bridge"),
        ("```\n# a comment in code\n```\n\n# The bridge\n", "The bridge"),
        ("## Only a second level\n\nText.", "Only a second level"),
        ("#hashtag is no heading\n\nText", "#hashtag is no heading"),
        ("snake_case stays in `snake_case`\n\nText.", "snake_case stays in snake_case"),
    ],
)
def test_titles(load: Load, text: str, title: str) -> None:
    (article,) = load("a.md", text).articles
    assert article.text == text
    assert article.title == ("The bridge" if text.startswith("Intro.") else title)


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nA thematic break first.\n\n---\n\nAnd a second.\n",
        "---\ntitle: never closed\n\nText.\n",
        "Text.\n---\ntitle: not at the top\n---\n",
    ],
)
def test_what_looks_like_front_matter_and_is_not_stays_text(load: Load, text: str) -> None:
    (article,) = load("a.md", text).articles
    assert article.text == text


def test_front_matter_that_is_not_understood_is_said(load: Load) -> None:
    result = load("a.md", "---\ntitle: A bridge\nplace:\n  city: Ottawa\n@@@\n---\nText.\n")
    assert result.articles[0].title == "A bridge"
    assert [warning for warning in result.warnings if "city: Ottawa" in warning]
    assert [warning for warning in result.warnings if "@@@" in warning]


def test_front_matter_alone_is_no_article(load: Load) -> None:
    result = load("a.md", "---\ntitle: A bridge\n---\n")
    assert not result.articles
    assert "no text" in result.failures[0].reason
