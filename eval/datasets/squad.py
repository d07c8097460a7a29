"""Question sets in SQuAD's JSON, 1.1 and 2.0. They bring their articles: the paragraphs of a title, a blank line
between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eval.datasets.fields import Row
from eval.datasets.records import Evidence, Question
from index.records import Article


def read_squad(path: Path, values: Any) -> tuple[list[Question], list[Article]]:
    """The questions and articles of a SQuAD file.

    Args:
        path: names the file in messages.
        values: its parsed JSON.

    Raises:
        QuestionSetError: something is missing, or an answer does not stand where the file says. JSON has no lines to
            name: the message gives the place, such as ``data[0].paragraphs[1].qas[2]``, and the question's id.
    """
    whole = Row(path.name, values if isinstance(values, dict) else {})
    entries = whole.values.get("data")
    if not isinstance(entries, list):
        raise whole.error('is not SQuAD\'s JSON: it has no list "data"')
    questions: list[Question] = []
    articles: list[Article] = []
    places: dict[str, str] = {}
    for number, entry in enumerate(entries):
        row = _object(entry, f"{path.name}, data[{number}]")
        title = str(row.values.get("title") or "")
        article_id = title or f"data-{number}"
        if article_id in places:
            raise row.error(f"the title {title!r} is there twice, first in {places[article_id]}; give each its own")
        places[article_id] = f"data[{number}]"
        place, texts = 0, []
        for at, paragraph in enumerate(_list(row, "paragraphs")):
            read = _object(paragraph, f"{row.where}.paragraphs[{at}]")
            text = read.text("context").replace("\r\n", " \n").replace("\r", "\n")  # as long as before: offsets hold
            questions += [
                _question(_asked(asked, f"{read.where}.qas[{which}]"), text, article_id, place)
                for which, asked in enumerate(_list(read, "qas"))
            ]
            texts.append(text)
            place += len(text) + 2
        articles.append(Article(article_id=article_id, title=title.replace("_", " "), text="\n\n".join(texts)))
    return questions, articles


def _question(row: Row, text: str, article_id: str, place: int) -> Question:
    answers, evidence = [], []
    if not row.values.get("is_impossible"):
        for number, answer in enumerate(_list(row, "answers")):
            given = _object(answer, f"{row.where}, answers[{number}]")
            said, start = given.text("text"), given.values.get("answer_start")
            is_place = isinstance(start, int) and not isinstance(start, bool) and start >= 0
            if start is None or not is_place or not text.startswith(said.replace("\r\n", " \n"), start):
                raise given.error(f"the answer {said!r} does not stand at {start!r} of its paragraph")
            answers.append(said)
            evidence.append(Evidence(article_id, place + start, place + start + len(said)))
    return Question(
        question_id=row.text("id"),
        text=row.text("question").strip(),
        answers=tuple(dict.fromkeys(answers)),
        evidence=tuple(dict.fromkeys(evidence)),
        cluster=article_id,
        where=row.where,
    )


def _asked(value: Any, where: str) -> Row:
    """A question's object, whose place is told with its id: what one can search a file for."""
    row = _object(value, where)
    question_id = row.values.get("id")
    return Row(f"{where} (id {question_id!r})", row.values) if question_id else row


def _object(value: Any, where: str) -> Row:
    if not isinstance(value, dict):
        raise Row(where, {}).error(f"must be an object, not {value!r:.80}")
    return Row(where, value)


def _list(row: Row, key: str) -> list[Any]:
    value = row.values.get(key)
    if not isinstance(value, list):
        raise row.error(f'has no list "{key}"')
    return value
