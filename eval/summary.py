"""From a run's rows to its measures, each with an interval over articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.bounded_mean import bounded_mean
from eval.calibration_interval import Forecasts, calibration_error
from eval.measures.answers import RIGHT_FROM
from eval.measures.rankings import ranking_measures
from eval.measures.resampled import aurc, auroc, coverage_at_accuracy, excess_aurc, expected_calibration_error
from eval.rows import REWRITE, TYPED, QuestionRow
from eval.statistics import (
    RESAMPLES,
    Estimate,
    SampledStatistic,
    bootstrap,
    bootstrap_ratio,
)

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

ACCURACIES = (80, 90, 95)
PERCENTILES = (50, 95, 99)
STAGES = ("dense", "lexical", "fused", "read")
WORDINGS = {"turns": "fused", REWRITE: REWRITE, TYPED: TYPED}
"""Of questions with a person's rewording: the names of their measures, by the ranking that each is of."""

PerQuestion = dict[str, float]
"""A measure's value for each question that has one, by question id."""


def question_values(rows: Sequence[QuestionRow], stages: Sequence[str] = STAGES) -> dict[str, PerQuestion]:
    """Every measure that is a mean over questions, question by question: what intervals, comparisons and slices are
    made of."""
    asked = [row for row in rows if row.error is None]
    taken: dict[str, Callable[[QuestionRow], float | None]] = {
        "em": lambda row: row.em,
        "f1": lambda row: row.f1,
        "em_all": lambda row: row.given_em,
        "f1_all": lambda row: row.given_f1,
        "answered_answerable": lambda row: float(row.answered) if row.answerable else None,
        "abstained_unanswerable": lambda row: float(not row.answered) if row.answerable is False else None,
        "citation_first": lambda row: row.cited_first,
        "citation_any": lambda row: row.cited_any,
        "citation_precision": lambda row: row.citation_precision,
        "citation_recall": lambda row: row.citation_recall,
        "verbatim": lambda row: None if row.verbatim is None else float(row.verbatim),
    }
    found: dict[str, PerQuestion] = {}
    for name, take in taken.items():
        values = {row.question_id: value for row in asked if (value := take(row)) is not None}
        if values:
            found[name] = values
    for stage in stages:
        if not any(row.rankings and row.rankings.get(stage) for row in asked):
            continue  # no question has a ranking there: the stage was left out, and not bad
        for question_id, measures in _ranking_values(asked, stage).items():
            for name, value in measures.items():
                found.setdefault(f"{stage}_{name}", {})[question_id] = value
    return found | wording_values(rows)


def wording_values(rows: Sequence[QuestionRow]) -> dict[str, PerQuestion]:
    """The reciprocal ranks of questions with a person's rewording: as they were searched for, as that person worded
    them, and as they were typed, without history."""
    reworded = [row for row in rows if row.error is None and row.rankings and REWRITE in row.rankings]
    if not reworded:
        return {}
    return {
        f"{name}_mrr": {one: measures["mrr"] for one, measures in _ranking_values(reworded, ranking).items()}
        for name, ranking in WORDINGS.items()
    }


def rewrite_recovered(rows: Sequence[QuestionRow], *, seed: int = 0, resamples: int = RESAMPLES) -> dict[str, Estimate]:
    """``rewrite_recovered``: the MRR of follow-ups as they were searched for, as a share of their rewordings'. Empty
    where no question has a rewording that finds anything."""
    values = wording_values(rows)
    if not values:
        return {}
    cluster = {row.question_id: row.cluster for row in rows}
    ours, persons = values["turns_mrr"], values[f"{REWRITE}_mrr"]
    estimate = bootstrap_ratio(
        list(ours.values()),
        [persons[one] for one in ours],
        [cluster[one] for one in ours],
        resamples=resamples,
        seed=seed,
    )
    return {} if np.isnan(estimate.value) else {"rewrite_recovered": estimate}


def _ranking_values(rows: Sequence[QuestionRow], ranking: str) -> dict[str, dict[str, float]]:
    judged = [row for row in rows if row.rankings and row.rankings.get(ranking) is not None and row.relevant]
    return ranking_measures(
        {row.question_id: row.rankings[ranking] for row in judged if row.rankings},
        {row.question_id: row.relevant for row in judged if row.relevant},
    )


def estimates(rows: Sequence[QuestionRow], *, seed: int = 0, resamples: int = RESAMPLES) -> dict[str, Estimate]:
    """Every measure of a run with its interval, by name.

    Args:
        resamples: how many samples the interval of a mean rests on; those of other measures on half as many.
    """
    cluster = {row.question_id: row.cluster for row in rows}
    found = {
        name: bounded_mean(
            list(values.values()), [cluster[question_id] for question_id in values], resamples=resamples, seed=seed
        )
        for name, values in question_values(rows).items()
    }
    found |= rewrite_recovered(rows, seed=seed, resamples=resamples)
    judged = [row for row in rows if row.error is None and row.answerable is not None]
    answerable = [row for row in judged if row.answerable]
    for part, measures in ((judged, confidence_measures(judged)), (answerable, answerable_measures(answerable))):
        for name, statistic in measures.items():
            if part and name != "ece":
                estimate = bootstrap(statistic, [row.cluster for row in part], resamples=resamples // 2, seed=seed)
                if not np.isnan(estimate.value):
                    found[name] = estimate
    if is_calibrated(judged):
        forecasts = Forecasts(confidences_of(judged).tolist(), right_of(judged).tolist())
        clusters = [row.cluster for row in judged]
        found["ece"] = calibration_error(forecasts, clusters, resamples=resamples // 2, seed=seed)
    return found


def confidence_measures(rows: Sequence[QuestionRow]) -> dict[str, SampledStatistic]:
    """What the scores are worth, as measures of samples of the rows.

    ``ece`` is there only where every row that found something has a confidence: other scores are no probabilities.
    """
    score, answerable, right = scores_of(rows), answerable_of(rows), right_of(rows)
    measures = measures_of_scores(score, answerable, right)
    if is_calibrated(rows):
        measures["ece"] = partial(expected_calibration_error, confidences_of(rows), right)
    return measures


def measures_of_scores(score: Floats, answerable: Bools, right: Bools) -> dict[str, SampledStatistic]:
    """Those of them that hang on the order of the scores alone."""
    return {
        "auroc_answerable": partial(auroc, score, answerable),
        "auroc_right": partial(auroc, score, right),
        "aurc": partial(aurc, score, right),
        "excess_aurc": partial(excess_aurc, score, right),
        **{
            f"coverage_at_{accuracy}": partial(coverage_at_accuracy, score, right, accuracy / 100)
            for accuracy in ACCURACIES
        },
    }


def scores_of(rows: Sequence[QuestionRow]) -> Floats:
    """What each row's answer is ranked by, among these rows."""
    # Where nothing was found there is no confidence either: it is as sure as can be that nothing is right.
    return confidences_of(rows) if is_calibrated(rows) else np.array([score_of(row) for row in rows], dtype=np.float64)


def confidences_of(rows: Sequence[QuestionRow]) -> Floats:
    return np.array([confidence_of(row) for row in rows], dtype=np.float64)


def answerable_of(rows: Sequence[QuestionRow]) -> Bools:
    return np.array([bool(row.answerable) for row in rows], dtype=np.bool_)


def right_of(rows: Sequence[QuestionRow]) -> Bools:
    return np.array([is_right(row) for row in rows], dtype=np.bool_)


def answerable_measures(rows: Sequence[QuestionRow]) -> dict[str, SampledStatistic]:
    """Those that are of answerable questions alone, likewise."""
    told_apart = confidence_measures(rows)["auroc_right"]
    return {"auroc_right_answerable": told_apart}


def is_calibrated(rows: Sequence[QuestionRow]) -> bool:
    """Whether every row that found something has a confidence."""
    return any(row.confidence is not None for row in rows) and all(
        row.confidence is not None or row.best is None for row in rows
    )


def is_right(row: QuestionRow) -> bool:
    """Whether the best span is right: a token F1 of ``RIGHT_FROM`` or more. Of an unanswerable question none is."""
    return row.f1 is not None and row.f1 >= RIGHT_FROM


def confidence_of(row: QuestionRow) -> float:
    """The confidence, 0 where nothing was found."""
    return row.confidence or 0.0


def score_of(row: QuestionRow) -> float:
    """What answers are ranked by: the confidence, or the best span's score of a reader without one."""
    if row.confidence is not None:
        return row.confidence
    return row.score if row.score is not None else -np.inf


def speed(rows: Sequence[QuestionRow]) -> dict[str, dict[str, float]]:
    """Milliseconds by stage, and in all: the percentiles."""
    timed = [row.seconds for row in rows if row.seconds]
    if not timed:
        return {}
    stages: Mapping[str, list[float]] = {stage: [one[stage] for one in timed] for stage in timed[0]}
    total = [sum(one.values()) for one in timed]
    return {
        stage: {f"p{percent}": 1000 * float(np.percentile(seconds, percent)) for percent in PERCENTILES}
        for stage, seconds in {**stages, "total": total}.items()
    }


def summary_dict(measures: Mapping[str, Estimate]) -> dict[str, dict[str, float | int | None]]:
    """The measures as JSON holds them: NaN, which JSON has not, becomes null."""
    return {
        name: {key: None if value != value else value for key, value in asdict(estimate).items()}
        for name, estimate in measures.items()
    }


def measures_of(summary: Mapping[str, Mapping[str, Any]]) -> dict[str, Estimate]:
    """What ``summary_dict`` gave, read back."""
    found = {}
    for name, fields in summary.items():
        known: dict[str, Any] = {key: float("nan") if value is None else value for key, value in fields.items()}
        found[name] = Estimate(**known)
    return found
