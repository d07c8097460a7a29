"""Settings of answering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from index.config import SearchConfig, reject_unknown_keys
from index.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class QAConfig:
    """What may change with every question.

    Attributes:
        search: how candidates are found.
        citations: how many sentences are cited at most.
        closest: how many of the closest sentences are shown when abstaining.
        risk: with a reader that is calibrated: how probable it may be that an answer's few words are not the right
            ones. Lower it for fewer and surer answers; 1 always answers. At 0.62, about three in four of the questions
            that the articles answer are answered; the sentence that is cited is right more often than the words
            marked in it.
        abstain_margin: with a reader that is not: how far the best span's score must lie above the reader's no-answer
            score to be an answer; raise it for fewer and surer answers, ``-inf`` always answers.
        further_margin: how far below the best span's score a further span's may lie to be cited beside it; 0 or more.
            With the sentence reader, whose scores are log odds, 0.5 means that the best is at most 1.6 times as
            probable.
        question_characters: the longest question taken.
    """

    search: SearchConfig = field(default_factory=SearchConfig)
    citations: int = 5
    closest: int = 3
    risk: float = 0.62
    abstain_margin: float = 0.0
    further_margin: float = 0.5
    question_characters: int = 2000

    def __post_init__(self) -> None:
        for name in ("citations", "closest", "question_characters"):
            if getattr(self, name) < 1:
                raise ConfigError(f"QAConfig.{name} is {getattr(self, name)}; it must be 1 or more")
        if not 0 <= self.risk <= 1:
            raise ConfigError(f"QAConfig.risk is {self.risk}; it must lie between 0 and 1")
        if self.abstain_margin != self.abstain_margin:
            raise ConfigError("QAConfig.abstain_margin is not a number")
        if not self.further_margin >= 0:
            raise ConfigError(f"QAConfig.further_margin is {self.further_margin}; it must be 0 or more")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        reject_unknown_keys(cls, values)
        search = values.get("search")
        return cls(**{**values, **({"search": SearchConfig.from_dict(search)} if search is not None else {})})
