"""Question sets as BEIR folders: ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/test.tsv`` (Thakur et al. 2021).

They say which articles are relevant and not what the answer is: only the ranking is measured.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.datasets.fields import Row
from eval.datasets.records import Evidence, Question
from index.errors import QuestionSetError
from index.records import Article

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", Path("qrels") / "test.tsv"


def is_beir(folder: Path) -> bool:
    """Whether a folder looks like a BEIR data set."""
    return all((folder / name).is_file() for name in (CORPUS, QUERIES, QRELS))


def read_beir(folder: Path) -> tuple[list[Question], list[Article]]:
    """The judged queries and the corpus of a BEIR folder.

    Raises:
        QuestionSetError: a line is not what it must be, or a judgement names a query or article that is not there.
    """
    articles = [
        Article(article_id=row.text("_id"), title=str(row.values.get("title") or ""), text=_clean(row.text("text")))
        for row in _rows(folder / CORPUS)
    ]
    known = {article.article_id for article in articles}
    relevant: dict[str, list[Evidence]] = defaultdict(list)
    for row, (query, article, grade) in _judgements(folder / QRELS):
        if article not in known:
            raise row.error(f"the article {article!r} is not in {CORPUS}")
        if grade > 0:
            relevant[query].append(Evidence(article, grade=grade))
    queries = {row.text("_id"): row.text("text") for row in _rows(folder / QUERIES)}
    missing = sorted(relevant.keys() - queries.keys())
    if missing:
        raise QuestionSetError(f"{folder / QRELS}: the query {missing[0]!r} is not in {QUERIES}")
    return [
        Question(question_id=query, text=text, answers=None, evidence=tuple(relevant[query]), cluster=query)
        for query, text in queries.items()
        if query in relevant
    ], articles


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            where = f"{path.name}, line {number}"
            if line.strip():
                yield Row(where, _parsed(where, line))


def _parsed(where: str, line: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Row(where, {}).error(f"is not JSON: {error}") from None
    if not isinstance(values, dict):
        raise Row(where, {}).error("is not a JSON object")
    return values


def _judgements(path: Path) -> Iterator[tuple[Row, tuple[str, str, int]]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = Row(f"{path.name}, line {number}", {})
            parts = line.rstrip("\n").split("\t")
            if not line.strip() or (number == 1 and not parts[-1].lstrip("-").isdigit()):
                continue  # the heading
            if len(parts) != 3 or not parts[2].lstrip("-").isdigit():
                raise row.error(f"must be query, article and grade with tabs between, not {line.strip()!r}")
            yield row, (parts[0], parts[1], int(parts[2]))
