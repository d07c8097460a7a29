"""Fixtures of the loaders' tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.loaders import FileResult, SourceFile, load_file

Load = Callable[..., FileResult]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """``load(name, content, encoding=None)`` writes a file, text as UTF-8, and loads it."""

    def load_content(name: str, content: bytes | str, encoding: str | None = None) -> FileResult:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return load_file(SourceFile(path, name, named=True), encoding=encoding)

    return load_content
