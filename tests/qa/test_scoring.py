"""SQuAD's exact match and F1, by hand."""

from __future__ import annotations

import pytest

from qa.scoring import exact_match, normalised, token_f1


@pytest.mark.parametrize(
    ("answer", "expected", "match", "f1"),
    [
        ("The Amazon", ["amazon!"], 1, 1),
        ("the river Amazon", ["Amazon"], 0, 2 * 1 / 3),
        ("a b c d", ["c d e"], 0, 2 * 2 / (3 + 3)),  # "a" is an article
        ("x x y", ["x y y"], 0, 2 * 2 / 6),  # words count as often as they stand in both
        ("Paris", ["London", "in Paris"], 0, 2 / 3),
        ("", [], 0, 0),
        ("", ["the"], 1, 1),
        ("Paris", [""], 0, 0),
    ],
)
def test_by_hand(answer: str, expected: list[str], match: float, f1: float) -> None:
    assert exact_match(answer, expected) == match
    assert token_f1(answer, expected) == pytest.approx(f1)


def test_normalised_as_the_official_script_does() -> None:
    assert normalised("  The U.S.'s  $2.4-million  an Theatre ") == ["uss", "24million", "theatre"]
