"""The sentence reader: answers with whole sentences, from evidence that the index already holds. No trained network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.records import Candidate, Sentence
from qa.readers.answer_types import expected_answer_type, holds_answer_of_type
from qa.readers.evidence import Evidence, Terms, covered_sentences, gather_evidence
from qa.records import Reading, ScoredSpan

WEIGHTS = Evidence(
    coverage=6.77,
    before=3.47,
    after=1.81,
    heading=0.63,
    dense=8.41,
    chunk_dense=8.20,
    chunk_lexical=2.88,
    names_missing=-1.44,
    type_missing=-1.64,
    new_words=0.48,
)
INTERCEPT = -20.0
NO_ANSWER_SCORE = 0.0


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


def sentence_evidence(question: str, candidates: Sequence[Candidate], terms: Terms) -> dict[Sentence, Evidence]:
    """The evidence for each sentence that the candidates cover, by article id and place."""
    kind = expected_answer_type(question)

    def lacks_answer(text: str) -> bool:
        return kind is not None and not holds_answer_of_type(kind, text, question)

    covered = covered_sentences(candidates)
    evidence = gather_evidence(question, covered, terms, lacks_answer)
    return {one.sentence: found for one, found in zip(covered, evidence, strict=True)}


def evidence_score(evidence: Evidence) -> float:
    """The weighted sum of the evidence: larger is better, ``NO_ANSWER_SCORE`` is the score of no answer at all."""
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
