"""The benchmark of reading alone: whose paragraph a question gets, and the threshold of saying nothing."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.paragraphs import Given, Read, best_threshold, dev_questions, table, thresholds_of_others

TEXT = "The ferry sank off Skye.\n\nThe tram cost nine million.\n\nA vote follows."


def given_one(*answers: str, article: str = "ferry") -> Given:
    return Given(article, "Ferry", TEXT, "?", answers)


reads = st.lists(
    st.builds(
        lambda answerable, score, f1: Read(
            given_one("x") if answerable else given_one(), score, 0.0, f1 if answerable else 0.0
        ),
        st.booleans(),
        st.floats(-5, 5).map(lambda score: round(score, 3)),
        st.sampled_from([0.0, 0.5, 1.0]),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda read: read.score,
)


def squad2_f1(rows: list[Read], threshold: float) -> float:
    """SQuAD 2.0's rule, in its own words: no answer counts 1 where there is none and 0 where there is one."""
    total = 0.0
    for row in rows:
        if row.score >= threshold:
            total += row.f1 if row.given.answers else 0
        else:
            total += 0 if row.given.answers else 1
    return total


@given(reads)
def test_no_threshold_is_better(rows: list[Read]) -> None:
    found = squad2_f1(rows, best_threshold(rows))
    assert found == max(squad2_f1(rows, threshold) for threshold in [*(row.score for row in rows), np.inf])


def test_the_table_by_hand() -> None:
    rows = [
        Read(given_one("nine"), 2.0, 1.0, 1.0),
        Read(given_one("Skye"), 0.5, 0.0, 0.5),
        Read(given_one(), 1.0, 0.0, 0.0),
        Read(given_one(), -1.0, 0.0, 0.0),
    ]
    values = [
        line.split(" | ")[1].split(" ")[0] for line in table("x", rows, 0.8) if "[" in line and "measure" not in line
    ]
    assert values == [
        "0.500",
        "0.750",
        "0.500",
        "0.500",  # of all: 1, then nothing where there is an answer, wrong, right
        "0.500",
        "0.500",  # no other article: nothing is said
    ]


def test_thresholds_of_others_by_hand() -> None:
    rows = [
        Read(given_one("nine", article="ferry"), 2.0, 1.0, 1.0),
        Read(given_one(article="ferry"), 1.0, 0.0, 0.0),
        Read(given_one("Skye", article="tram"), 0.5, 1.0, 1.0),
        Read(given_one(article="tram"), -1.0, 0.0, 0.0),
    ]
    assert thresholds_of_others(rows) == [0.5, 0.5, 2.0, 2.0]


@given(reads, reads)
def test_an_articles_own_questions_never_choose_its_threshold(own: list[Read], others: list[Read]) -> None:
    own = [replace(row, given=replace(row.given, article="own")) for row in own]
    found = thresholds_of_others([*own, *others])
    assert found[: len(own)] == [best_threshold(others)] * len(own)
    assert found[len(own) :] == [best_threshold(own)] * len(others)


def test_a_question_gets_its_paragraph_and_one_without_answers_that_of_the_one_before(tmp_path: Path) -> None:
    def write(name: str, rows: list[dict[str, Any]]) -> None:
        with gzip.open(tmp_path / "squad" / name, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)

    (tmp_path / "squad").mkdir()
    write("articles.jsonl.gz", [{"id": "ferry", "title": "Ferry", "text": TEXT, "published": None}])
    place = TEXT.index("nine")
    evidence = [{"article": "ferry", "start": place, "end": place + 4}]
    write(
        "questions.dev.jsonl.gz",
        [
            {"id": "1", "question": "How much?", "answers": ["nine"], "evidence": evidence},
            {"id": "2", "question": "Who paid?", "answers": [], "evidence": []},
        ],
    )
    found = dev_questions(tmp_path)
    assert [(one.question, one.paragraph, one.answers) for one in found] == [
        ("How much?", "The tram cost nine million.", ("nine",)),
        ("Who paid?", "The tram cost nine million.", ()),
    ]
