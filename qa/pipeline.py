"""``Assistant.ask``: the steps from a question to a cited answer."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.embedder import Embedder
from index.errors import ArticleNotFoundError, QuestionError
from index.records import Candidate, Filter, stored_text
from index.retriever import Retriever
from index.stores.base import CollectionReader
from qa.citations import CitationCheck, check_citation, cite, place
from qa.config import QAConfig
from qa.dates import spell_out_dates
from qa.followup import FollowUp, standalone_query, within_articles
from qa.readers.base import Reader
from qa.records import Answer, AnswerSpan, Citation, Place, Reading, ScoredSpan, Turn

CANDIDATES_OF_CITED_ARTICLES = 5
"""How many candidates of the articles cited before are read for a follow-up, whatever else is found."""


@dataclass(frozen=True, slots=True)
class _RankedSpan:
    """A span with the no-answer score of the candidate it was read in."""

    article_id: str
    span: ScoredSpan
    no_answer_score: float

    @property
    def margin(self) -> float:
        return self.span.score - self.no_answer_score


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer with what led to it.

    Attributes:
        candidates: what was read, best first.
        readings: one for each candidate, in their order.
        rankings: chunk ids, best first, by stage: ``dense`` and ``lexical`` as each half listed them, ``fused`` both
            together, ``read`` what was read, by its best span.
        seconds: how long each stage took: ``query`` (stand-alone wording), ``search`` (embedding it included), ``read``
            (confidence included) and ``cite``.
    """

    answer: Answer
    candidates: tuple[Candidate, ...]
    readings: tuple[Reading, ...]
    rankings: Mapping[str, tuple[str, ...]]
    seconds: Mapping[str, float]


class _Stopwatch:
    """Seconds by stage: each lap ends one."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = now - self._since
        self._since = now


class Pipeline:
    """Asks one generation of a collection. Holds no state that a question changes; may be used from any thread.

    Args:
        collection: the generation.
        embedder: the one that the collection was built with.
        reader: finds the spans.
        config: default settings.
    """

    def __init__(self, collection: CollectionReader, embedder: Embedder, reader: Reader, config: QAConfig) -> None:
        self.collection = collection
        self._embedder = embedder
        self._retriever = Retriever(collection, embedder)
        self._reader = reader
        self._config = config

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Answer | Turn] = (),
        where: Filter | None = None,
        query: str | None = None,
        today: date | None = None,
    ) -> Answer:
        """Answer a question; the arguments are those of ``Assistant.ask``."""
        return self.explain(question, history=history, where=where, query=query, today=today).answer

    def explain(
        self,
        question: str,
        *,
        history: Sequence[Answer | Turn] = (),
        where: Filter | None = None,
        query: str | None = None,
        today: date | None = None,
    ) -> Explanation:
        """Answer a question, and keep what led there; the arguments are those of ``Assistant.ask``."""
        watch = _Stopwatch()
        asked = self._checked(question)
        # A follow-up is searched as typed with what it leans on behind it, and read with this in its place: as it was
        # typed, an article about somebody else may answer it just as well.
        follow_up = FollowUp(query.strip()) if query and query.strip() else standalone_query(asked, history)
        read = follow_up.read or follow_up.query
        if today:
            follow_up = replace(follow_up, query=spell_out_dates(follow_up.query, today))
            read = spell_out_dates(read, today)
        searched = follow_up.query
        watch.lap("query")
        found = self._retriever.search(follow_up.query, self._config.search, where)
        candidates = self._with_cited_articles(found.candidates, follow_up, where)
        watch.lap("search")
        readings = self._reader.read(read, candidates)
        confidence = self._reader.confidence(read, candidates, readings)
        watch.lap("read")
        spans = _ranked(readings)
        answering = self._answering(spans, confidence)
        citations = self._citations(answering or spans[: self._config.closest], where)
        answer = Answer(
            question=asked,
            query=searched,
            answered=bool(answering),
            spans=tuple(self._answer_span(span) for span in answering),
            best=self._answer_span(spans[0]) if spans else None,
            confidence=confidence,
            citations=citations if answering else (),
            closest=() if answering else citations,
            index_generation=self.collection.generation,
            models={"embedder": self._embedder.name, "reader": self._reader.name},
        )
        watch.lap("cite")
        rankings = {
            "dense": found.dense,
            "lexical": found.lexical,
            "fused": found.fused,
            "read": _by_best_span(readings),
        }
        return Explanation(answer, candidates, readings, rankings, watch.seconds)

    def check(self, citation: Citation) -> CitationCheck:
        """Check a citation against the text that this generation stores."""
        try:
            article = self.collection.article(citation.article_id)
        except ArticleNotFoundError:
            article = None
        return check_citation(citation, article)

    def retrieve(self, query: str, k: int | None = None, where: Filter | None = None) -> tuple[Candidate, ...]:
        """The candidates for a stand-alone query, best first."""
        search = self._config.search
        if k is not None:
            search = replace(search, candidates=k, depth=max(k, search.depth))
        return self._retriever.retrieve(self._checked(query), search, where)

    def _with_cited_articles(
        self, candidates: tuple[Candidate, ...], follow_up: FollowUp, where: Filter | None
    ) -> tuple[Candidate, ...]:
        """The candidates for a query, and behind them the best of the articles that a follow-up leans on."""
        within = within_articles(where, follow_up.articles) if follow_up.articles else None
        if within is None:
            return candidates
        found = {candidate.chunk.chunk_id for candidate in candidates}
        few = replace(self._config.search, candidates=min(CANDIDATES_OF_CITED_ARTICLES, self._config.search.candidates))
        more = [
            candidate
            for candidate in self._retriever.retrieve(follow_up.query, few, within)
            if candidate.chunk.chunk_id not in found
        ]
        return (*candidates, *(replace(c, rank=rank) for rank, c in enumerate(more, start=len(candidates) + 1)))

    def _answering(self, spans: Sequence[_RankedSpan], confidence: float | None) -> Sequence[_RankedSpan]:
        """The spans that answer, none when abstaining: the best, and those no further below it than the settings
        allow."""
        if confidence is None:
            spans = [ranked for ranked in spans if ranked.margin > self._config.abstain_margin]
        elif 1 - confidence > self._config.risk:
            return []
        return [ranked for ranked in spans if ranked.span.score >= spans[0].span.score - self._config.further_margin][
            : self._config.citations
        ]

    def _checked(self, question: str) -> str:
        stripped = question.strip()
        if not stripped:
            raise QuestionError("the question is empty; ask one, such as: Who is Canada's trade minister?")
        if len(stripped) > self._config.question_characters:
            raise QuestionError(
                f"the question has {len(stripped)} characters; at most {self._config.question_characters} are taken "
                "(QAConfig.question_characters)"
            )
        return stored_text(stripped)

    def _answer_span(self, ranked: _RankedSpan) -> AnswerSpan:
        span = ranked.span
        text = self.collection.article(ranked.article_id).text[span.start_char : span.end_char]
        return AnswerSpan(text, ranked.article_id, span.start_char, span.end_char, span.score)

    def _citations(self, spans: Iterable[_RankedSpan], where: Filter | None) -> tuple[Citation, ...]:
        """Cite each span's sentences, once for each wording; every other place with the same wording is named there."""
        citations: list[Citation] = []
        cited: set[str] = set()
        for ranked in spans:
            article = self.collection.article(ranked.article_id)
            sentences = self.collection.sentences(ranked.article_id)
            citation = cite(article, sentences, ranked.span.start_char, ranked.span.end_char)
            if citation.sentence in cited:
                continue
            cited.add(citation.sentence)
            citations.append(replace(citation, also_at=self._other_places(citation, where)))
        return tuple(citations)

    def _other_places(self, citation: Citation, where: Filter | None) -> tuple[Place, ...]:
        found = []
        for sentence in self.collection.places_of(citation.sentence):
            if (sentence.article_id, sentence.start_char) == (citation.article_id, citation.start_char):
                continue
            article = self.collection.article(sentence.article_id)
            if where is None or where.accepts(article.article_id, article.outlet, article.published_date):
                found.append(place(article, sentence))
        return tuple(found)


def _by_best_span(readings: Iterable[Reading]) -> tuple[str, ...]:
    """The ids of the chunks with spans, by their best; ties by id."""
    with_spans = [reading for reading in readings if reading.spans]
    with_spans.sort(key=lambda reading: (-reading.spans[0].score, reading.chunk_id))
    return tuple(reading.chunk_id for reading in with_spans)


def _ranked(readings: Iterable[Reading]) -> list[_RankedSpan]:
    """All spans of all readings, by score, then by place; a span that overlapping chunks both hold counts once, with
    its larger margin over the no-answer score."""
    best: dict[tuple[str, int, int], _RankedSpan] = {}
    for reading in readings:
        for span in reading.spans:
            ranked = _RankedSpan(reading.article_id, span, reading.no_answer_score)
            key = (reading.article_id, span.start_char, span.end_char)
            if key not in best or ranked.margin > best[key].margin:
                best[key] = ranked
    return sorted(
        best.values(),
        key=lambda ranked: (-ranked.span.score, ranked.article_id, ranked.span.start_char, ranked.span.end_char),
    )
