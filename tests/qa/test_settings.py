"""Settings in a file: what is written reads back, and what is wrong is named."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.config import SearchConfig
from index.errors import ConfigError
from qa.config import QAConfig
from qa.settings import read_settings, write_settings

configs = st.builds(
    QAConfig,
    search=st.builds(
        SearchConfig,
        mode=st.sampled_from(["convex", "rrf", "dense", "lexical"]),
        candidates=st.integers(1, 90),
        dense_weight=st.floats(0, 1),
        rrf_k=st.floats(1e-3, 1e6),
    ),
    citations=st.integers(1, 9),
    risk=st.floats(0, 1),
    abstain_margin=st.one_of(st.floats(-1e9, 1e9), st.sampled_from([math.inf, -math.inf])),
)


@settings(deadline=None)
@given(config=configs)
def test_what_is_written_reads_back(tmp_path_factory: pytest.TempPathFactory, config: QAConfig) -> None:
    path = tmp_path_factory.mktemp("settings") / "own.toml"
    write_settings(path, config, ["chosen for", "a reason"])
    assert read_settings(path) == config
    assert path.read_text(encoding="utf-8").startswith("# chosen for\n# a reason\n")


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    write_settings(tmp_path / "a.toml", QAConfig(risk=0.25))
    assert (tmp_path / "a.toml").read_text(encoding="utf-8") == "risk = 0.25\n"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("rsk = 0.5", "no setting 'rsk'"),
        ("risk = 2", "QAConfig.risk is 2"),
        ("[search]\nweight = 1", "no setting 'weight'"),
        ("[search]\ndense_weight = 7", "dense_weight is 7"),
        ("search = 3", "search is a table of settings, not 3"),
        ("risk = ", "is not a TOML file"),
        ('risk = "low"', "own.toml"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=named) as caught:
        read_settings(path)
    assert "own.toml" in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none.toml cannot be read: No such file"):
        read_settings(tmp_path / "none.toml")
