"""``pullquote user``: who may sign in to a served page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.accounts import check_name, remove_user, set_password

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Add and remove users of a served page.")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="The user's name.")]
FileOption = Annotated[
    Path, typer.Option("--file", metavar="FILE", show_default=False, help="The file for pullquote serve --auth.")
]


@app.command()
def add(name: NameArgument, file: FileOption) -> None:
    """Add a user, or change a user's password.

    Asks for the password twice, without showing it. The file keeps a salted hash of it, and only you can read the file.
    A server that is running knows at once; a user whose password changed is signed out.
    """
    check_name(name)  # before anybody types a password twice
    password = typer.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    changed = set_password(file, name, password)
    typer.echo(f"{file}: {name} {'has a new password' if changed else 'may sign in'}")


@app.command()
def remove(name: NameArgument, file: FileOption) -> None:
    """Remove a user, who is signed out of a running server as well."""
    remove_user(file, name)
    typer.echo(f"{file}: {name} may no longer sign in")
