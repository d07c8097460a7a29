from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.loaders import find_files, load_file
from index.loaders.titles import MAX_HEADLINE_CHARS, MAX_TITLE_CHARS, readable_name, title_from_text

LONG = "The council voted on Tuesday to close the old bridge for two years while its piers are rebuilt, officials said."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Old bridge to close\n\n{LONG}", "Old bridge to close"),
        (f"\n\n  Old bridge to close  \n{LONG}", "Old bridge to close"),
        (f"Will the bridge reopen?\n\n{LONG}", "Will the bridge reopen?"),
        (f"Bridge talks open in the U.S.\n\n{LONG}", "Bridge talks open in the U.S."),
        (f"* * *\n\nOld bridge to close\n\n{LONG}", "Old bridge to close"),
        # a first line that is a sentence, or runs on, is no headline
        ("The bridge is shut.\n\nIt was old.", "The bridge is shut"),
        ("Dear reader,\n\nthe bridge is shut.", "Dear reader,"),
        (LONG, "The council voted on Tuesday to close the old bridge for two years while its…"),
        (f"The bridge shut. {LONG}", "The bridge shut"),
        (f"Mr. Lee met U.S. officials. {LONG}", "Mr. Lee met U.S. officials"),
        ("A line that is wrapped at about\nsixty characters as mail is.", "A line that is wrapped at about"),
        (f"{LONG[:94]}\n{LONG[:99]}", "The council voted on Tuesday to close the old bridge for two years while its…"),
        ("", "Budget vote 2024"),
        ("--- *** ---", "Budget vote 2024"),
        ("新" * 200, "新" * (MAX_TITLE_CHARS - 1) + "…"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert title_from_text(text, "budget-vote_2024") == title


def test_a_cut_does_not_go_through_a_character() -> None:
    family = "👩\u200d👩\u200d👧"
    for lead in range(1, 7):
        title = title_from_text("é" * lead + family * 40, "x").removesuffix("…")
        assert title.removeprefix("é" * lead).replace(family, "") == ""


@given(st.text())
def test_a_title_is_one_short_line_and_only_empty_without_a_name(text: str) -> None:
    title = title_from_text(text, "name")
    assert title
    assert len(title) <= max(MAX_HEADLINE_CHARS, MAX_TITLE_CHARS + 1)
    assert title == " ".join(title.split())


def test_readable_name() -> None:
    assert readable_name("000_budget--vote") == "000 budget vote"


def test_the_two_articles_are_titled_by_their_first_words(shared_dir: Path) -> None:
    results = [load_file(source) for source in find_files([shared_dir / "articles"])]
    assert len(results) == 2
    for result in results:
        (article,) = result.articles
        words = article.title.removesuffix("…")
        assert article.title.endswith("…")
        assert 40 <= len(article.title) <= MAX_TITLE_CHARS + 1
        assert article.text.lstrip().startswith(words + " ")
