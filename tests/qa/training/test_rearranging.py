"""Chunks put together anew: every sentence is one of the given ones, and answers stay where they point at."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentence_spans
from qa.training.rearranging import ANSWER_LEFT_OUT, MOST_ADDED, SHUFFLED, rearrange

WORDS = ("Herring", "lamp", "O’Brien", "cost", "$2.4 million", "the", "keeper", "Larkmouth", "in", "1911")
sentence = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(lambda words: f"The {' '.join(words)} sank.")
chunk = st.lists(sentence, min_size=1, max_size=7).map(" ".join)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@st.composite
def chunks_with_answers(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    text = draw(chunk)
    answers = []
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text) - 1))
        answers.append((start, draw(st.integers(start + 1, min(len(text), start + 25)))))
    return text, answers


@given(chunks_with_answers(), chunk, st.integers(0, 10_000))
def test_answers_point_at_the_same_words(given_chunk: tuple[str, list[tuple[int, int]]], other: str, seed: int) -> None:
    text, answers = given_chunk
    made = rearrange(text, answers, other, random.Random(seed))
    before = {text[start:end] for start, end in answers}
    assert {made.text[start:end] for start, end in made.answers} <= before


@given(chunks_with_answers(), chunk, st.integers(0, 10_000))
def test_every_sentence_is_one_of_the_given_ones(
    given_chunk: tuple[str, list[tuple[int, int]]], other: str, seed: int
) -> None:
    text, answers = given_chunk
    made = rearrange(text, answers, other, random.Random(seed))
    left = Counter(sentences(made.text))
    assert left <= Counter(sentences(text)) + Counter(sentences(other))
    assert left & Counter(sentences(other)), "at least one sentence of the other chunk"
    assert (left - Counter(sentences(text))).total() <= MOST_ADDED


def test_how_often_the_answer_stays_and_the_order_changes() -> None:
    text = " ".join(f"Boat {number} sank." for number in range(9))
    answer = (text.index("Boat 4"), text.index("Boat 4") + 6)
    made = [rearrange(text, [answer], "Another ship came.", random.Random(seed)) for seed in range(400)]
    assert all(one.text[start:end] == "Boat 4" for one in made for start, end in one.answers)
    lost = sum(not one.answers for one in made)
    assert abs(lost / 400 - ANSWER_LEFT_OUT) < 0.07
    assert all(("Boat 4" in one.text) == bool(one.answers) for one in made)
    of_own = [[one for one in sentences(made_one.text) if one.startswith("Boat")] for made_one in made]
    shuffled = sum(own != sorted(own) for own in of_own)
    assert abs(shuffled / 400 - SHUFFLED) < 0.09, "a shuffle that keeps the order is rare"
    kept = sum(len([one for one in own if "4" not in one]) for own in of_own) / (400 * 8)
    assert 0.65 < kept < 0.75
    assert all("Another ship came." in one.text for one in made)


def test_an_answer_across_two_sentences_is_not_kept() -> None:
    text = "It was old. It sank. It rose."
    across = (text.index("old"), text.index("sank") + 4)
    assert all(not rearrange(text, [across], "", random.Random(seed)).answers for seed in range(50))


def test_the_seed_fixes_it() -> None:
    text, other = "One came. Two came. Three came.", "Four came. Five came."
    one, same = (rearrange(text, [(0, 3)], other, random.Random(7)) for _ in range(2))
    assert one == same
    assert len({rearrange(text, [(0, 3)], other, random.Random(seed)).text for seed in range(30)}) > 10
