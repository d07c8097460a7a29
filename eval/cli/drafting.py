"""``pullquote eval make``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from eval.drafts import draft_questions
from index.errors import RunError
from qa.cli.opening import open_index
from qa.cli.terminal import write_note


def make(
    index_dir: Annotated[Path, typer.Argument(metavar="INDEX", show_default=False, help="The folder of an index.")],
    out: Annotated[Path, typer.Option(metavar="FILE", show_default=False, help="The question set to write: .jsonl.")],
    count: Annotated[int, typer.Option(metavar="N", min=1, help="How many questions are drafted.")] = 50,
    seed: Annotated[int, typer.Option(metavar="N", help="Fixes which.")] = 0,
) -> None:
    """Draft a question set from a collection, for a person to reword: sentences with a gap where the answer stood."""
    if out.exists():
        raise RunError(f"{out} is there already; it may hold somebody's work: name another file with --out")
    with open_index(index_dir) as assistant:
        articles = [
            (assistant.article(one.article_id), assistant.sentences(one.article_id)) for one in assistant.articles()
        ]
    drafts = draft_questions(articles, count, seed=seed)
    if not drafts:
        raise RunError(f"no sentence of {index_dir} has a name, date or figure to ask for")
    out.write_text("".join(json.dumps(draft.to_row(), ensure_ascii=False) + "\n" for draft in drafts), encoding="utf-8")
    write_note(f"written: {out}, {len(drafts)} drafts; reword each as a question, and delete what nobody would ask")
