"""Questions changed so that their chunk does not answer them."""

from __future__ import annotations

import random
import re

import pytest

from qa.training.examples import Passage
from qa.training.unanswerable import OPPOSITES, QuestionChanger

CHUNK = "In 1934 the trawler of Ada Brook sank off Larkmouth. Ada Brook and John Reed were saved in Port Amble."
OTHERS = [
    "Later the mayor, Mabel Finch, paid for a new boat. It was named by Ada Brook in 1951.",
    "In the harbour of West Quay there was a feast, and the Larkmouth Echo wrote of Mabel Finch and of Tom Hale.",
    "Nobody in West Quay had heard of Anna Lund.",
]


def changed(
    question: str, seed: int = 1, *, chunk: str = CHUNK, title: str = "", others: list[str] = OTHERS
) -> str | None:
    passages = [
        Passage("elsewhere", "", "In Grand Port all knew Olga Berg. Olga Berg had sung."),
        Passage("harbour", title, chunk),
        *(Passage("harbour", title, text) for text in others),
        Passage("elsewhere", "", "In Grand Port they had a song of Olga Berg."),
    ]
    return QuestionChanger(passages).changed(question, 1, random.Random(seed))


def every_change(question: str, **given: object) -> set[str | None]:
    return {changed(question, seed, **given) for seed in range(60)}  # type: ignore[arg-type]


def test_another_name_of_the_article_takes_its_place() -> None:
    """Two words like the one that goes; in two other chunks of the article; and not in chunk, title or question."""
    assert every_change("Who saved Ada Brook?", title="The Larkmouth Echo") == {
        "Who saved Mabel Finch?",
        "Who saved West Quay?",
    }


@pytest.mark.parametrize("seed", range(20))
def test_another_year_that_the_chunk_does_not_hold(seed: int) -> None:
    found = changed("Which boat sank in 1934?", seed)
    assert found is not None
    assert found.startswith("Which boat sank in ")
    (year,) = re.findall(r"\d{4}", found)
    assert year not in CHUNK
    assert abs(int(year) - 1934) <= 31


def test_a_word_becomes_its_opposite() -> None:
    assert every_change("What was the largest boat?") == {"What was the smallest boat?"}
    assert every_change("What was the largest boat?", chunk="The smallest boat sank, the largest did not.") == {None}


def test_each_way_is_taken_at_times() -> None:
    found = every_change("Who bought the boat of Ada Brook in 1934?")
    assert None not in found
    texts = [text or "" for text in found]
    assert {"sold" in text for text in texts} == {True, False}
    assert {"Ada Brook" in text for text in texts} == {True, False}
    assert {"1934" in text for text in texts} == {True, False}
    for text in texts:
        assert ("sold" in text) + ("Ada Brook" not in text) + ("1934" not in text) == 1, text


def test_only_whole_words_are_exchanged_and_looked_for() -> None:
    chunk = "On Monday Ann told Annie of 19345 tons. They lasted."
    others = ["Bob Lund and Joe met. Then Joe left.", "Here is Joe too."]
    assert every_change("Which news did Ann tell Annie?", chunk=chunk, others=others) == {
        "Which news did Joe tell Annie?",
        "Which news did Ann tell Joe?",
    }
    assert every_change("What weighed tons in 1934?", chunk=chunk, others=others) == {None}
    assert every_change("Which was first?", chunk=chunk, others=others) == {"Which was last?"}


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
        pytest.param("Who saved Ada Brook?", "", ["Anna Lund was not there."], id="a name of one other chunk only"),
        pytest.param("Who saved Ada Brook?", "", ["See John Reed."] * 2, id="the chunk holds the others"),
        pytest.param("Who saved Ada Brook?", "", ["It was Mabel who did."] * 2, id="no name of as many words"),
        pytest.param("What sank in 1951?", "", OTHERS, id="a year that the chunk does not hold"),
        pytest.param("Who was a landlord?", "", OTHERS, id="an opposite inside a word"),
    ],
)
def test_none_where_nothing_fits(question: str, title: str, others: list[str]) -> None:
    assert every_change(question, title=title, others=others) == {None}


def test_the_seed_fixes_it() -> None:
    question = "Who saved Ada Brook?"
    for seed in range(20):
        assert changed(question, seed) == changed(question, seed, others=OTHERS[::-1])


def test_opposites_are_mutual_and_no_word_is_its_own() -> None:
    for word, others in OPPOSITES.items():
        assert word not in others
        assert len(set(others)) == len(others)
        for other in others:
            assert word in OPPOSITES[other]
