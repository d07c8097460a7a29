"""From a question to a cited answer, with a reader that can be predicted by hand: it proposes the sentences that hold
the question's last word."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.builder import Builder, index_identity
from index.config import BuildConfig, SearchConfig
from index.errors import QuestionError
from index.records import Article, Candidate, Filter, chunk_place
from index.stores.local import EmbeddingCache, LocalStore
from qa.config import QAConfig
from qa.pipeline import Pipeline
from qa.records import Reading, ScoredSpan, Turn
from tests.fakes import WordEmbedder

WIRE = "Fourteen people were hurt on the ferry."
ARTICLES = (
    Article(
        article_id="coast",
        title="Coast Herald",
        outlet="Herald",
        published=date(2025, 3, 1),
        text=f"Storm. {WIRE} All are home.",
    ),
    Article(
        article_id="harbour", title="Harbour Post", outlet="Post", published=date(2025, 3, 2), text=f"{WIRE} More soon."
    ),
    Article(
        article_id="later",
        title="Later",
        outlet="Post",
        published=date(2025, 3, 9),
        text="Seventeen were hurt on the ferry.",
    ),
    Article(article_id="tram", title="Tram", text="The tram is late. Nobody knows why."),
)


class LastWordReader:
    """Proposes each sentence with the question's last word; longer sentences score higher. No answer scores 10."""

    name = "last word"

    def read(self, question: str, candidates: Sequence[Candidate]) -> tuple[Reading, ...]:
        word = question.rstrip("?").split()[-1].lower()
        readings = []
        for candidate in candidates:
            spans = [
                ScoredSpan(s.start_char, s.end_char, float(s.end_char - s.start_char))
                for s in candidate.chunk.sentences
                if word in candidate.article.text[s.start_char : s.end_char].lower()
            ]
            spans.sort(key=lambda span: (-span.score, span.start_char))
            readings.append(Reading(candidate.chunk.chunk_id, candidate.article.article_id, tuple(spans), 10.0))
        return tuple(readings)

    def confidence(self, question: str, candidates: Sequence[Candidate], readings: Sequence[Reading]) -> float | None:
        return None


class CalibratedReader(LastWordReader):
    """The same, as sure of every answer as it is told to be."""

    def __init__(self, confidence: float) -> None:
        self._confidence = confidence

    def confidence(self, question: str, candidates: Sequence[Candidate], readings: Sequence[Reading]) -> float:
        return self._confidence


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder: Path = tmp_path_factory.mktemp("pipeline")
    config, embedder = BuildConfig(), WordEmbedder()
    store = LocalStore.create(folder / "index", index_identity(config, embedder))
    Builder(store, embedder, config, EmbeddingCache(folder / "cache.sqlite")).add(ARTICLES)
    return Pipeline(store.reader(), embedder, LastWordReader(), QAConfig(further_margin=100))


@pytest.mark.parametrize(
    ("confidence", "risk", "answered"),
    [(0.7, 0.5, True), (0.4, 0.5, False), (0.4, 0.6, True), (0.0, 1.0, True), (0.99, 0.0, False), (1.0, 0.0, True)],
)
def test_a_calibrated_reader_answers_when_the_risk_of_being_wrong_is_no_larger_than_allowed(
    pipeline: Pipeline, confidence: float, risk: float, answered: bool
) -> None:
    config = QAConfig(risk=risk, abstain_margin=1e9)  # a margin is for readers without a calibration
    reader = CalibratedReader(confidence)
    answer = Pipeline(pipeline.collection, WordEmbedder(), reader, config).ask("Who was hurt on the ferry?")
    assert answer.confidence == confidence
    assert answer.answered is answered
    assert answer.best is not None
    assert answer.best.text == WIRE
    assert bool(answer.citations) is answered
    assert bool(answer.closest) is not answered


def test_a_reader_without_a_calibration_answers_above_its_margin(pipeline: Pipeline) -> None:
    config = QAConfig(risk=0.0, abstain_margin=1e9)
    answer = Pipeline(pipeline.collection, WordEmbedder(), LastWordReader(), config).ask("Who was hurt on the ferry?")
    assert answer.confidence is None
    assert not answer.answered


def test_what_led_to_an_answer_is_kept_with_it(pipeline: Pipeline) -> None:
    question = "Who was hurt on the ferry?"
    found = pipeline.explain(question)
    assert found.answer == pipeline.ask(question)
    ids = tuple(candidate.chunk.chunk_id for candidate in found.candidates)
    assert ids == tuple(reading.chunk_id for reading in found.readings)
    assert ids == found.rankings["fused"], "so few chunks are all read"
    by_rank = sorted(found.candidates, key=lambda one: one.dense_rank or 0)
    assert found.rankings["dense"] == tuple(one.chunk.chunk_id for one in by_rank)
    by_rank = sorted((one for one in found.candidates if one.lexical_rank), key=lambda one: one.lexical_rank or 0)
    assert found.rankings["lexical"] == tuple(one.chunk.chunk_id for one in by_rank)
    # By their best span, ties by id; the tram's chunk has none.
    assert [chunk_place(one)[0] for one in found.rankings["read"]] == ["coast", "harbour", "later"]
    assert list(found.seconds) == ["query", "search", "read", "cite"]
    assert all(seconds >= 0 for seconds in found.seconds.values())


def test_a_half_that_is_left_out_lists_nothing(pipeline: Pipeline) -> None:
    config = QAConfig(search=SearchConfig(mode="lexical"))
    found = Pipeline(pipeline.collection, WordEmbedder(), LastWordReader(), config).explain("ferry")
    assert found.rankings["dense"] == ()
    assert found.rankings["lexical"] == found.rankings["fused"] != ()


def test_the_best_span_is_cited_with_its_sentence_its_neighbours_and_its_twin(pipeline: Pipeline) -> None:
    answer = pipeline.ask("Who was hurt on the ferry?")
    assert answer.answered
    assert answer.text == WIRE
    assert [citation.sentence for citation in answer.citations] == [WIRE, "Seventeen were hurt on the ferry."]
    first = answer.citations[0]
    assert (first.article_id, first.before, first.after) == ("coast", "Storm.", "All are home.")
    assert [(place.article_id, place.start_char, place.end_char) for place in first.also_at] == [
        ("harbour", 0, len(WIRE))
    ]
    assert first.published == "2025-03-01"
    assert answer.best == answer.spans[0]
    assert answer.closest == ()
    assert answer.confidence is None
    assert answer.models == {"embedder": "words", "reader": "last word"}
    for citation in answer.citations:
        assert pipeline.check(citation).holds


def test_a_filter_holds_for_answers_and_for_twins(pipeline: Pipeline) -> None:
    answer = pipeline.ask("Who was hurt on the ferry?", where=Filter(outlets=("post",)))
    assert [citation.article_id for citation in answer.citations] == ["harbour", "later"]
    assert answer.citations[0].also_at == ()
    late = pipeline.ask("Who was hurt on the ferry?", where=Filter(since=date(2025, 3, 3)))
    assert [citation.article_id for citation in late.citations] == ["later"]


def test_what_is_weaker_than_no_answer_is_shown_as_closest_only(pipeline: Pipeline) -> None:
    weak = Pipeline(pipeline.collection, WordEmbedder(), LastWordReader(), QAConfig(abstain_margin=1000, closest=1))
    answer = weak.ask("Who was hurt on the ferry?")
    assert (answer.answered, answer.text, answer.spans, answer.citations) == (False, None, (), ())
    assert [citation.sentence for citation in answer.closest] == [WIRE]
    assert answer.best is not None
    assert answer.best.text == WIRE


def test_a_span_far_below_the_best_is_not_cited_beside_it(pipeline: Pipeline) -> None:
    # The sentences' lengths, which are their scores, are 39 and 33.
    for margin, cited in ((5.9, 1), (6.0, 2)):
        config = QAConfig(further_margin=margin)
        answer = Pipeline(pipeline.collection, WordEmbedder(), LastWordReader(), config).ask(
            "Who was hurt on the ferry?"
        )
        assert len(answer.citations) == cited
        assert answer.text == WIRE


def test_nothing_found_at_all_is_an_abstention(pipeline: Pipeline) -> None:
    answer = pipeline.ask("Where is the zebra?")
    assert (answer.answered, answer.best, answer.closest) == (False, None, ())


def test_a_given_query_is_searched_as_it_is(pipeline: Pipeline) -> None:
    answer = pipeline.ask("And there?", query="Is the tram late?")
    assert (answer.question, answer.query) == ("And there?", "Is the tram late?")
    assert answer.text == "The tram is late."


class ListeningReader(LastWordReader):
    """The same, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, question: str, candidates: Sequence[Candidate]) -> tuple[Reading, ...]:
        self.asked.append(question)
        return super().read(question, candidates)

    def confidence(self, question: str, candidates: Sequence[Candidate], readings: Sequence[Reading]) -> float | None:
        assert question == self.asked[-1]
        return None


def test_a_follow_up_is_searched_with_what_it_leans_on_and_read_with_that_in_its_place(pipeline: Pipeline) -> None:
    reader = ListeningReader()
    listening = Pipeline(pipeline.collection, WordEmbedder(), reader, QAConfig(further_margin=100))
    first = Turn("Who was hurt on the ferry of the Coast Herald?", "Fourteen people")
    later = listening.ask("Are they safely home?", history=[first])
    assert later.question == "Are they safely home?"
    assert later.query == "Are they safely home? Coast Herald"
    assert reader.asked == ["Are Coast Herald safely home?"]
    assert later.text == "All are home."
    listening.ask("Are they safely home?", query="Are they safely home?")  # searched and read as typed
    listening.ask("Did it report the fire yesterday?", history=[first], today=date(2025, 3, 2))
    assert reader.asked[1:] == ["Are they safely home?", "Did Coast Herald report the fire yesterday (1 March 2025)?"]


def test_the_articles_cited_before_are_read_whatever_else_is_found(pipeline: Pipeline) -> None:
    config = QAConfig(search=SearchConfig(candidates=1, depth=1), further_margin=100)
    narrow = Pipeline(pipeline.collection, WordEmbedder(), LastWordReader(), config)
    first = pipeline.ask("All are home", where=Filter(articles=("coast",)))
    question, query = "Is the tram late, and are they home?", "Is the tram late, and are they home"
    assert narrow.ask(question, query=query).best is None
    assert narrow.ask(question, history=[first]).text == "All are home."
    elsewhere = narrow.ask(question, history=[first], where=Filter(articles=("tram",)))
    assert elsewhere.best is None


def test_today_spells_out_relative_dates(pipeline: Pipeline) -> None:
    assert (
        pipeline.ask("What happened yesterday?", today=date(2025, 3, 2)).query
        == "What happened yesterday (1 March 2025)?"
    )
    assert pipeline.ask("What happened yesterday?").query == "What happened yesterday?"


@pytest.mark.parametrize("question", ["", " \n\t", "x" * 2001])
def test_a_question_that_cannot_be_asked_is_refused(pipeline: Pipeline, question: str) -> None:
    with pytest.raises(QuestionError):
        pipeline.ask(question)
    with pytest.raises(QuestionError):
        pipeline.retrieve(question)


def test_the_same_question_gets_the_same_answer_from_any_thread(pipeline: Pipeline) -> None:
    questions = ["Who was hurt on the ferry?", "Is the tram late?", "Where is the zebra?", "All are home?"] * 8
    alone = [pipeline.ask(question) for question in questions[:4]] * 8
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(pipeline.ask, questions)) == alone


def test_a_citation_of_another_version_does_not_hold(pipeline: Pipeline) -> None:
    citation = pipeline.ask("Who was hurt on the ferry?").citations[0]
    assert not pipeline.check(replace(citation, article_id="gone")).holds
    assert not pipeline.check(replace(citation, content_sha256="0" * 64)).holds


def test_retrieve_gives_as_many_candidates_as_asked(pipeline: Pipeline) -> None:
    assert [c.rank for c in pipeline.retrieve("ferry", 2)] == [1, 2]
    assert len(pipeline.retrieve("ferry", 150)) <= 150
