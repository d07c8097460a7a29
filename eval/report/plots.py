"""Plots as SVG: drawn from numbers, readable in print and in the dark, and without a script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 460, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 22, 14, 46

_PRINT = (
    "text{font:12px Helvetica,Arial,sans-serif;fill:#000}"
    "polyline,path{fill:none}.axis{stroke:#000}.grid{stroke:#ccc;stroke-dasharray:2 4}"
    ".first,.guide{stroke-width:1.5}.first{stroke:#0a58a6}.guide{stroke:#666;stroke-dasharray:6 4}"
    "circle.first,rect.first{fill:#0a58a6}"
)
"""Colours for print: black on white, with lines that are told apart without colour too."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points.

    Attributes:
        kind: its class in the style sheet: ``first``, ``second`` or ``guide``.
        marks: whether its points are drawn too.
    """

    name: str
    points: Sequence[Point]
    kind: str = "first"
    marks: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows, from ``low`` to ``high``, with a tick at each of ``ticks``."""

    name: str
    low: float
    high: float
    ticks: Sequence[float]
    percent: bool = False


def line_plot(title: str, x: Axis, y: Axis, lines: Sequence[Line]) -> str:
    """A plot of lines. ``title`` is read aloud in its place; points off the axes are drawn at their edge."""
    frame = _Frame(x, y)
    drawn = [frame.axes()]
    for line in lines:
        places = [frame.place(point) for point in line.points if all(map(math.isfinite, point))]
        if places:
            path = " ".join(f"{across:.1f},{down:.1f}" for across, down in places)
            drawn.append(f'<polyline class="{line.kind}" points="{path}"/>')
            if line.marks:
                drawn += [
                    f'<circle class="{line.kind}" cx="{across:.1f}" cy="{down:.1f}" r="3.5"/>'
                    for across, down in places
                ]
    drawn.append(_legend(lines))
    return _svg(title, drawn)


def bar_plot(title: str, x: Axis, y: Axis, bars: Sequence[tuple[float, float, float]]) -> str:
    """A plot of bars, each from one place of x to another with a height."""
    frame = _Frame(x, y)
    drawn = [frame.axes()]
    for begin, end, height in bars:
        left, top = frame.place((begin, height))
        right, bottom = frame.place((end, y.low))
        drawn.append(
            f'<rect class="first" x="{left:.1f}" y="{top:.1f}" width="{max(0.5, right - left - 1):.1f}" '
            f'height="{max(0.0, bottom - top):.1f}"/>'
        )
    return _svg(title, drawn)


def for_print(picture: str) -> str:
    """A plot as an SVG file of its own, in the colours of print and with a size, for a paper or a slide."""
    head = f'width="{WIDTH}" height="{HEIGHT}" viewBox='
    styled = picture.replace("viewBox=", head, 1).replace(">", f"><style>{_PRINT}</style>", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{styled}\n'


class _Frame:
    """Where the values of two axes lie in a picture."""

    def __init__(self, x: Axis, y: Axis) -> None:
        self._x, self._y = x, y

    def place(self, point: Point) -> Point:
        across, up = (self._share(axis, value) for axis, value in zip((self._x, self._y), point, strict=True))
        return _LEFT + across * (WIDTH - _LEFT - _RIGHT), HEIGHT - _BOTTOM - up * (HEIGHT - _TOP - _BOTTOM)

    def axes(self) -> str:
        left, bottom = self.place((self._x.low, self._y.low))
        right, top = self.place((self._x.high, self._y.high))
        drawn = [f'<path class="axis" d="M{left:.1f},{top:.1f}V{bottom:.1f}H{right:.1f}"/>']
        for tick in self._x.ticks:
            across, _ = self.place((tick, self._y.low))
            drawn.append(
                f'<text x="{across:.1f}" y="{bottom + 18:.1f}" text-anchor="middle">{_tick(self._x, tick)}</text>'
            )
        for tick in self._y.ticks:
            _, down = self.place((self._x.low, tick))
            drawn.append(f'<path class="grid" d="M{left:.1f},{down:.1f}H{right:.1f}"/>')
            drawn.append(f'<text x="{left - 8:.1f}" y="{down + 4:.1f}" text-anchor="end">{_tick(self._y, tick)}</text>')
        middle, height = (left + right) / 2, (top + bottom) / 2
        drawn.append(f'<text x="{middle:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(self._x.name)}</text>')
        drawn.append(
            f'<text x="14" y="{height:.1f}" text-anchor="middle" transform="rotate(-90 14 {height:.1f})">'
            f"{escape(self._y.name)}</text>"
        )
        return "".join(drawn)

    @staticmethod
    def _share(axis: Axis, value: float) -> float:
        return min(1.0, max(0.0, (value - axis.low) / (axis.high - axis.low)))


def _tick(axis: Axis, value: float) -> str:
    return f"{value:.0%}" if axis.percent else f"{value:g}"


def _legend(lines: Sequence[Line]) -> str:
    if len(lines) < 2:
        return ""
    drawn = []
    for number, line in enumerate(lines):
        down = _TOP + 12 + 17 * number
        drawn.append(f'<path class="{line.kind}" d="M{_LEFT + 14},{down - 4}h22"/>')
        drawn.append(f'<text x="{_LEFT + 42}" y="{down}">{escape(line.name)}</text>')
    return "".join(drawn)


def _svg(title: str, drawn: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(drawn)}</svg>'
    )
