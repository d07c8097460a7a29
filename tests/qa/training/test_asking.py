"""Asking to fit: each collection holds what its name says, and what the network found is kept beside its candidate."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.records import Article
from index.stores.local import EmbeddingCache
from qa.calibration import AnswerEvidence, Calibration, Regression
from qa.readers.combination import Combination, FoundSpan, sentence_score
from qa.readers.passages import Passage
from qa.training.asking import ALL, FEW, FEW_OTHERS, SMALL_COLLECTION, WITHOUT_OWN, Asked, ask_all
from qa.training.fitting import (
    COUNTS,
    CalibrationInputs,
    calibration_inputs,
    cross_validated,
    fit_calibration,
    fit_combination,
    write_manifest,
)
from qa.training.logit import Bools
from qa.training.sources import Source, TrainingQuestion
from tests.fakes import WordEmbedder

PLACES = ("Larkmouth", "Port Amble", "West Quay", "Skye", "Grand Port", "Saltmouth", "Eel Bay", "Cod End")
KEEPERS = ("Edda Quill", "Ada Brook", "Tom Hale", "Mabel Finch", "Olga Berg", "Jane Moss", "John Reed", "Anna Lund")


def article(number: int) -> Article:
    text = f"The harbour of {PLACES[number]} is old. Its keeper is {KEEPERS[number]}, who came in {1900 + number}."
    return Article(article_id=f"tests/{number}", title=f"Harbour {number}", text=text)


ARTICLES = tuple(article(number) for number in range(len(PLACES)))


def question(number: int, *, answered: bool = True) -> TrainingQuestion:
    text = ARTICLES[number].text
    start = text.index(KEEPERS[number])
    spans = ((start, start + len(KEEPERS[number])),) if answered else ()
    asked = f"Who is the keeper of the harbour of {PLACES[number] if answered else 'Nowhere'}?"
    return TrainingQuestion(f"q{number}", asked, f"tests/{number}", spans, (0, len(text)))


QUESTIONS = (*(question(number) for number in range(7)), question(7, answered=False))
SOURCE = Source("tests", ARTICLES, QUESTIONS)


class KeeperNetwork:
    """Finds the keeper's name in any passage, surer where the question names the place; and always the first word."""

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []

    def find(self, question: str, passages: Sequence[Passage]) -> list[list[FoundSpan]]:
        found = []
        for passage in passages:
            title, text = passage.title, passage.text
            self.read.append((question, title))
            place = next(place for place in PLACES if place in text)
            name = KEEPERS[PLACES.index(place)]
            start = text.index(name)
            sure = 3.0 if place in question else -2.0
            found.append([FoundSpan(start, start + len(name), sure, sure / 2), FoundSpan(0, 3, -4.0, sure / 2)])
        return found

    def read_alone(
        self, question: str, passages: Sequence[Passage], found: Sequence[Sequence[FoundSpan]]
    ) -> list[list[FoundSpan]]:
        """As sure as in the passage, and 1 more."""
        return [[replace(span, alone=span.span + 1) for span in spans] for spans in found]


@pytest.fixture(scope="module")
def network() -> KeeperNetwork:
    return KeeperNetwork()


@pytest.fixture(scope="module")
def asked(network: KeeperNetwork, tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    told: list[tuple[int, int]] = []
    with EmbeddingCache(tmp_path_factory.mktemp("cache") / "vectors.sqlite") as cache:
        found = list(
            ask_all(
                SOURCE,
                QUESTIONS,
                network,  # type: ignore[arg-type]
                WordEmbedder(),
                cache,
                told=lambda done, of: told.append((done, of)),
            )
        )
    assert told == [(done, len(QUESTIONS)) for done in range(1, len(QUESTIONS) + 1)]
    return found


def test_each_collection_holds_what_its_name_says(asked: list[Asked]) -> None:
    seen: dict[str, set[str]] = {one.asked.question_id: set() for one in asked}
    for one in asked:
        seen[one.asked.question_id].add(one.setting)
        held = {candidate.article.article_id for candidate in one.candidates}
        own = one.asked.article_id
        assert (own in held) == (one.setting in (ALL, FEW))
        expected = (KEEPERS[int(own.removeprefix("tests/"))],) if one.asked.answers else ()
        assert one.expected == (expected if one.setting in (ALL, FEW) else ())
        if one.setting in (FEW, FEW_OTHERS):
            assert len(held) == SMALL_COLLECTION
        if one.setting == WITHOUT_OWN:
            assert len(held) == len(ARTICLES) - 1
    assert {settings for question_id, of in seen.items() for settings in of if question_id == "q7"} == {ALL}
    assert all(of == {ALL, WITHOUT_OWN, FEW, FEW_OTHERS} for question_id, of in seen.items() if question_id != "q7")


def test_a_few_others_are_not_the_same_for_all(asked: list[Asked]) -> None:
    held = {
        frozenset(candidate.article.article_id for candidate in one.candidates)
        for one in asked
        if one.setting == FEW_OTHERS
    }
    assert len(held) > 1


def test_a_chunk_is_read_once_for_a_question(asked: list[Asked], network: KeeperNetwork) -> None:
    assert asked
    assert len(network.read) == len(set(network.read))


def test_what_is_weighed_and_what_is_right(asked: list[Asked]) -> None:
    for one in asked:
        rows, right = one.inputs()
        assert rows.shape == (sum(map(len, one.found)), 3)
        spans = [(candidate, span) for candidate, of in zip(one.candidates, one.found, strict=True) for span in of]
        for row, is_right, (candidate, span) in zip(rows, right, spans, strict=True):
            start, end = span.start_char, span.end_char
            assert tuple(row[:2]) == (span.span, span.relevance)
            assert span.alone == span.span + 1
            first = candidate.chunk.start_char
            assert row[2] == sentence_score(candidate.chunk, first + start, first + end, one.sentences)
            assert is_right == (candidate.chunk.text[start:end] in one.expected)


def test_the_fit_tells_right_from_wrong(asked: list[Asked]) -> None:
    """The network is surer where it is right: its weight is above 0, and so is the probability of what is right."""
    combination = fit_combination(asked)
    assert combination.span + combination.relevance / 2 > 0
    assert combination.most == 0  # whatever is best stands among the first that are read
    inputs = calibration_inputs(asked, combination)
    assert len(inputs.evidence) == len(asked)
    assert inputs.counts.tolist() == [COUNTS[one.setting] for one in asked]
    assert inputs.articles == tuple(one.asked.article_id for one in asked)
    assert inputs.right.tolist() == inputs.answerable.tolist() == [bool(one.expected) for one in asked]
    alone = AnswerEvidence._fields.index("alone")
    assert all(row[alone] == row[AnswerEvidence._fields.index("network")] + 1 for row in inputs.evidence)
    calibration = fit_calibration(inputs)
    said = np.array([calibration.probability(AnswerEvidence(*row)) for row in inputs.evidence])
    assert said[inputs.right].min() > 0.5 > said[~inputs.right].max()


def examples(answerable: Bools, right: Bools) -> CalibrationInputs:
    """Two kinds of evidence that are drawn by lot: the score says whether there is an answer, the lead whether it is
    right; of the rest there is none."""
    chance = np.random.default_rng(5)
    evidence = np.zeros((len(right), len(AnswerEvidence._fields)))
    for name, true in (("score", answerable), ("lead", right)):
        evidence[:, AnswerEvidence._fields.index(name)] = true + chance.normal(size=len(true))
    return CalibrationInputs(evidence, answerable, right, np.ones(len(right)), ("a",) * len(right))


def test_each_part_is_fitted_on_what_it_is_asked() -> None:
    """Where nothing answers, what would be right is not looked at."""
    chance = np.random.default_rng(6)
    answerable = chance.random(400) < 0.6
    right = answerable & (chance.random(400) < 0.5)
    inputs = examples(answerable, right)
    fitted = fit_calibration(inputs)
    assert fitted.answerable.weights.score > 0.5 > fitted.right_if_answerable.weights.score + 0.3
    assert fitted.right_if_answerable.weights.lead > 0.5
    noise = np.where(answerable[:, None], inputs.evidence, inputs.evidence[::-1] * 3)
    other = fit_calibration(replace(inputs, evidence=noise))
    assert other.right_if_answerable == fitted.right_if_answerable
    assert other.answerable != fitted.answerable


def test_what_counts_more_weighs_more() -> None:
    """An example that counts twice is worth two."""
    chance = np.random.default_rng(7)
    answerable = chance.random(120) < 0.6
    once = examples(answerable, answerable & (chance.random(120) < 0.5))
    counts = np.where(np.arange(120) < 40, 2.0, 1.0)
    places = np.repeat(np.arange(120), counts.astype(int))
    twice = CalibrationInputs(
        once.evidence[places], once.answerable[places], once.right[places], np.ones(len(places)), ("a",) * len(places)
    )
    weighed, repeated = fit_calibration(replace(once, counts=counts)), fit_calibration(twice)
    for part in ("answerable", "right_if_answerable"):
        one, other = getattr(weighed, part), getattr(repeated, part)
        assert one.weights.score == pytest.approx(other.weights.score, abs=0.02)
        assert one.intercept == pytest.approx(other.intercept, abs=0.02)


def test_no_articles_probability_knows_its_own_truth() -> None:
    """An article whose truth is turned round changes others' probabilities, not its own."""
    chance = np.random.default_rng(4)
    inputs = chance.normal(size=(60, len(AnswerEvidence._fields)))
    right = inputs[:, 0] + chance.normal(size=60) > 0
    articles = [f"a{number % 12}" for number in range(60)]
    own = np.array([article == "a3" for article in articles])
    turned = np.where(own, ~right, right)
    every = CalibrationInputs(inputs, chance.random(60) < 0.8, right, np.ones(60), tuple(articles))
    before, after = cross_validated(every), cross_validated(replace(every, right=turned))
    assert np.array_equal(before[own], after[own])
    assert not np.allclose(before[~own], after[~own])
    assert ((before > 0) & (before < 1)).all()


def test_the_manifest_names_its_files_and_reads_back(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")
    (tmp_path / "tokenizer.json").write_bytes(b"words")
    combination = Combination(span=0.3, relevance=0.1, sentence=0.2, intercept=-1.0, most=4.0)
    weights = AnswerEvidence(*map(float, range(len(AnswerEvidence._fields))))
    calibration = Calibration(answerable=Regression(weights, -1.0), right_if_answerable=Regression(weights, 2.0))
    write_manifest(tmp_path, "a name", combination, calibration)
    manifest = json.loads((tmp_path / "reader.json").read_text(encoding="utf-8"))
    assert manifest["name"] == "a name"
    assert manifest["files"] == {
        "model.onnx": hashlib.sha256(b"weights").hexdigest(),
        "tokenizer.json": hashlib.sha256(b"words").hexdigest(),
    }
    assert Combination.from_dict(manifest["combination"]) == combination
    assert Calibration.from_dict(manifest["calibration"]) == calibration
