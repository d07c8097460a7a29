"""Names and function words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english import bare, is_function_word, names, words


def sure(text: str) -> list[str]:
    return [name.text for name in names(text) if not name.doubtful]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The minister met Dominic LeBlanc in Ottawa.", ["Dominic LeBlanc", "Ottawa"]),
        ("the court of J. K. Rowling of the United Nations", ["J. K. Rowling of the United Nations"]),
        ("It was Canada’s plan, not Trump's.", ["Canada", "Trump"]),
        ("He said the U.S. and the U.K. met.", ["U.S.", "U.K."]),
        ("what did the US do in IT", ["US", "IT"]),
        ("they saw Carney, Trump and Sheinbaum", ["Carney", "Trump", "Sheinbaum"]),
        ("on Monday in May 2020 Theresa May left", ["Theresa May"]),
        ("the new iPhone by Apple", ["iPhone", "Apple"]),
        ("Vincent van Gogh and Simone de Beauvoir", ["Vincent van Gogh", "Simone de Beauvoir"]),
        ("in Zürich, Łódź and Åre", ["Zürich", "Łódź", "Åre"]),
        ("Capt. Ruben T. Aldersey", ["Ruben T. Aldersey"]),
        ("It was said by Sen. Collins and Dr. Smith. Prices fell.", ["Collins", "Smith"]),
        ("a letter of Gov. J. D. Vance's and George W. Bush", ["J. D. Vance", "George W. Bush"]),
        ("So did I. They read T. S. Eliot in the West. Collins stayed.", ["T. S. Eliot", "West"]),
        ("what the Rep of Gen X said", ["Rep of Gen X"]),
        ("no names here, nor 42", []),
        ("", []),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert sure(text) == expected


def test_one_plain_word_at_the_start_of_a_sentence_is_doubtful() -> None:
    found = names("Unemployment rose. “Prices fell,” said Carney. LeBlanc left. Edda Quill stayed.")
    assert [(name.text, name.doubtful) for name in found] == [
        ("Unemployment", True),
        ("Prices", True),
        ("Carney", False),
        ("LeBlanc", False),
        ("Edda Quill", False),
    ]


@pytest.mark.parametrize("word", ["The", "who’s", "didn't", "WHAT", "she'd", "of"])
def test_function_words(word: str) -> None:
    assert is_function_word(word)


@pytest.mark.parametrize("word", ["minister", "Canada’s", "7.1", "Ottawa"])
def test_content_words(word: str) -> None:
    assert not is_function_word(word)


def test_bare_words_are_compared_without_case_and_possessive() -> None:
    assert bare("Canada’s") == bare("canada") == "canada"


@given(st.text(max_size=80))
def test_a_name_stands_in_the_text_where_it_says(text: str) -> None:
    for name in names(text):
        assert name.text
        assert text[name.start_char : name.start_char + len(name.text)] == name.text
    assert all(word in text for word in words(text))
