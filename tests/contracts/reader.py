"""What every Reader must do: a reader's tests subclass ``ReaderContract`` and make one."""

from __future__ import annotations

import math
import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from index.chunks import chunk_article
from index.records import Article, Candidate
from index.sentences import split_article
from qa.readers.base import Reader
from qa.records import Reading

HARBOUR = Article(
    article_id="harbour",
    title="Harbour reopens",
    text=(
        "The harbour of Larkmouth reopened on Monday. Harbour master Edda Quill told the town council that dredging "
        "had cost $2.4 million. Fishing boats left before dawn.\n\nPrices of cod rose by 7.1% in August."
    ),
)
HOSTILE = Article(
    article_id="hostile",
    title="👩‍👩‍👧 e\u0301 <b>&amp;</b>",
    text=(
        "👨‍🌾🌾 Un cafe\u0301 s’ouvre à Zürich — “très bien”, dit-on. שלום עולם, the ferry sank. "
        "\u202eevil\u202c <script>alert('cod')</script> 東京で火事があった。 The mayor’s naïve plan cost €3,000.50!"
    ),
)
LONG = Article(
    article_id="long",
    title="One sentence",
    text="A report said, " + ", ".join(f"item {number} of the ledger was checked" for number in range(40)) + ".",
)
ARTICLES = (HARBOUR, HOSTILE, LONG)
QUESTION = "Who is the harbour master of Larkmouth?"
WHETHER = "Did the harbour of Larkmouth reopen?"
QUESTIONS = (
    QUESTION,
    "How much did dredging cost?",
    "When did the harbour reopen?",
    "what rose by 7.1%",
    "Où s’ouvre un café?",
    "item 39 of the ledger",
    WHETHER,
    "Who won the chess tournament in Oslo?",
)
EMPTY_QUESTIONS = (
    "",
    " \t\n",
    "?!",
    "the of and",
    "\u200b",
    "👩‍👩‍👧",
    "שלום?",
    "東京?",
    "\x00",
    "a" * 2000,
    "( [ \\ * + $ ^",
)
CHUNK_WORDS = 25
"""Small enough that one article makes several chunks, and LONG's sentence does, too."""


def candidates_for(question: str, articles: Sequence[Article] = ARTICLES) -> tuple[Candidate, ...]:
    """Every chunk of the articles as a candidate, scored by the words that it shares with the question."""
    asked = _words(question)

    def share(text: str) -> float:
        return len(asked & _words(text)) / max(1, len(asked))

    made = []
    for article in articles:
        chunks = chunk_article(
            article,
            split_article(article),
            chunk_words=CHUNK_WORDS,
            overlap_sentences=1,
            count_tokens=lambda texts: [len(text.split()) + 2 for text in texts],
            max_tokens=100,
        )
        for chunk in chunks:
            scores = tuple(
                share(article.text[max(chunk.start_char, sentence.start_char) : min(chunk.end_char, sentence.end_char)])
                for sentence in chunk.sentences
            )
            made.append((chunk, article, scores))
    made.sort(key=lambda entry: (-max(entry[2]), entry[0].chunk_id))
    return tuple(
        Candidate(
            chunk=chunk,
            article=article,
            rank=rank,
            fused_score=max(scores),
            dense_score=max(scores),
            lexical_score=10 * share(chunk.indexed_text),
            sentence_scores=scores,
            dense_rank=rank,
            lexical_rank=rank,
        )
        for rank, (chunk, article, scores) in enumerate(made, start=1)
    )


def best_margin(readings: Sequence[Reading]) -> float:
    """How far the best span lies above its reading's no-answer score; minus infinity without spans."""
    return max(
        (span.score - reading.no_answer_score for reading in readings for span in reading.spans), default=-math.inf
    )


def _words(text: str) -> set[str]:
    return {word.strip(".,?!“”").lower() for word in text.split()} - {"the", "of", "is", "who", "a", ""}


class ReaderContract(ABC):
    """The tests; ``new_reader`` makes the reader to be tested."""

    @abstractmethod
    def new_reader(self) -> Reader: ...

    @pytest.fixture
    def reader(self) -> Reader:
        return self.new_reader()

    def test_it_has_a_name(self, reader: Reader) -> None:
        assert reader.name
        assert reader.name.strip() == reader.name

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_one_reading_for_each_candidate_in_the_order_given(self, reader: Reader, question: str) -> None:
        candidates = list(candidates_for(question))
        random.Random(0).shuffle(candidates)
        readings = reader.read(question, candidates)
        assert isinstance(readings, tuple)
        assert [(reading.chunk_id, reading.article_id) for reading in readings] == [
            (candidate.chunk.chunk_id, candidate.article.article_id) for candidate in candidates
        ]

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_spans_lie_in_one_sentence_and_in_the_chunk_or_are_sentences_that_it_covers(
        self, reader: Reader, question: str
    ) -> None:
        candidates = candidates_for(question)
        for candidate, reading in zip(candidates, reader.read(question, candidates), strict=True):
            chunk = candidate.chunk
            covered = {(sentence.start_char, sentence.end_char) for sentence in chunk.sentences}
            for span in reading.spans:
                place = (span.start_char, span.end_char)
                inside = chunk.start_char <= span.start_char < span.end_char <= chunk.end_char
                assert inside or place in covered
                assert len(chunk.sentences_of(*place)) == 1
                quote = candidate.article.text[span.start_char : span.end_char]
                assert quote
                assert quote == quote.strip()

    @pytest.mark.parametrize("question", [WHETHER, "Was item 39 of the ledger checked?", "What happened to the ferry?"])
    def test_a_question_that_asks_for_a_statement_gets_whole_sentences(self, reader: Reader, question: str) -> None:
        """As far as the chunk has them: of LONG's sentence each chunk has a part."""
        candidates = candidates_for(question)
        readings = reader.read(question, candidates)
        assert any(reading.spans for reading in readings)
        for candidate, reading in zip(candidates, readings, strict=True):
            chunk = candidate.chunk
            covered = {(sentence.start_char, sentence.end_char) for sentence in chunk.sentences}
            parts = {(max(start, chunk.start_char), min(end, chunk.end_char)) for start, end in covered}
            for span in reading.spans:
                assert (span.start_char, span.end_char) in covered | parts

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_spans_are_best_first_with_ties_by_place(self, reader: Reader, question: str) -> None:
        for reading in reader.read(question, candidates_for(question)):
            keys = [(-span.score, span.start_char, span.end_char) for span in reading.spans]
            assert keys == sorted(keys)
            assert len({key[1:] for key in keys}) == len(keys)
            assert math.isfinite(reading.no_answer_score)
            assert all(math.isfinite(span.score) for span in reading.spans)

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_a_reading_does_not_depend_on_the_order_of_the_candidates(self, reader: Reader, question: str) -> None:
        candidates = list(candidates_for(question))
        expected = {reading.chunk_id: reading for reading in reader.read(question, candidates)}
        for seed in range(3):
            random.Random(seed).shuffle(candidates)
            assert {reading.chunk_id: reading for reading in reader.read(question, candidates)} == expected

    def test_another_question_in_between_changes_nothing(self, reader: Reader) -> None:
        expected = [reader.read(question, candidates_for(question)) for question in QUESTIONS]
        fresh = [self.new_reader().read(question, candidates_for(question)) for question in reversed(QUESTIONS)]
        assert [reader.read(question, candidates_for(question)) for question in QUESTIONS] == expected == fresh[::-1]

    def test_threads_get_the_same_readings(self, reader: Reader) -> None:
        asked = [(question, candidates_for(question)) for question in QUESTIONS]
        expected = [reader.read(*one) for one in asked]
        threads = 4
        start = Barrier(threads)

        def read_all(_: int) -> list[tuple[Reading, ...]]:
            start.wait()
            return [reader.read(*one) for one in asked]

        with ThreadPoolExecutor(threads) as pool:
            assert list(pool.map(read_all, range(threads))) == [expected] * threads

    def test_no_candidates_give_no_readings(self, reader: Reader) -> None:
        assert reader.read(QUESTION, ()) == ()

    @pytest.mark.parametrize("question", EMPTY_QUESTIONS)
    def test_a_question_without_content_is_read_too(self, reader: Reader, question: str) -> None:
        candidates = candidates_for(QUESTION)
        readings = reader.read(question, candidates)
        assert [reading.chunk_id for reading in readings] == [candidate.chunk.chunk_id for candidate in candidates]
        assert all(math.isfinite(span.score) for reading in readings for span in reading.spans)

    def test_the_best_span_touches_the_sentence_with_the_answer(self, reader: Reader) -> None:
        answer = HARBOUR.text.index("Edda Quill")
        readings = reader.read(QUESTION, candidates_for(QUESTION))
        best, article_id = max(
            ((span, reading.article_id) for reading in readings for span in reading.spans),
            key=lambda found: found[0].score,
        )
        sentence = next(s for s in split_article(HARBOUR) if s.start_char <= answer < s.end_char)
        assert article_id == HARBOUR.article_id
        assert best.start_char < sentence.end_char
        assert sentence.start_char < best.end_char

    def test_a_question_on_something_else_is_further_from_an_answer(self, reader: Reader) -> None:
        elsewhere = "Who won the chess tournament in Oslo?"
        answered = best_margin(reader.read(QUESTION, candidates_for(QUESTION)))
        assert best_margin(reader.read(elsewhere, candidates_for(elsewhere))) < answered
