"""The web page's entry: ``pullquote serve``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from index.errors import ConfigError, PullquoteError
from qa.cli.exits import exit_code
from qa.cli.opening import open_assistant
from qa.cli.options import IndexOrSampleOption, ReaderOption, SettingsOption
from qa.cli.terminal import write_error, write_note
from qa.page.actions import Actions
from qa.page.examples import sample_examples
from qa.page.layout import build_page
from qa.page.server import is_loopback, listening, run
from qa.settings import read_settings


def serve(
    index_dir: IndexOrSampleOption = None,
    reader: ReaderOption = None,
    settings: SettingsOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at; 0 takes a free one.")] = 7860,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen at.")] = "127.0.0.1",
    open_to_network: Annotated[
        bool, typer.Option("--open-to-network", help="Allow an address that other machines can reach.")
    ] = False,
) -> None:
    """Serve the page."""
    if not is_loopback(host):
        if not open_to_network:
            raise ConfigError(
                f"--host {host} can be reached from other machines, and the page has no passwords: whoever reaches it "
                "reads all articles; add --open-to-network if that is what you want"
            )
        write_note(f"warning: whoever can reach {host} can read all articles and ask; there are no passwords")
    config = read_settings(settings) if settings else None
    listener = listening(host, port)  # before the models are loaded, which takes seconds
    with listener, open_assistant(index_dir, config=config, reader=reader) as assistant:
        assistant.retrieve("warm up")  # loads what is loaded on first use, before somebody waits for it
        examples = sample_examples({summary.article_id for summary in assistant.articles()})
        page = build_page(
            Actions(assistant, examples=examples), question_characters=assistant.config.question_characters
        )
        run(page, listener, ready=lambda address: typer.echo(f"Pullquote is at {address} (Ctrl+C stops it)"))


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
