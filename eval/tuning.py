"""Chooses settings on one part of a question set, and measures them on the other."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.compare import Comparison, compare
from eval.datasets.records import Question, QuestionSet
from eval.measures.rankings import ranked_ids, ranking_measures, relevance
from eval.rows import QuestionRow
from eval.runner import Progress, Run, evaluate
from eval.summary import is_calibrated, is_right, score_of
from index.errors import QuestionSetError
from index.records import Filter, chunk_place
from qa import Assistant, QAConfig

WEIGHTS = tuple(round(0.1 * step, 1) for step in range(11))
FEWEST_CLUSTERS = 4
"""Articles that a set must have questions on: two to choose on and two to measure on."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """What was chosen, and what it gives.

    Attributes:
        config: the settings.
        by_weight: the mean reciprocal rank of the evidence for each weight tried, on the questions chosen on; empty
            when these have no evidence.
        reached: the share of wrong answers among those given, and the share of questions answered, on the same.
        before, after: runs over the other questions, with the settings there were and with those chosen.
    """

    config: QAConfig
    by_weight: dict[float, float]
    reached: tuple[float, float]
    chosen_on: QuestionSet
    before: Run
    after: Run

    @property
    def comparison(self) -> Comparison:
        """The chosen settings against those there were, on questions that nothing was chosen on."""
        return compare(self.before, self.after)


def tune(
    questions: QuestionSet, assistant: Assistant, risk: float, *, seed: int = 0, progress: Progress | None = None
) -> Tuned:
    """Choose the dense half's weight by the evidence's mean reciprocal rank, then the threshold of answering as the one
    that answers most questions with at most that share of wrong answers.

    Args:
        risk: the largest share of wrong answers among those given, unanswerable questions that are answered among them.
        seed: fixes which articles' questions are chosen on.

    Raises:
        QuestionSetError: the set has questions on too few articles to be parted, or none that says what is right.
    """
    chosen_on, other = parted(questions, seed)
    judged = [question for question in chosen_on.questions if question.answers is not None]
    if not judged:
        raise QuestionSetError(
            f"{questions.name} does not say what is right: there is nothing to choose a threshold by"
        )
    by_weight = _by_weight(assistant, [one for one in chosen_on.questions if one.evidence])
    config = assistant.config
    if by_weight:
        best = max(by_weight, key=lambda weight: (by_weight[weight], -abs(weight - config.search.dense_weight)))
        config = replace(config, search=replace(config.search, dense_weight=best))
    with assistant.with_config(config) as weighted:
        rows = evaluate(chosen_on, weighted, resamples=2, progress=progress).rows
    rows = tuple(row for row in rows if row.error is None and row.answerable is not None)
    threshold, reached = threshold_for(rows, risk)
    if is_calibrated(rows):
        config = replace(config, risk=min(1.0, max(0.0, 1 - threshold)))
    else:
        config = replace(config, abstain_margin=math.nextafter(threshold, -math.inf))
    before = evaluate(other, assistant, progress=progress)
    with assistant.with_config(config) as chosen:
        after = evaluate(other, chosen, progress=progress)
    return Tuned(config, by_weight, reached, chosen_on, before, after)


def parted(questions: QuestionSet, seed: int) -> tuple[QuestionSet, QuestionSet]:
    """The questions of half of the articles, and those of the others.

    Raises:
        QuestionSetError: the set has questions on too few articles.
    """
    clusters = sorted({question.cluster for question in questions.questions})
    if len(clusters) < FEWEST_CLUSTERS:
        raise QuestionSetError(
            f"{questions.name} has questions on {len(clusters)} articles; at least {FEWEST_CLUSTERS} are needed, half "
            "of them to choose on and half to measure on"
        )
    random.Random(seed).shuffle(clusters)
    chosen = set(clusters[: len(clusters) // 2])

    def part(name: str, inside: bool) -> QuestionSet:
        some = tuple(question for question in questions.questions if (question.cluster in chosen) == inside)
        return QuestionSet(f"{questions.name}, {name}", some, questions.articles)

    return part("chosen on", True), part("the others", False)


def threshold_for(rows: Sequence[QuestionRow], risk: float) -> tuple[float, tuple[float, float]]:
    """The score from which on to answer, so that most questions are answered with at most that share of them wrong; the
    share of wrong answers then, and the share of questions answered. Above every score when none can be answered."""
    best, reached = math.inf, (0.0, 0.0)
    ordered = sorted(rows, key=lambda row: -score_of(row))
    wrong = 0
    for count, row in enumerate(ordered, start=1):
        wrong += not is_right(row)
        last_of_score = count == len(ordered) or score_of(ordered[count]) < score_of(row)
        if last_of_score and wrong <= risk * count:
            best, reached = score_of(row), (wrong / count, count / len(ordered))
    return (best if math.isfinite(best) else 1.0 if is_calibrated(rows) else math.inf), reached


def _by_weight(assistant: Assistant, questions: Sequence[Question]) -> dict[float, float]:
    """The mean reciprocal rank of the evidence for each weight."""
    if not questions or assistant.config.search.mode != "convex":
        return {}
    found = {}
    judgements = {question.question_id: relevance(question.evidence) for question in questions}
    for weight in WEIGHTS:
        search = replace(assistant.config.search, dense_weight=weight)
        with assistant.with_config(replace(assistant.config, search=search)) as weighted:
            rankings = {question.question_id: _ranking(weighted, question) for question in questions}
        measures = ranking_measures(rankings, judgements)
        found[weight] = sum(one["mrr"] for one in measures.values()) / len(measures)
    return found


def _ranking(assistant: Assistant, question: Question) -> tuple[str, ...]:
    where = Filter(articles=question.retrieved) if question.retrieved is not None else None
    candidates = assistant.retrieve(question.text, where=where)
    return ranked_ids([chunk_place(candidate.chunk.chunk_id) for candidate in candidates], question.evidence)
