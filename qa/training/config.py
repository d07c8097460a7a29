"""Settings of a training run, read from a TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from index.errors import ConfigError
from qa.training.sources import NATURAL, PARAGRAPH_FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfig:
    """How a data set is used.

    Attributes:
        epochs: how often each of its questions is shown; 0.5 shows half of them.
        negatives: how many other chunks are shown beside the one that answers; 0.5 shows one in half of the cases.
        without: the share of answerable questions shown with other chunks only.
        changed: the share of answerable questions shown once more with a name, a year or another word changed so that
            the chunk does not answer.
        twins: the share of answerable questions shown once more with a twin of their chunk that does not answer,
            and the question's twin with both (``qa.training.twins``).
        rearranged: the share of answerable questions shown once more with a chunk put together anew from sentences of
            its own chunk and of another one (``qa.training.rearranging``).
        alone: the share of questions shown once more over single sentences of their chunk: the one that answers and
            those that sound most like the question (``qa.training.alone``).
        kept_aside: the share of its articles that is not trained on, for calibration and measuring.
    """

    epochs: float
    negatives: float
    without: float = 0.0
    changed: float = 0.0
    twins: float = 0.0
    rearranged: float = 0.0
    alone: float = 0.0
    kept_aside: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingConfig:
    """A training run.

    Attributes:
        sources: the data sets by name.
        passes: how often all that the data sets give is shown, each time in another order.
        groups: how many questions make a step of the optimizer, each with all of its chunks.
        most_steps: where to end, when the data sets make more steps.
        learning_rate, head_learning_rate: their peak, after warming up; from there they fall in a straight line to 0.
        warmup: the share of steps in which they rise.
        dropout: the share of the hidden states' units that a window is read without.
        hidden_tokens: the share of the words of question, title and chunk that are hidden behind the mask token.
        adversarial: how far the words of each window are moved, against the length of their embeddings, when it is
            shown a second time (``qa.training.adversarial``); 0 shows it once.
        negative_weight: what a chunk without the answer counts in the span loss, against one with it.
        choice_weight: what the choice among a question's chunks by the spans' own log odds counts, against that by the
            relevance logit.
        teacher_weight: what a teacher's labels count, against the right answers; from 0 to 1. If it is not 0, the run
            needs the labels that the step ``label`` writes.
        train_word_embeddings: without it they stay as they are: on processors, changing them takes a fifth of the time.
        save_every: seconds between checkpoints.
    """

    sources: MappingProxyType[str, SourceConfig]
    seed: int = 1
    passes: int = 1
    groups: int = 16
    most_steps: int = 1_000_000
    learning_rate: float = 1.5e-4
    head_learning_rate: float = 5e-4
    weight_decay: float = 0.01
    warmup: float = 0.06
    dropout: float = 0.0
    hidden_tokens: float = 0.0
    adversarial: float = 0.0
    negative_weight: float = 0.5
    choice_weight: float = 0.0
    teacher_weight: float = 0.0
    train_word_embeddings: bool = True
    save_every: float = 600.0

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read a configuration.

        Raises:
            ConfigError: the file is not TOML, names a setting or data set that does not exist, or a share that is none.
        """
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{path} is not a TOML file: {error}") from None
        sources = values.pop("sources", {})
        known = {*PARAGRAPH_FILES, NATURAL}
        if not isinstance(sources, dict) or not sources or set(sources) - known:
            got = ", ".join(sources) if isinstance(sources, dict) else repr(sources)
            raise ConfigError(f"{path}: [sources.NAME] takes {', '.join(sorted(known))}; got {got}")
        read = {name: _of(SourceConfig, given, f"{path}: sources.{name}") for name, given in sources.items()}
        config = cls(sources=MappingProxyType(read), **_checked(cls, values, str(path)))
        if not 0 <= config.teacher_weight <= 1:
            raise ConfigError(f"{path}: teacher_weight is a share from 0 to 1, not {config.teacher_weight}")
        if config.adversarial < 0:
            raise ConfigError(f"{path}: adversarial is a share of a length, 0 or more, not {config.adversarial}")
        if config.passes < 1:
            raise ConfigError(f"{path}: passes is a whole number from 1 on, not {config.passes}")
        return config


def _checked(kind: type, values: dict[str, Any], where: str) -> dict[str, Any]:
    unknown = sorted(set(values) - {field.name for field in fields(kind)})
    if unknown:
        raise ConfigError(f"{where}: there is no setting {', '.join(unknown)}")
    return values


def _of(kind: type[SourceConfig], values: object, where: str) -> SourceConfig:
    if not isinstance(values, dict):
        raise ConfigError(f"{where} is a table of settings, not {values!r}")
    try:
        return kind(**_checked(kind, values, where))
    except TypeError as error:
        raise ConfigError(f"{where}: {error}") from None
