"""An answer on a terminal."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from qa.citations import CitationCheck
from qa.cli.terminal import visible, write
from qa.records import Answer, Citation, Place

CitationChecker = Callable[[Citation], CitationCheck]

QUOTE_STYLE = "bold black on yellow"
DIMMED = "dim"
NOTE_STYLE = "yellow"
INDENT = 4
CLOSEST = "The closest sentences, which are no answers:"


def write_answer(console: Console, answer: Answer, check: CitationChecker) -> None:
    """Print an answer in its sentence with its sources, or that the articles do not answer, with the closest sentences.

    Args:
        check: tells of each citation, as it is shown, whether it still holds; a note says so when it does not.
    """
    if answer.query != answer.question:
        write(console, Text(f"searched: {visible(answer.query)}", style=DIMMED))
    if answer.answered:
        first, *others = answer.citations
        _write_between_neighbours(console, _sentence(console, first), first)
        _write_source(console, 1, first, check)
        if others:
            write(console, "")
            write(console, Text("Further sources:", style="bold"))
        for number, citation in enumerate(others, start=2):
            write(console, _sentence(console, citation))
            _write_source(console, number, citation, check)
    else:
        write(console, Text("The articles do not answer this question.", style="bold"))
        if answer.closest:
            write(console, CLOSEST)
        for number, citation in enumerate(answer.closest, start=1):
            write(console, visible(citation.sentence), indent=INDENT)
            _write_source(console, number, citation, check)
    if answer.confidence is not None:
        write(console, Text(f"confidence: {answer.confidence:.0%}", style=DIMMED))
    for note in answer.notes:
        write(console, Text(f"note: {visible(note)}", style=NOTE_STYLE))


def write_sources(console: Console, answer: Answer, check: CitationChecker) -> None:
    """Print all sources of an answer, each sentence between its neighbours."""
    if answer.closest:
        write(console, CLOSEST)
    for number, citation in enumerate(answer.citations or answer.closest, start=1):
        sentence = _sentence(console, citation) if answer.answered else Text(visible(citation.sentence))
        _write_between_neighbours(console, sentence, citation)
        _write_source(console, number, citation, check)


def source_line(source: Citation | Place) -> str:
    """Where a sentence stands, for people: title, outlet, date, page, address, and its characters, end excluded."""
    parts = [
        source.title or source.article_id,
        source.outlet,
        source.published,
        f"page {source.page}" if source.page is not None else None,
        source.url,
        f"characters {source.start_char}–{source.end_char}",
    ]
    return visible(" · ".join(part for part in parts if part))


def _write_between_neighbours(console: Console, sentence: Text, citation: Citation) -> None:
    if citation.before is not None:
        write(console, Text(f"… {visible(citation.before)}", style=DIMMED), indent=INDENT)
    write(console, sentence)
    if citation.after is not None:
        write(console, Text(f"… {visible(citation.after)}", style=DIMMED), indent=INDENT)


def _sentence(console: Console, citation: Citation) -> Text:
    """The sentence with its quote marked: in colour, or between « and » where there is none."""
    start = citation.quote_start_char - citation.start_char
    end = citation.quote_end_char - citation.start_char
    before, quote, after = (visible(part) for part in _cut(citation.sentence, start, end))
    if console.color_system is None or console.no_color:
        return Text(f"{before}«{quote}»{after}")
    return Text.assemble(before, (quote, QUOTE_STYLE), after)


def _cut(text: str, start: int, end: int) -> tuple[str, str, str]:
    return text[:start], text[start:end], text[end:]


def _write_source(console: Console, number: int, citation: Citation, check: CitationChecker) -> None:
    write(console, Text(f"[{number}] {source_line(citation)}", style="cyan"), indent=INDENT)
    for place in citation.also_at:
        write(console, Text(f"the same sentence: {source_line(place)}", style=DIMMED), indent=2 * INDENT)
    result = check(citation)
    if not result.holds:
        note = f"note: this citation does not hold: {visible(result.reason)}"
        write(console, Text(note, style=NOTE_STYLE), indent=INDENT)
