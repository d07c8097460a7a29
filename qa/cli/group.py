"""The group of ``pullquote``'s commands: entry points, each imported only when it is called."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from index.errors import PullquoteError
from qa.cli.exits import ExitCode, exit_code
from qa.cli.terminal import write_error

ENTRY_POINT_GROUP = "pullquote.commands"

SUMMARIES = {
    "index": "Build an index of articles, or bring it up to date.",
    "add": "Add articles to an index.",
    "remove": "Remove articles from an index.",
    "list": "List the articles of an index.",
    "ask": "Answer a question from the articles, in their own words.",
    "chat": "Ask questions one after the other, follow-ups included.",
    "serve": "Serve the page.",
    "user": "Add and remove users of a served page.",
    "eval": "Measure retrieval and answers on question sets.",
    "doctor": "Check that everything Pullquote needs is there and works offline.",
}
"""What the overview says of each command, in its order: the commands themselves are too heavy to import for it. A
command that is registered and not named here comes last, without a summary."""


class CommandGroup(TyperGroup):
    """Lists the commands that are registered as entry points of ``pullquote.commands``, and imports one when it is
    called.

    An entry point names a function, which becomes a command, or a ``typer.Typer`` with commands of its own.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._registered: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}
        unnamed = sorted(self._registered.keys() - SUMMARIES.keys())
        for name in [*(name for name in SUMMARIES if name in self._registered), *unnamed]:
            self.add_command(TyperCommand(name=name, help=SUMMARIES.get(name)))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Typer asks here for the command that it is about to run: the real one, in place of the listed one."""
        name, listed, rest = super().resolve_command(ctx, args)
        if name is None or listed is None:
            return name, listed, rest
        return name, _command(self._registered[name]), rest

    def invoke(self, ctx: Any) -> Any:
        """Run a command; an error that Pullquote raises on purpose ends it with one line and its exit code."""
        try:
            return super().invoke(ctx)
        except PullquoteError as error:
            write_error(str(error))
            raise typer.Exit(exit_code(error)) from error
        except OSError as error:
            if error.filename is None:  # nothing that a person could see to: a fault of ours, or a closed pipe
                raise
            write_error(f"{error.filename}: {error.strerror}")
            raise typer.Exit(ExitCode.ERROR) from error


def _command(point: EntryPoint) -> Any:
    found = point.load()
    if isinstance(found, typer.Typer):
        app = found
    else:
        app = typer.Typer(add_completion=False)
        app.command(point.name)(found)
    return typer.main.get_command(app)
