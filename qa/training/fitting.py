"""Fits a reader's combination and calibration on questions that its network was not trained on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.records import Candidate
from index.tokenizer import Tokenizer
from qa.calibration import AnswerEvidence, Calibration, Regression, answer_evidence, best_span
from qa.readers.combination import Combination, FoundSpan, read_the_promising
from qa.readers.span import MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE
from qa.records import Reading, ScoredSpan
from qa.scoring import RIGHT_FROM, token_f1
from qa.training.asking import ALL, FEW, FEW_OTHERS, WITHOUT_OWN, Asked
from qa.training.logit import Bools, Floats, conditional_logit, logistic
from qa.training.stopping import most_for

PENALTY = 1e-3
"""Of the combination's four weights."""
CALIBRATION_PENALTY = 3e-2
"""Of the calibration's, of which there are more on fewer examples: chosen by the squared error on articles left out."""
SIGNS = AnswerEvidence(
    score=1,
    share=1,
    lead=1,
    agreeing=1,
    network=1,
    relevance=1,
    type_held=1,
    type_missing=-1,
    names_missing=-1,
    numbers_missing=-1,
    coverage=1,
    around=0,
    dense=1,
    words=0,
    few=0,
    alone=1,
)
"""What each kind of evidence can only speak for (1) or against (-1): a weight of the other sign is an accident of the
few articles that are fitted on, and does harm on others."""
FOLDS = 5
COUNTS = {ALL: 1.0, WITHOUT_OWN: 0.5, FEW: 0.5, FEW_OTHERS: 0.25}
"""What a question put to each collection counts for the calibration: most people ask what their articles answer."""


def fit_combination(asked: Sequence[Asked]) -> Combination:
    """The weights under which the right spans are most probable."""
    inputs = [(rows, right) for rows, right in (one.inputs() for one in asked) if len(rows)]
    found = conditional_logit([rows for rows, _ in inputs], [right for _, right in inputs], PENALTY)
    span, relevance, sentence = map(float, found.weights)
    weighed = Combination(span=span, relevance=relevance, sentence=sentence, intercept=found.intercept, most=0.0)
    return replace(weighed, most=most_for(asked, weighed))


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationInputs:
    """What a calibration is fitted on: one example for each question put to a collection.

    Attributes:
        evidence: shape ``(examples, kinds of evidence)``.
        answerable: whether the collection answers, shape ``(examples,)``.
        right: whether the best span is right; never where the collection does not answer.
        counts: how much each counts.
        articles: the article of each question.
    """

    evidence: Floats
    answerable: Bools
    right: Bools
    counts: Floats
    articles: tuple[str, ...]

    def of(self, some: Bools) -> CalibrationInputs:
        """Some of the examples."""
        articles = tuple(article for article, kept in zip(self.articles, some, strict=True) if kept)
        return CalibrationInputs(
            self.evidence[some], self.answerable[some], self.right[some], self.counts[some], articles
        )


def calibration_inputs(asked: Sequence[Asked], combination: Combination) -> CalibrationInputs:
    """The evidence that the reader would have had for each best span, with this combination."""
    terms = Tokenizer(stem=True)
    rows, answerable, right, counts, articles = [], [], [], [], []
    for one in asked:
        readings = _readings(one, combination)
        best = best_span(one.candidates, readings)
        if best is None:
            continue
        candidate, span = best
        alone = _found(one, candidate, span).alone
        evidence = answer_evidence(one.asked.question, one.candidates, readings, terms, alone=alone)
        text = candidate.article.text[span.start_char : span.end_char]
        rows.append(evidence)
        answerable.append(bool(one.expected))
        right.append(bool(one.expected) and token_f1(text, one.expected) >= RIGHT_FROM)
        counts.append(COUNTS[one.setting])
        articles.append(one.asked.article_id)
    return CalibrationInputs(np.array(rows), np.array(answerable), np.array(right), np.array(counts), tuple(articles))


def _found(asked: Asked, candidate: Candidate, span: ScoredSpan) -> FoundSpan:
    """What the network found where a reading has a span."""
    first = candidate.chunk.start_char
    place = (span.start_char - first, span.end_char - first)
    of_candidate = next(spans for one, spans in zip(asked.candidates, asked.found, strict=True) if one is candidate)
    return next(one for one in of_candidate if (one.start_char, one.end_char) == place)


def _readings(asked: Asked, combination: Combination) -> tuple[Reading, ...]:
    """What the reader would have made of it, with this combination."""
    known = dict(zip((candidate.chunk.chunk_id for candidate in asked.candidates), asked.found, strict=True))

    def find(some: Sequence[Candidate]) -> list[tuple[FoundSpan, ...]]:
        return [known[candidate.chunk.chunk_id] for candidate in some]

    return read_the_promising(asked.asked.question, asked.candidates, asked.sentences, combination, find)


def fit_calibration(inputs: CalibrationInputs) -> Calibration:
    """The two logistic regressions under which what is true is most probable: whether the collection answers, on all
    examples, and whether the best span is right, on those that it answers."""
    there = inputs.of(inputs.answerable)
    return Calibration(
        answerable=_regression(inputs, inputs.answerable), right_if_answerable=_regression(there, there.right)
    )


def cross_validated(inputs: CalibrationInputs) -> Floats:
    """Each example's probability by a calibration that was fitted without its article, shape ``(examples,)``."""
    fold = np.array([int(hashlib.sha256(article.encode()).hexdigest(), 16) % FOLDS for article in inputs.articles])
    found = np.zeros(len(fold))
    for number in range(FOLDS):
        kept = fold == number
        if kept.any():
            fitted = fit_calibration(inputs.of(~kept))
            found[kept] = [fitted.probability(AnswerEvidence(*row)) for row in inputs.evidence[kept]]
    return found


def write_manifest(folder: Path, name: str, combination: Combination, calibration: Calibration) -> None:
    """Write ``reader.json`` beside the model: the hashes of its files, the combination and the calibration."""
    files = {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in (MODEL_FILE, TOKENIZER_FILE)}
    manifest = {
        "name": name,
        "files": files,
        "combination": combination.to_dict(),
        "calibration": calibration.to_dict(),
    }
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _regression(inputs: CalibrationInputs, true: Bools) -> Regression:
    fitted = logistic(inputs.evidence, true, inputs.counts, CALIBRATION_PENALTY, [int(sign) for sign in SIGNS])
    return Regression(AnswerEvidence(*map(float, fitted.weights)), fitted.intercept)
