"""Chunks: which sentences go together, that nothing is lost, and that both budgets hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunks import CountTokens, chunk_article
from index.records import Article, Chunk, Sentence

UNHURRIED = settings(deadline=None, max_examples=60)
SPECIALS = 2


def four_characters_a_token(texts: Sequence[str]) -> list[int]:
    """A predictable tokenizer: a token for each four characters of a word begun, and two special ones."""
    return [SPECIALS + sum(-(-len(word) // 4) for word in text.split()) for text in texts]


def byte_tokens(texts: Sequence[str]) -> list[int]:
    """A tokenizer with up to four tokens a character that counts white space too, so that the whole has more tokens
    than its parts."""
    return [SPECIALS + len(text.encode("utf-8")) for text in texts]


def article(
    *paragraphs: Sequence[str], title: str = "", published: date | None = None
) -> tuple[Article, list[Sentence]]:
    """An article of paragraphs of sentences: a blank line between paragraphs, a space between sentences."""
    text = ""
    sentences: list[Sentence] = []
    for paragraph in paragraphs:
        text += "\n\n" if text else ""
        for number, sentence in enumerate(paragraph):
            text += " " if number else ""
            sentences.append(Sentence("a", len(sentences), len(text), len(text) + len(sentence)))
            text += sentence
    return Article(article_id="a", title=title, text=text, published=published), sentences


def chunked(
    made: tuple[Article, list[Sentence]],
    chunk_words: int = 10,
    overlap_sentences: int = 1,
    count_tokens: CountTokens = four_characters_a_token,
    max_tokens: int = 1000,
) -> tuple[Chunk, ...]:
    return chunk_article(
        *made,
        chunk_words=chunk_words,
        overlap_sentences=overlap_sentences,
        count_tokens=count_tokens,
        max_tokens=max_tokens,
    )


def positions(chunks: Sequence[Chunk]) -> list[list[int]]:
    return [[sentence.position for sentence in chunk.sentences] for chunk in chunks]


def sentence_of(words: int) -> str:
    return " ".join(["word"] * words)


class TestWhichSentencesGoTogether:
    def test_as_many_as_fit_and_the_last_is_repeated(self) -> None:
        made = article([sentence_of(3)] * 6)
        assert positions(chunked(made)) == [[0, 1, 2], [2, 3, 4], [4, 5]]

    def test_as_many_are_repeated_as_asked(self) -> None:
        made = article([sentence_of(2)] * 8)
        assert positions(chunked(made, overlap_sentences=0)) == [[0, 1, 2, 3, 4], [5, 6, 7]]
        assert positions(chunked(made, overlap_sentences=3)) == [[0, 1, 2, 3, 4], [2, 3, 4, 5, 6], [4, 5, 6, 7]]

    def test_nothing_is_repeated_that_leaves_no_room_for_a_new_sentence(self) -> None:
        made = article([sentence_of(words) for words in (2, 6, 7, 9)])
        assert positions(chunked(made)) == [[0, 1], [2], [3]]

    def test_tokens_limit_as_words_do(self) -> None:
        made = article([sentence_of(3)] * 6)
        assert positions(chunked(made, max_tokens=SPECIALS + 9)) == [[0, 1, 2], [2, 3, 4], [4, 5]]
        assert positions(chunked(made, max_tokens=SPECIALS + 8)) == [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]]

    def test_the_heading_takes_its_part_of_the_tokens(self) -> None:
        made = article([sentence_of(3)] * 6, title="A B C")
        assert positions(chunked(made, max_tokens=SPECIALS + 11)) == [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]]

    def test_a_chunk_ends_with_a_paragraph_and_then_repeats_nothing(self) -> None:
        made = article([sentence_of(2)] * 3, [sentence_of(2)] * 4)
        assert positions(chunked(made)) == [[0, 1, 2], [3, 4, 5, 6]]

    def test_the_last_paragraph_that_ends_in_the_chunk_counts(self) -> None:
        made = article([sentence_of(4)], [sentence_of(4)], [sentence_of(3)] * 3)
        assert positions(chunked(made)) == [[0, 1], [2, 3, 4]]

    def test_a_chunk_less_than_a_third_full_goes_on_into_the_next_paragraph(self) -> None:
        made = article([sentence_of(3)], [sentence_of(3)] * 4)
        assert positions(chunked(made)) == [[0, 1, 2], [2, 3, 4]]

    def test_a_line_end_alone_ends_no_paragraph(self) -> None:
        made = article([sentence_of(2)] * 3, [sentence_of(2)] * 4)
        text = made[0].text.replace("\n\n", " \n")
        assert positions(chunked((Article(article_id="a", text=text), made[1]))) == [[0, 1, 2, 3, 4], [4, 5, 6]]

    def test_a_scrap_at_the_end_reaches_back(self) -> None:
        made = article([sentence_of(words) for words in (3, 3, 3, 2)])
        assert positions(chunked(made, overlap_sentences=0)) == [[0, 1, 2], [1, 2, 3]]

    def test_an_article_shorter_than_a_chunk_is_one(self) -> None:
        assert positions(chunked(article(["One."], ["Two."], ["Three."]))) == [[0, 1, 2]]

    def test_no_sentences_no_chunks(self) -> None:
        assert chunked((Article(article_id="a", text="\n"), [])) == ()


class TestLongSentences:
    def test_one_sentence_in_several_chunks_that_name_it_whole(self) -> None:
        made = article(["One two.", sentence_of(23), "Three four."])
        chunks = chunked(made)
        assert positions(chunks) == [[0], [1], [1], [1], [2]]
        assert [len(chunk.text.split()) for chunk in chunks] == [2, 10, 10, 10, 2]  # the last piece reaches back
        assert all(chunk.sentences == (made[1][1],) for chunk in chunks[1:4])

    @pytest.mark.parametrize("count_tokens", [four_characters_a_token, byte_tokens])
    def test_a_monster_without_white_space_is_cut(self, count_tokens: CountTokens) -> None:
        made = article(["x" * 5_000 + "東" * 5_000])
        chunks = chunked(made, count_tokens=count_tokens, max_tokens=50)
        assert max(count_tokens([chunk.indexed_text for chunk in chunks])) <= 50
        assert all(len(chunk.text) <= 1_000 for chunk in chunks)

    def test_a_monster_is_long_even_if_the_tokenizer_calls_it_one_token(self) -> None:
        chunks = chunked(article(["x" * 5_000]), count_tokens=lambda texts: [1 + SPECIALS for _ in texts])
        assert all(len(chunk.text) <= 1_000 for chunk in chunks)


class TestHeading:
    @pytest.mark.parametrize(
        ("title", "published", "heading"),
        [
            ("Ferry  sinks\n", None, "Ferry sinks"),
            ("Ferry sinks", date(2023, 2, 1), "Ferry sinks, 1 February 2023"),
            ("Ferry sinks", datetime(2023, 12, 31, 23, 59), "Ferry sinks, 31 December 2023"),
            ("", date(2023, 2, 1), "1 February 2023"),
            ("", None, ""),
        ],
    )
    def test_title_and_day(self, title: str, published: date | None, heading: str) -> None:
        (chunk,) = chunked(article(["It sank."], title=title, published=published))
        assert chunk.heading == heading
        assert chunk.indexed_text == (f"{heading}\nIt sank." if heading else "It sank.")

    def test_a_title_as_long_as_a_page_leaves_room_for_text(self) -> None:
        made = article([sentence_of(5)], title=sentence_of(500), published=date(2023, 2, 1))
        (chunk,) = chunked(made, max_tokens=20)
        assert 1 <= len(chunk.heading.split()) <= 8
        assert chunk.text == sentence_of(5)


@dataclass(frozen=True)
class Case:
    """An article, its sentences and settings, and the chunks they make."""

    article: Article
    sentences: list[Sentence]
    chunk_words: int
    overlap_sentences: int
    count_tokens: CountTokens
    max_tokens: int

    def chunks(self) -> tuple[Chunk, ...]:
        return chunked(
            (self.article, self.sentences), self.chunk_words, self.overlap_sentences, self.count_tokens, self.max_tokens
        )


@st.composite
def hostile_cases(draw: st.DrawFn) -> Case:
    word = st.text("abé東🎉.", min_size=1, max_size=12) | st.integers(90, 250).map("x".__mul__)
    sentence = st.lists(word, min_size=1, max_size=12).map(" ".join)
    paragraphs = draw(st.lists(st.lists(sentence, min_size=1, max_size=4), max_size=4))
    return Case(
        *article(*paragraphs, title=draw(st.sampled_from(["", "Ferry", sentence_of(80)]))),
        chunk_words=draw(st.integers(1, 15)),
        overlap_sentences=draw(st.integers(0, 3)),
        count_tokens=draw(st.sampled_from([four_characters_a_token, byte_tokens])),
        max_tokens=draw(st.integers(20, 120)),
    )


@st.composite
def plain_cases(draw: st.DrawFn) -> Case:
    """Sentences that all fit, and a limit on words alone."""
    sentence = st.integers(1, 8).map(sentence_of)
    paragraphs = draw(st.lists(st.lists(sentence, min_size=1, max_size=8), max_size=5))
    return Case(
        *article(*paragraphs),
        chunk_words=draw(st.integers(8, 25)),
        overlap_sentences=draw(st.integers(0, 3)),
        count_tokens=four_characters_a_token,
        max_tokens=1_000,
    )


def words(*sentences: Sentence) -> int:
    return sum((sentence.end_char - sentence.start_char + 1) // len("word ") for sentence in sentences)


class TestForEveryArticle:
    @UNHURRIED
    @given(hostile_cases())
    def test_chunks_are_slices_in_order_that_hold_every_character_of_every_sentence(self, case: Case) -> None:
        text, chunks = case.article.text, case.chunks()
        starts = [chunk.start_char for chunk in chunks]
        ends = [chunk.end_char for chunk in chunks]
        assert starts == sorted(set(starts))
        assert ends == sorted(set(ends))
        covered = {at for chunk in chunks for at in range(chunk.start_char, chunk.end_char)}
        for sentence in case.sentences:
            inside = range(sentence.start_char, sentence.end_char)
            assert all(at in covered for at in inside if not text[at].isspace())
        for chunk in chunks:
            assert chunk.text == text[chunk.start_char : chunk.end_char]
            assert list(chunk.sentences) == [
                sentence
                for sentence in case.sentences
                if sentence.start_char < chunk.end_char and chunk.start_char < sentence.end_char
            ]
            whole = chunk.sentences[0].start_char == chunk.start_char and chunk.sentences[-1].end_char == chunk.end_char
            assert whole or len(chunk.sentences) == 1

    @UNHURRIED
    @given(hostile_cases())
    def test_both_budgets_hold(self, case: Case) -> None:
        for chunk in case.chunks():
            assert len(chunk.text.split()) <= case.chunk_words
            assert len(chunk.text) <= 101 * case.chunk_words
            assert case.count_tokens([chunk.indexed_text])[0] <= case.max_tokens

    @UNHURRIED
    @given(plain_cases())
    def test_a_chunk_ends_where_a_paragraph_does_or_the_next_sentence_does_not_fit(self, case: Case) -> None:
        for chunk in case.chunks()[:-1]:
            following = case.sentences[chunk.sentences[-1].position + 1]
            ends_paragraph = case.article.text[chunk.end_char : following.start_char] == "\n\n"
            assert ends_paragraph or words(*chunk.sentences, following) > case.chunk_words

    @UNHURRIED
    @given(plain_cases())
    def test_what_is_repeated_is_what_was_asked_where_it_fits(self, case: Case) -> None:
        for before, after in pairwise(case.chunks()[:-1]):
            following = case.sentences[before.sentences[-1].position + 1]
            opens_paragraph = case.article.text[before.end_char : following.start_char] == "\n\n"
            fitting = [
                number
                for number in range(min(case.overlap_sentences, len(before.sentences)) + 1)
                if words(*before.sentences[len(before.sentences) - number :], following) <= case.chunk_words
            ]
            repeated = sum(sentence in before.sentences for sentence in after.sentences)
            assert repeated == (0 if opens_paragraph else max(fitting))

    @UNHURRIED
    @given(plain_cases())
    def test_the_last_chunk_is_half_full_or_could_not_be_fuller(self, case: Case) -> None:
        chunks = case.chunks()
        if len(chunks) > 1 and words(*chunks[-1].sentences) <= case.chunk_words / 2:
            earlier = case.sentences[chunks[-1].sentences[0].position - 1]
            assert words(earlier, *chunks[-1].sentences) > case.chunk_words


@pytest.mark.timeout(60)
def test_time_is_linear_in_the_article() -> None:
    made = article(*[[sentence_of(7)] * 5] * 4_000, ["y" * 500_000], [sentence_of(100_000)])
    assert len(chunked(made, chunk_words=120, max_tokens=256)) > 1_000
