"""Questions to start with."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from importlib import resources
from typing import Protocol

from index.records import Article, Filter, Sentence
from index.stores.base import ArticleSummary
from qa.page.sources import matching
from qa.proposals import TEXT_CHARACTERS, Proposal, proposals
from qa.records import Answer, Turn

_SAMPLE_QUESTIONS = (
    "brightwater-winner",
    "flood-deaths",
    "halcyon-cost",
    "boat-depth",
    "none-pryce-tamm-age",
)
"""Ids in ``qa/sample/questions.jsonl``; the last is one that the sample does not answer."""


def sample_examples(article_ids: Collection[str]) -> tuple[str, ...]:
    """Questions on the sample collection; none when it is not the sample that is asked.

    Args:
        article_ids: all articles of the collection.
    """
    lines = resources.files("qa.sample").joinpath("questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = {question["id"]: question for question in map(json.loads, lines)}
    chosen = [questions[name] for name in _SAMPLE_QUESTIONS]
    needed = {evidence["article"] for question in chosen for evidence in question["evidence"]}
    return tuple(question["question"] for question in chosen) if needed <= set(article_ids) else ()


EXAMPLES = 5
"""Questions that are offered."""
_LOOKED_AT = 100
"""Articles that questions are made of: the newest."""
_ASKED = 40
"""Questions that are tried at most."""
_ONE_ARTICLE = 3
"""Mentions in one article that count: a name of many articles matters more than one that an article repeats."""
_OF_ONE_KIND = 2
_SURE = 0.5
"""The confidence from which an answer is good enough to be shown as an example."""


class Asked(Protocol):
    """What is needed of an ``Assistant``."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Answer | Turn],
        where: Filter | None,
        query: str | None,
        today: date | None,
    ) -> Answer: ...

    def article(self, article_id: str) -> Article: ...

    def sentences(self, article_id: str) -> tuple[Sentence, ...]: ...

    def articles(self) -> tuple[ArticleSummary, ...]: ...


def collection_examples(collection: Asked) -> tuple[str, ...]:
    """Questions on different articles of a collection, each tried: the collection answers it well, from the very
    sentence that it was made of. The same ones for the same articles.

    Asks up to some tens of questions, which takes seconds: nothing for the time that somebody waits.
    """
    return tuple(proposal.question for proposal, _ in tried_examples(collection))


def tried_examples(collection: Asked) -> list[tuple[Proposal, Answer]]:
    """``collection_examples`` with what they were made of and what the collection answers."""
    left, tried = _ASKED, set[str]()
    found: list[tuple[Proposal, Answer]] = []
    ordered = _ordered(collection)
    for of_one_kind in (_OF_ONE_KIND, EXAMPLES):
        passed: list[Proposal] = []
        for proposal in ordered:
            taken = [one for one, _ in found]
            if len(found) == EXAMPLES or left == 0:
                return found
            if proposal.question in tried or any(
                proposal.sentence.article_id == one.sentence.article_id or proposal.about == one.about for one in taken
            ):
                continue
            if sum(one.kind == proposal.kind for one in taken) >= of_one_kind:
                passed.append(proposal)
                continue
            tried.add(proposal.question)
            left -= 1
            answer = collection.ask(proposal.question, history=(), where=None, query=None, today=None)
            if _answers(answer, proposal):
                found.append((proposal, answer))
        ordered = passed
    return found


def _answers(answer: Answer, proposal: Proposal) -> bool:
    if not answer.answered or (answer.confidence is not None and answer.confidence < _SURE):
        return False
    span, sentence = answer.spans[0], proposal.sentence
    return (
        span.article_id == sentence.article_id
        and sentence.start_char <= span.start_char
        and span.end_char <= sentence.end_char
        and span.start_char < proposal.end_char
        and proposal.start_char < span.end_char
    )


def _ordered(collection: Asked) -> list[Proposal]:
    """The proposals of the newest articles: those first that are about the newest and about names that are mentioned
    most, by the sum of both ranks."""
    newest = matching(collection.articles(), "")[:_LOOKED_AT]
    texts: list[str] = []
    made: list[tuple[int, Proposal]] = []
    for age, summary in enumerate(newest):
        article = collection.article(summary.article_id)
        texts.append(article.text[:TEXT_CHARACTERS])
        made.extend((age, proposal) for proposal in proposals(article, collection.sentences(article.article_id)))
    mentions = {
        about: sum(min(text.count(about), _ONE_ARTICLE) for text in texts) for about in {one.about for _, one in made}
    }
    by_mentions = sorted({-count for count in mentions.values()})
    rank = {about: by_mentions.index(-count) for about, count in mentions.items()}
    return [
        one for _, one in sorted(made, key=lambda item: (item[0] + rank[item[1].about], item[0], item[1].start_char))
    ]
