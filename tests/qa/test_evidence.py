"""Evidence for some sentences is that of all, looked up."""

from __future__ import annotations

import pytest

from index.tokenizer import Tokenizer
from qa.readers.evidence import covered_sentences, gather_evidence
from tests.contracts.reader import HARBOUR, QUESTION, candidates_for

TERMS = Tokenizer(stem=True)


@pytest.mark.parametrize("every", [1, 2, 3, 100])
def test_some_sentences_have_the_evidence_that_they_have_among_all(every: int) -> None:
    sentences = covered_sentences(candidates_for(QUESTION, (HARBOUR,)))
    assert len(sentences) > 3
    wanted = [one.sentence.sentence_id for one in sentences][1::every]
    whole = gather_evidence(QUESTION, sentences, TERMS, lambda text: "Quill" in text)
    expected = [one for place, one in zip(sentences, whole, strict=True) if place.sentence.sentence_id in wanted]
    assert gather_evidence(QUESTION, sentences, TERMS, lambda text: "Quill" in text, among=wanted) == expected


def test_none_wanted_gives_none() -> None:
    sentences = covered_sentences(candidates_for(QUESTION, (HARBOUR,)))
    assert gather_evidence(QUESTION, sentences, TERMS, lambda _: False, among=()) == []
