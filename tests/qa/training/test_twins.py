"""Twins of questions and chunks: what is exchanged, and what the exchange does to answers' places."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.training.kin import WordKin
from qa.training.twins import Exchange, ExchangeFinder

CHUNK = (
    "In 1934 the trawler of Ada Brook sank with a cargo of copper. Mabel Finch, who had been mayor since 1921, paid "
    "for a schooner, and in 1951 it brought timber to Port Amble."
)
VESSELS, GOODS, RANKS = range(3)
KINDS = {
    "trawler": VESSELS, "schooner": VESSELS, "lighter": VESSELS, "copper": GOODS, "timber": GOODS, "silver": GOODS,
    "official": RANKS, "unofficial": RANKS,
}  # fmt: skip


def made_up_kin() -> WordKin:
    """Words of three kinds, each with a meaning of its own."""
    kinds = np.zeros((len(KINDS), 3), dtype=np.float32)
    kinds[np.arange(len(KINDS)), list(KINDS.values())] = 1
    return WordKin(tuple(KINDS), kinds, np.eye(len(KINDS), dtype=np.float32))


def exchanges(question: str, *answers: str, chunk: str = CHUNK) -> set[tuple[str, str] | None]:
    finder = ExchangeFinder(["Another chunk of Tom Hale, in 1802.", chunk], made_up_kin())
    found = [finder.find(question, 1, answers, random.Random(seed)) for seed in range(80)]
    return {None if one is None else (one.one, one.other) for one in found}


class TestExchangeFinder:
    def test_a_name_for_another_of_the_chunk(self) -> None:
        assert exchanges("Where was Ada Brook?") == {("Ada Brook", "Mabel Finch"), ("Ada Brook", "Port Amble")}

    def test_a_year_for_another_of_the_chunk(self) -> None:
        assert exchanges("What was in 1934?") == {("1934", "1921"), ("1934", "1951")}

    def test_a_word_for_one_of_its_kind_of_the_chunk_or_from_elsewhere(self) -> None:
        assert exchanges("What was the trawler?") == {("trawler", "schooner"), ("trawler", "lighter")}

    def test_a_word_with_or_without_its_prefix(self) -> None:
        assert exchanges("Was it official?", chunk="The official said no.") == {("official", "unofficial")}
        assert exchanges("Was it unofficial?", chunk="The unofficial view.") == {("unofficial", "official")}
        assert exchanges("Was it unofficial?", chunk="The unofficial view, and an official one.") == {None}

    def test_nothing_of_a_right_answer_is_exchanged(self) -> None:
        assert exchanges("What was in 1934?", "from 1921 on") == {("1934", "1951")}
        assert exchanges("Where was Ada Brook?", "Mabel Finch, the mayor") == {("Ada Brook", "Port Amble")}
        assert exchanges("What was the trawler?", "a schooner") == {("trawler", "lighter")}
        assert exchanges("Was it a trawler, in 1934?", "a trawler") == {("1934", "1921"), ("1934", "1951")}

    def test_nothing_that_the_question_holds_comes_in(self) -> None:
        assert exchanges("Did the trawler, the schooner or both sink?") == {
            ("trawler", "lighter"),
            ("schooner", "lighter"),
        }

    def test_a_form_of_a_word_of_the_chunk_does_not_come_from_elsewhere(self) -> None:
        """Beside "silvery", "silver" would not be foreign."""
        assert exchanges("Was it copper?", chunk="The silvery light. No copper.") == {("copper", "timber")}

    @pytest.mark.parametrize(
        "question",
        [
            pytest.param("Where did the barge go?", id="no word with kin"),
            pytest.param("Where did the lighter go?", id="a word that the chunk does not hold"),
            pytest.param("Where was Anna Lund in 1999?", id="a name and a year that it does not hold"),
            pytest.param("What was she?", id="nothing that says what about"),
        ],
    )
    def test_none_where_nothing_fits(self, question: str) -> None:
        assert exchanges(question) == {None}

    def test_every_open_way_has_its_name_and_is_taken_at_times(self) -> None:
        question = "Did Ada Brook pay for the trawler in 1934?"
        ways = ExchangeFinder([CHUNK], made_up_kin()).open_ways(question, 0, ())
        assert {name: [one for one, _ in way] for name, way in ways.items()} == {
            "a name of the chunk": ["Ada Brook"],
            "a year of the chunk": ["1934"],
            "a word of the chunk": ["trawler"],
            "a foreign word": ["trawler"],
        }
        assert exchanges(question) == {
            ("Ada Brook", "Mabel Finch"), ("Ada Brook", "Port Amble"), ("1934", "1921"), ("1934", "1951"),
            ("trawler", "schooner"), ("trawler", "lighter"),
        }  # fmt: skip

    def test_the_seed_fixes_it(self) -> None:
        finder = ExchangeFinder([CHUNK], made_up_kin())
        question = "Did Ada Brook pay for the trawler?"
        for seed in range(20):
            assert len({finder.find(question, 0, (), random.Random(seed)) for _ in range(3)}) == 1


class TestExchange:
    def test_the_two_take_each_others_places(self) -> None:
        exchange = Exchange("trawler", "schooner")
        assert (
            exchange.of("Trawlers? A trawler, no schooner. Schooner!") == "Trawlers? A schooner, no trawler. Trawler!"
        )

    def test_answers_stay_where_their_words_are(self) -> None:
        """Before, between and behind longer and shorter words."""
        text = "On Monday Ann saw Mabel Finch at noon, and Ann left at six."
        answers = [(text.index(quote), text.index(quote) + len(quote)) for quote in ("Monday", "at noon", "at six")]
        moved, places = Exchange("Ann", "Mabel Finch").of_answering(text, answers)
        assert moved == "On Monday Mabel Finch saw Ann at noon, and Mabel Finch left at six."
        assert [moved[start:end] for start, end in places] == ["Monday", "at noon", "at six"]

    @pytest.mark.parametrize("touched", ["Ada Brook", "Ada", "of Ada", "Brook sank", "trawler of Ada Brook sank"])
    def test_an_answer_that_it_touches_is_left_out(self, touched: str) -> None:
        text = "The trawler of Ada Brook sank at noon."
        answers = [(text.index(quote), text.index(quote) + len(quote)) for quote in (touched, "noon")]
        moved, places = Exchange("Ada Brook", "Tom Hale").of_answering(text, answers)
        assert [moved[start:end] for start, end in places] == ["noon"]

    @given(st.lists(st.sampled_from(["ann", "mabel finch", "saw", "left", ",", "Ann", "anna"]), max_size=12), st.data())
    def test_twice_is_not_at_all(self, words: list[str], data: st.DataObject) -> None:
        text = " ".join(words).lower()
        exchange = Exchange("ann", "mabel finch")
        assert exchange.of(exchange.of(text)) == text
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        moved, places = exchange.of_answering(text, [(start, end)])
        for first, last in places:
            assert moved[first:last] == text[start:end]
            assert exchange.of_answering(moved, [(first, last)]) == (text, ((start, end),))
