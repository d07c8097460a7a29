"""``pullquote index``, ``add``, ``remove`` and ``list``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from index.config import BuildConfig
from index.errors import IndexNotFoundError
from index.loaders import LoadFailure
from index.stores.base import ArticleSummary
from index.stores.local import LocalStore
from qa.assistant import Assistant
from qa.cli.exits import ExitCode
from qa.cli.naming import article_ids
from qa.cli.opening import open_index
from qa.cli.options import DEFAULT_INDEX, EncodingOption, IndexOption, JsonOption, PathsArgument
from qa.cli.progress import CountedProgress
from qa.cli.terminal import make_console, visible, write, write_json, write_note
from qa.updates import UpdateReport

SKIPPED_SHOWN = 5
"""How many of the files that were left out are named; ``--json`` names all."""


def index(
    paths: PathsArgument,
    index_dir: IndexOption = None,
    encoding: EncodingOption = None,
    chunk_words: Annotated[
        int | None, typer.Option(metavar="N", help="The most words of a chunk, the passage that is searched.")
    ] = None,
    embedder: Annotated[
        str | None, typer.Option(metavar="NAME", help="The model that embeds: its name or its folder.")
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Begin anew, whatever is there; it is replaced when the new one is complete."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Build an index of articles, or bring it up to date.

    Afterwards the index holds the articles of these paths and no others. Exits with 3 when some files could not be
    read; the others are in the index.
    """
    folder = index_dir or DEFAULT_INDEX
    given = {"chunk_words": chunk_words, "embedder": embedder}
    settings = _settings(BuildConfig() if rebuild else _settings_there(folder), given)
    with (
        CountedProgress("indexing", "articles") as progress,
        Assistant.build(
            list(paths), folder, build=settings, encoding=encoding, progress=progress, rebuild=rebuild
        ) as assistant,
    ):
        report = assistant.last_update
    assert report is not None  # a build makes one
    if report.build.removed and not as_json:
        write_note(
            f"removed from the index, since they are not among these paths: {len(report.build.removed)}. No file was "
            "touched. To put articles beside those that are there, use: pullquote add PATH..."
        )
    _report(report, folder, as_json)


def add(
    paths: PathsArgument,
    index_dir: IndexOption = None,
    encoding: EncodingOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add articles to an index.

    An article that is there already is replaced when it has changed. Exits with 3 when some files could not be read;
    the others are in the index.
    """
    with open_index(index_dir) as assistant, CountedProgress("indexing", "articles") as progress:
        report = assistant.add(list(paths), encoding=encoding, progress=progress)
    _report(report, index_dir or DEFAULT_INDEX, as_json)


def remove(
    articles: Annotated[
        list[str], typer.Argument(metavar="ID...", show_default=False, help="Articles, by id or by source.")
    ],
    index_dir: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove articles from an index.

    Their files are left alone. When one of the names is unknown, nothing is removed.
    """
    with open_index(index_dir) as assistant:
        report = assistant.remove(article_ids(articles, assistant.articles()))
    _report(report, index_dir or DEFAULT_INDEX, as_json)


def list_articles(index_dir: IndexOption = None, as_json: JsonOption = False) -> None:
    """List the articles of an index.

    Where stdout is no terminal: a line for each, its columns (id, date, outlet, sentences, title) separated by tabs.
    """
    # Not through an Assistant: it would load the embedding model, which takes seconds and is not needed here.
    with LocalStore.open(index_dir or DEFAULT_INDEX).reader() as collection:
        articles = tuple(collection.articles())
    if as_json:
        write_json([asdict(article) for article in articles])
        return
    console = make_console()
    if not console.is_terminal:
        for row in map(_row, articles):
            typer.echo("\t".join(row))  # a console would turn the tabs into spaces
        return
    table = Table("id", "date", "outlet", "sentences", "title")
    for row in map(_row, articles):
        table.add_row(*row)
    console.print(table)


def _settings(others: BuildConfig, given: Mapping[str, Any]) -> BuildConfig:
    """The settings that are given (not None), and the others for the rest."""
    return replace(others, **{name: value for name, value in given.items() if value is not None})


def _settings_there(folder: Path) -> BuildConfig:
    """The settings of the index that is there; the usual ones where none is."""
    try:
        return LocalStore.open(folder).identity.build
    except IndexNotFoundError:
        return BuildConfig()


def _row(article: ArticleSummary) -> Sequence[str]:
    cells = (article.article_id, article.published or "", article.outlet or "", str(article.sentences), article.title)
    return [visible(cell) for cell in cells]


def _report(report: UpdateReport, folder: Path, as_json: bool) -> None:
    """Print what an update did, and exit with its code. Failures and warnings go to stderr."""
    build = report.build
    if as_json:
        write_json(
            {
                "index": str(folder),
                **asdict(build),
                "failures": [_failure(failure) for failure in report.failures],
                "warnings": list(report.warnings),
                "skipped": [str(path) for path in report.skipped],
            }
        )
    else:
        changes = (f"{len(getattr(build, change))} {change}" for change in ("added", "changed", "unchanged", "removed"))
        write(make_console(), visible(f"{folder}: {', '.join(changes)}"))
        if report.skipped:
            shown = ", ".join(map(str, report.skipped[:SKIPPED_SHOWN]))
            more = ", …" if len(report.skipped) > SKIPPED_SHOWN else ""
            write_note(f"files of other kinds that were left out: {len(report.skipped)} ({shown}{more})")
        for warning in report.warnings:
            write_note(f"warning: {warning}")
        for failure in report.failures:
            write_note(f"not read: {failure}")
    if report.failures:
        raise typer.Exit(ExitCode.INCOMPLETE)


def _failure(failure: LoadFailure) -> dict[str, Any]:
    return {"path": str(failure.path), "line": failure.line, "reason": failure.reason}
