"""Where the files of an index lie in its folder.

::

    CURRENT                  the name and SHA-256 of the current generation's manifest
    manifests/000007.json    what generation 7 consists of
    segments/000005/         the articles added by generation 5 (or merged by it): never changed, only removed
    unpublished/             what a writer is making; left behind by an interrupted one, removed by the next
    write.lock               held by the one writer
    embeddings.sqlite        vectors by text, so that none is made twice; not part of any generation
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_NUMBERED = re.compile(r"([0-9]{6,})(?:\.json)?")


@dataclass(frozen=True, slots=True)
class Layout:
    """The places in the index folder ``root``."""

    root: Path

    @property
    def current(self) -> Path:
        return self.root / "CURRENT"

    @property
    def manifests(self) -> Path:
        return self.root / "manifests"

    @property
    def segments(self) -> Path:
        return self.root / "segments"

    @property
    def unpublished(self) -> Path:
        return self.root / "unpublished"

    @property
    def lock(self) -> Path:
        return self.root / "write.lock"

    @property
    def embedding_cache(self) -> Path:
        return self.root / "embeddings.sqlite"

    def manifest(self, generation: int) -> Path:
        return self.manifests / f"{generation:06d}.json"

    def segment(self, name: str) -> Path:
        return self.segments / name

    def foreign_entries(self) -> list[str]:
        """The names in the folder that an index which was never finished cannot have left there."""
        own = {self.current.name + ".tmp", self.manifests.name, self.unpublished.name, self.lock.name}
        cache = self.embedding_cache.name
        return sorted(
            path.name for path in self.root.iterdir() if path.name not in own and not path.name.startswith(cache)
        )


def segment_name(generation: int) -> str:
    """The name of the segment that a generation adds; each adds one at most."""
    return f"{generation:06d}"


def generation_of(path: Path) -> int | None:
    """The generation that a manifest or segment is named after; None for any other file."""
    match = _NUMBERED.fullmatch(path.name)
    return int(match.group(1)) if match else None
