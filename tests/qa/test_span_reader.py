"""The span reader: the model that ships is whole, reads each window by itself, and says how sure it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ModelError
from index.records import Article, Candidate
from index.tokenizer import Tokenizer
from qa.calibration import AnswerEvidence, Calibration, best_span
from qa.readers import span as span_reader
from qa.readers.answer_types import AnswerType, is_of_type
from qa.readers.combination import (
    READ_TOGETHER,
    SURE,
    UNMET_DEMAND,
    Combination,
    FoundSpan,
    combined,
    read_the_promising,
    sentence_score,
)
from qa.readers.passages import Passage
from qa.readers.span import (
    FITTING_KIND,
    MANIFEST_FILE,
    MODEL_FILE,
    MODEL_FOLDER,
    TOKENIZER_FILE,
    SpanNetwork,
    SpanReader,
    load_span_reader,
    read_manifest,
)
from qa.readers.windows import Window
from tests.contracts.reader import HARBOUR, HOSTILE, QUESTION, QUESTIONS, candidates_for

TERMS = Tokenizer(stem=True)
MOST_BYTES = 30_000_000


@pytest.fixture(scope="module")
def network() -> SpanNetwork:
    return SpanNetwork(MODEL_FOLDER)


def test_the_model_that_ships_is_the_one_that_its_manifest_names_and_small() -> None:
    read_manifest(MODEL_FOLDER)
    assert sum(file.stat().st_size for file in MODEL_FOLDER.iterdir()) <= MOST_BYTES
    assert {MODEL_FILE, TOKENIZER_FILE, MANIFEST_FILE, "README.md"} <= {file.name for file in MODEL_FOLDER.iterdir()}


@pytest.mark.parametrize("damaged", [MODEL_FILE, TOKENIZER_FILE])
def test_a_changed_byte_is_noticed_before_the_model_is_used(tmp_path: Path, damaged: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, folder)
    content = bytearray((folder / damaged).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / damaged).write_bytes(content)
    with pytest.raises(ModelError, match=f"{damaged} has the SHA-256"):
        load_span_reader(TERMS, folder)


@pytest.mark.parametrize("missing", [MODEL_FILE, TOKENIZER_FILE, MANIFEST_FILE])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, folder)
    (folder / missing).unlink()
    with pytest.raises(ModelError, match=missing):
        load_span_reader(TERMS, folder)


@pytest.mark.parametrize(
    "change", [{"combination": {"span": 1.0}}, {"combination": {}, "calibration": {"weights": {}}}]
)
def test_a_manifest_without_a_weight_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, folder)
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    (folder / MANIFEST_FILE).write_text(json.dumps({**manifest, **change}), encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be read"):
        load_span_reader(TERMS, folder)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_passage_reads_the_same_alone_as_among_others(network: SpanNetwork, question: str) -> None:
    passages = [Passage.of(candidate) for candidate in candidates_for(question)]
    among = network.find(question, passages)
    assert [network.find(question, [passage])[0] for passage in passages] == among
    assert network.find(question, passages[::-1]) == among[::-1]
    assert SpanNetwork(MODEL_FOLDER, threads=1).find(question, passages) == among


def test_a_long_passage_is_read_to_its_end(network: SpanNetwork) -> None:
    filler = "The council met again to talk about the road, and nothing was decided that day. " * 60
    answer = "The lighthouse keeper of Larkmouth is Orrin Teasdale."
    for text in (answer + " " + filler, filler + answer):
        (spans,) = network.find("Who is the lighthouse keeper of Larkmouth?", [Passage("", text)])
        assert "Orrin Teasdale" in text[spans[0].start_char : spans[0].end_char]


def test_it_answers_with_the_words_that_were_asked_for(network: SpanNetwork) -> None:
    asked = {
        QUESTION: "Edda Quill",
        "How much did dredging cost?": "$2.4 million",
        "When did the harbour reopen?": "Monday",
        "By how much did cod prices rise?": "7.1%",
    }
    for question, answer in asked.items():
        (spans,) = network.find(question, [Passage(HARBOUR.title, HARBOUR.text)])
        assert answer in HARBOUR.text[spans[0].start_char : spans[0].end_char], question


def test_no_span_runs_into_the_next_sentence(network: SpanNetwork) -> None:
    """Where the answer would lie on both sides of an edge, the best span is one that does not."""
    edge = HARBOUR.text.index("Quill")
    whole = network.find(QUESTION, [Passage(HARBOUR.title, HARBOUR.text)])[0]
    assert whole[0].start_char < edge < whole[0].end_char
    parted = network.find(QUESTION, [Passage(HARBOUR.title, HARBOUR.text, (0, edge))])[0]
    assert parted
    assert not [span for span in parted if span.start_char < edge < span.end_char]


@pytest.mark.parametrize("setting", ["LENGTH_COST", "FITTING_KIND"])
def test_long_spans_and_those_of_another_kind_count_less(
    network: SpanNetwork, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    """With a cost or a gain so large that nothing else counts, another span comes first."""
    question, passage = "When did prices rise, and why?", Passage(HARBOUR.title, HARBOUR.text)

    def first() -> str:
        span = network.find(question, [passage])[0][0]
        return HARBOUR.text[span.start_char : span.end_char]

    asked = first()
    monkeypatch.setattr(span_reader, setting, 100.0)
    changed = first()
    assert len(changed.split()) == 1 if setting == "LENGTH_COST" else holds_time(changed)
    monkeypatch.setattr(span_reader, setting, -100.0)
    assert first() not in (asked, changed)


def holds_time(text: str) -> bool:
    return is_of_type(AnswerType.TIME, text, "")


def test_spans_slice_hostile_text_at_whole_words(network: SpanNetwork) -> None:
    for question in QUESTIONS:
        for span in network.find(question, [Passage(HOSTILE.title, HOSTILE.text)])[0]:
            quote = HOSTILE.text[span.start_char : span.end_char]
            assert quote == quote.strip()
            assert quote
            before, after = HOSTILE.text[: span.start_char][-1:], HOSTILE.text[span.end_char :][:1]
            assert not (before.isalpha() and quote[0].isalpha())
            assert not (after.isalpha() and quote[-1].isalpha())


class TestSentencesAlone:
    """What is around a span's sentence does not count for ``alone``."""

    ASKED = "What did the keeper of Larkmouth sell?"
    SOLD = "The keeper of Larkmouth sold his boat."
    AROUND = ("Nobody in Varn has sold a house since May.", "A storm had sunk two of them.")
    """No kind of answer is asked for, so that what a span scores is its logits alone."""

    def passage(self, *sentences: str) -> Passage:
        starts = [0]
        for sentence in sentences:
            starts.append(starts[-1] + len(sentence) + 1)
        return Passage("Larkmouth", " ".join(sentences), tuple(starts[:-1]))

    def test_the_spans_stay_and_without_it_none_is_read_alone(self, network: SpanNetwork) -> None:
        passages = [self.passage(self.AROUND[0], self.SOLD), self.passage(self.SOLD, *self.AROUND)]
        found = read_twice(network, self.ASKED, passages)
        plain = network.find(self.ASKED, passages)
        assert [[replace(span, alone=0.0) for span in spans] for spans in found] == plain
        assert all(span.alone for spans in found for span in spans)

    def test_it_is_what_the_sentence_as_a_passage_of_its_own_gives(self, network: SpanNetwork) -> None:
        (own,) = network.find(self.ASKED, [self.passage(self.SOLD)])
        scores = {(span.start_char, span.end_char): span.span for span in own}
        passage = self.passage(self.AROUND[0], self.SOLD, self.AROUND[1])
        before = passage.text.index(self.SOLD)
        (found,) = read_twice(network, self.ASKED, [passage])
        alone = {(span.start_char - before, span.end_char - before): span.alone for span in found}
        both = scores.keys() & alone.keys()
        assert both
        for span in both:
            assert alone[span] == pytest.approx(scores[span], abs=1e-5)
        assert any(alone[span] != pytest.approx(span_score(found, before, span), abs=0.1) for span in both)

    def test_a_sentence_is_read_once_for_all_its_spans_and_passages(
        self, network: SpanNetwork, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        passages = [self.passage(self.SOLD, self.AROUND[0]), self.passage(self.AROUND[1], self.SOLD)]
        fresh = SpanNetwork(MODEL_FOLDER)
        read: list[int] = []
        logits = fresh._logits

        def counting(window: Window) -> tuple[object, float]:
            read.append(len(window))
            return logits(window)

        monkeypatch.setattr(fresh, "_logits", counting)
        found = read_twice(fresh, self.ASKED, passages)
        quotes = {
            passage.text[slice(*passage.sentences_around(span.start_char, span.end_char))]
            for passage, spans in zip(passages, found, strict=True)
            for span in spans
        }
        assert self.SOLD in quotes
        assert len(read) == len(passages) + len(quotes)
        assert found == read_twice(network, self.ASKED, passages)

    def test_a_sentence_longer_than_a_window_is_read_to_its_end(self, network: SpanNetwork) -> None:
        long = "The council, which met " + "and met again, " * 90 + "heard that the keeper of Larkmouth sold his boat."
        (found,) = read_twice(network, self.ASKED, [self.passage(self.AROUND[0], long)])
        best = found[0]
        assert "boat" in self.passage(self.AROUND[0], long).text[best.start_char : best.end_char]
        assert all(-40 < span.alone < 40 for span in found)

    def test_a_statement_is_worth_the_odds_of_its_sentence(self, network: SpanNetwork) -> None:
        asked = "Did the keeper of Larkmouth sell his boat?"
        passage = self.passage(self.AROUND[0], self.SOLD)
        (own,) = network.find(asked, [self.passage(self.SOLD)])
        (found,) = read_twice(network, asked, [passage])
        (sold,) = [span for span in found if passage.text[span.start_char : span.end_char] == self.SOLD]
        assert sold.alone == pytest.approx(own[0].span, abs=1e-5)

    @given(st.lists(st.sampled_from(["Ada left.", "  He sang!", "Why?\n"]), min_size=1, max_size=5), st.data())
    def test_the_sentences_around_a_span(self, pieces: list[str], data: st.DataObject) -> None:
        text = "".join(pieces)
        starts = [sum(map(len, pieces[:number])) for number in range(len(pieces))]
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        first = max(number for number, place in enumerate(starts) if place <= start)
        last = max(number for number, place in enumerate(starts) if place < end)
        begin, finish = Passage("", text, tuple(starts)).sentences_around(start, end)
        assert text[begin:finish] == "".join(pieces[first : last + 1]).strip()
        assert Passage("", text, tuple(starts[1:])).sentences_around(start, end) == (begin, finish)


def test_the_confidence_weighs_the_best_spans_sentence_alone(
    network: SpanNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = load_span_reader(TERMS)
    candidates = candidates_for(QUESTION, (HARBOUR, HOSTILE))
    readings = reader.read(QUESTION, candidates)
    best = best_span(candidates, readings)
    assert best
    candidate, span = best
    first = candidate.chunk.start_char
    passage = Passage.of(candidate)
    begin, finish = passage.sentences_around(span.start_char - first, span.end_char - first)
    sentence = Passage(passage.title, passage.text[begin:finish])
    (own,) = network.find(QUESTION, [sentence])
    assert sentence.text[own[0].start_char : own[0].end_char] == "Edda Quill"
    given: list[AnswerEvidence] = []
    probability = Calibration.probability

    def noting(self: Calibration, evidence: AnswerEvidence) -> float:
        given.append(evidence)
        return probability(self, evidence)

    monkeypatch.setattr(Calibration, "probability", noting)
    reader.confidence(QUESTION, candidates, readings)
    # A person is asked for; what a given span is worth is its logits alone.
    assert [evidence.alone for evidence in given] == [pytest.approx(own[0].span - FITTING_KIND, abs=1e-5)]


def test_without_a_calibration_nothing_is_read_alone(network: SpanNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    combination = Combination(span=1.0, relevance=0.0, sentence=1.0, intercept=0.0, most=0.0)
    reader = SpanReader(network, combination, None, TERMS, name="uncalibrated")
    candidates = candidates_for(QUESTION)
    readings = reader.read(QUESTION, candidates)
    monkeypatch.setattr(network, "read_alone", None)
    assert reader.confidence(QUESTION, candidates, readings) is None


def read_twice(network: SpanNetwork, question: str, passages: Sequence[Passage]) -> list[list[FoundSpan]]:
    return network.read_alone(question, passages, network.find(question, passages))


def span_score(found: Sequence[FoundSpan], before: int, place: tuple[int, int]) -> float:
    return next(one.span for one in found if (one.start_char - before, one.end_char - before) == place)


def test_confidence_is_a_probability_and_higher_where_there_is_an_answer() -> None:
    reader = load_span_reader(TERMS)

    def confidence(question: str, articles: tuple[Article, ...]) -> float:
        candidates = candidates_for(question, articles)
        found = reader.confidence(question, candidates, reader.read(question, candidates))
        assert found is not None
        assert 0 <= found <= 1
        return found

    answered = confidence(QUESTION, (HARBOUR, HOSTILE))
    assert confidence("Who won the chess tournament in Oslo?", (HARBOUR, HOSTILE)) < answered
    assert confidence(QUESTION, (HOSTILE,)) < answered
    assert reader.confidence(QUESTION, (), ()) is None


def test_a_score_is_the_weighted_sum_and_places_are_the_articles() -> None:
    candidate = next(one for one in candidates_for(QUESTION) if one.chunk.start_char > 0 and one.article is HARBOUR)
    chunk = candidate.chunk
    scores = {sentence: float(number) for number, sentence in enumerate(chunk.sentences, start=1)}
    last = chunk.sentences[-1]
    found = [
        FoundSpan(0, 3, span=1.0, relevance=2.0, alone=3.0),  # what the confidence weighs is no part of the score
        FoundSpan(last.start_char - chunk.start_char, last.start_char - chunk.start_char + 4, span=5.0, relevance=2.0),
    ]
    reading = combined(
        QUESTION,
        candidate,
        found,
        scores,
        Combination(span=2.0, relevance=10.0, sentence=100.0, intercept=0.5, most=0.0),
    )
    expected = {
        (chunk.start_char, chunk.start_char + 3): 0.5 + 2 + 20 + 100,
        (last.start_char, last.start_char + 4): 0.5 + 10 + 20 + 100 * scores[last],
    }
    assert {(span.start_char, span.end_char): span.score for span in reading.spans} == expected
    assert reading.no_answer_score == 0


def test_a_span_without_what_is_demanded_loses_what_the_same_span_keeps_otherwise() -> None:
    candidate = next(one for one in candidates_for(QUESTION) if "Monday" in one.chunk.text)
    weights = Combination(span=1.0, relevance=0.0, sentence=1.0, intercept=0.0, most=0.0)
    scores = dict.fromkeys(candidate.chunk.sentences, 0.0)
    start = candidate.chunk.text.index("Monday")

    def score(question: str) -> float:
        found = [FoundSpan(start, start + len("Monday"), 1.0, 0.0)]
        (span,) = combined(question, candidate, found, scores, weights).spans
        return span.score

    assert score(QUESTION) - score("In which year was it?") == UNMET_DEMAND
    assert score(QUESTION) - score("Who came on a monday?") == UNMET_DEMAND, "it repeats the question"


def test_the_question_where_it_is_printed_holds_no_answer() -> None:
    text = "Quiz: who is the harbour master of Larkmouth? Not Bo Lund. Edda Quill is."
    article = Article(article_id="quiz", title="", text=text)
    (candidate,) = candidates_for(QUESTION, (article,))
    places = [(text.index(part), text.index(part) + len(part)) for part in ("Quiz", "Bo Lund", "Edda Quill")]
    weights = Combination(span=1.0, relevance=0.0, sentence=0.0, intercept=0.0, most=0.0)
    scores = dict.fromkeys(candidate.chunk.sentences, 0.0)
    found = [FoundSpan(*place, span=9.0, relevance=0.0) for place in places]
    reading = combined(QUESTION, candidate, found, scores, weights)
    assert {(span.start_char, span.end_char): span.score for span in reading.spans} == {
        places[0]: 9 - UNMET_DEMAND,
        places[1]: 9,
        places[2]: 9,
    }


def test_a_span_across_two_sentences_counts_by_the_better() -> None:
    chunk = next(one for one in candidates_for(QUESTION) if len(one.chunk.sentences) > 1).chunk
    first, second = chunk.sentences[:2]
    scores = dict.fromkeys(chunk.sentences, -9.0) | {first: 1.0, second: 3.0}
    assert sentence_score(chunk, first.start_char, first.end_char, scores) == 1
    assert sentence_score(chunk, first.start_char, second.start_char + 1, scores) == 3


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=1, max_size=12), st.floats(-2, 2))
def test_what_is_left_unread_could_not_have_won(found: list[tuple[float, float]], sentence_weight: float) -> None:
    """With every span's network part within the bound, reading on changes nothing about the best."""
    template = candidates_for(QUESTION)[0]
    combination = Combination(span=1.0, relevance=0.0, sentence=abs(sentence_weight), intercept=0.3, most=5.0)
    candidates, sentences, spans = [], {}, {}
    for number, (network, sentence_reader) in enumerate(found):
        sentence = replace(template.chunk.sentences[0], article_id=f"a{number}")
        chunk = replace(template.chunk, article_id=f"a{number}", sentences=(sentence,))
        candidates.append(replace(template, chunk=chunk))
        sentences[sentence] = sentence_reader
        spans[chunk.chunk_id] = [FoundSpan(0, 3, span=network, relevance=0.0)]
    read: list[str] = []

    def find(some: Sequence[Candidate]) -> list[list[FoundSpan]]:
        read.extend(one.chunk.chunk_id for one in some)
        return [spans[one.chunk.chunk_id] for one in some]

    readings = read_the_promising(QUESTION, candidates, sentences, combination, find)
    whole = [combined(QUESTION, one, spans[one.chunk.chunk_id], sentences, combination) for one in candidates]
    assert [reading.chunk_id for reading in readings] == [one.chunk.chunk_id for one in candidates]
    assert max(r.spans[0].score for r in readings if r.spans) == max(r.spans[0].score for r in whole)
    assert len(read) == len(set(read)) == sum(bool(reading.spans) for reading in readings)
    backwards = read_the_promising(QUESTION, candidates[::-1], sentences, combination, find)
    assert backwards == readings[::-1]


@pytest.mark.parametrize(
    ("first", "rest", "blocks"),
    [
        (SURE, SURE - 2.0, 1),  # sure, and nothing else can win
        (SURE, SURE - 1.9, 3),  # sure, and another could win
        (SURE - 0.1, SURE - 3.0, 3),  # nothing else can win, and not sure
    ],
)
def test_it_stops_when_it_is_sure_and_the_rest_cannot_win(first: float, rest: float, blocks: int) -> None:
    template = candidates_for(QUESTION)[0]
    combination = Combination(span=1.0, relevance=0.0, sentence=1.0, intercept=0.0, most=2.0)
    candidates, sentences = [], {}
    for number in range(3 * READ_TOGETHER):
        sentence = replace(template.chunk.sentences[0], article_id=f"a{number:02}")
        candidates.append(
            replace(template, chunk=replace(template.chunk, article_id=f"a{number:02}", sentences=(sentence,)))
        )
        sentences[sentence] = first if number == 0 else rest
    readings = read_the_promising(
        QUESTION,
        candidates,
        sentences,
        combination,
        lambda some: [[FoundSpan(0, 3, span=0.0, relevance=0.0)] for _ in some],
    )
    read = blocks * READ_TOGETHER
    assert [bool(reading.spans) for reading in readings] == [True] * read + [False] * (3 * READ_TOGETHER - read)
