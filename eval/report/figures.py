"""The report's figures, each from a run's rows; None where a run does not have what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.measures.abstention import risk_coverage
from eval.measures.calibration import reliability
from eval.report.plots import Axis, Line, bar_plot, line_plot
from eval.rows import QuestionRow
from eval.summary import confidence_of, is_calibrated, is_right, score_of

_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
_BARS = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with what it shows.

    Attributes:
        name: its file's, without an ending.
        picture: an SVG element that the report's style sheet colours.
    """

    name: str
    caption: str
    picture: str

    @property
    def html(self) -> str:
        return f"<figure>{self.picture}<figcaption>{self.caption}</figcaption></figure>"


def figures(rows: Sequence[QuestionRow]) -> list[Figure]:
    """All figures that the rows have."""
    found = (risk_and_coverage(rows), reliability_diagram(rows), latency(rows))
    return [figure for figure in found if figure is not None]


def risk_and_coverage(rows: Sequence[QuestionRow]) -> Figure | None:
    """What share of the answers is wrong when only the surest questions are answered, beside an oracle's."""
    judged = _judged(rows)
    if not judged:
        return None
    right = [is_right(row) for row in judged]
    ours = risk_coverage([score_of(row) for row in judged], right)
    oracle = risk_coverage([float(one) for one in right], right)
    best = [(0.0, 0.0), *zip(oracle.coverage.tolist(), oracle.risk.tolist(), strict=True)]
    return Figure(
        "risk-coverage",
        "Wrong answers among those given, when only the surest questions are answered",
        line_plot(
            "risk and coverage",
            Axis("share of questions answered", 0, 1, _SHARES, percent=True),
            Axis("share of answers wrong", 0, 1, _SHARES, percent=True),
            [
                Line("this run", list(zip(ours.coverage.tolist(), ours.risk.tolist(), strict=True))),
                Line("an oracle: all right ones first", best, "guide"),
            ],
        ),
    )


def reliability_diagram(rows: Sequence[QuestionRow]) -> Figure | None:
    """How often what was said to be so sure was right."""
    judged = _judged(rows)
    if not judged or not is_calibrated(judged):
        return None
    bins = reliability([confidence_of(row) for row in judged], [is_right(row) for row in judged])
    return Figure(
        "reliability",
        "How often an answer was right, by the confidence that it was given with; each point a tenth of the questions",
        line_plot(
            "reliability",
            Axis("confidence", 0, 1, _SHARES, percent=True),
            Axis("share right", 0, 1, _SHARES, percent=True),
            [
                Line("this run", [(one.confidence, one.accuracy) for one in bins], marks=True),
                Line("as often as said", [(0.0, 0.0), (1.0, 1.0)], "guide"),
            ],
        ),
    )


def latency(rows: Sequence[QuestionRow]) -> Figure | None:
    """How long questions took."""
    milliseconds = [1000 * sum(row.seconds.values()) for row in rows if row.seconds]
    if not milliseconds:
        return None
    longest = float(np.percentile(milliseconds, 99))
    counts, edges = np.histogram(np.minimum(milliseconds, longest), bins=_BARS, range=(0, max(longest, 1e-3)))
    bars = [(begin, end, float(count)) for begin, end, count in zip(edges, edges[1:], counts, strict=False)]
    top = float(counts.max())
    return Figure(
        "latency",
        "How long a question took; the slowest hundredth is in the last bar",
        bar_plot(
            "latency",
            Axis("milliseconds", 0, max(longest, 1e-3), [round(one) for one in np.linspace(0, longest, 5)]),
            Axis("questions", 0, top, [0, round(top / 2), round(top)]),
            bars,
        ),
    )


def _judged(rows: Sequence[QuestionRow]) -> list[QuestionRow]:
    return [row for row in rows if row.error is None and row.answerable is not None]
