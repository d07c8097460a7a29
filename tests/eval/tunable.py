"""A collection of vessels and an assistant over it, simple enough that what is best to set can be foretold; one half of
the articles asks for other settings than the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from eval.datasets.records import Evidence, Question, QuestionSet
from eval.tuning import parted
from index.builder import Builder, index_identity
from index.config import BuildConfig
from index.records import Article, Candidate, Filter
from index.stores.local import EmbeddingCache, LocalStore
from qa import Assistant, Explanation, QAConfig
from qa.records import Reading, ScoredSpan, Turn
from tests.fakes import WordEmbedder

VESSELS = ("Alba", "Brunel", "Corvina", "Dorothea", "Elbe", "Fulmar", "Gannet", "Heron")
ARTICLES = tuple(
    Article(article_id=name.lower(), title=name, text=f"The {name} carried salt. She left in spring.")
    for name in VESSELS
)
DAY = date(2023, 5, 2)
NO_ANSWER = 10.0
"""The no-answer score of every reading: a span's score says nothing without it."""
CARGO, LEFT, PAINTED = "cargo", "left", "painted"


def questions_on(name: str) -> list[Question]:
    """What it carried; a follow-up that names it nowhere; and one that its article does not answer."""
    article = name.lower()
    number = VESSELS.index(name)
    text = f"The {name} carried salt. She left in spring."

    def place(words: str) -> Evidence:
        return Evidence(article, text.index(words), text.index(words) + len(words))

    history = (Turn(f"What did the {name} carry?", "salt", (name,)),)
    return [
        Question(
            question_id=f"{article}-{CARGO}",
            text=f"What did the {name} carry?",
            answers=("salt",),
            evidence=(place("salt"),),
            cluster=article,
        ),
        Question(
            question_id=f"{article}-{LEFT}",
            text=f"Did she leave {number} days ago or yesterday?",
            answers=("spring",),
            evidence=(place("spring"),),
            history=history,
            asked=DAY,
            cluster=article,
        ),
        Question(
            question_id=f"{article}-{PAINTED}",
            text=f"Who painted the {name}?",
            answers=(),
            evidence=(Evidence(article),),
            cluster=article,
        ),
    ]


FLEET = QuestionSet("fleet", tuple(question for name in VESSELS for question in questions_on(name)))
CHOSEN_ON, OTHER = parted(FLEET, 0)
"""As ``tune`` parts them with the seed 0."""
CHOSEN = tuple(name for name in VESSELS if name.lower() in {question.cluster for question in CHOSEN_ON.questions})
OTHERS = tuple(name for name in VESSELS if name not in CHOSEN)


def typed(text: str) -> str:
    """A question without what was spelled out behind it, or put in the place of its pronoun."""
    return re.sub(r"^Did \w+ leave", "Did she leave", text.partition(" (")[0]).rstrip("?")


class ScriptedReader:
    """Says of each question what it was told to, as surely as it was told to.

    Args:
        said: words and how sure, by question; nothing where it was told nothing. An exception is raised.
        calibrated: whether it says how sure it is, or only scores.
    """

    name = "scripted"

    def __init__(self, said: Mapping[str, tuple[str, float] | Exception], *, calibrated: bool = True) -> None:
        self._said = {typed(text): one for text, one in said.items()}
        self._calibrated = calibrated

    def read(self, question: str, candidates: Sequence[Candidate]) -> tuple[Reading, ...]:
        said = self._said.get(typed(question))
        if isinstance(said, Exception):
            raise said
        words, sure = said or ("", 0.0)
        readings = []
        for candidate in candidates:
            start = candidate.article.text.index(words)
            spans = (ScoredSpan(start, start + len(words), NO_ANSWER + sure),) if words else ()
            readings.append(Reading(candidate.chunk.chunk_id, candidate.article.article_id, spans, NO_ANSWER))
        return tuple(readings)

    def confidence(self, question: str, candidates: Sequence[Candidate], readings: Sequence[Reading]) -> float | None:
        said = self._said.get(typed(question))
        return said[1] if self._calibrated and isinstance(said, tuple) else None


@dataclass
class Watch:
    """What an assistant was asked, in order, with the settings it had.

    Attributes:
        favourite: by a vessel's name, with which weight of vectors its article is found first, and else last; of
            questions that are not answered 0.9, whichever vessel they are about.
    """

    favourite: Mapping[str, float]
    explained: list[tuple[str, QAConfig]] = field(default_factory=list)
    retrieved: list[tuple[str, float, Filter | None]] = field(default_factory=list)


def assistant_over(folder: Path, reader: ScriptedReader, watch: Watch, config: QAConfig | None = None) -> Assistant:
    """An assistant over the vessels' articles."""

    class Watched(Assistant):
        def explain(self, question: str, *, where: Filter | None = None, **asked: Any) -> Explanation:
            watch.explained.append((question, self.config))
            return super().explain(question, where=where, **asked)

        def retrieve(self, query: str, k: int | None = None, where: Filter | None = None) -> tuple[Candidate, ...]:
            weight = self.config.search.dense_weight
            watch.retrieved.append((query, weight, where))
            found = super().retrieve(query, k, where)
            named = next((name for name in VESSELS if name in query), "")
            first = weight == (0.9 if "painted" in query else watch.favourite.get(named))
            ordered = sorted(found, key=lambda one: (one.article.title == named) != first)
            return tuple(replace(one, rank=rank) for rank, one in enumerate(ordered, start=1))

    settings, embedder = BuildConfig(), WordEmbedder()
    store = LocalStore.create(folder / "index", index_identity(settings, embedder))
    with EmbeddingCache(folder / "cache.sqlite") as cache:
        Builder(store, embedder, settings, cache).add(ARTICLES)
    return Watched(store, embedder, reader=reader, config=config)
