"""What ``python -m eval.benchmarks.peers`` found, as Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, ClassVar, Self

import numpy as np

from eval.benchmarks.corpora import Written
from eval.bounded_mean import bounded_mean
from eval.manifest import processor
from eval.randomisation import holm, randomisation_test
from eval.statistics import bootstrap_mean

OURS = "Pullquote"
ALPHA = 0.05
_MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds to embed a chunk, and a sentence as Pullquote embeds it: by wall clock, and of processor time."""

    chunk: tuple[float, float]
    row: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Quality:
    """A system's measures.

    Attributes:
        values: by measure, one for each question.
    """

    MEASURES: ClassVar = {
        "success@1": "Success@1",
        "success@5": "Success@5",
        "success@20": "Success@20",
        "mrr": "MRR",
        "ndcg@10": "nDCG@10",
    }
    values: Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Speed:
    """What a system took.

    Attributes:
        rate: chunks a second of processor time, their embedding left out.
        whole_rate: with it.
        wall_rate: the same by wall clock.
        median, p95: milliseconds of a search with its query's embedding, by wall clock.
        cpu: the median of its processor time.
        memory, before: megabytes at most, and what of it was there before building: Python, libraries, embedder.
        disk: megabytes; None for what keeps nothing.
    """

    title: str
    rate: float
    whole_rate: float
    wall_rate: float
    median: float
    p95: float
    cpu: float
    memory: float
    before: float
    disk: float | None

    COLUMNS: ClassVar = {
        "rate": ("chunks/s, vectors given", True),
        "whole_rate": ("chunks/s, embedding included", True),
        "wall_rate": ("the same by the clock", True),
        "median": ("a search: median, ms", False),
        "p95": ("p95, ms", False),
        "cpu": ("median processor time, ms", False),
        "memory": ("peak memory, MB", False),
        "before": ("of it before building", False),
        "disk": ("index on disk, MB", False),
    }
    """Each with its heading, and whether more is better."""

    @classmethod
    def of(
        cls,
        title: str,
        built: Mapping[str, Any],
        times: Sequence[Mapping[str, Any]],
        memory: int,
        cost: tuple[float, float],
        chunks: int,
    ) -> Self:
        """
        Args:
            built: what the system's process tells of building.
            times: of each search.
            cost: seconds to embed one of its texts, by wall clock and of processor time.
        """
        wall, cpu, embedded = built["wall"], built["cpu"], built["embedded"]
        walls = [1000 * one["wall"] for one in times]
        return cls(
            title=title,
            rate=chunks / cpu,
            whole_rate=chunks / (cpu + embedded * cost[1]),
            wall_rate=chunks / (wall + embedded * cost[0]),
            median=float(np.median(walls)),
            p95=float(np.percentile(walls, 95)),
            cpu=1000 * float(np.median([one["cpu"] for one in times])),
            memory=memory / _MEGABYTE,
            before=(built["memory_before"] or 0) / _MEGABYTE,
            disk=built["bytes"] / _MEGABYTE if built["bytes"] else None,
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """A collection with what it took each system."""

    name: str
    corpus: Written
    speeds: Sequence[Speed]


@dataclass(frozen=True, slots=True)
class PeersReport:
    """Everything.

    Attributes:
        distributions: what pip calls each system, by its title.
        quality: by title.
        clusters: for each question the article that it is on.
        missing: a line for each system that was left out.
    """

    distributions: Mapping[str, str]
    quality: Mapping[str, Quality]
    clusters: Sequence[str]
    measured: Sequence[Measured]
    missing: Sequence[str]

    def to_markdown(self) -> str:
        squad = self.measured[0].corpus
        lines = [
            *(line + "\n" for line in self.missing),
            f"Machine: {machine()}. " + ", ".join(f"{n} {version(n)}" for n in self.distributions.values()) + ".",
            "",
            f"### Quality: {len(self.clusters):,} questions on {len(set(self.clusters))} of {squad.articles} articles, "
            f"{squad.chunks:,} chunks of {squad.words:.0f} words",
            "",
            *self._quality_table(),
            "",
            *self._differences_table(),
        ]
        for one in self.measured:
            lines += ["", *_speed_table(one)]
        ahead = [*self._ahead_in_quality(), *(line for one in self.measured for line in _ahead_in_speed(one))]
        return "\n".join([*lines, "", "### Where a peer is ahead, or level", "", *(ahead or ["Nowhere in this run."])])

    def _quality_table(self) -> list[str]:
        rows = []
        for title, quality in self.quality.items():
            cells = []
            for name in Quality.MEASURES:
                one = bounded_mean(quality.values[name], self.clusters)
                cells.append(f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]")
            rows.append((title, *cells))
        return _table(("", *Quality.MEASURES.values()), rows)

    def differences(self) -> dict[str, dict[str, tuple[float, float, float, float]]]:
        """By peer and measure what Pullquote has more, with its interval, and p, corrected for there being several
        peers."""
        peers = [title for title in self.quality if title != OURS]
        found: dict[str, dict[str, tuple[float, float, float, float]]] = {peer: {} for peer in peers}
        for name in Quality.MEASURES if OURS in self.quality else ():
            ours = np.asarray(self.quality[OURS].values[name])
            gains = {peer: (ours - np.asarray(self.quality[peer].values[name])).tolist() for peer in peers}
            p = holm({peer: randomisation_test(gains[peer], self.clusters) for peer in peers})
            for peer in peers:
                one = bootstrap_mean(gains[peer], self.clusters)
                found[peer][name] = (one.value, one.low, one.high, p[peer])
        return found

    def _differences_table(self) -> list[str]:
        rows = [
            (peer, *(f"{v:+.3f} [{low:+.3f}, {high:+.3f}], p {p:.3f}" for v, low, high, p in by_measure.values()))
            for peer, by_measure in self.differences().items()
        ]
        return _table(("Pullquote less", *Quality.MEASURES.values()), rows)

    def _ahead_in_quality(self) -> list[str]:
        """A line for each peer that is ahead, and one for each from which Pullquote is not told apart."""
        lines = []
        for peer, by_measure in self.differences().items():
            ahead, unclear = [], []
            for name, (value, _, _, p) in by_measure.items():
                told = f"{Quality.MEASURES[name]} ({value:+.3f} for Pullquote, p {p:.3f})"
                if p >= ALPHA:
                    unclear.append(told)
                elif value < 0:
                    ahead.append(told)
            lines += [f"- {peer} is better: {', '.join(ahead)}"] if ahead else []
            lines += [f"- {peer} and Pullquote are not told apart: {', '.join(unclear)}"] if unclear else []
        return lines


def _speed_table(one: Measured) -> list[str]:
    corpus = one.corpus
    heading = (
        f"### Time and memory on {one.name}: {corpus.articles:,} articles, {corpus.chunks:,} chunks "
        f"({len(corpus.rows):,} sentences for Pullquote)"
    )
    rows = [(speed.title, *(_figure(getattr(speed, name)) for name in Speed.COLUMNS)) for speed in one.speeds]
    return [heading, "", *_table(("", *(title for title, _ in Speed.COLUMNS.values())), rows)]


def _ahead_in_speed(one: Measured) -> list[str]:
    """A line for each peer that is better at something, with both figures."""
    ours = next((speed for speed in one.speeds if speed.title == OURS), None)
    lines = []
    for speed in one.speeds if ours else ():
        better = []
        for name, (title, more_is_better) in Speed.COLUMNS.items():
            if name == "before":  # no merit of its own
                continue
            own, other = getattr(ours, name), getattr(speed, name)
            if own and other and (other > own if more_is_better else other < own):
                better.append(f"{title} ({_figure(other)} against {_figure(own)})")
        if better:
            lines.append(f"- {speed.title} is ahead on {one.name}: " + "; ".join(better))
    return lines


def machine() -> str:
    """The processor, how many cores of it may be used, memory and system."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB of memory"
    except (AttributeError, ValueError):  # not on Windows
        memory = ""
    return f"{processor()}, {cores} of {os.cpu_count()} cores used{memory}, Python {platform.python_version()}"


def _figure(value: float | None) -> str:
    if value is None:
        return "keeps none"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(heading)} |", f"|---|{'---:|' * (len(heading) - 1)}"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows)]
