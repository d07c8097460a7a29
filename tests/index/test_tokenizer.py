"""Terms: what meets what, for any text, on any thread."""

from __future__ import annotations

import string
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.tokenizer import QUESTION_WORDS, Tokenizer

UNHURRIED = settings(deadline=None, max_examples=60)
STEMS = Tokenizer(stem=True)
WORDS = Tokenizer(stem=False)


class TestTokenizer:
    @pytest.mark.parametrize(
        ("asked", "written"),
        [
            ("7.1", "rose by 7.1%."),
            ("7.1%", "7.1 percent"),
            ("7.1", "-7.1 or −7.1"),
            ("25 %", "(25%)"),
            ("$1.5", "1.5 million dollars"),
            ("1.5", "$1.5bn"),
            ("1000", "1,000 people"),
            ("1,000,000", "1000000"),
            ("2023", "the 2023-24 season"),
            ("24", "the 2023–24 season"),
            ("1990", "the 1990s"),
            ("20th", "the 20th century"),
            ("US", "the U.S. army"),
            ("U.S.", "(US)"),
            ("U.S.", "the U.S.'s"),
            ("usa", "U.S.A."),
            ("Canada", "Canada’s minister"),
            ("Canada's", "CANADA"),
            ("O'Neil", "O’Neil’s"),
            ("email", "an e-mail"),
            ("cooperate", "co‑operate"),
            ("art", "state-of-the-art"),
            ("minus", "-minus"),
            ("comma", "a,comma,b"),
            ("quoted", "“quoted,” he said"),
            ("snake", "snake_case"),
            ("naive", "naïve"),
            ("Łódź", "Lodz"),
            ("Strasse", "STRAßE"),
            ("fine", "ﬁne"),
            ("123", "１２３"),
            ("soft", "so\u00adft"),
            ("東京", "「東京タワー」へ"),
            ("정부", "정부는"),
            ("🎉", "party🎉"),
        ],
    )
    def test_what_means_the_same_meets(self, asked: str, written: str) -> None:
        assert set(WORDS.query_terms(asked)) & set(WORDS(written))

    @pytest.mark.parametrize(
        ("asked", "written"), [("71", "7.1"), ("15", "1.5"), ("15", "1,5"), ("202324", "2023-24"), ("100", "1,000")]
    )
    def test_other_numbers_do_not_meet(self, asked: str, written: str) -> None:
        assert not set(WORDS(asked)) & set(WORDS(written))

    def test_terms_of_a_sentence(self) -> None:
        text = "Canada’s GDP (in U.S. dollars) fell -7.1% to $1,234.50bn; e-mails, 2023-24."
        assert WORDS(text) == (
            *("canada", "gdp", "in", "us", "dollars", "fell", "7.1", "to", "1234.50", "1234.50bn"),
            *("e", "mails", "emails", "2023", "24"),
        )

    def test_stems_only_when_asked_to(self) -> None:
        assert STEMS("ministers running") == STEMS("minister runs") == ("minist", "run")
        assert WORDS("ministers running") == ("ministers", "running")

    @UNHURRIED
    @given(
        st.text(string.ascii_letters, min_size=1).map(str.lower) | st.integers(0, 10**6).map(str),
        st.text("-,;:!?()[]{}\"'/\\_*#@&%$€£“”‘’–—…«» \n", max_size=4),
        st.text("-,;:!?()[]{}\"'/\\_*#@&%$€£“”‘’–—…«» \n", max_size=4),
    )
    def test_nothing_glued_to_a_word_hides_it(self, word: str, before: str, after: str) -> None:
        assert WORDS(before + word + after) == (word,)

    @UNHURRIED
    @given(st.text())
    def test_any_text_gives_terms_that_can_be_saved_a_line_each(self, text: str) -> None:
        for terms in (STEMS(text), STEMS.query_terms(text)):
            assert all(term and not any(char.isspace() for char in term) for term in terms)

    @UNHURRIED
    @given(st.text(st.characters(max_codepoint=127)))
    def test_case_does_not_count(self, text: str) -> None:
        assert STEMS(text.upper()) == STEMS(text.lower())

    @pytest.mark.parametrize("unit", ["a", "1", "1,", "a.", "-", "'", "a-", "1.", "é", "東", "U.S.", "1,000", " "])
    @pytest.mark.timeout(60)
    def test_no_repetition_makes_it_hang_or_invent(self, unit: str) -> None:
        # A quadratic rule would need hours; and terms hold no more characters than twice the text's (pairs).
        assert sum(map(len, WORDS(unit * 100_000))) <= 3 * len(unit) * 100_000

    def test_all_threads_find_the_same_stems(self) -> None:
        tokenizer = Tokenizer(stem=True)
        texts = [f"ministers{i} running elections{i % 7} {'organisations ' * (i % 5)}" for i in range(2_000)]
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(tokenizer, texts)) == [STEMS(text) for text in texts]

    def test_version_tells_the_rules_apart(self) -> None:
        assert Tokenizer(stem=True).version == STEMS.version != WORDS.version


class TestQueryTerms:
    def test_question_words_are_left_out(self) -> None:
        assert WORDS.query_terms("Who’s the minister that the US sent, and when did he go?") == (
            *("the", "minister", "that", "the", "us", "sent", "and", "he", "go"),
        )

    def test_a_name_in_capitals_is_no_question_word(self) -> None:
        assert WORDS.query_terms("What did the WHO say?") == ("the", "who", "say")
        assert WORDS.query_terms("WHO SAID IT?") == ("said", "it")

    def test_a_query_of_question_words_alone_keeps_them(self) -> None:
        assert WORDS.query_terms("Who did what?") == ("who", "did", "what")

    def test_a_word_with_the_stem_of_a_question_word_stays(self) -> None:
        assert STEMS.query_terms("Where does Jane Doe live?") == STEMS("Jane Doe live")

    def test_question_words_are_as_they_are_compared(self) -> None:
        assert {WORDS(word) for word in QUESTION_WORDS} == {(word,) for word in QUESTION_WORDS}
