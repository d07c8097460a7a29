"""Questions changed so that their chunk does not answer them."""

from __future__ import annotations

import random
import re

import pytest

from qa.training.unanswerable import changed_question

CHUNK = "In 1934 the trawler of Ada Brook sank off Larkmouth. Ada Brook and John Reed were saved in Port Amble."
OTHERS = [
    "Later the mayor, Mabel Finch, paid for a new boat. It was named by Ada Brook in 1951.",
    "In the harbour of West Quay there was a feast, and the Larkmouth Echo wrote of Tom Hale.",
]


def changed(
    question: str, seed: int = 1, *, chunk: str = CHUNK, title: str = "", others: list[str] = OTHERS
) -> str | None:
    return changed_question(question, chunk, title, others, random.Random(seed))


@pytest.mark.parametrize("seed", range(20))
def test_another_name_of_the_article_takes_its_place(seed: int) -> None:
    found = changed("Who saved Ada Brook?", seed, title="The Larkmouth Echo")
    assert found is not None
    name = re.fullmatch(r"Who saved (.+)\?", found)
    assert name
    assert name[1] in {"Mabel Finch", "West Quay", "Tom Hale"}  # two words, and not what chunk, title or question hold


@pytest.mark.parametrize("seed", range(20))
def test_another_year_that_the_chunk_does_not_hold(seed: int) -> None:
    found = changed("Which boat of Ada Brook sank in 1934?", seed)
    assert found is not None
    assert found.startswith("Which boat of Ada Brook sank in ")
    (year,) = re.findall(r"\d{4}", found)
    assert year not in CHUNK
    assert abs(int(year) - 1934) <= 31


def test_a_year_that_the_chunk_holds_is_no_other_year() -> None:
    every_year = " ".join(str(year) for year in range(1880, 2000))
    assert changed("What sank in 1934?", chunk=every_year) is None


@pytest.mark.parametrize(
    ("question", "title", "others"),
    [
        pytest.param("what sank off the coast?", "", OTHERS, id="no name"),
        pytest.param("Who saved Mabel Finch?", "", OTHERS, id="a name that the chunk does not hold"),
        pytest.param("Who saved Ada Brook?", "Ada Brook", OTHERS, id="what the article is about"),
        pytest.param("Who saved Ada Brook?", "", [], id="no other text"),
        pytest.param("Who saved Ada Brook?", "", ["John Reed and Port Amble."], id="the chunk holds the others"),
        pytest.param("Who saved Ada Brook?", "", ["It was Mabel who did."], id="no name of as many words"),
        pytest.param("What sank in 1951?", "", OTHERS, id="a year that the chunk does not hold"),
    ],
)
def test_none_where_nothing_fits(question: str, title: str, others: list[str]) -> None:
    assert all(changed(question, seed, title=title, others=others) is None for seed in range(10))


def test_the_seed_fixes_it() -> None:
    question = "Who saved Ada Brook?"
    found = {changed(question, seed) for seed in range(20)}
    assert len(found) > 1
    for seed in range(20):
        assert changed(question, seed) == changed(question, seed, others=OTHERS[::-1])
