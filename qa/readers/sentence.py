"""The sentence reader: answers with whole sentences, from evidence that the index already holds. No trained network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.records import Candidate, Sentence
from qa.readers.answer_types import expected_answer_type, holds_answer_of_type
from qa.readers.evidence import Evidence, Terms, covered_sentences, gather_evidence
from qa.records import Reading, ScoredSpan

WEIGHTS = Evidence(
    coverage=6.15,
    before=3.22,
    after=1.67,
    heading=1.55,
    dense=7.44,
    chunk_dense=9.70,
    chunk_lexical=4.21,
    names_missing=-1.32,
    type_missing=-1.78,
    new_words=0.36,
)
INTERCEPT = -16.0
"""Weights and intercept of a conditional logit with "no answer" as one of the alternatives, of score 0, so that they
rank sentences and tell weak evidence from strong at once. ``python -m eval.benchmarks.fit_sentence_reader`` made them
from training questions of SQuAD and half of those of QED, each asked with and without the article that answers it."""

NO_ANSWER_SCORE = 0.5
"""What a sentence's score must exceed to be an answer. Above the 0 of "no answer", because a wrong answer costs more
than an abstention: a sentence must be exp(0.5) = 1.6 times as probable."""


class SentenceReader:
    """Proposes every sentence that the candidates cover; a span is a whole sentence.

    Args:
        terms: gives a text's terms: the tokenizer of the lexical index.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    @property
    def name(self) -> str:
        return "sentence"

    def read(self, question: str, candidates: Sequence[Candidate]) -> tuple[Reading, ...]:
        """One reading for each candidate, in the order given.

        A sentence has one score, whichever candidate it is read in. The score depends on the set of candidates (a term
        counts more, the fewer of their sentences hold it) but not on their order.
        """
        evidence = sentence_evidence(question, candidates, self._terms)
        scores = {sentence: evidence_score(found) for sentence, found in evidence.items()}
        return tuple(_reading(candidate, scores) for candidate in candidates)

    def confidence(self, question: str, candidates: Sequence[Candidate], readings: Sequence[Reading]) -> None:
        """None: its scores are not calibrated."""


def sentence_evidence(question: str, candidates: Sequence[Candidate], terms: Terms) -> dict[Sentence, Evidence]:
    """The evidence for each sentence that the candidates cover, by article id and place."""
    kind = expected_answer_type(question)

    def lacks_answer(text: str) -> bool:
        return kind is not None and not holds_answer_of_type(kind, text, question)

    covered = covered_sentences(candidates)
    evidence = gather_evidence(question, covered, terms, lacks_answer)
    return {one.sentence: found for one, found in zip(covered, evidence, strict=True)}


def evidence_score(evidence: Evidence) -> float:
    """The weighted sum of the evidence: larger is better, one above ``NO_ANSWER_SCORE`` is an answer."""
    return INTERCEPT + sum(weight * value for weight, value in zip(WEIGHTS, evidence, strict=True))


def _reading(candidate: Candidate, scores: Mapping[Sentence, float]) -> Reading:
    spans = [
        ScoredSpan(sentence.start_char, sentence.end_char, scores[sentence]) for sentence in candidate.chunk.sentences
    ]
    return Reading(
        chunk_id=candidate.chunk.chunk_id,
        article_id=candidate.chunk.article_id,
        spans=tuple(sorted(spans, key=lambda span: (-span.score, span.start_char))),
        no_answer_score=NO_ANSWER_SCORE,
    )
