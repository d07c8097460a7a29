"""A question set, whatever file it came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from index.errors import QuestionSetError
from index.records import Article
from qa.records import Turn


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A place that answers.

    Attributes:
        article: the article's id.
        start, end: half-open characters of its text; None where the whole article is meant.
        grade: how relevant, for graded rankings; larger is more.
    """

    article: str
    start: int | None = None
    end: int | None = None
    grade: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with what is right.

    Attributes:
        answers: the right answers, any of which will do; empty where abstaining is right; None where it is not known,
            and only the ranking can be measured.
        evidence: places that answer, any of which will do; of a question without an answer, what it is about, which is
            not measured and only tells with which others it is resampled.
        history: the earlier turns of its conversation, oldest first.
        rewrite: a person's stand-alone wording of a follow-up; None where there is none.
        asked: the day on which it is asked.
        retrieved: ids of the articles that make its collection; None for all.
        cluster: questions with the same are not independent of each other: the article that they were written for.
        where: where it was read, for messages, such as ``questions.jsonl, line 3``; not part of what is asked.
    """

    question_id: str
    text: str
    answers: tuple[str, ...] | None
    evidence: tuple[Evidence, ...] = ()
    history: tuple[Turn, ...] = ()
    rewrite: str | None = None
    asked: date | None = None
    retrieved: tuple[str, ...] | None = None
    cluster: str
    where: str = field(default="", compare=False)

    @property
    def answerable(self) -> bool | None:
        """Whether the articles answer it; None where it is not known."""
        return None if self.answers is None else bool(self.answers)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions in their order, and, for formats that bring them, the articles that they are asked of.

    Attributes:
        articles: empty where the set asks a collection of its own.
    """

    name: str
    questions: tuple[Question, ...]
    articles: tuple[Article, ...] = ()

    @property
    def sha256(self) -> str:
        """The SHA-256 of the questions with all that is measured of them, whatever the format they came in."""
        rows = [{key: one for key, one in asdict(q).items() if key != "where"} for q in self.questions]
        written = json.dumps(rows, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(written.encode()).hexdigest()


def checked_set(name: str, questions: Sequence[Question], articles: Sequence[Article] = ()) -> QuestionSet:
    """A question set, once it holds questions and no id twice.

    Raises:
        QuestionSetError: it does not; an id that is there twice is named with both places.
    """
    if not questions:
        raise QuestionSetError(f"{name} holds no question")
    first: dict[str, str] = {}
    for question in questions:
        if question.question_id in first:
            before = first[question.question_id]
            also = f", first in {before}" if before else ""
            raise QuestionSetError(
                f"{question.where or name}: the id {question.question_id!r} is there twice{also}; give each its own"
            )
        first[question.question_id] = question.where
    return QuestionSet(name, tuple(questions), tuple(articles))


def cluster_of(question_id: str, evidence: Sequence[Evidence]) -> str:
    """What a question is resampled with: its first evidence's article, or, without evidence, itself."""
    return evidence[0].article if evidence else question_id
