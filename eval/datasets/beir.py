"""Question sets as BEIR folders: ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/test.tsv`` (Thakur et al. 2021).

They say which articles are relevant and not what the answer is: only the ranking is measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from eval.datasets.fields import Row, json_rows
from eval.datasets.records import Evidence, Question
from index.errors import ArticleError, QuestionSetError
from index.records import Article

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", Path("qrels") / "test.tsv"


def is_beir(folder: Path) -> bool:
    """Whether a folder looks like a BEIR data set."""
    return all((folder / name).is_file() for name in (CORPUS, QUERIES, QRELS))


def read_beir(folder: Path) -> tuple[list[Question], list[Article]]:
    """The judged queries and the corpus of a BEIR folder.

    Raises:
        QuestionSetError: a file cannot be read, a line is not what it must be, an id is there twice, or a judgement
            names a query or article that is not there.
    """
    articles = [_article(row) for row in _rows_by_id(folder / CORPUS)]
    known = {article.article_id for article in articles}
    queries = {row.text("_id"): row for row in _rows_by_id(folder / QUERIES)}
    relevant: dict[str, list[Evidence]] = defaultdict(list)
    for row, (query, article, grade) in _judgements(folder / QRELS):
        if article not in known:
            raise row.error(f"the article {article!r} is not in {CORPUS}")
        if grade > 0:
            if query not in queries:
                raise row.error(f"the query {query!r} is not in {QUERIES}")
            relevant[query].append(Evidence(article, grade=grade))
    return [
        Question(
            question_id=query,
            text=row.text("text"),
            answers=None,
            evidence=tuple(relevant[query]),
            cluster=query,
            where=row.where,
        )
        for query, row in queries.items()
        if query in relevant
    ], articles


def _article(row: Row) -> Article:
    """An article; one that is a title alone has it for its text too, so that there is something to find it by."""
    title, text = (row.values.get(key) or "" for key in ("title", "text"))
    for key, value in (("title", title), ("text", text)):
        if not isinstance(value, str):
            raise row.error(f'"{key}" must be text, not {value!r:.80}')
    if not text.strip() and not title.strip():
        raise row.error(
            '"text" and "title" are both empty: there is nothing to find; fill one in, or take the line out'
        )
    try:
        return Article(article_id=row.text("_id"), title=title, text=text if text.strip() else title)
    except ArticleError as error:
        raise row.error(str(error)) from None


def _rows_by_id(path: Path) -> Iterator[Row]:
    """The objects of a file, each with an ``_id`` of its own."""
    first: dict[str, str] = {}
    for row in json_rows(path, _lines(path)):
        before = first.setdefault(row.text("_id"), row.where)
        if before != row.where:
            raise row.error(f'the "_id" {row.values["_id"]!r} is there twice, first in {before}; give each its own')
        yield row


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    yield line.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError as error:
                    where = Row(f"{path.name}, line {number}", {})
                    raise where.error(f"is not UTF-8: {error.reason} at byte {error.start} of the line") from None
    except OSError as error:
        raise QuestionSetError(f"{path} cannot be read: {error}") from None


def _judgements(path: Path) -> Iterator[tuple[Row, tuple[str, str, int]]]:
    for number, line in enumerate(_lines(path), start=1):
        row = Row(f"{path.name}, line {number}", {})
        parts = line.rstrip("\r\n").split("\t")
        if not line.strip() or (number == 1 and not _is_number(parts[-1])):
            continue  # the heading
        if len(parts) != 3 or not _is_number(parts[2]):
            raise row.error(f"must be query, article and grade with tabs between, not {line.strip()!r}")
        yield row, (parts[0], parts[1], int(parts[2]))


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()
