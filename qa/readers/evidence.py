"""How well each sentence of the candidates fits a question, as plain numbers. Pure; no weights, no model."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from index.records import Article, Candidate, Sentence
from qa.english import is_function_word, names

Terms = Callable[[str], tuple[str, ...]]
"""Gives a text's terms: the tokenizer of the lexical index."""

Bag = frozenset[str]
"""The different terms of a text."""

NEIGHBOUR_CHARACTERS = 250
"""How far the text next to a chunk is looked at, in characters."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Evidence(NamedTuple):
    """What speaks for a sentence, and against it. Shares are of the question's content terms, weighted by how rare they
    are among the candidates' sentences.

    Attributes:
        coverage: share of the question that stands in the sentence.
        before, after: share that stands in the sentence before (after) it and in none of the above.
        heading: share that stands in the chunk's heading (the article's title and date) and in none of the above.
        dense: inner product of the question's and the sentence's unit vectors, in [-1, 1].
        chunk_dense: the largest ``dense_score`` of the candidates that cover the sentence.
        chunk_lexical: the largest ``lexical_score`` of these, as a share of the largest of all candidates.
        names_missing: share of the question's names that do not stand whole in all of the above.
        type_missing: 1 when the question asks for a kind of answer that the sentence does not hold, else 0.
        new_words: log(1 + number of different terms that the question does not have).
    """

    coverage: float
    before: float
    after: float
    heading: float
    dense: float
    chunk_dense: float
    chunk_lexical: float
    names_missing: float
    type_missing: float
    new_words: float


@dataclass(frozen=True, eq=False)
class CoveredSentence:
    """A sentence that candidates cover.

    Attributes:
        candidates: those that cover it, in no particular order.
        dense_score: the largest of its sentence scores in these candidates.
    """

    sentence: Sentence
    article: Article
    candidates: tuple[Candidate, ...]
    dense_score: float

    @cached_property
    def text(self) -> str:
        return self.article.text[self.sentence.start_char : self.sentence.end_char]


@dataclass(frozen=True, slots=True)
class _AskedFor:
    """What a question's words ask for: its content terms with their rarity, and the terms of each of its names."""

    rarity: Mapping[str, float]
    names: tuple[Bag, ...]


def covered_sentences(candidates: Sequence[Candidate]) -> list[CoveredSentence]:
    """Every sentence that a candidate covers, once, by article id and place."""
    covering: dict[tuple[str, int], list[tuple[Sentence, Candidate, float]]] = {}
    for candidate in candidates:
        for sentence, score in zip(candidate.chunk.sentences, candidate.sentence_scores, strict=True):
            covering.setdefault((sentence.article_id, sentence.start_char), []).append((sentence, candidate, score))
    return [
        CoveredSentence(
            sentence=found[0][0],
            article=found[0][1].article,
            candidates=tuple(candidate for _, candidate, _ in found),
            dense_score=max(score for _, _, score in found),
        )
        for _, found in sorted(covering.items(), key=lambda item: item[0])
    ]


def content_terms(question: str, terms: Terms) -> tuple[str, ...]:
    """The different terms of a question's content words, in order; of all its words when it has no content words.

    A word in capitals ("US") is a content word.
    """

    def content(word: re.Match[str]) -> str:
        in_capitals = len(word.group()) > 1 and word.group().isupper()
        return " " if is_function_word(word.group()) and not in_capitals else word.group()

    return tuple(dict.fromkeys(terms(_WORD.sub(content, question)) or terms(question)))


def gather_evidence(
    question: str,
    sentences: Sequence[CoveredSentence],
    terms: Terms,
    lacks_answer: Callable[[str], bool],
    among: Collection[str] | None = None,
) -> list[Evidence]:
    """The evidence for each sentence, in the order given.

    It depends on which sentences are there, through their terms' rarity and the best lexical score, but not on their
    order.

    Args:
        sentences: all that the candidates cover.
        lacks_answer: whether a sentence's text lacks the kind of answer that the question asks for.
        among: ids of the sentences whose evidence is wanted; of all when None.
    """
    bags = [frozenset(terms(covered.text)) for covered in sentences]
    asked = _AskedFor(
        rarity={term: _rarity(sum(term in bag for bag in bags), len(bags)) for term in content_terms(question, terms)},
        names=tuple(frozenset(terms(name.text)) for name in names(question) if not name.doubtful),
    )
    bag_at = {(s.sentence.article_id, s.sentence.position): bag for s, bag in zip(sentences, bags, strict=True)}
    headings = {
        heading: frozenset(terms(heading)) for heading in {c.chunk.heading for s in sentences for c in s.candidates}
    }
    best_lexical = max((c.lexical_score for s in sentences for c in s.candidates), default=0.0)
    gathered = []
    for covered, own in zip(sentences, bags, strict=True):
        if among is not None and covered.sentence.sentence_id not in among:
            continue
        around = (
            own,
            *_neighbours(covered, bag_at, terms),
            frozenset[str]().union(*(headings[candidate.chunk.heading] for candidate in covered.candidates)),
        )
        coverage, before, after, heading = _shares(asked.rarity, around)
        lexical = max(candidate.lexical_score for candidate in covered.candidates)
        gathered.append(
            Evidence(
                coverage=coverage,
                before=before,
                after=after,
                heading=heading,
                dense=covered.dense_score,
                chunk_dense=max(candidate.dense_score for candidate in covered.candidates),
                chunk_lexical=lexical / best_lexical if best_lexical > 0 else 0.0,
                names_missing=_missing(asked.names, frozenset[str]().union(*around)),
                type_missing=float(lacks_answer(covered.text)),
                new_words=math.log1p(len(own - asked.rarity.keys())),
            )
        )
    return gathered


def _rarity(holding: int, total: int) -> float:
    """Inverse document frequency over sentences: above 0, and largest for a term that stands in none."""
    return math.log((total + 1) / (holding + 0.5))


def _neighbours(covered: CoveredSentence, bag_at: Mapping[tuple[str, int], Bag], terms: Terms) -> tuple[Bag, Bag]:
    """The terms before and after a sentence: of the next sentence if candidates cover it, else of the text there."""
    text, sentence = covered.article.text, covered.sentence
    before = bag_at.get((sentence.article_id, sentence.position - 1))
    if before is None:
        start = max(0, sentence.start_char - NEIGHBOUR_CHARACTERS)
        before = frozenset(terms(text[start : sentence.start_char]))
    after = bag_at.get((sentence.article_id, sentence.position + 1))
    if after is None:
        after = frozenset(terms(text[sentence.end_char : sentence.end_char + NEIGHBOUR_CHARACTERS]))
    return before, after


def _shares(rarity: Mapping[str, float], bags: Sequence[Bag]) -> list[float]:
    """For each bag the share of the terms that it holds and no bag before it does."""
    total = sum(rarity.values())
    shares = [0.0] * len(bags)
    for term, weight in rarity.items():
        for place, bag in enumerate(bags):
            if term in bag:
                shares[place] += weight / total
                break
    return shares


def _missing(names_asked: Sequence[Bag], held: Bag) -> float:
    """The share of names of which not every term is held; 0 without names."""
    return sum(not name <= held for name in names_asked) / len(names_asked) if names_asked else 0.0
