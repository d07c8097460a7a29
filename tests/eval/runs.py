"""A collection and an assistant simple enough that every measure of a run can be foretold."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from eval.datasets.records import Evidence, Question, QuestionSet
from index.config import BuildConfig
from index.errors import ArticleNotFoundError, QuestionError
from index.manifest import IndexIdentity
from index.records import Article, Candidate, Chunk, Filter
from index.sentences import split_article
from qa import Answer, AnswerSpan, Explanation, QAConfig
from qa.citations import cite
from qa.records import Turn

FERRY = Article(article_id="ferry", title="Ferry", text="The ferry sank off Skye. The captain was rescued.")
TRAM = Article(article_id="tram", title="Tram", text="The tram cost nine million. A vote follows in May.")
ARTICLES = (FERRY, TRAM)


@dataclass(frozen=True, slots=True)
class Said:
    """What the fake assistant says: words of an article; held back when not ``answered``."""

    article: Article
    words: str
    confidence: float | None
    answered: bool = True


@dataclass
class FakeAssistant:
    """Says what it was told to, or finds nothing where that is None; a question that it was told nothing about raises.

    Attributes:
        searched: what was searched for a question; the question itself where nothing is said.
        found: the article whose chunk a query finds second, behind the other's, by the query.
        asked: the questions, in the order in which they came, with their filters and days.
        retrieved: the queries that were searched for and not read, with how many candidates were wanted and the filter.
        before: called before each answer, with the number of questions that came before.
        index_dir: whose files are its index.
    """

    said: Mapping[str, Said | None]
    config: QAConfig = field(default_factory=QAConfig)
    reader: str = "fake 1"
    before: Callable[[int], None] = lambda number: None
    searched: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, Article] = field(default_factory=dict)
    index_dir: Path = Path("there is none")
    asked: list[tuple[str, Filter | None, date | None, Sequence[Turn]]] = field(default_factory=list)
    retrieved: list[tuple[str, int | None, Filter | None]] = field(default_factory=list)
    _lock: Any = field(default_factory=threading.Lock)

    identity = IndexIdentity(
        build=BuildConfig(),
        embedder_name="words",
        embedder_sha256="0" * 64,
        dim=64,
        tokenizer_version="1",
        splitter_version="1",
    )

    @property
    def models(self) -> dict[str, str]:
        return {"embedder": "words", "reader": self.reader}

    def articles(self) -> tuple[Article, ...]:
        return ARTICLES

    def article(self, article_id: str) -> Article:
        for article in ARTICLES:
            if article.article_id == article_id:
                return article
        raise ArticleNotFoundError(f"no article {article_id!r}")

    def explain(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        where: Filter | None = None,
        today: date | None = None,
    ) -> Explanation:
        with self._lock:
            number = len(self.asked)
            self.asked.append((question, where, today, history))
        self.before(number)
        if question not in self.said:
            raise QuestionError(f"cannot be asked: {question}")
        said = self.said[question]
        found = explanation(question, said) if said else nothing_found(question)
        return replace(found, answer=replace(found.answer, query=self.searched.get(question, question)))

    def retrieve(self, query: str, k: int | None = None, where: Filter | None = None) -> tuple[Candidate, ...]:
        with self._lock:
            self.retrieved.append((query, k, where))
        if query not in self.found:
            return ()
        own = self.found[query]
        return tuple(candidate(one, rank) for rank, one in enumerate((_other(own), own), start=1))


def candidate(article: Article, rank: int) -> Candidate:
    """A whole article as one candidate."""
    return Candidate(
        chunk=Chunk(article.article_id, 0, len(article.text), article.text, article.title, ()),
        article=article,
        rank=rank,
        fused_score=1 / rank,
        dense_score=0.5,
        lexical_score=1.0,
        sentence_scores=(),
        dense_rank=rank,
        lexical_rank=None,
    )


def _other(article: Article) -> Article:
    return next(one for one in ARTICLES if one is not article)


def explanation(question: str, said: Said) -> Explanation:
    """The answer that consists of some words of an article, with the rankings that put its article's chunk first."""
    article = said.article
    start = article.text.index(said.words)
    end = start + len(said.words)
    citation = cite(article, split_article(article), start, end)
    span = AnswerSpan(said.words, article.article_id, start, end, 2.0)
    own = f"{article.article_id}:0-{len(article.text)}"
    other = f"{_other(article).article_id}:0-{len(_other(article).text)}"
    answer = Answer(
        question=question,
        query=question,
        answered=said.answered,
        spans=(span,) if said.answered else (),
        best=span,
        confidence=said.confidence,
        citations=(citation,) if said.answered else (),
        closest=() if said.answered else (citation,),
    )
    rankings = {"dense": (other, own), "lexical": (own,), "fused": (own, other), "read": (own, other)}
    return Explanation(answer, (), (), rankings, {"query": 0.0, "search": 0.002, "read": 0.01, "cite": 0.001})


def nothing_found(question: str) -> Explanation:
    """What an empty collection gives."""
    answer = Answer(
        question=question,
        query=question,
        answered=False,
        spans=(),
        best=None,
        confidence=None,
        citations=(),
        closest=(),
    )
    rankings: dict[str, tuple[str, ...]] = {"dense": (), "lexical": (), "fused": (), "read": ()}
    return Explanation(answer, (), (), rankings, {"query": 0.0, "search": 0.002, "read": 0.01, "cite": 0.001})


def question(question_id: str, text: str, article: Article | None, *answers: str) -> Question:
    """A question whose evidence is its first answer in the article."""
    evidence: tuple[Evidence, ...] = ()
    if article and answers:
        start = article.text.index(answers[0])
        evidence = (Evidence(article.article_id, start, start + len(answers[0])),)
    cluster = article.article_id if article else question_id
    return Question(question_id=question_id, text=text, answers=answers, evidence=evidence, cluster=cluster)


WHERE = question("1", "Where did the ferry sink?", FERRY, "off Skye", "Skye")
COST = question("2", "What did the tram cost?", TRAM, "nine million")
WHO = question("3", "Who paid for the tram?", TRAM)
WHEN = question("4", "When is the vote?", TRAM, "in May", "May")
QUESTIONS = QuestionSet("fish", (WHERE, COST, WHO, WHEN))

SAID = {
    WHERE.text: Said(FERRY, "Skye", 0.9),
    COST.text: Said(TRAM, "A vote", 0.6),
    WHO.text: Said(TRAM, "The tram", 0.2, answered=False),
    WHEN.text: Said(TRAM, "in May", 0.4, answered=False),
}
