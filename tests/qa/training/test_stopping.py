"""When reading may stop: what is left unread would seldom have won, and no more is read than that takes."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from unittest import mock

import pytest

from index.records import Candidate
from qa.readers import combination
from qa.readers.combination import Combination, FoundSpan, read_the_promising
from qa.records import Reading
from qa.training import stopping
from qa.training.asking import ALL, Asked
from qa.training.sources import TrainingQuestion
from qa.training.stopping import most_for
from tests.contracts.reader import candidates_for

COMBINATION = Combination(span=1.0, relevance=0.5, sentence=2.0, intercept=-1.0, most=0.0)
TEMPLATE = candidates_for("Who?")[0]
QUESTION = TrainingQuestion("q", "Who?", "a0", (), (0, 1))


@pytest.fixture(autouse=True)
def always_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left unread is then left for what it could score alone."""
    monkeypatch.setattr(combination, "SURE", -math.inf)


def asked(seed: int) -> Asked:
    """A question with 13 candidates, whose sentences and spans score at random."""
    chance = random.Random(seed)
    chunks = [replace(TEMPLATE.chunk, article_id=f"a{number:02}") for number in range(13)]
    sentences = [(replace(TEMPLATE.chunk.sentences[0], article_id=chunk.article_id),) for chunk in chunks]
    candidates = tuple(
        replace(TEMPLATE, chunk=replace(chunk, sentences=own)) for chunk, own in zip(chunks, sentences, strict=True)
    )
    found = tuple((FoundSpan(0, 4, chance.gauss(0, 3), chance.gauss(0, 1)),) for _ in candidates)
    promise = {one.chunk.sentences[0]: chance.gauss(0, 1) for one in candidates}
    return Asked("tests", ALL, QUESTION, (), candidates, found, promise)


def readings(one: Asked, most: float) -> tuple[Reading, ...]:
    found = {candidate.chunk.chunk_id: spans for candidate, spans in zip(one.candidates, one.found, strict=True)}

    def find(some: tuple[Candidate, ...]) -> list[tuple[FoundSpan, ...]]:
        return [found[candidate.chunk.chunk_id] for candidate in some]

    return read_the_promising(QUESTION.question, one.candidates, one.sentences, replace(COMBINATION, most=most), find)  # type: ignore[arg-type]


def best(read: tuple[Reading, ...]) -> float:
    return max(reading.spans[0].score for reading in read if reading.spans)


def missed(some: list[Asked], most: float) -> int:
    """Questions whose best span is not read."""
    return sum(best(readings(one, most)) < best(readings(one, math.inf)) for one in some)


def test_the_least_that_misses_no_question() -> None:
    some = [asked(seed) for seed in range(200)]
    with mock.patch.object(stopping, "MISSED", 0.0):
        most = most_for(some, COMBINATION)
    assert missed(some, most) == 0
    assert missed(some, most - 1e-9) == 1


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_so_many_questions_are_missed_and_less_is_read(share: float) -> None:
    some = [asked(seed) for seed in range(400)]
    with mock.patch.object(stopping, "MISSED", share):
        most = most_for(some, COMBINATION)
    assert share * 400 - 2 <= missed(some, most) <= share * 400
    with mock.patch.object(stopping, "MISSED", 0.0):
        safe = most_for(some, COMBINATION)

    def read(bound: float) -> int:
        return sum(sum(bool(one.spans) for one in readings(each, bound)) for each in some)

    assert read(most) < read(safe) < read(math.inf)
