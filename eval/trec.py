"""A run as TREC run and qrels files, so that other tools can check our figures (``trec_eval``, ir_measures).

Ranked are articles, by their ids, where the evidence is whole articles: then the judgements that a set came with can be
used instead of ours. Else a chunk that holds the whole of a place of evidence has that place's id, all others one of
their own: see ``eval.measures.rankings``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from eval.rows import QuestionRow

QRELS = "qrels.txt"


def write_trec(rows: Sequence[QuestionRow], folder: Path) -> list[Path]:
    """Write ``qrels.txt`` and, for each stage, ``STAGE.run``; the files' paths.

    White space in ids, by which the formats separate, is percent-encoded, and so is the percent sign. A question for
    which nothing is found has no line in a run: ``trec_eval -c`` counts it, as we do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    judged = [row for row in rows if row.relevant and row.rankings]
    written = [folder / QRELS]
    written[0].write_text(
        "".join(
            f"{_word(row.question_id)} 0 {_word(place)} {grade}\n"
            for row in judged
            for place, grade in (row.relevant or {}).items()
        ),
        encoding="utf-8",
    )
    stages = dict.fromkeys(stage for row in judged for stage in row.rankings or {})
    for stage in stages:
        path = folder / f"{stage}.run"
        path.write_text(
            "".join(
                f"{_word(row.question_id)} Q0 {_word(name)} {rank} {-rank} pullquote-{stage}\n"
                for row in judged
                for rank, name in enumerate((row.rankings or {}).get(stage, ()), start=1)
            ),
            encoding="utf-8",
        )
        written.append(path)
    return written


def _word(text: str) -> str:
    return re.sub(r"[\s%]", lambda found: quote(found[0]), text)
