"""A question as it was answered, with all that is measured of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from eval.datasets.records import Evidence, Question
from eval.measures.answers import best_span_em, best_span_f1, given_em, given_f1
from eval.measures.citations import any_holds, citation_precision, citation_recall, first_holds, is_verbatim
from eval.measures.rankings import ranked_ids, relevance
from index.errors import RunError
from index.records import Article, chunk_place
from qa import Answer, Explanation

DEPTH = 20
"""How much of each ranking is kept."""
AROUND = 200
"""How much text is kept on each side of the evidence, in characters."""
REWRITE, TYPED = "rewrite", "typed"
"""The rankings of other wordings of a follow-up: a person's, and its own without the history."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of an article between their neighbours, for people to read."""

    title: str
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """One line of a run's ``questions.jsonl``.

    Attributes:
        earlier_turns: how many turns its conversation had before it.
        answerable: None where it is not known what is right.
        expected: the right answers; None where they are not known.
        evidence: the first place of evidence, between its neighbouring text.
        published, outlet: of the article that holds it.
        error: why the question could not be asked; then nothing below is measured.
        citation: the first cited sentence, or the first of the closest, with the span for its words.
        best, given: the best span's words, and what was answered.
        em, f1: of the best span, of an answerable question.
        given_em, given_f1: of what was answered, by SQuAD 2.0's rule.
        cited_first, cited_any: whether the first sentence shown, or some, holds the evidence, of a question that has
            some; shown are the cited sentences, and the closest of a question that was not answered.
        citation_precision, citation_recall: of the cited sentences alone.
        verbatim: every span, sentence and quote stands word for word where it says.
        rankings: by stage, ids of a TREC run; of a question with a person's rewording also what that finds
            (``rewrite``), and what the question finds as it was typed, without its history (``typed``).
        relevant: the judgements that go with them.
        seconds: by stage.
    """

    question_id: str
    cluster: str
    question: str
    earlier_turns: int = 0
    answerable: bool | None
    expected: tuple[str, ...] | None = None
    evidence: Passage | None = None
    published: str | None = None
    outlet: str | None = None
    error: str | None = None
    answered: bool = False
    confidence: float | None = None
    score: float | None = None
    citation: Passage | None = None
    best: str | None = None
    given: str | None = None
    em: float | None = None
    f1: float | None = None
    given_em: float | None = None
    given_f1: float | None = None
    cited_first: float | None = None
    cited_any: float | None = None
    citation_precision: float | None = None
    citation_recall: float | None = None
    verbatim: bool | None = None
    rankings: Mapping[str, tuple[str, ...]] | None = None
    relevant: Mapping[str, int] | None = None
    seconds: Mapping[str, float] | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], where: str) -> Self:
        """Read what ``to_dict`` gave.

        Raises:
            RunError: it is no row of a run.
        """
        names = {field.name for field in fields(cls)}
        if not isinstance(values, Mapping) or set(values) != names:
            raise RunError(f"{where} is no row of a run")
        read = dict(values)
        for name in ("evidence", "citation"):
            read[name] = Passage(**values[name]) if values[name] else None
        if values["expected"] is not None:
            read["expected"] = tuple(values["expected"])
        if values["rankings"]:
            read["rankings"] = {stage: tuple(ids) for stage, ids in values["rankings"].items()}
        return cls(**read)


def failed_row(question: Question, error: str) -> QuestionRow:
    """The row of a question that could not be asked."""
    return QuestionRow(
        question_id=question.question_id,
        cluster=question.cluster,
        question=question.text,
        earlier_turns=len(question.history),
        answerable=question.answerable,
        expected=question.answers,
        error=error,
    )


def make_row(
    question: Question,
    explanation: Explanation,
    article: Callable[[str], Article],
    rewordings: Mapping[str, Sequence[str]] | None = None,
) -> QuestionRow:
    """Measure one answer.

    Args:
        article: gives the stored article of an id.
        rewordings: ids of the chunks that other wordings of the question find, best first, by the wording's name.
    """
    answer, expected = explanation.answer, question.answers
    best = answer.best.text if answer.best else None
    cited = answer.citations
    shown = cited or answer.closest
    located = is_located(question)
    home = article(question.evidence[0].article) if located else None
    return QuestionRow(
        question_id=question.question_id,
        cluster=question.cluster,
        question=question.text,
        earlier_turns=len(question.history),
        answerable=question.answerable,
        expected=expected,
        evidence=_passage(home, question.evidence[0]) if home else None,
        published=home.published.isoformat() if home and home.published else None,
        outlet=home.outlet if home else None,
        citation=_cited(answer),
        answered=answer.answered,
        confidence=answer.confidence,
        score=answer.best.reader_score if answer.best else None,
        best=best,
        given=answer.text,
        em=best_span_em(best, expected) if expected else None,
        f1=best_span_f1(best, expected) if expected else None,
        given_em=None if expected is None else given_em(answer.text, expected),
        given_f1=None if expected is None else given_f1(answer.text, expected),
        cited_first=float(first_holds(shown, question.evidence)) if located else None,
        cited_any=float(any_holds(shown, question.evidence)) if located else None,
        citation_precision=citation_precision(cited, question.evidence) if located and cited else None,
        citation_recall=citation_recall(cited, question.evidence) if located else None,
        verbatim=is_verbatim(answer, article),
        rankings={
            stage: ranked_ids([chunk_place(one) for one in ids], question.evidence)[:DEPTH]
            for stage, ids in {**explanation.rankings, **(rewordings or {})}.items()
        }
        if located
        else None,
        relevant=relevance(question.evidence) if located else None,
        seconds=dict(explanation.seconds),
    )


def is_located(question: Question) -> bool:
    """Whether it is known where the answer stands; the evidence of an unanswerable question says what it is about."""
    return bool(question.evidence) and question.answerable is not False


def _passage(article: Article, place: Evidence) -> Passage:
    """A place of evidence with some of the text around it; of a whole article its beginning."""
    if place.start is None or place.end is None:
        return Passage(article.title, "", article.text[:AROUND], "")
    start, end = place.start, place.end
    text = article.text
    return Passage(article.title, text[max(0, start - AROUND) : start], text[start:end], text[end : end + AROUND])


def _cited(answer: Answer) -> Passage | None:
    for one in (*answer.citations, *answer.closest):
        first, last = one.quote_start_char - one.start_char, one.quote_end_char - one.start_char
        return Passage(one.title, one.sentence[:first], one.sentence[first:last], one.sentence[last:])
    return None
