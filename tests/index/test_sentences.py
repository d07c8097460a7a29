"""The sentence splitter: what it promises of any text, and where it cuts English."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from textwrap import fill
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Article
from index.sentences import sentence_spans, split_article
from tests.index.sentence_cases import CUT, GOLDEN_RULES, LINES, NEWS_HABITS, OTHER_LANGUAGES


def marked_cases(*tables: dict[str, list[str]]) -> list[Any]:
    return [
        pytest.param(marked, id=f"{rule}-{number}")
        for table in tables
        for rule, texts in table.items()
        for number, marked in enumerate(texts, 1)
    ]


def sentences_of(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize("marked", marked_cases(GOLDEN_RULES, NEWS_HABITS, OTHER_LANGUAGES, LINES))
def test_cuts_where_the_mark_stands(marked: str) -> None:
    assert sentences_of(marked.replace(CUT, "")) == [sentence.strip() for sentence in marked.split(CUT)]


def test_there_is_a_case_for_each_golden_rule() -> None:
    assert len(GOLDEN_RULES) == 48


def test_the_published_golden_rules(shared_dir: Path) -> None:
    rules = json.loads((shared_dir / "data" / "sentences" / "golden-rules.json").read_text(encoding="utf-8"))
    failed = [rule["text"] for rule in rules if sentences_of(rule["text"]) != rule["sentences"]]
    assert len(rules) == 48
    assert len(rules) - len(failed) >= 46, failed


HOSTILE_PIECES = [
    *".!?…。؟\"'“”‘’()[]•-—,:/@&aZé7 \t\n\u00a0\u2028\u2029\u200b\u200d\ufeff\f\x00\x85\u0301",
    "\r\n", "\n\n", ". . .", "U.S. ", "Dr. ", "No. 5", "p.m. ", "J. ", "1. ", "b) ", "He said. ", "(It is.) ", "👩‍👩‍👧",
    "שלום. ", "ع؟ ", "雨です。", "https://a.b/C.D?e=F ", "A.b@c.org ", "end.Then ", "x" * 70, " " * 70,
]  # fmt: skip
hostile_text = st.one_of(st.text(), st.lists(st.sampled_from(HOSTILE_PIECES), max_size=40).map("".join))


@given(hostile_text)
def test_nothing_is_lost_doubled_or_stripped(text: str) -> None:
    spans = sentence_spans(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = set[int]()
    for start, end in spans:
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        covered.update(range(start, end))
    assert all(char.isspace() for offset, char in enumerate(text) if offset not in covered)


one_line = hostile_text.map(lambda text: " ".join(text.split()))


@given(one_line, one_line)
def test_a_blank_line_parts_texts_that_do_not_touch_each_other(above: str, below: str) -> None:
    shift = len(above) + 2
    moved = [(start + shift, end + shift) for start, end in sentence_spans(below)]
    assert sentence_spans(f"{above}\n\n{below}") == sentence_spans(above) + moved


@given(hostile_text, st.text(" \t\u3000", max_size=5))
def test_white_space_before_a_text_only_moves_its_sentences(text: str, space: str) -> None:
    assert sentence_spans(space + text) == [
        (start + len(space), end + len(space)) for start, end in sentence_spans(text)
    ]


PROSE = (
    "At 9 a.m. Mr. Lund of Holm Inc. met Gov. Ann Poe near St. Olaf's School in Troy, N.Y., where the two had been "
    "pupils in the 1980s. “I like it here,” she said. “Do you?” He did not, e.g. because of the fog, which hung over "
    "the U.S. Coast Guard station until 4 p.m. Monday. The No. 5 bus, however, had left on Sept. 15 and not come back "
    ". . . It never did. Nobody knows why it was late that day of all days; Dr. Hay, 42, blamed J. K. Moss."
)


@pytest.mark.parametrize("width", range(40, 101, 4))
def test_wrapping_a_text_moves_no_boundary(width: int) -> None:
    wrapped = fill(PROSE, width, break_on_hyphens=False)
    assert wrapped.count("\n") >= 4
    assert [" ".join(sentence.split()) for sentence in sentences_of(wrapped)] == sentences_of(PROSE)


def lines_run(function: Callable[[str], object], text: str) -> int:
    """How many lines of Python the function runs on ``text``: a count that no busy machine changes."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(text)
    finally:
        sys.settrace(before)
    return count


ADVERSARIAL = [
    "A. ",
    "“a. ",
    '"a."B',
    "(a. ",
    "a.) ",
    "$. ",
    "a\n",
    "Ab. c\n",
    "1. A ",
    "• a ",
    ". (",
    "? 'A",
    "U.S. A",
    "a.b@c ",
]


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_twice_the_text_runs_twice_the_lines(piece: str) -> None:
    once, twice = (lines_run(sentence_spans, piece * count) for count in (400, 800))
    assert twice <= 2.1 * once + 100


@pytest.mark.timeout(20)
@pytest.mark.parametrize("size", [100_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "piece", [*ADVERSARIAL, "a", ".", ". ", "!?", " ", "\n", "(", '"', '."', "\u2028", "a.B", ". [1"]
)
def test_a_long_text_takes_no_minutes(piece: str, size: int) -> None:
    """A match that goes back and forth takes 50 s and more here: in the regular expressions no line is counted."""
    text = (piece * size)[:size]
    spans = sentence_spans(text)
    assert sum(len("".join(text[start:end].split())) for start, end in spans) == len("".join(text.split()))


def test_the_sentences_of_an_article_are_numbered_slices_of_its_text() -> None:
    article = Article(article_id="harbour", text="The ferry left. 👋\r\n\r\nNobody waved. Why?")
    sentences = split_article(article)
    assert [article.text[s.start_char : s.end_char] for s in sentences] == [
        "The ferry left. 👋",
        "Nobody waved.",
        "Why?",
    ]
    assert [s.position for s in sentences] == [0, 1, 2]
    assert {s.article_id for s in sentences} == {"harbour"}
    assert sentences[1].sentence_id == "harbour:19-32"


@pytest.mark.parametrize("text", ["", " \n\t\u2028\f"])
def test_white_space_holds_no_sentence(text: str) -> None:
    assert sentence_spans(text) == []
