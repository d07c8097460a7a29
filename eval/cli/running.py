"""``pullquote eval QUESTIONS``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from eval.cli.tables import write_run
from eval.datasets.reading import read_questions
from eval.datasets.records import QuestionSet
from eval.report.writing import write_report
from eval.runner import SUMMARY, evaluate
from eval.summary import summary_dict
from qa import Assistant, QAConfig
from qa.cli.exits import ExitCode
from qa.cli.opening import open_assistant
from qa.cli.options import IndexOrSampleOption, JsonOption, ReaderOption, SettingsOption
from qa.cli.progress import CountedProgress
from qa.cli.terminal import make_console, write_json, write_note
from qa.readers.loading import SENTENCE, SPAN
from qa.settings import read_settings


def run(
    questions: Annotated[
        Path,
        typer.Argument(
            show_default=False,
            metavar="QUESTIONS",
            help="JSON lines, CSV, SQuAD's JSON, CANARD's conversations, or a BEIR folder. The last three bring their "
            "own articles.",
        ),
    ],
    index_dir: IndexOrSampleOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            show_default=False,
            help="Keep the run in this folder; run again after an interruption, it goes on.",
        ),
    ] = None,
    reader: ReaderOption = None,
    settings: SettingsOption = None,
    risk: Annotated[
        float | None, typer.Option(metavar="SHARE", help="Answer where the risk of being wrong is at most this.")
    ] = None,
    threads: Annotated[int, typer.Option(metavar="N", min=1, help="How many questions are asked at once.")] = 1,
    seed: Annotated[int, typer.Option(metavar="N", help="Fixes the intervals.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Ask every question of a set, and measure retrieval, answers, citations and abstentions, with intervals.

    Exits with 3 when some questions could not be asked.
    """
    asked = read_questions(questions)
    config = read_settings(settings) if settings else None
    if risk is not None:
        config = replace(config or QAConfig(), risk=risk)
    with open_for(asked, index_dir, config, reader) as assistant, CountedProgress("asking", "questions") as progress:
        done = evaluate(
            asked, assistant, out, threads=threads, seed=seed, progress=progress, reader_folder=_folder_of(reader)
        )
    if done.kept:
        write_note(f"{done.kept} of {len(done.rows)} questions were asked before, and kept in {out}")
    if out is not None:
        write_report(done, out)
    if as_json:
        write_json(
            {
                "manifest": done.manifest.to_dict(),
                "measures": summary_dict(done.measures),
                "speed_ms": dict(done.speed),
                "resources": asdict(done.resources),
            }
        )
    else:
        write_run(make_console(), done)
        if out is not None:
            write_note(f"kept in {out}: {SUMMARY} holds all measures, report.html shows them")
    if done.failures:
        write_note(f"{len(done.failures)} questions could not be asked; the first: {done.failures[0].error}")
        raise typer.Exit(ExitCode.INCOMPLETE)


def _folder_of(reader: str | None) -> Path | None:
    """The folder that a reader is loaded from; None where its name is none of a folder."""
    if reader is None or reader in (SPAN, SENTENCE):
        return None
    return Path(reader) if Path(reader).is_dir() else None


@contextmanager
def open_for(
    asked: QuestionSet, index_dir: Path | None, config: QAConfig | None, reader: str | None
) -> Iterator[Assistant]:
    """The index that was named; without one, and with a set that brings its articles, a temporary index of these."""
    if asked.articles and index_dir is None:
        with (
            CountedProgress("indexing", "articles") as progress,
            Assistant.build(asked.articles, config=config, reader=reader, progress=progress) as assistant,
        ):
            yield assistant
    else:
        with open_assistant(index_dir, config=config, reader=reader) as assistant:
            yield assistant
