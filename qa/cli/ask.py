"""``pullquote ask``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from index.records import Filter
from qa.assistant import Assistant
from qa.cli.exits import ExitCode
from qa.cli.naming import article_ids
from qa.cli.opening import open_assistant
from qa.cli.options import IndexOrSampleOption, JsonOption, ReaderOption, SettingsOption
from qa.cli.output import write_answer
from qa.cli.terminal import make_console, write_json, write_note
from qa.config import QAConfig
from qa.settings import read_settings

DAY_FORMATS = ["%Y-%m-%d"]


def ask(
    question: Annotated[str, typer.Argument(show_default=False, help="What you want to know, in quotation marks.")],
    index_dir: IndexOrSampleOption = None,
    reader: ReaderOption = None,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
    outlet: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only articles of this outlet. May be given several times."),
    ] = None,
    article: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this article, by id or source. May be given several times."),
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=DAY_FORMATS, metavar="DATE", help="Only from this day on, as 2024-05-31.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=DAY_FORMATS, metavar="DATE", help="Only up to this day, as 2024-05-31.")
    ] = None,
    candidates: Annotated[
        int | None, typer.Option(metavar="N", help="How many passages are read for the answer.")
    ] = None,
) -> None:
    """Answer a question from the articles, in their own words.

    Exits with 0 when the articles answer, with 4 when they do not.
    """
    if since and until and since > until:
        raise typer.BadParameter(f"--since {since:%Y-%m-%d} is after --until {until:%Y-%m-%d}")
    with open_assistant(index_dir, config=_config(settings, candidates), reader=reader) as assistant:
        where = _filter(assistant, outlet, article, _day(since), _day(until))
        answer = assistant.ask(question, where=where, today=date.today())
        if as_json:
            for citation in answer.citations:
                check = assistant.check(citation)
                if not check.holds:
                    write_note(f"note: a citation of {citation.article_id} does not hold: {check.reason}")
            write_json(answer.to_dict())
        else:
            write_answer(make_console(), answer, assistant.check)
    if not answer.answered:
        raise typer.Exit(ExitCode.ABSTAINED)


def _config(settings: Path | None, candidates: int | None) -> QAConfig | None:
    config = read_settings(settings) if settings else None
    if candidates is None:
        return config
    config = config or QAConfig()
    return replace(
        config, search=replace(config.search, candidates=candidates, depth=max(candidates, config.search.depth))
    )


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _filter(
    assistant: Assistant, outlets: list[str] | None, articles: list[str] | None, since: date | None, until: date | None
) -> Filter | None:
    """The filter, its names checked: a mistyped one would look like an abstention."""
    if not (outlets or articles or since or until):
        return None
    summaries = assistant.articles()
    known = {summary.outlet.casefold(): summary.outlet for summary in summaries if summary.outlet}
    unknown = [outlet for outlet in outlets or () if outlet.casefold() not in known]
    if unknown:
        there = ", ".join(sorted(known.values())) or "none"
        raise typer.BadParameter(f"no article is from {', '.join(map(repr, unknown))}; the outlets are: {there}")
    return Filter(
        articles=article_ids(articles, summaries) if articles else None,
        outlets=tuple(outlets) if outlets else None,
        since=since,
        until=until,
    )
