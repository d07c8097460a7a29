"""The web page's entry: ``pullquote serve``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from index.errors import ConfigError, PullquoteError
from qa.accounts import Accounts
from qa.cli.exits import exit_code
from qa.cli.opening import data_folder, index_meant, open_assistant, open_library
from qa.cli.options import DataOption, IndexOrSampleOption, ReaderOption, SettingsOption
from qa.cli.terminal import write_error
from qa.holdings import Holdings
from qa.page.actions import Actions
from qa.page.collection import Collection
from qa.page.downloads import conversation_downloads
from qa.page.examples import collection_examples, sample_examples
from qa.page.layout import ASKED_AT_ONCE, build_page
from qa.page.offering import Offers
from qa.page.programs import Programs
from qa.page.server import is_loopback, listening, run
from qa.page.tools import PATH, build_tools
from qa.page.uploading import private_folder
from qa.served import SERVED, index_name
from qa.settings import read_settings


def serve(
    index_dir: IndexOrSampleOption = None,
    reader: ReaderOption = None,
    settings: SettingsOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at; 0 takes a free one.")] = 7860,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen at.")] = "127.0.0.1",
    auth: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="Let in only the users of this file, which pullquote user add makes. Needed for an address that other "
            "machines can reach.",
        ),
    ] = None,
    data: DataOption = None,
    mcp: Annotated[bool, typer.Option("--mcp", help="Offer tools to assistants (MCP) as well, at /mcp.")] = False,
) -> None:
    """Serve the page."""
    if not is_loopback(host) and auth is None:
        raise ConfigError(
            f"--host {host} can be reached from other machines, and whoever reaches it would read all articles; make "
            "users with pullquote user add NAME --file FILE, and name the file with --auth FILE"
        )
    accounts = Accounts(auth) if auth else None
    config = read_settings(settings) if settings else None
    listener = listening(host, port)  # before the models are loaded, which takes seconds
    with (
        listener,
        private_folder(),  # before the page is built, whose parts ask then where uploads go
        open_library(data) as library,
        open_assistant(index_dir, config=config, reader=reader) as assistant,
        Holdings(library, assistant, data_folder(data) / "collections") as holdings,
    ):
        assistant.retrieve("warm up")  # loads what is loaded on first use, before somebody waits for it
        examples = sample_examples({summary.article_id for summary in assistant.articles()})
        offers: Offers[Collection] = Offers(collection_examples)
        if not examples:
            offers.of(SERVED, assistant)  # made by the time that somebody comes
        programs, served = Programs(assistant, holdings.named), index_name(index_meant(index_dir))
        tools = build_tools(programs, at_once=ASKED_AT_ONCE) if mcp else None
        page = build_page(
            Actions(holdings.assistant, library=library, examples=examples, offers=offers, served=served, brings=True),
            question_characters=assistant.config.question_characters,
            library=library,
            programs=programs,
            holdings=holdings,
        )
        run(
            page,
            listener,
            ready=lambda address: _ready(address, mcp),
            accounts=accounts,
            tools=tools,
            downloads=conversation_downloads(library, holdings.assistant, served=served),
            uploads=True,
        )


def _ready(address: str, mcp: bool) -> None:
    typer.echo(f"Pullquote is at {address} (Ctrl+C stops it)")
    if mcp:
        typer.echo(f"Tools for assistants (MCP) are at {address}{PATH}")


def main() -> None:
    """``python app.py``: the same as ``pullquote serve``."""
    command = typer.Typer(add_completion=False)
    command.command()(serve)
    try:
        command()
    except PullquoteError as error:
        write_error(str(error))
        sys.exit(exit_code(error))


if __name__ == "__main__":
    main()
