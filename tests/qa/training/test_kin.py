"""Which words are of one kind, by vectors made up here and by the embedded model's."""

from __future__ import annotations

import numpy as np
import pytest

from qa.training.kin import LEAST_TIMES, WordKin, plain_words, same_stem


def towards(*cosines: float) -> np.ndarray:
    """Vectors of length 1 with these cosines to the first axis, and none with each other but by it."""
    found = np.zeros((len(cosines), len(cosines) + 1), dtype=np.float32)
    for place, cosine in enumerate(cosines):
        found[place, 0], found[place, place + 1] = cosine, np.sqrt(1 - cosine**2)
    return found


def kin(kinds: dict[str, float], meanings: dict[str, float] | None = None) -> WordKin:
    """Words with their cosines to the first of them, in kind and in meaning."""
    return WordKin(
        tuple(kinds), towards(*kinds.values()), towards(*((meanings or {}).get(word, 0.1) for word in kinds))
    )


def test_the_words_most_of_one_kind_come_first() -> None:
    words = kin({"kettle": 1.0, "barrel": 0.3, "bucket": 0.5, "cask": 0.1})
    assert words.of_vocabulary("kettle") == ["bucket", "barrel"]
    assert words.of_chunk("kettle", ["cask", "barrel", "bucket", "unheard"]) == ["bucket", "barrel", "cask"]


def test_words_that_may_mean_the_same_are_no_kin() -> None:
    words = kin({"kettle": 1.0, "teapot": 0.6, "bucket": 0.5}, {"kettle": 1.0, "teapot": 0.8, "bucket": 0.4})
    assert words.of_vocabulary("kettle") == ["bucket"]
    assert words.of_chunk("kettle", ["teapot", "bucket"]) == ["bucket"]


def test_forms_of_one_word_and_other_forms_are_no_kin() -> None:
    words = kin({"kettle": 1.0, "kettles": 0.9, "buckets": 0.8, "carrying": 0.7, "bucket": 0.5})
    assert words.of_vocabulary("kettle") == ["bucket"]


def test_a_word_of_no_vocabulary_has_no_kin() -> None:
    words = kin({"kettle": 1.0, "bucket": 0.5})
    assert words.of_vocabulary("unheard") == []
    assert words.of_chunk("unheard", ["kettle"]) == []
    assert words.of_chunk("kettle", []) == []


def test_few_are_taken() -> None:
    words = kin({"kettle": 1.0, **{f"{letter}{letter}vessel": 0.5 for letter in "bcdfghjklmnpqrst"}})
    assert len(words.of_vocabulary("kettle")) == 12
    assert len(words.of_chunk("kettle", [f"{letter}{letter}vessel" for letter in "bcdfgh"])) == 4


@pytest.mark.parametrize(
    ("word", "other", "same"),
    [("kettle", "kettles", True), ("elect", "electoral", True), ("north", "northern", True), ("made", "remade", True),
     ("kettle", "bucket", False)],
)  # fmt: skip
def test_same_stem(word: str, other: str, same: bool) -> None:
    assert same_stem(word, other) is same
    assert same_stem(other, word) is same


def test_plain_words_carry_a_meaning_and_are_no_names() -> None:
    text = "The old kettle's lid, which Ada had, was the old x-ray kettle: well-known, out."
    assert plain_words(text) == ("kettle",)


def test_the_embedded_model_tells_kinds() -> None:
    """Of words that stand often enough: what a thing is like, and what is done with it, in the form that it has."""
    words = ["horizontal", "vertical", "quickly", "rapidly", "published", "printed", "kettle", "bucket"]
    vocabulary = WordKin.of_texts([" ".join(words)] * LEAST_TIMES + ["ladle"] * (LEAST_TIMES - 1))
    assert set(words) == {word for word in [*words, "ladle"] if word in vocabulary}
    assert vocabulary.of_chunk("kettle", words) == ["bucket"]
    assert vocabulary.of_vocabulary("published") == ["printed"]
    assert "rapidly" not in vocabulary.of_vocabulary("quickly")


def test_too_few_texts_are_an_error_that_says_so() -> None:
    with pytest.raises(ValueError, match="too few"):
        WordKin.of_texts(["A kettle.", "And a bucket."])
