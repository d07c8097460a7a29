"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_INDEX = Path("pullquote-index")
INDEX_VARIABLE = "PULLQUOTE_INDEX"

IndexOption = Annotated[
    Path | None,
    typer.Option(
        "--index",
        envvar=INDEX_VARIABLE,
        metavar="DIR",
        show_default=False,
        help=f"The folder of the index. Without it: ./{DEFAULT_INDEX}.",
    ),
]
IndexOrSampleOption = Annotated[
    Path | None,
    typer.Option(
        "--index",
        envvar=INDEX_VARIABLE,
        metavar="DIR",
        show_default=False,
        help=f"The folder of the index. Without it: ./{DEFAULT_INDEX}, or the sample collection where there is none.",
    ),
]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="PULLQUOTE_DATA",
        metavar="DIR",
        show_default=False,
        help="The folder of what people keep on the page: their conversations and their own articles. Without it: the "
        "usual place for a user's data.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout, and nothing else there.")]
ReaderOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="What finds the answers: span (a few words; used without this option), sentence (whole sentences), or the "
        "name or folder of a Hugging Face extractive question answering model.",
        show_default=False,
    ),
]
EncodingOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Read text files in this encoding instead of finding it out, such as cp1252."),
]
SettingsOption = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        metavar="FILE",
        show_default=False,
        help="Settings of answering, a TOML file as pullquote eval tune writes it.",
    ),
]
PathsArgument = Annotated[list[Path], typer.Argument(metavar="PATH...", show_default=False, help="Files or folders.")]
