"""Chooses settings on one part of a question set, and measures them on the other."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.bounded_mean import bounded_mean
from eval.compare import Comparison, compare
from eval.datasets.records import Question, QuestionSet
from eval.measures.rankings import ranked_ids, ranking_measures, relevance
from eval.rows import QuestionRow, failed_row, is_located, make_row
from eval.runner import Progress, Run, collection_of, evaluate, explain_question, require_articles
from eval.statistics import RESAMPLES, Estimate
from eval.summary import is_calibrated, is_right
from index.errors import ConfigError, QuestionError, QuestionSetError, RunError
from index.records import chunk_place
from qa import Assistant, Explanation, QAConfig
from qa.dates import spell_out_dates
from qa.followup import standalone_query

WEIGHTS = tuple(round(0.1 * step, 1) for step in range(11))
FEWEST_CLUSTERS = 4
"""Articles that a set must have questions on: two to choose on and two to measure on."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """What was chosen, and what it gives.

    Attributes:
        config: the settings.
        by_weight: the mean reciprocal rank of the evidence for each weight tried, on the questions chosen on; empty
            when these have no evidence. It led to the choice, and says nothing of other questions.
        chosen_on: those questions.
        failures: how many of them could not be asked.
        before, after: runs over the other questions, with the settings there were and with those chosen.
    """

    config: QAConfig
    by_weight: dict[float, float]
    chosen_on: QuestionSet
    failures: int
    before: Run
    after: Run

    @property
    def comparison(self) -> Comparison:
        """The chosen settings against those there were, on questions that nothing was chosen on."""
        return compare(self.before, self.after)


@dataclass(frozen=True, slots=True)
class RiskAndCoverage:
    """What a run's abstentions leave (El-Yaniv and Wiener 2010), with intervals over articles.

    Attributes:
        risk: the share of wrong answers among those given, unanswerable questions that were answered among them; NaN
            where none was given.
        coverage: the share of questions answered.
    """

    risk: Estimate
    coverage: Estimate


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    """What a threshold is chosen by.

    Attributes:
        score: what is held against the threshold; None where nothing was found, and so nothing can be answered.
        right: whether the best span is.
    """

    score: float | None
    right: bool


def tune(
    questions: QuestionSet,
    assistant: Assistant,
    risk: float,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    progress: Progress | None = None,
) -> Tuned:
    """Choose the dense half's weight by the evidence's mean reciprocal rank, then the threshold of answering as the one
    that answers most questions with at most that share of wrong answers.

    Args:
        questions: parted by article: on one half is chosen, on the other measured.
        assistant: what is asked, with the settings there are.
        risk: the largest share of wrong answers among those given, unanswerable questions that are answered among them.
        seed: fixes which articles' questions are chosen on.
        resamples: how many samples the intervals of the runs' measures rest on.
        progress: told how far it is with each round of questions.

    Raises:
        QuestionSetError: the set has questions on too few articles to be parted, a part of it does not say what is
            right, or it names articles or characters that the collection does not have.
        ConfigError: no threshold keeps to that risk.
        RunError: no question of a part could be asked.
    """
    chosen_on, other = parted(questions, seed)
    for part in (chosen_on, other):
        if not any(question.answers is not None for question in part.questions):
            raise QuestionSetError(
                f"{part.name} does not say what is right: add answers, to choose a threshold by and to measure it with"
            )
    require_articles(questions, assistant)
    by_weight = _by_weight(assistant, [one for one in chosen_on.questions if is_located(one)])
    config = assistant.config
    if by_weight:
        best = max(by_weight, key=lambda weight: (by_weight[weight], -abs(weight - config.search.dense_weight)))
        config = replace(config, search=replace(config.search, dense_weight=best))
    with assistant.with_config(config) as weighted:
        config, failures = _with_threshold(config, risk, weighted, chosen_on, progress)
    before = evaluate(other, assistant, resamples=resamples, progress=progress)
    with assistant.with_config(config) as chosen:
        after = evaluate(other, chosen, resamples=resamples, progress=progress)
    for run in (before, after):
        _require_asked(other, run.rows)
    return Tuned(config, by_weight, chosen_on, failures, before, after)


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


def threshold_for(answers: Sequence[ScoredAnswer], risk: float) -> float:
    """The score from which on to answer, so that most questions are answered with at most that share of them wrong.

    Args:
        answers: of the questions chosen on.
        risk: the largest share of wrong answers among those given.

    Raises:
        ConfigError: every threshold gives more wrong answers; names the smallest share that one gives.
    """
    found = sorted(((one.score, one.right) for one in answers if one.score is not None), reverse=True)
    best, lowest, wrong = math.nan, (math.inf, 0), 0
    for count, (score, right) in enumerate(found, start=1):
        wrong += not right
        if count < len(found) and found[count][0] == score:
            continue  # questions of equal score are answered together or not at all
        lowest = min(lowest, (wrong / count, -count))
        if wrong / count <= risk + 1e-12:
            best = score
    if math.isnan(best):
        raise ConfigError(_out_of_reach(risk, len(answers), *lowest))
    return best


def _out_of_reach(risk: float, questions: int, lowest: float, fewer: int) -> str:
    unreached = f"no threshold keeps the wrong answers to {risk:.1%} of those given"
    if lowest >= 1:
        return f"{unreached}: of the {questions} questions chosen on, none is answered rightly"
    rounded_up = math.ceil(1000 * lowest) / 1000
    return (
        f"{unreached}: of the {questions} questions chosen on, {-fewer} can be answered with {lowest:.1%} of them "
        f"wrong, and no number with less; choose a risk of {rounded_up:g} or more"
    )


def risk_and_coverage(run: Run) -> RiskAndCoverage:
    """What was answered of the questions of which it is known what is right, and how much of it wrongly.

    Raises:
        RunError: the run has no such question.
    """
    rows = [row for row in run.rows if row.error is None and row.answerable is not None]
    if not rows:
        raise RunError(f"{run.manifest.questions_name}: of no question that was asked is it known what is right")
    clusters = [row.cluster for row in rows]
    answered = [float(row.answered) for row in rows]
    return RiskAndCoverage(_risk([row for row in rows if row.answered]), bounded_mean(answered, clusters))


def _risk(answered: Sequence[QuestionRow]) -> Estimate:
    """The share of wrong answers; NaN where nothing was answered."""
    if not answered:
        return Estimate(math.nan, math.nan, math.nan, 0, 0)
    return bounded_mean([float(not is_right(row)) for row in answered], [row.cluster for row in answered])


def _with_threshold(
    config: QAConfig, risk: float, assistant: Assistant, questions: QuestionSet, progress: Progress | None
) -> tuple[QAConfig, int]:
    """The settings with the threshold of answering that these questions give, and how many of them failed."""
    asked: list[tuple[QuestionRow, Explanation | None]] = []
    for number, question in enumerate(questions.questions, start=1):
        asked.append(_asked(assistant, question))
        if progress:
            progress(number, len(questions.questions))
    rows = [row for row, _ in asked]
    _require_asked(questions, rows)
    judged = [(row, explanation) for row, explanation in asked if explanation and row.answerable is not None]
    if is_calibrated([row for row, _ in judged]):
        threshold = threshold_for([ScoredAnswer(row.confidence, is_right(row)) for row, _ in judged], risk)
        config = replace(config, risk=1 - threshold)
    else:
        threshold = threshold_for([ScoredAnswer(_margin(found), is_right(row)) for row, found in judged], risk)
        config = replace(config, abstain_margin=math.nextafter(threshold, -math.inf))  # which a margin must exceed
    return config, sum(row.error is not None for row in rows)


def _asked(assistant: Assistant, question: Question) -> tuple[QuestionRow, Explanation | None]:
    """A question's row, with what led to its answer; whatever goes wrong is the row's error."""
    try:
        explanation = explain_question(assistant, question)
        return make_row(question, explanation, assistant.article), explanation
    except Exception as error:
        return failed_row(question, f"{type(error).__name__}: {error}"), None


def _margin(explanation: Explanation) -> float | None:
    """By how much the best span's score lies above its reading's no-answer score: what ``QAConfig.abstain_margin`` is
    held against. None where nothing was found."""
    margins = [span.score - reading.no_answer_score for reading in explanation.readings for span in reading.spans]
    return max(margins, default=None)


def _require_asked(questions: QuestionSet, rows: Sequence[QuestionRow]) -> None:
    """Refuse to choose or measure by questions none of which says anything."""
    judged = [row for row in rows if row.answerable is not None]
    if all(row.error is not None for row in judged):
        raise RunError(f"{questions.name}: all {len(judged)} questions failed; the first: {judged[0].error}")


def _by_weight(assistant: Assistant, questions: Sequence[Question]) -> dict[float, float]:
    """The mean reciprocal rank of the evidence for each weight; empty where there is no weight to choose, or nothing to
    choose it by."""
    if not questions or assistant.config.search.mode != "convex":
        return {}
    found = {}
    for weight in WEIGHTS:
        search = replace(assistant.config.search, dense_weight=weight)
        with assistant.with_config(replace(assistant.config, search=search)) as weighted:
            rankings = {one.question_id: _ranking(weighted, one) for one in questions}
        known = {question_id: ids for question_id, ids in rankings.items() if ids is not None}
        judgements = {one.question_id: relevance(one.evidence) for one in questions if one.question_id in known}
        measures = ranking_measures(known, judgements)
        if measures:
            found[weight] = sum(one["mrr"] for one in measures.values()) / len(measures)
    return found


def _ranking(assistant: Assistant, question: Question) -> tuple[str, ...] | None:
    """What a question finds as it is searched for: standing alone, its days spelled out. None where it cannot be
    searched for, which is the same for every weight."""
    query = standalone_query(question.text.strip(), question.history).query
    if question.asked:
        query = spell_out_dates(query, question.asked)
    try:
        candidates = assistant.retrieve(query, where=collection_of(question))
    except QuestionError:
        return None
    return ranked_ids([chunk_place(candidate.chunk.chunk_id) for candidate in candidates], question.evidence)
