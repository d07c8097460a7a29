"""Asks questions of collections of several sizes, and keeps what the network finds in each candidate."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.builder import Builder, index_identity
from index.config import BuildConfig
from index.embedder import Embedder
from index.records import Article, Candidate, Filter, Sentence
from index.retriever import Retriever
from index.stores.local import EmbeddingCache, LocalStore
from index.tokenizer import Tokenizer
from qa.readers.combination import FoundSpan, sentence_score, sentence_scores
from qa.readers.passages import Passage
from qa.readers.span import SpanNetwork
from qa.scoring import RIGHT_FROM, token_f1
from qa.training.logit import Bools, Floats
from qa.training.sources import Source, TrainingQuestion, share_of

ALL, WITHOUT_OWN, FEW, FEW_OTHERS = "all", "without own", "few", "few others"
SETTINGS = (ALL, WITHOUT_OWN, FEW, FEW_OTHERS)
SMALL_COLLECTION = 3


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question put to a collection.

    Attributes:
        setting: which collection: all articles, all but the question's own, a few with its own, a few others.
        expected: the texts of right answers; empty when this collection has none.
        found: for each candidate the network's spans, each with what it makes of its sentences alone.
        sentences: what the sentence reader makes of each sentence.
    """

    source: str
    setting: str
    asked: TrainingQuestion
    expected: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    found: tuple[tuple[FoundSpan, ...], ...]
    sentences: Mapping[Sentence, float]

    def inputs(self) -> tuple[Floats, Bools]:
        """What a ``Combination`` weighs, shape ``(spans, 3)``, and which spans are right, shape ``(spans,)``."""
        rows, right = [], []
        for candidate, spans in zip(self.candidates, self.found, strict=True):
            first = candidate.chunk.start_char
            for span in spans:
                start, end = first + span.start_char, first + span.end_char
                rows.append((span.span, span.relevance, sentence_score(candidate.chunk, start, end, self.sentences)))
                right.append(token_f1(candidate.article.text[start:end], self.expected) >= RIGHT_FROM)
        return np.array(rows, dtype=np.float64).reshape(-1, 3), np.array(right, dtype=np.bool_)


def ask_all(
    source: Source,
    questions: Sequence[TrainingQuestion],
    network: SpanNetwork,
    embedder: Embedder,
    cache: EmbeddingCache,
    settings: Sequence[str] = SETTINGS,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Iterator[Asked]:
    """Put each question to the collections of some settings, all made of the articles of one source.

    Args:
        settings: some of ``SETTINGS``; a question without an answer is put to all articles only.
        told: called with the number of questions done and of all.
    """
    build = BuildConfig()
    terms = Tokenizer(stem=build.stem)
    texts = {article.article_id: article.text for article in source.articles}
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore.create(Path(folder) / "index", index_identity(build, embedder))
        Builder(store, embedder, build, cache).add(source.articles)
        with store.reader() as collection:
            retriever = Retriever(collection, embedder)
            for done, asked in enumerate(questions):
                text = texts[asked.article_id]
                answers = tuple(dict.fromkeys(text[start:end] for start, end in asked.answers))
                known: dict[str, tuple[FoundSpan, ...]] = {}
                for setting in settings if answers else (ALL,):
                    where = _where(setting, asked.article_id, source.articles)
                    candidates = retriever.retrieve(asked.question, where=where)
                    if not candidates:
                        continue
                    unread = [one for one in candidates if one.chunk.chunk_id not in known]
                    passages = [Passage.of(one) for one in unread]
                    found = network.read_alone(asked.question, passages, network.find(asked.question, passages))
                    for one, spans in zip(unread, found, strict=True):
                        known[one.chunk.chunk_id] = tuple(spans)
                    yield Asked(
                        source.name,
                        setting,
                        asked,
                        answers if setting in (ALL, FEW) else (),
                        candidates,
                        tuple(known[one.chunk.chunk_id] for one in candidates),
                        sentence_scores(asked.question, candidates, terms),
                    )
                told(done + 1, len(questions))


def _where(setting: str, own: str, articles: Sequence[Article]) -> Filter | None:
    if setting == ALL:
        return None
    others = [article.article_id for article in articles if article.article_id != own]
    if setting == WITHOUT_OWN:
        return Filter(articles=tuple(others))
    first = int(share_of(own) * len(others))
    few = (others[first:] + others[:first])[:SMALL_COLLECTION]
    return Filter(articles=(own, *few[1:]) if setting == FEW else tuple(few))
