"""EM and F1 against SQuAD 2.0's evaluation, written a second time from its description, on random answers."""

from __future__ import annotations

import importlib.util
import os
import random
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

from eval.measures.answers import best_span_em, best_span_f1, given_em, given_f1

PUNCTUATION = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
PIECES = [
    *["the", "The", "THE", "a", "A", "an", "An", "theatre", "another", "cat", "Cat", "tram", "Skye", "nine", "1835"],
    *["don't", "don’t", "U.S.", "$2.4-million", "the-cat", "«cat»", "“tram”", "–", "—", "...", "!", "'", "_", "a_b"],
    *["é", "e\u0301", "a\u0301", "İ", "ß", "ẞ", "ſ", "ﬁ", "東京", "Ａ", "１", "👍🏽", "ά", "Σ"],
    "\u0430",  # Cyrillic a is no article
]
SPACES = [" ", "  ", "\t", "\n", "\u00a0", "\u2003", "\u200b", "\x1c", ""]


def tokens(text: str) -> list[str]:
    """In lower case, without ASCII's punctuation; then, in what is left, words that are articles become a space."""
    kept = re.sub("[" + re.escape(PUNCTUATION) + "]", "", text.lower())
    pieces = re.split(r"(\W+)", kept)  # words, and what stands between them, in turn
    return "".join(" " if piece in ("a", "an", "the") else piece for piece in pieces).split()


def f1(gold: list[str], said: list[str]) -> Fraction:
    """The harmonic mean of precision and recall, exactly; where one is empty, whether both are."""
    if not gold or not said:
        return Fraction(gold == said)
    left, common = list(gold), 0
    for token in said:
        if token in left:
            left.remove(token)
            common += 1
    if not common:
        return Fraction(0)
    precision, recall = Fraction(common, len(said)), Fraction(common, len(gold))
    return 2 * precision * recall / (precision + recall)


def by_description(said: str, expected: list[str]) -> tuple[float, float]:
    """EM and F1: the best over the expected answers of which something is left; where there are none, over ""."""
    golds = [gold for one in expected if (gold := tokens(one))] or [[]]
    given = tokens(said)
    return float(given in golds), float(max(f1(gold, given) for gold in golds))


def random_answer(chance: random.Random) -> str:
    return "".join(
        chance.choice(PIECES) + chance.choice(SPACES) for _ in range(chance.choice([0, 0, 1, 1, 2, 3, 4, 8]))
    )


def thousand_cases() -> Iterator[tuple[str, list[str]]]:
    """What was said, and what was expected."""
    chance = random.Random(8)
    for _ in range(1000):
        expected = [random_answer(chance) for _ in range(chance.randrange(4))]
        yield chance.choice([random_answer(chance), "", *expected, *(one.upper() for one in expected)]), expected


@pytest.mark.skipif(
    "SQUAD_EVALUATION" not in os.environ,
    reason="the official script's licence does not let it lie here; SQUAD_EVALUATION names a copy of evaluate-v2.0.py",
)
def test_the_official_script_gives_the_same_for_a_thousand_random_answers() -> None:
    cases = dict(enumerate(thousand_cases()))
    asked = [
        {"id": str(number), "answers": [{"text": one} for one in expected]} for number, (_, expected) in cases.items()
    ]
    spec = importlib.util.spec_from_file_location("official", os.environ["SQUAD_EVALUATION"])
    assert spec
    assert spec.loader
    official = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(official)
    exact, shares = official.get_raw_scores(
        [{"paragraphs": [{"qas": asked}]}], {str(number): said for number, (said, _) in cases.items()}
    )
    for number, (said, expected) in cases.items():
        assert given_em(said, expected) == exact[str(number)], (said, expected)
        assert given_f1(said, expected) == pytest.approx(shares[str(number)], abs=1e-9), (said, expected)


def test_a_thousand_random_answers_are_measured_as_the_official_evaluation_does() -> None:
    seen: set[tuple[float, bool]] = set()
    for said, expected in thousand_cases():
        em, share = by_description(said, expected)
        found = given_em(said, expected), given_f1(said, expected)
        assert found[0] == em, (said, expected)
        assert found[1] == pytest.approx(share, abs=1e-12), (said, expected)
        assert (best_span_em(said, expected), best_span_f1(said, expected)) == found
        assert found[0] in (0, 1)
        seen.add((em, 0 < share < 1))
    assert seen == {(0, False), (0, True), (1, False)}, "the cases are of every kind"


@pytest.mark.parametrize(
    ("said", "expected", "em", "share"),
    [
        (None, [], 1, 1),
        ("cat", [], 0, 0),
        ("the", [], 1, 1),  # nothing is left of it: the same as saying nothing
        (None, ["the", "cat"], 0, 0),  # "the" is no answer where there is another
        ("a", ["the"], 1, 1),
        ("the cat", ["Cat!"], 1, 1),
        ("“cat”", ["cat"], 0, 0),  # only ASCII's punctuation is left out
        ("don’t", ["don't"], 0, 0),
        ("cafe\u0301", ["café"], 0, 0),  # composed and decomposed letters differ
        ("１", ["1"], 0, 0),
        ("STRASSE", ["Straße"], 0, 0),  # lower case is not folded case
    ],
)
def test_where_it_is_strict_and_where_it_is_not(said: str | None, expected: list[str], em: float, share: float) -> None:
    assert (given_em(said, expected), given_f1(said, expected)) == (em, share)
