"""Single sentences of a chunk: which of them answer, and which are shown beside."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import sentence_spans
from qa.training.alone import OTHERS, Alone, sentences_alone

TEXT = "The ferry left Skye at noon. Rain fell. The ferry was built in 1985. A bell rang at noon. It left late."
ASKED = "When was the ferry built?"


def alone(question: str, *answers: str, seed: int = 1, text: str = TEXT) -> list[Alone]:
    places = [(text.index(answer), text.index(answer) + len(answer)) for answer in answers]
    return sentences_alone(question, text, places, random.Random(seed))


def test_the_sentence_that_answers_comes_first_with_the_answers_place_in_it() -> None:
    first = alone(ASKED, "1985", "in 1985")[0]
    assert first.text == "The ferry was built in 1985."
    assert [first.text[start:end] for start, end in first.answers] == ["1985", "in 1985"]


def test_beside_it_stand_those_that_sound_most_like_the_question() -> None:
    for seed in range(9):
        _, second, third = alone("When did the ferry from Skye leave at noon?", "1985", seed=seed)
        assert (second.text, third.text) == ("The ferry left Skye at noon.", "A bell rang at noon.")
        assert second.answers == third.answers == ()


def test_among_sentences_that_sound_as_much_like_it_chance_decides() -> None:
    third = {alone(ASKED, "1985", seed=seed)[2].text for seed in range(40)}
    assert third == {"Rain fell.", "A bell rang at noon.", "It left late."}


def test_of_two_sentences_that_answer_one_is_shown_and_never_as_one_that_does_not() -> None:
    shown = [alone("When did it leave?", "at noon", "late", seed=seed) for seed in range(40)]
    assert {found[0].text for found in shown} == {"The ferry left Skye at noon.", "It left late."}
    for found in shown:
        assert not {one.text for one in found[1:]} & {"The ferry left Skye at noon.", "It left late."}


def test_a_part_of_an_answer_is_not_shown_as_none() -> None:
    for seed in range(9):
        found = alone("What happened?", "1985", "Skye at noon. Rain fell", seed=seed)
        assert {one.text for one in found} == {"The ferry was built in 1985.", "A bell rang at noon.", "It left late."}


def test_an_answer_in_two_sentences_alone_shows_nothing() -> None:
    assert alone("What happened?", "Skye at noon. Rain fell") == []


def test_without_an_answer_none_of_the_sentences_has_one() -> None:
    found = alone("When did the ferry sink?")
    assert [one.answers for one in found] == [()] * OTHERS
    assert {one.text for one in found} == {"The ferry left Skye at noon.", "The ferry was built in 1985."}


@given(
    st.lists(st.sampled_from(["Ada left. ", "He sang at noon! ", "Why? ", "It cost 3.5 million. "]), max_size=6),
    st.data(),
)
@settings(max_examples=100)
def test_what_is_shown_is_of_the_text_and_answers_keep_their_words(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    places = [
        (start, data.draw(st.integers(start + 1, min(len(text), start + 12))))
        for start in data.draw(st.lists(st.integers(0, max(0, len(text) - 1)), max_size=3 if text else 0))
    ]
    found = sentences_alone("Who sang at noon?", text, places, random.Random(3))
    sentences = {text[start:end] for start, end in sentence_spans(text)}
    words = {text[start:end] for start, end in places}
    assert len(found) <= 1 + OTHERS
    for number, one in enumerate(found):
        assert one.text in sentences
        assert bool(one.answers) == bool(places and number == 0)
        assert {one.text[start:end] for start, end in one.answers} <= words
