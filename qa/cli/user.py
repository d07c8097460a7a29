"""``pullquote user``: who may sign in to a served page."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from index.errors import ConfigError, LibraryError
from qa.accounts import check_name, remove_user, set_password
from qa.cli.opening import data_folder
from qa.cli.options import DataOption
from qa.cli.terminal import write_note
from qa.forgetting import Kept, kept_by
from qa.forgetting import forget as forget_all_of
from qa.library import Library

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Add and remove users of a served page.")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="The user's name.")]
FileOption = Annotated[
    Path, typer.Option("--file", metavar="FILE", show_default=False, help="The file for pullquote serve --auth.")
]


@app.command()
def add(name: NameArgument, file: FileOption, data: DataOption = None) -> None:
    """Add a user, or change a user's password.

    Asks for the password twice, without showing it. The file keeps a salted hash of it, and only you can read the file.
    A server that is running knows at once; a user whose password changed is signed out. What a former user of the name
    left in --data is this user's now; the command says so where there is something.
    """
    check_name(name)  # before anybody types a password twice
    password = typer.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    changed = set_password(file, name, password)
    typer.echo(f"{file}: {name} {'has a new password' if changed else 'may sign in'}")
    if not changed:
        _warn_of_belongings(name, file, data_folder(data))


@app.command()
def remove(
    name: NameArgument,
    file: FileOption,
    data: DataOption = None,
    forget: Annotated[
        bool | None,
        typer.Option(
            "--forget/--keep",
            show_default=False,
            help="Delete what the user keeps in --data for good: conversations, feedback and uploaded articles; or "
            "keep it for whoever is added under this name next. Without either you are asked.",
        ),
    ] = None,
) -> None:
    """Remove a user, who is signed out of a running server as well."""
    try:
        remove_user(file, name)
        typer.echo(f"{file}: {name} may no longer sign in")
    except ConfigError:
        if not forget:  # what somebody left behind who was removed before can still be deleted
            raise
    folder = data_folder(data)
    if not (folder / "library.sqlite").exists():
        typer.echo(f"{folder}: nothing is kept there; name the server's own folder with --data, if it has another")
        return
    with Library.open(folder / "library.sqlite", create=False) as library:
        kept = kept_by(library, name)
        left = f"{folder}: {_told(kept)} of {name}"
        if not kept:
            typer.echo(f"{folder}: nothing of {name} is kept there")
            return
        if forget is None:
            forget = sys.stdin.isatty() and typer.confirm(f"{left}: delete them for good?")
        if forget:
            forget_all_of(library, name, folder / "collections")
            typer.echo(f"{left}: deleted for good")
        else:
            typer.echo(
                f"{left}: kept, for whoever is added under this name next; to delete them: "
                f"{_forgetting(name, file, folder)}"
            )


def _warn_of_belongings(name: str, file: Path, folder: Path) -> None:
    """Tell that a new user gets what a former one of the name left."""
    if not (folder / "library.sqlite").exists():
        return
    try:
        with Library.open(folder / "library.sqlite", create=False) as library:
            kept = kept_by(library, name)
    except LibraryError as error:  # the user is added all the same
        write_note(f"whether a former {name} left something is not known: {error}")
        return
    if kept:
        write_note(
            f"{folder}: {_told(kept)} of a former {name} are kept there, and this {name} sees them. If that is "
            f"somebody else: {_forgetting(name, file, folder)}, and then add {name} anew"
        )


def _told(kept: Kept) -> str:
    return f"{_counted(kept.conversations, 'conversation')} and {_counted(kept.collections, 'collection')}"


def _forgetting(name: str, file: Path, folder: Path) -> str:
    """The command that deletes what a user keeps."""
    return f"pullquote user remove {name} --file {shlex.quote(str(file))} --data {shlex.quote(str(folder))} --forget"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
