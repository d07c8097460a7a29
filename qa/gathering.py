"""What is handed over to be indexed: paths and records, read into articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.loaders import LoadFailure, load_paths
from index.records import Article

Articles = str | Path | Article | Sequence[str | Path | Article]
"""What an index is built from: a path to a file or folder, several paths, or records."""


@dataclass(frozen=True, slots=True)
class GatheredArticles:
    """What was read: the articles, and what was not."""

    articles: tuple[Article, ...] = ()
    failures: tuple[LoadFailure, ...] = ()
    warnings: tuple[str, ...] = ()
    skipped: tuple[Path, ...] = ()


def gather_articles(articles: Articles, encoding: str | None) -> GatheredArticles:
    """Read what is given as paths, and take the records as they are; what comes last counts."""
    given = [articles] if isinstance(articles, str | Path | Article) else list(articles)
    records = [item for item in given if isinstance(item, Article)]
    paths = [Path(item) for item in given if not isinstance(item, Article)]
    results = list(load_paths(paths, encoding=encoding)) if paths else []
    return GatheredArticles(
        articles=(*(article for result in results for article in result.articles), *records),
        failures=tuple(failure for result in results for failure in result.failures),
        warnings=tuple(f"{result.path}: {warning}" for result in results for warning in result.warnings),
        skipped=tuple(result.path for result in results if result.skipped),
    )
