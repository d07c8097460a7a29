"""Reads the training files: articles, and questions with the places of their answers."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.records import Article

Span = tuple[int, int]

PARAGRAPH_FILES = {
    "squad": "training/squad.jsonl.gz",
    "new-wiki": "training/squadshifts-new-wiki.jsonl.gz",
    "reddit": "training/squadshifts-reddit.jsonl.gz",
    "reviews": "training/squadshifts-amazon-reviews.jsonl.gz",
    "stories": "training/fairytaleqa.jsonl.gz",
    "qamr": "training/qamr.jsonl.gz",
}
NATURAL = "natural"


@dataclass(frozen=True, slots=True)
class TrainingQuestion:
    """A question about one article.

    Attributes:
        answers: half-open characters of the article, each the place of a right answer; empty when there is none.
        paragraph: the characters of the paragraph that the question was written for.
    """

    question_id: str
    question: str
    article_id: str
    answers: tuple[Span, ...]
    paragraph: Span


@dataclass(frozen=True, slots=True)
class Source:
    """One data set: its articles make one collection."""

    name: str
    articles: tuple[Article, ...]
    questions: tuple[TrainingQuestion, ...]


def share_of(article_id: str) -> float:
    """A number in [0, 1) that an article's id fixes, by which articles are kept aside."""
    return int.from_bytes(hashlib.sha256(article_id.encode()).digest()[:4], "big") / 2**32


def read_source(data: Path, name: str) -> Source:
    """Read a data set by its name: a key of ``PARAGRAPH_FILES``, or ``"natural"``.

    Raises:
        FileNotFoundError: the file is not in ``data``.
        ValueError: an answer does not stand where the file says.
    """
    if name == NATURAL:
        return _natural(data)
    return _paragraphs(name, data / PARAGRAPH_FILES[name])


def _lines(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _paragraphs(name: str, path: Path) -> Source:
    """Paragraphs of one title make one article, with a blank line between them; one without a title is an article."""
    of_title: dict[str, list[Any]] = defaultdict(list)
    for number, paragraph in enumerate(_lines(path)):
        of_title[paragraph["title"] or f"#{number}"].append(paragraph)
    articles, questions = [], []
    for title, paragraphs in of_title.items():
        article_id, texts, place = f"{name}/{title}", [], 0
        for paragraph in paragraphs:
            text = paragraph["context"].replace("\r", " ")  # stored text has LF alone; no offset may move
            for asked in paragraph["qas"]:
                answers = []
                for answer in asked["answers"]:
                    start, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
                    if text[start:end] != answer["text"].replace("\r", " "):
                        raise ValueError(f"{path.name}: answer {answer['text']!r} of {asked['id']} is not at {start}")
                    answers.append((place + start, place + end))
                paragraph_span = (place, place + len(text))
                questions.append(
                    TrainingQuestion(
                        str(asked["id"]),
                        asked["question"].strip(),
                        article_id,
                        tuple(dict.fromkeys(answers)),
                        paragraph_span,
                    )
                )
            texts.append(text)
            place += len(text) + 2
        whole = "\n\n".join(texts)
        shown = "" if title.startswith("#") else title.replace("_", " ")
        articles.append(Article(article_id=article_id, title=shown, text=whole))
    return Source(name, tuple(articles), tuple(questions))


def _natural(data: Path) -> Source:
    articles = tuple(
        Article(article_id=f"{NATURAL}/{row['id']}", title=row["title"], text=row["text"])
        for row in _lines(data / "natural" / "articles.jsonl.gz")
    )
    texts = {article.article_id: article.text for article in articles}
    questions = []
    for row in _lines(data / "natural" / "questions.jsonl.gz"):
        article_id = f"{NATURAL}/{row['evidence'][0]['article']}"
        text = texts[article_id]
        spans = tuple((one["start"], one["end"]) for one in row["evidence"])
        for start, end in spans:
            if text[start:end] not in row["answers"]:
                raise ValueError(f"questions.jsonl.gz: {start} to {end} of {article_id} is no answer of {row['id']}")
        questions.append(TrainingQuestion(row["id"], row["question"].strip(), article_id, spans, (0, len(text))))
    return Source(NATURAL, articles, tuple(questions))
