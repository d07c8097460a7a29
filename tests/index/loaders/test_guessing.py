from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.loaders.decoding import decode, find_encoding
from index.loaders.guessing import SAMPLE_BYTES, guess_encoding
from tests.index.loaders.conftest import Load
from tests.index.loaders.languages import SENTENCES

CASES = [(language, encoding) for language, (encodings, _) in SENTENCES.items() for encoding in encodings]

ASCII_WORDS = st.sampled_from(
    ["the", "vote", "was", "lost", "on", "Tuesday", "in", "Ottawa", "and", "12", "members", "left"]
)
TYPOGRAPHY = ["it’s", "“within days”", "—", "£40", "€5", "31°C", "½"]
NAMES = ["café", "Müller", "Beyoncé", "señor", "naïve", "São", "Zürich", "façade", "Ångström", "déjà"]
WESTERN_WORDS = st.sampled_from([*TYPOGRAPHY, *NAMES])


@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_a_sentence_is_read_as_it_was_written(language: str, encoding: str) -> None:
    sentence = SENTENCES[language][1]
    content = sentence.encode(encoding)
    found = find_encoding(content)
    assert decode(content, found) == sentence
    assert found.guessed


@settings(max_examples=60)
@given(
    st.lists(ASCII_WORDS, min_size=3),
    st.lists(WESTERN_WORDS, min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_english_with_western_names_and_typography_is_read_as_cp1252(
    words: list[str], specials: list[str], order: random.Random
) -> None:
    mixed = [*words, *specials]
    order.shuffle(mixed)
    text = " ".join(mixed)
    content = text.encode("cp1252")
    guessed = guess_encoding(content)
    assert guessed is not None
    assert content.decode(guessed) == text


def test_the_guess_looks_at_the_whole_file() -> None:
    plain = "Nothing in this line is beyond ASCII.\n" * (2 * SAMPLE_BYTES // 30)
    late = plain + "Le café de l'élève français est fermé."
    content = late.encode("cp1252")
    assert decode(content, find_encoding(content)) == late


def test_the_sample_is_from_the_whole_file() -> None:
    polish = SENTENCES["Polish"][1] + "\n"
    text = "“Any encoding of the Latin script”\n" * 3 + polish * (3 * SAMPLE_BYTES // len(polish))
    assert decode(text.encode("cp1250"), find_encoding(text.encode("cp1250"))) == text


def test_an_encoding_that_does_not_fit_all_of_a_large_file_is_not_guessed() -> None:
    lines = ["Le café de l'élève français est fermé.\n".encode("cp1252")] * (3 * SAMPLE_BYTES // 38)
    lines.insert(1, b"\x81\n")  # not sampled, and no character of cp1252
    content = b"".join(lines)
    guessed = guess_encoding(content)
    assert guessed != "cp1252"
    assert guessed is None or content.decode(guessed)


def test_a_guess_is_recorded_and_shown(load: Load) -> None:
    result = load("a.txt", "Le café de l'élève français".encode("cp1252"))
    assert (result.encoding, result.encoding_guessed) == ("cp1252", True)
    assert "guessed as cp1252" in result.warnings[0]
    assert "--encoding" in result.warnings[0]
    overruled = load("a.txt", "Le café de l'élève français".encode("cp1252"), encoding="cp1252")
    assert (overruled.encoding_guessed, overruled.warnings) == (False, ())


def test_news_in_cp1252_is_read_as_it_was_written(shared_dir: Path) -> None:
    wrong = read = 0
    with gzip.open(shared_dir / "data" / "news" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 80:
                continue
            content = json.loads(line)["text"][:3000].encode("cp1252", "ignore")
            if not content.isascii():
                read += 1
                guessed = guess_encoding(content)
                wrong += guessed is None or content.decode(guessed) != content.decode("cp1252")
    assert read > 50
    assert wrong <= 0.01 * read
