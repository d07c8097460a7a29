"""The simulation of intervals: its true figures against measuring, and its table."""

from __future__ import annotations

import numpy as np
import pytest

from eval.benchmarks.interval_coverage import (
    READERS,
    Coverage,
    Readers,
    coverage_of_means,
    coverage_of_scores,
    line,
    main,
    true_figures,
)
from eval.measures.abstention import auroc
from eval.measures.calibration import expected_calibration_error


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.name)
def test_the_true_figures_are_those_of_very_many_questions(reader: Readers) -> None:
    chance = np.random.default_rng(1)
    said = chance.beta(2, 1.2, size=100_000)
    right = chance.random(100_000) < reader.right_at(said)
    error, told_apart = true_figures(reader)
    assert expected_calibration_error(said.tolist(), right.tolist()) == pytest.approx(error, abs=0.01)
    assert auroc(said[right].tolist(), said[~right].tolist()) == pytest.approx(told_apart, abs=0.01)


def test_means_and_scores_are_simulated() -> None:
    found = coverage_of_means(8, 0.8, 30, seed=1)
    assert (found.articles, found.figure, found.by_mid_p) == (8, "mean 0.8", 1.0)
    assert found.held > 0.8
    assert coverage_of_means(8, 0.8, 30, seed=1) == found != coverage_of_means(8, 0.8, 30, seed=2)
    error, told_apart = coverage_of_scores(20, READERS[0], 5, seed=1)
    assert (error.figure, told_apart.figure[:5]) == ("ECE 0.000 (calibrated)", "AUROC")
    assert error.held > 0.5


def test_lines_of_the_table() -> None:
    assert line(Coverage(8, "mean 0.5", 0.951, 0.9, 1.0, 0.25)) == "| 8 | mean 0.5 | 95.1% | 90.0% | 100% | 0.250 |"
    assert line(Coverage(8, "ECE", 0.951, None, 0.0, 0.25)) == "| 8 | ECE | 95.1% |  | 0% | 0.250 |"


def test_the_table_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--samples", "1", "--scores", "1"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + 5 * 4 + 3 * 2 * 2
    assert {text.count("|") for text in lines} == {7}
