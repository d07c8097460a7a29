"""How far an upload is, and what became of its files, as HTML. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from qa.page.markup import alert, isolated
from qa.page.sources import SHOWN_AT_MOST
from qa.page.wording import counted
from qa.uploads import FileOutcome

_NEAR = 20
"""Files before and after the one that is read that are listed, besides those that failed."""


def upload_progress(names: Sequence[str], doing: str, done: int, of: int, failures: Sequence[FileOutcome]) -> str:
    """How far an upload is, with the state of every file, or of those near the one that is read where there are many.

    Args:
        names: those of all files, in the order in which they are read.
        doing, done, of, failures: what ``qa.bringing.Progress`` is called with.
    """
    reading = doing == "reading"
    verb, noun = ("Reading", "file") if reading else ("Indexing", "article")
    at = done if reading else len(names)
    failed = _failed_places(names[:at], failures)
    many = len(names) > SHOWN_AT_MOST
    rows = [
        f"<li>{isolated(name)}: {'read' if place < at else 'reading' if place == at else 'waiting'}"
        f"{'' if reading else ', being indexed'}</li>"
        for place, name in enumerate(names)
        if place not in failed and (not many or (reading and abs(place - at) <= _NEAR))
    ]
    listed = f'<ul class="pq-outcomes pq-states">{"".join(rows)}</ul>' if rows else ""
    return (
        f'<div class="pq-upload"><p class="pq-small" role="status">{verb} {counted(of, noun)}: {done:,} done.</p>'
        f"{_outcomes(failures)}{listed}</div>"
    )


def _failed_places(names: Sequence[str], failures: Sequence[FileOutcome]) -> set[int]:
    """The places of the files that failed, which are told by their names, in order. Of two files of one name it is the
    later one that fails, and so they are matched from the end."""
    places: set[int] = set()
    left = [failure.name for failure in failures]
    for place in reversed(range(len(names))):
        if left and names[place] == left[-1]:
            places.add(place)
            left.pop()
    return places


def upload_report(files: Sequence[FileOutcome]) -> str:
    """What became of an upload, what failed first, with the reasons."""
    went = [file for file in files if file.outcome != "failed"]
    failed = [file for file in files if file.outcome == "failed"]
    articles = counted(sum(file.articles for file in went), "article")
    says = f"{articles} of {counted(len(went), 'file')} can be asked now." if went else ""
    if failed:
        says += f" {counted(len(failed), 'file')} could not be added."
    waits = [place for place, file in enumerate(files) if file.outcome == "failed" and file.may_pass]
    cannot = len(failed) > len(waits) or any(file.problems for file in went)
    again = _again(waits, len(files)) if waits else ""
    if cannot:
        again += (
            '<p><button type="button" class="pq-link" data-again>Choose files again</button>: files of the same name '
            "replace what they gave before.</p>"
        )
    return (
        f'<div class="pq-upload"><p class="pq-small" role="status">{says}</p>{_outcomes([*failed, *went])}{again}</div>'
    )


def upload_problem(reason: str, files: int = 0) -> str:
    """Why nothing was added at all.

    Args:
        files: how many files there were, which can be tried again.
    """
    return f'<div class="pq-upload">{alert(reason)}{_again(range(files), files) if files else ""}</div>'


_WENT = {"added": "added", "replaced": "replaced the earlier one", "unchanged": "was there already"}


def _again(places: Sequence[int], of: int) -> str:
    """A button that sends some files of the last upload again, named by their places in it."""
    which = "this file" if len(places) == 1 else f"these {counted(len(places), 'file')}"
    named = ",".join(map(str, places))
    return (
        f'<p><button type="button" class="pq-link" data-again="{named}" data-of="{of}">Try {which} again</button></p>'
    )


def _outcomes(files: Sequence[FileOutcome]) -> str:
    rows = "".join(
        f'<li class="pq-{file.outcome}">{isolated(file.name)}: {_became(file)}'
        + "".join(f"<br>{isolated(text)}" for text in (*file.problems[:20], *file.warnings[:5]))
        + (f"<br>and {len(file.problems) - 20:,} problems more" if len(file.problems) > 20 else "")
        + "</li>"
        for file in files[:SHOWN_AT_MOST]
    )
    return f'<ul class="pq-outcomes">{rows}</ul>' if rows else ""


def _became(file: FileOutcome) -> str:
    if file.outcome != "failed":
        return _WENT[file.outcome]
    return "failed, and may go in when it is tried again" if file.may_pass else "failed, and cannot go in as it is"
