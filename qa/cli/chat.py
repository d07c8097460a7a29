"""``pullquote chat``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from io import TextIOWrapper

from rich.console import Console

from index.errors import QuestionError
from qa.assistant import Assistant
from qa.cli.opening import open_assistant
from qa.cli.options import IndexOrSampleOption, ReaderOption, SettingsOption
from qa.cli.output import write_answer, write_sources
from qa.cli.terminal import make_console, visible, write, write_error
from qa.records import Answer
from qa.settings import read_settings
from qa.smalltalk import kind_of, reply

with suppress(ImportError):  # not on every platform
    import readline  # noqa: F401  (gives input() line editing and a history)

PROMPT = "> "
HELP = """\
Type a question; a follow-up may lean on the ones before it.
/sources  all sources of the last answer, with the sentences around them
/new      a new conversation
/help     this text
/quit     leave, as Ctrl-D does"""


def chat(index_dir: IndexOrSampleOption = None, reader: ReaderOption = None, settings: SettingsOption = None) -> None:
    """Ask questions one after the other, follow-ups included.

    Questions are read from stdin, one a line; /help tells the commands.
    """
    console = make_console()
    with open_assistant(index_dir, config=read_settings(settings) if settings else None, reader=reader) as assistant:
        if sys.stdin.isatty():
            write(console, "Ask a question; /help tells more, /quit leaves.")
        _converse(console, assistant)


def _converse(console: Console, assistant: Assistant) -> None:
    history: list[Answer] = []
    for line in _lines(console):
        match line.split()[:1]:
            case []:
                continue
            case ["/quit"]:
                return
            case ["/help"]:
                console.print(HELP)
            case ["/new"]:
                history.clear()
                write(console, "A new conversation.")
            case ["/sources"]:
                if history:
                    write_sources(console, history[-1], assistant.check)
                else:
                    write(console, "Nothing has been asked yet.")
            case [word] if word.startswith("/"):
                write_error(f"there is no command {word}; /help tells which there are")
            case _ if (kind := kind_of(line)) is not None:
                write(console, visible(reply(kind, assistant.articles())))
            case _:
                try:
                    answer = assistant.ask(line, history=history, today=date.today())
                except QuestionError as error:
                    write_error(str(error))
                    continue
                history.append(answer)
                write_answer(console, answer, assistant.check)
        write(console, "")


def _lines(console: Console) -> Iterator[str]:
    """What is typed, line by line, until the end of the input. Where it does not come from a terminal, each line is
    repeated behind the prompt, so that the output reads as a conversation."""
    typed = sys.stdin.isatty()
    if not typed and isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    while True:
        try:
            line = input(PROMPT if typed else "")
        except (EOFError, KeyboardInterrupt) as end:
            write(console, "")  # the shell's prompt gets a line of its own
            if isinstance(end, KeyboardInterrupt):
                raise
            return
        if not typed:
            write(console, PROMPT + visible(line))
        yield line
