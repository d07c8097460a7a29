"""A training run's settings: what is not known is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ConfigError
from qa.training.config import TrainingConfig
from qa.training.sources import NATURAL, PARAGRAPH_FILES
from tests.conftest import PROJECT_ROOT

SQUAD = "[sources.squad]\nepochs = 2\nnegatives = 1.5\n"


def read(tmp_path: Path, text: str) -> TrainingConfig:
    path = tmp_path / "run.toml"
    path.write_text(text, encoding="utf-8")
    return TrainingConfig.from_file(path)


def test_given_settings_and_defaults(tmp_path: Path) -> None:
    config = read(tmp_path, "seed = 7\ndropout = 0.1\n" + SQUAD + "kept_aside = 0.25\n")
    assert (config.seed, config.dropout, config.groups) == (7, 0.1, 16)
    assert list(config.sources) == ["squad"]
    squad = config.sources["squad"]
    assert (squad.epochs, squad.negatives, squad.kept_aside, squad.without, squad.changed) == (2, 1.5, 0.25, 0.0, 0.0)


RUNS = PROJECT_ROOT / "qa" / "training"


@pytest.mark.parametrize("run", ["reader.toml", "second.toml"])
def test_the_shipped_configurations(run: str) -> None:
    config = TrainingConfig.from_file(RUNS / run)
    assert set(config.sources) == {*PARAGRAPH_FILES, NATURAL}
    for source in config.sources.values():
        assert source.epochs > 0
        assert source.negatives >= 0
        assert all(0 <= share < 1 for share in (source.without, source.changed, source.kept_aside))
    # Articles for calibrating and measuring of both kinds of questions.
    assert config.sources["squad"].kept_aside > 0
    assert config.sources[NATURAL].kept_aside > 0


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("learning_rat = 1e-4\n" + SQUAD, "no setting learning_rat$"),
        (SQUAD + "negative = 2\n", "sources.squad: there is no setting negative$"),
        ("[sources.trivia]\nepochs = 1\nnegatives = 1\n", "got trivia$"),
        (SQUAD + "[sources.trivia]\nepochs = 1\nnegatives = 1\n", "squad.*got squad, trivia$"),
        ("seed = 1\n", "takes .*natural.*squad"),
        ("[sources.squad]\nepochs = 1\n", "sources.squad: .*negatives"),
        ("teacher_weight = 1.5\n" + SQUAD, "teacher_weight is a share from 0 to 1, not 1.5$"),
        ("adversarial = -0.1\n" + SQUAD, "adversarial is a share of a length, 0 or more, not -0.1$"),
        ("passes = 0\n" + SQUAD, "passes is a whole number from 1 on, not 0$"),
        ("sources = 3\n", "takes .*natural.*squad.*got 3$"),
        ("[sources]\nsquad = 2\n", "sources.squad is a table of settings, not 2$"),
        ("seed = \n" + SQUAD, "not a TOML file: .*line 1"),
        ("seed = 1\nseed = 2\n" + SQUAD, "not a TOML file"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named) as caught:
        read(tmp_path, text)
    assert "run.toml" in str(caught.value)


@pytest.mark.parametrize("run", [path.name for path in RUNS.glob("*.toml")])
def test_every_run_keeps_the_first_ones_articles_aside(run: str) -> None:
    """Else what ships would be measured and calibrated on what it, or its teacher, was trained on."""
    first, other = (TrainingConfig.from_file(RUNS / name) for name in ("reader.toml", run))
    for name, source in other.sources.items():
        assert source.kept_aside == first.sources[name].kept_aside, name


def test_settings_do_not_change(tmp_path: Path) -> None:
    config = read(tmp_path, SQUAD)
    with pytest.raises(TypeError):
        config.sources["squad"] = config.sources["squad"]  # type: ignore[index]
