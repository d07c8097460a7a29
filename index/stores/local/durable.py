"""Files that are on the disk when it is said that they are, and that are what was written when they are read."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from index.errors import CollectionError, IndexCorruptError
from index.manifest import FileRecord


def sync_file(path: Path) -> None:
    """Wait until the file's content is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_directory(path: Path) -> None:
    """Wait until the names in a folder are on the disk. Windows has no such call; NTFS keeps a journal of names."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Wait until a folder and the files directly in it are on the disk."""
    for path in folder.iterdir():
        sync_file(path)
    sync_directory(folder)


def replace_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` in one step: readers see the old content or the new, also after a power cut."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    sync_file(temporary)
    temporary.replace(path)
    sync_directory(path.parent)


def bytes_sha256(content: bytes) -> str:
    """The SHA-256 of ``content``, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def record_file(path: Path) -> FileRecord:
    """What the file at ``path`` holds now."""
    with path.open("rb") as file:
        return FileRecord(sha256=hashlib.file_digest(file, "sha256").hexdigest(), size=path.stat().st_size)


def verify_file(path: Path, recorded: FileRecord) -> Path:
    """Check the file before anything reads it in earnest; gives ``path``.

    Raises:
        IndexCorruptError: it is missing or its content is not the recorded one.
        CollectionError: it cannot be read.
    """
    try:
        found = record_file(path)
    except FileNotFoundError as error:
        raise missing(path) from error
    except OSError as error:
        raise CollectionError(f"{path} cannot be read: {error}") from error
    if found != recorded:
        raise changed(path, found.sha256, recorded.sha256)
    return path


def missing(path: Path) -> IndexCorruptError:
    return IndexCorruptError(f"{path} is missing; restore it from a copy of the index, or build the index anew")


def changed(path: Path, found: str, recorded: str) -> IndexCorruptError:
    return IndexCorruptError(
        f"{path} has changed since it was written: its SHA-256 is {found}, recorded is {recorded}; "
        "restore it from a copy of the index, or build the index anew"
    )
