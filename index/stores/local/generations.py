"""Which generation is current: reading it, switching to the next, and removing what no generation needs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from index.errors import CollectionError, IndexCorruptError, IndexNotFoundError
from index.manifest import Manifest, rebuild_advice
from index.stores.local.durable import bytes_sha256, changed, missing, replace_file
from index.stores.local.layout import Layout, generation_of

T = TypeVar("T")

_POINTER = re.compile(rb"([0-9]{6,})\.json ([0-9a-f]{64})\n")  # strict, so that no bit of it can change unseen


@dataclass(frozen=True, slots=True)
class Pointer:
    """What CURRENT says: a generation, and the SHA-256 of its manifest."""

    generation: int
    manifest_sha256: str


def read_pointer(layout: Layout) -> Pointer:
    """Which generation is current.

    Raises:
        IndexNotFoundError: there is no folder, or no index in it.
        IndexCorruptError: CURRENT is damaged.
    """
    try:
        content = layout.current.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _not_found(layout) from error
    except OSError as error:
        raise CollectionError(f"{layout.current} cannot be read: {error}") from error
    match = _POINTER.fullmatch(content)
    if not match:
        raise IndexCorruptError(
            f"{layout.current} is damaged: it holds {content[:80]!r}; restore it from a copy of the index, "
            f"or {rebuild_advice(str(layout.root))}"
        )
    return Pointer(int(match.group(1)), match.group(2).decode("ascii"))


def read_manifest(layout: Layout, pointer: Pointer) -> Manifest:
    """The manifest that ``pointer`` names, checked before it is parsed.

    Raises:
        IndexCorruptError: it is missing or has changed.
        IndexMismatchError: it is of another format.
    """
    path = layout.manifest(pointer.generation)
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise missing(path) from error
    except OSError as error:
        raise CollectionError(f"{path} cannot be read: {error}") from error
    if bytes_sha256(content) != pointer.manifest_sha256:
        raise changed(path, bytes_sha256(content), pointer.manifest_sha256)
    return Manifest.from_json(content, str(layout.root))


def with_current(layout: Layout, use: Callable[[Manifest], T]) -> T:
    """What ``use`` makes of the current manifest.

    Writers that publish twice meanwhile remove what is being opened: it is then begun again with what is current.
    """
    while True:
        pointer = read_pointer(layout)
        try:
            return use(read_manifest(layout, pointer))
        except IndexCorruptError:
            if read_pointer(layout) == pointer:
                raise


def switch_to(layout: Layout, manifest: Manifest) -> None:
    """Make ``manifest``, whose segments are on the disk, the current generation.

    The last step, the replacing of CURRENT, is the one that counts: before it readers see the old generation, after it
    the new one.
    """
    content = manifest.to_json()
    layout.manifests.mkdir(exist_ok=True)
    replace_file(layout.manifest(manifest.generation), content)
    name = layout.manifest(manifest.generation).name
    replace_file(layout.current, f"{name} {bytes_sha256(content)}\n".encode("ascii"))


def remove_unfinished(layout: Layout, current: int) -> None:
    """Remove what an interrupted writer left: its work, and whatever is numbered after the ``current`` generation."""
    shutil.rmtree(layout.unpublished, ignore_errors=True)
    for path in _numbered(layout):
        if (generation_of(path) or 0) > current:
            _remove(path)


def remove_superseded(layout: Layout, generations: Collection[int], segments: Collection[str]) -> None:
    """Remove all manifests and segments but those named. A file that is in use on Windows stays until the next time."""
    for path in _numbered(layout):
        kept = path.name in segments if path.parent == layout.segments else generation_of(path) in generations
        if not kept:
            _remove(path)


def last_number(layout: Layout) -> int:
    """The largest generation that any file is named after; 0 when there is none."""
    return max((generation_of(path) or 0 for path in _numbered(layout)), default=0)


def _numbered(layout: Layout) -> list[Path]:
    """The manifests and segments; files that are not ours are never touched."""
    folders = [folder for folder in (layout.manifests, layout.segments) if folder.is_dir()]
    return [path for folder in folders for path in folder.iterdir() if generation_of(path) is not None]


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # in use; the next writer tries again


def _not_found(layout: Layout) -> IndexNotFoundError:
    root = layout.root
    advice = f"make one with: pullquote index PATH... --index {root}"
    if not root.exists():
        return IndexNotFoundError(f"there is no folder {root}; {advice}")
    if not root.is_dir():
        return IndexNotFoundError(f"{root} is a file, not the folder of an index; {advice}")
    return IndexNotFoundError(f"the folder {root} holds no index: it has no file {layout.current.name}; {advice}")
