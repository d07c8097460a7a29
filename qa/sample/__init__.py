"""The sample collection: short articles, most of them fiction, to try Pullquote on. Its README tells what is in it."""

from __future__ import annotations

import hashlib
import tempfile
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import as_file, files
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from index.builder import Progress
from index.errors import CollectionError
from index.loaders import load_paths
from index.records import Article
from qa.assistant import Assistant
from qa.config import QAConfig

_ARTICLES = files("qa.sample").joinpath("articles.jsonl")


def sample_articles() -> tuple[Article, ...]:
    """The articles of the sample collection."""
    with as_file(_ARTICLES) as path:
        return tuple(article for result in load_paths([path]) for article in result.articles)


def open_sample(
    *, config: QAConfig | None = None, reader: str | None = None, progress: Progress | None = None
) -> Assistant:
    """Open the sample collection. Its index is built on first use and kept in the user's cache folder; where that
    cannot be written to, it is a temporary one, which ``Assistant.close`` deletes. Several programs may call this at
    once.

    Args:
        config: default settings of answering.
        progress: told how far the build is, if there is one.
    """
    folder = _index_folder()
    try:
        return Assistant.open(folder, config=config, reader=reader)
    except CollectionError:  # not built yet, or not usable: it can be built again at any time
        pass
    try:
        _build(folder, progress)
        return Assistant.open(folder, config=config, reader=reader)
    except (OSError, NotImplementedError, CollectionError):  # NotImplementedError: no file locks on this file system
        return Assistant.build(sample_articles(), config=config, reader=reader, progress=progress)


def _index_folder() -> Path:
    """Named by Pullquote's version and by the articles, so that an index of other ones is never taken for it."""
    try:
        built_by = version("pullquote")
    except PackageNotFoundError:  # running from a checkout
        built_by = "unknown"
    content = hashlib.sha256(_ARTICLES.read_bytes()).hexdigest()
    return user_cache_path("pullquote") / f"sample-{built_by}-{content[:12]}"


def _build(folder: Path, progress: Progress | None) -> None:
    """Build the index beside its place and move it there whole, one program at a time."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        try:
            Assistant.open(folder).close()
            return  # another program has built it meanwhile
        except CollectionError:
            pass
        with tempfile.TemporaryDirectory(prefix="building-", dir=folder.parent, ignore_cleanup_errors=True) as scratch:
            fresh = Path(scratch) / "index"
            Assistant.build(sample_articles(), fresh, progress=progress).close()
            if folder.exists():
                folder.rename(Path(scratch) / "unusable")
            fresh.rename(folder)
