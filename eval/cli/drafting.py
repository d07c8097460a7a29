"""``pullquote eval make``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.drafts import draft_questions
from eval.feedback import LeftOut, questions_from_feedback
from index.errors import ArticleNotFoundError, RunError
from index.records import Article
from qa.assistant import Assistant
from qa.cli.opening import open_index
from qa.cli.terminal import write_note
from qa.library import Feedback, Library
from qa.served import ELSEWHERE, index_name, shown_as

_SHOWN = 5
"""How many questions are named of each reason for leaving feedback out."""


def make(
    out: Annotated[Path, typer.Option(metavar="FILE", show_default=False, help="The question set to write: .jsonl.")],
    named_index: Annotated[
        Path | None, typer.Argument(metavar="[INDEX]", show_default=False, help="The folder of an index.")
    ] = None,
    index_dir: Annotated[
        Path | None,
        typer.Option("--index", metavar="DIR", show_default=False, help="The same; checks feedback against it."),
    ] = None,
    feedback: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default=False, help="Make questions from the feedback in this library."),
    ] = None,
    collection: Annotated[
        str | None,
        typer.Option(metavar="ID", show_default=False, help="Of this collection's feedback alone, as it is kept."),
    ] = None,
    count: Annotated[int, typer.Option(metavar="N", min=1, help="How many questions are drafted.")] = 50,
    seed: Annotated[int, typer.Option(metavar="N", help="Fixes which.")] = 0,
) -> None:
    """Make a question set: drafts for a person to reword, sentences of a collection with a gap where the answer stood;
    or, with --feedback, the questions whose answers people judged."""
    if named_index and index_dir:
        raise typer.BadParameter(f"two indexes are named, {named_index} and {index_dir}; name one")
    if out.exists():
        raise RunError(f"{out} is there already; it may hold somebody's work: name another file with --out")
    where = named_index or index_dir
    if feedback:
        _make_from_feedback(feedback, where, collection, out)
    elif where:
        _draft(where, out, count, seed)
    else:
        raise typer.BadParameter("name an index to draft from, or a library with --feedback")


def _draft(index_dir: Path, out: Path, count: int, seed: int) -> None:
    with open_index(index_dir) as assistant:
        articles = [
            (assistant.article(one.article_id), assistant.sentences(one.article_id)) for one in assistant.articles()
        ]
    drafts = draft_questions(articles, count, seed=seed)
    if not drafts:
        raise RunError(f"no sentence of {index_dir} has a name, date or figure to ask for")
    _write(out, [draft.to_row() for draft in drafts])
    write_note(f"written: {out}, {len(drafts)} drafts; reword each as a question, and delete what nobody would ask")


def _make_from_feedback(library: Path, index_dir: Path | None, collection: str | None, out: Path) -> None:
    with Library.open(library, create=False) as opened:
        given = opened.feedback.of_everybody(collection=collection)
    if index_dir:
        given = given if collection else _of_index(given, index_dir)
        with open_index(index_dir) as assistant:
            found = questions_from_feedback(given, _stored_in(assistant))
    else:
        found = questions_from_feedback(given)
    _tell_left_out(found.left_out)
    if not found.rows:
        raise RunError(f"of {len(given)} pieces of feedback in {library}, none makes a question")
    _write(out, found.rows)
    if not index_dir:
        _tell_unchecked(given)
    used = len(given) - len(found.left_out)
    write_note(f"written: {out}, {len(found.rows)} questions from {used} of {len(given)} pieces of feedback")


def _of_index(given: Sequence[Feedback], index_dir: Path) -> tuple[Feedback, ...]:
    """The feedback that is not known to be on an index that was served from another place."""
    kept = tuple(one for one in given if shown_as(one.collection, index_name(index_dir)) != ELSEWHERE)
    if len(kept) < len(given):
        others = sorted({str(one.collection) for one in given} - {str(one.collection) for one in kept})
        write_note(f"left out, {len(given) - len(kept)}: on another index; for those: --collection {others[0]}")
    return kept


def _stored_in(assistant: Assistant) -> Callable[[str], Article | None]:
    def article_of(article_id: str) -> Article | None:
        try:
            return assistant.article(article_id)
        except ArticleNotFoundError:
            return None

    return article_of


def _tell_left_out(left_out: Sequence[LeftOut]) -> None:
    """Every reason with how often, and the first questions."""
    for reason, times in Counter(one.reason for one in left_out).most_common():
        questions = dict.fromkeys(one.feedback.question for one in left_out if one.reason == reason)
        named = "; ".join(list(questions)[:_SHOWN])
        write_note(f"left out, {times}: {reason}: {named}{'; …' if len(questions) > _SHOWN else ''}")


def _tell_unchecked(given: Sequence[Feedback]) -> None:
    write_note("not checked against an index: name one with --index to leave out what its articles no longer hold")
    if len({one.collection for one in given}) > 1:
        write_note("the feedback is on several collections: name one with --collection")


def _write(out: Path, rows: Sequence[dict[str, Any]]) -> None:
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
