"""The command ``pullquote``."""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from qa.cli.exits import ExitCode
from qa.cli.group import CommandGroup
from qa.cli.terminal import write_error

app = typer.Typer(
    name="pullquote",
    cls=CommandGroup,
    no_args_is_help=True,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        try:
            found = version("pullquote")
        except PackageNotFoundError:
            found = "(not installed)"
        typer.echo(f"pullquote {found}")
        raise typer.Exit


@app.callback()
def pullquote(
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Answers questions over your own articles, in the articles' own words, with the place of every word."""


def main() -> None:
    """Run ``pullquote`` with the arguments of this process, and exit with a code of ``ExitCode``."""
    for stream in (sys.stdout, sys.stderr):
        # What the terminal's encoding lacks is shown escaped, instead of ending the program.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # both are TextIOWrappers here
    # transformers would draw a bar of its own while it loads the model, in the middle of ours.
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    try:
        app(prog_name="pullquote")
    except Exception as error:
        write_error(f"unexpected {type(error).__name__}; this is a fault of Pullquote: please report what follows")
        raise
    finally:
        _flush()


def _flush() -> None:
    """Write out what is buffered; when the reader is gone (``| head``), quietly drop it."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Or Python would try again at exit, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(ExitCode.ERROR) from None
