"""The records of an answer, and their versioned JSON form (``answer.schema.json`` beside this file)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Self

from index.errors import SchemaError

SCHEMA_VERSION = "1.0"
"""Version of an answer's JSON form: a reader accepts any minor version of its own major one."""

Agreement = Literal["single", "agree", "updated", "disagree"]


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question and what was answered, where there is no ``Answer`` to hand over.

    Attributes:
        answer_text: the answer, or None when there was none.
        titles: the titles of the articles that were cited.
    """

    question: str
    answer_text: str | None = None
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span that a reader proposes, in the article's offsets.

    Attributes:
        score: comparable across all candidates of one question; larger is better.
        network: the part of it that a network alone gives: log odds of the span against no answer in its window; 0 for
            a reader without one.
        relevance: the network's log odds that the window answers; 0 for a reader without one.
    """

    start_char: int
    end_char: int
    score: float
    network: float = 0.0
    relevance: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one candidate.

    Attributes:
        spans: best first; ties by place.
        no_answer_score: on the scale of the spans' scores: a span below it is weaker than no answer at all.
    """

    chunk_id: str
    article_id: str
    spans: tuple[ScoredSpan, ...]
    no_answer_score: float


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """A verbatim piece of an article: ``article.text[start_char:end_char] == text``."""

    text: str
    article_id: str
    start_char: int
    end_char: int
    reader_score: float


@dataclass(frozen=True, slots=True)
class Place:
    """Another place where a cited sentence stands, to the character."""

    article_id: str
    title: str
    outlet: str | None
    url: str | None
    published: str | None
    page: int | None
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A sentence of an article, verbatim, with the answer span inside it.

    Attributes:
        published: ISO date or date-time.
        page: from 1; None where the source has no pages.
        sentence: ``article.text[start_char:end_char]``; several sentences when the quote crosses their border.
        quote: ``article.text[quote_start_char:quote_end_char]``, the answer span.
        before, after: the neighbouring sentences, for reading.
        also_at: other places with the same sentence.
        content_sha256: the article's version that was cited.
    """

    article_id: str
    title: str
    outlet: str | None
    url: str | None
    published: str | None
    page: int | None
    sentence: str
    start_char: int
    end_char: int
    quote: str
    quote_start_char: int
    quote_end_char: int
    before: str | None
    after: str | None
    also_at: tuple[Place, ...]
    content_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What ``ask`` gives, on every surface.

    Attributes:
        question: what was asked.
        query: the stand-alone query that was searched.
        answered: False when the articles do not answer, as far as the reader can tell.
        spans: the answer's spans, best first; empty when abstaining.
        best: the best span, also when abstaining; None when nothing was found at all.
        confidence: the calibrated probability that ``best`` is right; None where no calibration exists for the reader.
        citations: best first; empty when abstaining.
        closest: the closest sentences when abstaining; they are no answers.
        agreement: how several sources stand to each other; None until they are compared.
        notes: what the reader of the answer should know, such as that the question is not in English.
        index_generation: the generation of the index that was searched.
        models: the models' names, by part: ``embedder``, ``reader``.
    """

    question: str
    query: str
    answered: bool
    spans: tuple[AnswerSpan, ...]
    best: AnswerSpan | None
    confidence: float | None
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    agreement: Agreement | None = None
    notes: tuple[str, ...] = ()
    index_generation: int = 0
    models: Mapping[str, str] = field(default_factory=dict)
    schema_version: str = SCHEMA_VERSION

    def __post_init__(self) -> None:
        if self.answered != bool(self.spans) or self.answered != bool(self.citations):
            raise ValueError("an answer has spans and citations exactly when it is answered")
        object.__setattr__(self, "models", MappingProxyType(dict(self.models)))

    @property
    def text(self) -> str | None:
        """The answer, verbatim; None when abstaining."""
        return self.spans[0].text if self.spans else None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: plain dicts, lists, strings, numbers, booleans and None."""
        return {
            "schema_version": self.schema_version,
            "question": self.question,
            "query": self.query,
            "answered": self.answered,
            "text": self.text,
            "spans": [asdict(span) for span in self.spans],
            "best": asdict(self.best) if self.best else None,
            "confidence": self.confidence,
            "citations": [_citation_to_dict(citation) for citation in self.citations],
            "closest": [_citation_to_dict(citation) for citation in self.closest],
            "agreement": self.agreement,
            "notes": list(self.notes),
            "index_generation": self.index_generation,
            "models": dict(self.models),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read the JSON form back. Keys that a later minor version added are passed over.

        Raises:
            SchemaError: the version is missing or of another major version, or a needed key is missing.
        """
        version = values.get("schema_version")
        major = SCHEMA_VERSION.split(".")[0]
        if not isinstance(version, str) or version.split(".")[0] != major:
            raise SchemaError(
                f"an answer of schema version {version!r} cannot be read; this program reads version {major}.x"
            )
        try:
            return cls(
                question=values["question"],
                query=values["query"],
                answered=values["answered"],
                spans=tuple(_span_from_dict(span) for span in values["spans"]),
                best=_span_from_dict(values["best"]) if values["best"] else None,
                confidence=values["confidence"],
                citations=tuple(_citation_from_dict(citation) for citation in values["citations"]),
                closest=tuple(_citation_from_dict(citation) for citation in values["closest"]),
                agreement=values["agreement"],
                notes=tuple(values["notes"]),
                index_generation=values["index_generation"],
                models=values["models"],
                schema_version=version,
            )
        except KeyError as error:
            raise SchemaError(f"the answer's JSON has no key {error}; see answer.schema.json") from error
        except (TypeError, AttributeError, ValueError) as error:
            raise SchemaError(f"the answer's JSON does not fit answer.schema.json: {error}") from error


def _citation_to_dict(citation: Citation) -> dict[str, Any]:
    return {**asdict(citation), "also_at": [asdict(place) for place in citation.also_at]}


def _span_from_dict(values: Mapping[str, Any]) -> AnswerSpan:
    return AnswerSpan(**{name: values[name] for name in AnswerSpan.__slots__})


def _citation_from_dict(values: Mapping[str, Any]) -> Citation:
    known = {name: values[name] for name in Citation.__slots__}
    places = tuple(Place(**{name: place[name] for name in Place.__slots__}) for place in values["also_at"])
    return Citation(**{**known, "also_at": places})
