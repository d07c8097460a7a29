"""The sentence reader: each kind of evidence by hand, one score a sentence, and when it answers."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import pytest

from index.records import Article, Candidate, Chunk, Sentence
from index.sentences import split_article
from index.tokenizer import Tokenizer
from qa.readers.answer_types import AnswerType, expected_answer_type, holds_answer_of_type
from qa.readers.evidence import NEIGHBOUR_CHARACTERS, Evidence, content_terms
from qa.readers.sentence import WEIGHTS, SentenceReader, evidence_score, sentence_evidence
from qa.records import Reading
from tests.contracts.reader import HARBOUR, LONG, QUESTION, best_margin, candidates_for

TERMS = Tokenizer(stem=False)

COD = Article(
    article_id="cod",
    title="Fish market",
    text="Larkmouth lands cod. Prices rose to nine pence. Nobody knows why. The mayor was away.",
)
COD_SENTENCES = split_article(COD)


def candidate(
    article: Article,
    sentences: Sequence[Sentence],
    dense: Sequence[float],
    *,
    lexical: float = 1.0,
    heading: str = "",
    limits: tuple[int, int] | None = None,
) -> Candidate:
    """A candidate whose chunk covers the sentences; ``limits`` where it is a part of one."""
    start, end = limits or (sentences[0].start_char, sentences[-1].end_char)
    chunk = Chunk(article.article_id, start, end, article.text[start:end], heading, tuple(sentences))
    return Candidate(
        chunk=chunk,
        article=article,
        rank=1,
        fused_score=1.0,
        dense_score=max(dense),
        lexical_score=lexical,
        sentence_scores=tuple(dense),
        dense_rank=1,
        lexical_rank=1,
    )


def text_of(reading: Reading, article: Article, place: int = 0) -> str:
    span = reading.spans[place]
    return article.text[span.start_char : span.end_char]


class TestEvidence:
    def test_by_hand(self) -> None:
        """Two of four sentences are covered by one candidate, one by another; "cod" is before the second sentence."""
        first = candidate(COD, COD_SENTENCES[:2], (0.5, 0.25), lexical=2.0, heading="Fish market")
        second = candidate(COD, COD_SENTENCES[1:3], (0.25, 0.125), lexical=8.0, heading="Fish market")
        found = sentence_evidence("Why did cod prices at the Larkmouth fish hall rise?", [first, second], TERMS)
        # Content terms: cod, prices, larkmouth, fish, hall, rise. Of the three sentences one holds "cod", one "prices"
        # and one "larkmouth"; none holds the others.
        one, none = math.log(4 / 1.5), math.log(4 / 0.5)
        total = 3 * one + 3 * none
        assert list(found) == list(COD_SENTENCES[:3])
        assert found[COD_SENTENCES[0]] == pytest.approx(
            Evidence(
                coverage=2 * one / total,  # cod, larkmouth
                before=0.0,
                after=one / total,  # prices
                heading=none / total,  # fish
                dense=0.5,
                chunk_dense=0.5,
                chunk_lexical=0.25,
                names_missing=0.0,
                type_missing=0.0,
                new_words=math.log(2),  # lands
            )
        )
        assert found[COD_SENTENCES[1]] == pytest.approx(
            Evidence(
                coverage=one / total,
                before=2 * one / total,
                after=0.0,
                heading=none / total,
                dense=0.25,
                chunk_dense=0.5,  # the better of its two candidates
                chunk_lexical=1.0,
                names_missing=0.0,
                type_missing=0.0,
                new_words=math.log(5),  # rose, to, nine, pence
            )
        )
        assert found[COD_SENTENCES[2]].names_missing == 1.0  # Larkmouth is two sentences away
        assert found[COD_SENTENCES[2]].before == pytest.approx(one / total)

    def test_the_text_around_a_chunk_counts_as_its_neighbours(self) -> None:
        alone = sentence_evidence("cod mayor", [candidate(COD, COD_SENTENCES[1:2], (0.1,))], TERMS)
        assert alone[COD_SENTENCES[1]].before == pytest.approx(0.5)
        assert alone[COD_SENTENCES[1]].after == pytest.approx(0.5)  # the text goes on beyond the next sentence

    def test_the_text_around_a_chunk_counts_only_nearby(self) -> None:
        article = Article(article_id="far", text="cod " + "x " * NEIGHBOUR_CHARACTERS + ". Prices rose.")
        last = split_article(article)[-1]
        assert article.text[last.start_char :] == "Prices rose."
        assert sentence_evidence("cod", [candidate(article, [last], (0.1,))], TERMS)[last].before == 0.0

    def test_lexical_scores_of_zero_are_no_evidence(self) -> None:
        only_dense = [candidate(COD, COD_SENTENCES, (0.1, 0.2, 0.3, 0.4), lexical=0.0)]
        assert all(found.chunk_lexical == 0.0 for found in sentence_evidence("cod", only_dense, TERMS).values())

    def test_a_name_counts_as_missing_unless_all_of_it_is_there(self) -> None:
        found = sentence_evidence(
            "Did Larkmouth or North Larkmouth or Oslo land cod?", [candidate(COD, COD_SENTENCES, (0.1,) * 4)], TERMS
        )
        assert found[COD_SENTENCES[0]].names_missing == pytest.approx(2 / 3)

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ("Who is the US president?", ("us", "president")),
            ("Who told us?", ("told",)),
            ("What is it?", ("what", "is", "it")),
            ("What did Canada’s minister, the minister, say?", ("canada", "minister", "say")),
            ("", ()),
        ],
    )
    def test_content_terms(self, question: str, expected: tuple[str, ...]) -> None:
        assert content_terms(question, TERMS) == expected


class TestAnswerTypes:
    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ("Who runs the harbour?", AnswerType.PERSON),
            ("By whom was it built?", AnswerType.PERSON),
            ("When did it reopen?", AnswerType.TIME),
            ("In what year did it reopen?", AnswerType.TIME),
            ("How many boats left?", AnswerType.NUMBER),
            ("How much did dredging cost?", AnswerType.MONEY),
            ("What percentage did prices rise by?", AnswerType.PERCENT),
            ("Where is the harbour?", AnswerType.PLACE),
            ("Which city is it in?", AnswerType.PLACE),
            ("Why did prices rise?", None),
            ("whatever happened", None),
        ],
    )
    def test_expected(self, question: str, expected: AnswerType | None) -> None:
        assert expected_answer_type(question) is expected

    @pytest.mark.parametrize(
        ("kind", "sentence", "holds"),
        [
            (AnswerType.PERSON, "The harbour is run by Edda Quill.", True),
            (AnswerType.PERSON, "Larkmouth has a harbour.", False),
            (AnswerType.TIME, "It reopened in 1987.", True),
            (AnswerType.TIME, "It reopened on Monday.", True),
            (AnswerType.TIME, "It closed in 2024.", False),  # the question says so itself
            (AnswerType.TIME, "It reopened with 17 boats.", False),
            (AnswerType.NUMBER, "Seventeen boats left.", True),
            (AnswerType.NUMBER, "In 2024 boats left.", False),
            (AnswerType.MONEY, "It cost €3,000.", True),
            (AnswerType.MONEY, "It took 3,000 days.", False),
            (AnswerType.PERCENT, "They rose by 7.1%.", True),
            (AnswerType.PERCENT, "They rose by 7.1.", False),
            (AnswerType.PLACE, "It lies in the old town of Brackwater.", True),
            (AnswerType.PLACE, "It lies in Larkmouth.", False),
            (AnswerType.PLACE, "Edda Quill runs it.", False),
        ],
    )
    def test_holds(self, kind: AnswerType, sentence: str, holds: bool) -> None:
        assert holds_answer_of_type(kind, sentence, "What of the harbour of Larkmouth in 2024?") is holds


class TestScores:
    def test_each_kind_of_evidence_counts_with_its_weight(self) -> None:
        nothing = Evidence(*[0.0] * len(Evidence._fields))
        for name, weight in WEIGHTS._asdict().items():
            more = nothing._replace(**{name: 0.5})
            assert evidence_score(more) - evidence_score(nothing) == pytest.approx(weight / 2), name

    def test_what_speaks_against_a_sentence_has_a_negative_weight(self) -> None:
        against = {name for name, weight in WEIGHTS._asdict().items() if weight < 0}
        assert against == {"names_missing", "type_missing"}

    def test_a_sentence_has_one_score_in_all_its_candidates(self) -> None:
        candidates = [
            candidate(COD, COD_SENTENCES[:2], (0.5, 0.2), lexical=2.0),
            candidate(COD, COD_SENTENCES[1:3], (0.3, 0.1), lexical=8.0),
        ]
        readings = SentenceReader(TERMS).read("Did prices rise?", candidates)
        scores = [{(span.start_char, span.end_char): span.score for span in reading.spans} for reading in readings]
        shared = (COD_SENTENCES[1].start_char, COD_SENTENCES[1].end_char)
        assert scores[0][shared] == scores[1][shared]
        assert len({reading.no_answer_score for reading in readings}) == 1

    def test_all_sentences_of_a_chunk_are_proposed_whole(self) -> None:
        (reading,) = SentenceReader(TERMS).read("cod", [candidate(COD, COD_SENTENCES, (0.1, 0.2, 0.3, 0.4))])
        assert sorted((span.start_char, span.end_char) for span in reading.spans) == [
            (sentence.start_char, sentence.end_char) for sentence in COD_SENTENCES
        ]

    def test_a_sentence_in_several_chunks_is_proposed_whole_by_each(self) -> None:
        candidates = candidates_for("item 39 of the ledger", [LONG])
        assert len(candidates) > 1
        for reading in SentenceReader(TERMS).read("item 39 of the ledger", candidates):
            assert text_of(reading, LONG) == LONG.text
            assert len(reading.spans) == 1

    def test_dense_evidence_decides_where_words_do_not(self) -> None:
        last_but_one = candidate(COD, COD_SENTENCES[1:3], (0.2, 0.7))
        (reading,) = SentenceReader(TERMS).read("unrelated wording", [last_but_one])
        assert text_of(reading, COD) == "Nobody knows why."


class TestAnswering:
    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            (QUESTION, "Harbour master Edda Quill told"),
            ("When did the harbour of Larkmouth reopen?", "The harbour of Larkmouth reopened on Monday."),
            ("By how much have the prices of cod risen in August?", "Prices of cod rose by 7.1% in August."),
        ],
    )
    def test_it_answers_what_the_articles_say(self, question: str, expected: str) -> None:
        readings = SentenceReader(Tokenizer(stem=True)).read(question, candidates_for(question))
        best = max((reading for reading in readings if reading.spans), key=lambda reading: reading.spans[0].score)
        assert text_of(best, HARBOUR).startswith(expected)
        assert best_margin(readings) > 0

    @pytest.mark.parametrize(
        "question",
        [
            "Who is the president of France?",
            "When was the Treaty of Westphalia signed?",
            "How many moons does Saturn have?",
            "What is the capital of Mongolia?",
        ],
    )
    def test_it_abstains_when_nothing_speaks_for_an_answer(self, question: str) -> None:
        readings = SentenceReader(Tokenizer(stem=True)).read(question, candidates_for(question))
        assert best_margin(readings) < 0


@pytest.mark.parametrize("piece", ["Aa ", "in Bb ", "the ", "1,", "$", "last ", "“", "how much "])
def test_time_does_not_explode(piece: str) -> None:
    article = Article(article_id="huge", text=piece * (50_000 // len(piece)))
    sentences = [Sentence("huge", 0, 0, len(article.text))]
    huge = candidate(article, sentences, (0.1,), limits=(0, 500))
    question = "When and where did " + piece * (1_000 // len(piece)) + "?"
    begin = time.perf_counter()
    for asked in (question, "Who and where", "how much " * 200, "Where is it?"):
        SentenceReader(TERMS).read(asked, [huge])
    assert time.perf_counter() - begin < 10
