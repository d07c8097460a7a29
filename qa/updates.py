"""What a build or an update of a collection did."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.builder import BuildReport
from index.loaders import LoadFailure


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What a build or an update did.

    Attributes:
        failures: what could not be read, and why; everything else went in.
        warnings: what was read with a doubt, such as a guessed encoding.
        skipped: files of folders that are of no known format.
    """

    build: BuildReport
    failures: tuple[LoadFailure, ...] = ()
    warnings: tuple[str, ...] = ()
    skipped: tuple[Path, ...] = ()
