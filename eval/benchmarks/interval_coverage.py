"""How often the intervals hold the truth: simulated runs whose true figures are known.

    python -m eval.benchmarks.interval_coverage [--samples N] [--scores N] [--seed N]

An article has 6 questions on average (1 and a Poisson number), and articles are of unlike difficulty: the share of its
questions that are answered rightly is drawn from a beta distribution with a correlation of .2 between questions on one
article. For the calibration error and AUROC confidences are drawn, and answers are right as often as they say, or less
often; questions on one article then go together by a Gaussian copula with a correlation of .3.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from eval.bounded_mean import bounded_mean
from eval.calibration_interval import Forecasts, calibration_error
from eval.measures.calibration import BINS
from eval.measures.resampled import auroc
from eval.statistics import MID_P, Estimate, bootstrap, bootstrap_mean

Floats = npt.NDArray[np.float64]

ARTICLES = (2, 8, 20, 50, 100)
MEANS = (0.5, 0.8, 0.95, 0.99)
ARTICLES_OF_SCORES = (50, 100)
QUESTIONS = 6
AGREEMENT = 0.2
"""The correlation between right answers on one article."""
COPULA = 0.3
_POPULATION = 200_000


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of the intervals of one kind of run.

    Attributes:
        held: the share of them that held the truth.
        bootstrap_held: the share that the bootstrap alone would have held; None where nothing else is used.
        by_mid_p: the share that were mid-p intervals.
        width: their mean width.
    """

    articles: int
    figure: str
    held: float
    bootstrap_held: float | None
    by_mid_p: float
    width: float


@dataclass(frozen=True, slots=True, eq=False)
class Readers:
    """How often a simulated reader is right at each confidence."""

    name: str
    right_at: Callable[[Floats], Floats]


READERS = (
    Readers("calibrated", lambda said: said),
    Readers(".05 too sure", lambda said: np.clip(said - 0.05, 0.01, 0.99)),
    Readers(".15 too sure", lambda said: np.clip(said - 0.15, 0.01, 0.99)),
)


def coverage_of_means(articles: int, mean: float, samples: int, seed: int) -> Coverage:
    """Of the mean of right answers."""
    chance = np.random.default_rng([seed, articles, round(1000 * mean)])
    found, others = [], []
    for _ in range(samples):
        clusters = _clusters(chance, articles)
        spread = (1 - AGREEMENT) / AGREEMENT
        share = chance.beta(mean * spread, (1 - mean) * spread, size=articles)
        values = (chance.random(len(clusters)) < share[clusters]).astype(np.float64).tolist()
        found.append(bounded_mean(values, clusters.tolist()))
        by_mid_p = found[-1].method == MID_P
        others.append(bootstrap_mean(values, clusters.tolist()) if by_mid_p else found[-1])
    return _coverage(articles, f"mean {mean:g}", found, mean, others)


def coverage_of_scores(articles: int, reader: Readers, samples: int, seed: int) -> Iterator[Coverage]:
    """Of the calibration error and of AUROC."""
    chance = np.random.default_rng([seed, articles])
    error, told_apart = true_figures(reader)
    errors, areas = [], []
    for _ in range(samples):
        clusters = _clusters(chance, articles)
        said = _confidences(chance, len(clusters))
        of_article = np.sqrt(COPULA) * chance.normal(size=articles)[clusters]
        ease = of_article + np.sqrt(1 - COPULA) * chance.normal(size=len(clusters))
        right = ease < norm.ppf(reader.right_at(said))
        errors.append(calibration_error(Forecasts(said.tolist(), right.tolist()), clusters.tolist()))
        areas.append(bootstrap(partial(auroc, said, right), clusters.tolist()))
    yield _coverage(articles, f"ECE {error:.3f} ({reader.name})", errors, error)
    yield _coverage(articles, f"AUROC {told_apart:.3f} ({reader.name})", areas, told_apart)


def true_figures(reader: Readers) -> tuple[float, float]:
    """The calibration error and AUROC of so many questions that chance adds nothing: every question counts as right as
    often as it is."""
    said = np.sort(_confidences(np.random.default_rng(0), _POPULATION))
    right = reader.right_at(said)
    error = float(np.abs((said - right).reshape(BINS, -1).mean(axis=1)).mean())
    wrong_below = np.cumsum(1 - right) - (1 - right) / 2
    return error, float((right * wrong_below).sum() / right.sum() / (1 - right).sum())


HEADING = (
    "| articles | true figure | held | bootstrap alone | mid-p | mean width |",
    "|---:|---|---:|---:|---:|---:|",
)


def line(one: Coverage) -> str:
    """A line of the Markdown table."""
    alone = "" if one.bootstrap_held is None else f"{one.bootstrap_held:.1%}"
    return f"| {one.articles} | {one.figure} | {one.held:.1%} | {alone} | {one.by_mid_p:.0%} | {one.width:.3f} |"


def simulated(samples: int, scores: int, seed: int) -> Iterator[Coverage]:
    """All kinds of run, one after the other.

    Args:
        samples: how many runs for each mean.
        scores: how many for each calibration error and AUROC, which take longer.
        seed: fixes them.
    """
    for articles in ARTICLES:
        for mean in MEANS:
            yield coverage_of_means(articles, mean, samples, seed)
    for reader in READERS:
        for articles in ARTICLES_OF_SCORES:
            yield from coverage_of_scores(articles, reader, scores, seed)


def _clusters(chance: np.random.Generator, articles: int) -> npt.NDArray[np.int64]:
    """The article of each question."""
    return np.repeat(np.arange(articles), 1 + chance.poisson(QUESTIONS - 1, size=articles))


def _confidences(chance: np.random.Generator, count: int) -> Floats:
    return chance.beta(2, 1.2, size=count)


def _coverage(
    articles: int, figure: str, found: Sequence[Estimate], truth: float, others: Sequence[Estimate] | None = None
) -> Coverage:
    def held(some: Sequence[Estimate]) -> float:
        return float(np.mean([one.low <= truth <= one.high for one in some]))

    return Coverage(
        articles,
        figure,
        held(found),
        held(others) if others else None,
        float(np.mean([one.method == MID_P for one in found])),
        float(np.mean([one.high - one.low for one in found])),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="How often 95 % intervals hold the truth, as a Markdown table.")
    parser.add_argument("--samples", type=int, default=1000, help="how many runs are simulated for each mean")
    parser.add_argument("--scores", type=int, default=200, help="how many for each calibration error and AUROC")
    parser.add_argument("--seed", type=int, default=0, help="fixes them")
    options = parser.parse_args(arguments)
    lines = itertools.chain(HEADING, map(line, simulated(options.samples, options.scores, options.seed)))
    for one in lines:  # as they come: all together take minutes
        sys.stdout.write(one + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
