"""Fixtures that all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# No test is a timed one: on a busy machine an example may take long.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

PROJECT_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of real articles and question sets that is not part of the project: ``$PULLQUOTE_SHARED``, else
    ``../shared``."""
    path = Path(os.environ.get("PULLQUOTE_SHARED", PROJECT_ROOT.parent / "shared"))
    if not path.is_dir():
        pytest.skip(f"no shared data at {path}; set PULLQUOTE_SHARED to run this test")
    return path
