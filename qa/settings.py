"""Settings of answering in a TOML file: what ``pullquote eval tune`` writes and every command reads."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from index.errors import ConfigError
from qa.config import QAConfig


def read_settings(path: Path) -> QAConfig:
    """Read settings: the names of ``QAConfig``, and in a table ``[search]`` those of ``SearchConfig``; what is left out
    keeps its default.

    Raises:
        ConfigError: the file is not there, is not TOML, or holds a setting that does not exist or is out of range.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"the settings {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not a TOML file: {error}") from error
    if not isinstance(values.get("search", {}), dict):
        raise ConfigError(f"{path}: search is a table of settings, not {values['search']!r}")
    try:
        return QAConfig.from_dict(values)
    except (ConfigError, TypeError) as error:
        raise ConfigError(f"{path}: {error}") from error


def write_settings(path: Path, config: QAConfig, comment: Sequence[str] = ()) -> None:
    """Write the settings that are not the defaults, under lines that say where they came from."""
    default = QAConfig().to_dict()
    given = config.to_dict()
    lines = [f"# {line}".rstrip() for line in comment]
    lines += [f"{name} = {_toml(value)}" for name, value in _changed(given, default).items() if name != "search"]
    search = _changed(given["search"], default["search"])
    if search:
        lines += ["", "[search]", *(f"{name} = {_toml(value)}" for name, value in search.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _changed(given: Mapping[str, Any], default: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value != default[name]}


def _toml(value: object) -> str:
    """A setting's value: text without quotation marks inside, or a number, of which TOML writes infinity as ``inf``."""
    return f'"{value}"' if isinstance(value, str) else repr(value)
