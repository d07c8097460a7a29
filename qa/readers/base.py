"""The seam that readers fill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index.records import Candidate
from qa.records import Reading


class Reader(Protocol):
    """Finds the answer to a question in its candidates. The same question and candidates give the same readings, from
    any thread; a reading does not depend on the other candidates' order."""

    @property
    def name(self) -> str:
        """What an answer records under ``models["reader"]``."""
        ...

    def read(self, question: str, candidates: Sequence[Candidate]) -> tuple[Reading, ...]:
        """One reading for each candidate, in the order given; spans lie inside their chunk and in one of its
        sentences, or are whole sentences that it covers. Scores are comparable across the candidates."""
        ...

    def confidence(self, question: str, candidates: Sequence[Candidate], readings: Sequence[Reading]) -> float | None:
        """The calibrated probability that the best span of these readings is right, also where it is too low to answer;
        None for a reader without a calibration, and where there is no span."""
        ...
