"""Finding the files to load, and naming them."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.errors import LoadError
from index.loaders.base import SourceFile, printable


def find_files(paths: Sequence[Path]) -> list[SourceFile]:
    """The files that ``paths``, of files and folders, name.

    Folders are searched through and through; hidden files and folders (a name that begins with a dot) in them are left
    out. A folder or file that is reached in two ways, by a link too, counts once. Files of unknown formats are in the
    list.

    A file's key is its path below the folder that was given, or its name. Files of different folders that would get
    the same key all get longer ones: as many of the folders above them as it takes. So a key does not depend on the
    order of ``paths``, but it may depend on what else is given: index files of the same name together, or a folder
    above them.

    Returns:
        The files, sorted by key.

    Raises:
        LoadError: one of ``paths`` does not exist.
    """
    found: dict[str, SourceFile] = {}
    for path in paths:
        path = Path(path)
        if _is_folder(path):
            files: Iterator[SourceFile] = _files_below(path)
        elif path.exists() or path.is_symlink():
            files = iter([SourceFile(path, printable(path.name), named=True)])
        else:
            raise LoadError(f"{printable(path)}: no such file or folder")
        for file in files:
            real = os.path.realpath(file.path)
            other = found.get(real, file)
            found[real] = replace(min(file, other, key=_preference), named=file.named or other.named)
    return sorted(_with_distinct_keys(list(found.values())), key=lambda file: (file.source_key, str(file.path)))


def _preference(file: SourceFile) -> tuple[int, str, str]:
    """Sorts the ways to reach one file: from the highest folder first."""
    return -file.source_key.count("/"), file.source_key, str(file.path)


def _files_below(folder: Path) -> Iterator[SourceFile]:
    """Each file below ``folder`` once: under its own name where that is below ``folder`` too, else under a link's."""
    waiting, links = deque([folder]), deque[Path]()  # links wait until all that is really there was seen
    seen: set[str] = set()
    while waiting or links:
        path = waiting.popleft() if waiting else links.popleft()
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        if not _is_folder(path):
            yield SourceFile(path, _key_below(folder, path))
            continue
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            yield SourceFile(path, _key_below(folder, path), problem=f"cannot be searched: {error.strerror}")
            continue
        for entry in entries:
            if not entry.name.startswith("."):
                (links if entry.is_symlink() else waiting).append(Path(entry.path))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # what it is may not be asked: reading it says why
        return False


def _key_below(folder: Path, path: Path) -> str:
    return printable(path.relative_to(folder).as_posix())


def _with_distinct_keys(files: list[SourceFile]) -> list[SourceFile]:
    while True:
        times = Counter(file.source_key for file in files)
        longer = [_with_longer_key(file) if times[file.source_key] > 1 else file for file in files]
        if longer == files:
            return files
        files = longer


def _with_longer_key(file: SourceFile) -> SourceFile:
    parts = Path(os.path.normpath(file.path.absolute())).as_posix().split("/")
    taken = file.source_key.count("/") + 2
    return replace(file, source_key=printable("/".join(parts[-taken:])))
