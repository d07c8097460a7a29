"""What a run took of the machine, besides the time of each question."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "win32":
    import resource

_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Resources:
    """What a run took; None where it is not known.

    Attributes:
        questions_per_second: asked, answered and measured, by wall clock, of those that were not kept from before an
            interruption.
        peak_memory: the most memory that the program held at once, in bytes: models, index and all.
        index_size: of all files in the index's folder, in bytes.
    """

    questions_per_second: float | None = None
    peak_memory: int | None = None
    index_size: int | None = None

    def __str__(self) -> str:
        parts = [
            "" if self.questions_per_second is None else f"{self.questions_per_second:.1f} questions a second",
            "" if self.peak_memory is None else f"{_megabytes(self.peak_memory)} of memory at most",
            "" if self.index_size is None else f"index of {_megabytes(self.index_size)}",
        ]
        return ", ".join(filter(None, parts))


def peak_memory() -> int | None:
    """The most memory that this program held at once, in bytes (peak resident set size); None on Windows.

    On Linux it is ``VmHWM``: ``ru_maxrss`` there counts what the program that started this one held, too.
    """
    if sys.platform == "win32":
        return None
    try:
        lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def folder_size(folder: Path) -> int:
    """The bytes of all files in a folder and below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
