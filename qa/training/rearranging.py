"""Puts a chunk together anew from its own sentences and another chunk's, so that no paragraph is learnt by heart.

What was the right answer stays one only as far as the sentences that hold it stay; whether the new chunk answers is a
question for a teacher, whose labels such chunks are meant for.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from index.sentences import sentence_spans
from qa.training.sources import Span

LEFT_OUT = 0.3
"""The share of the chunk's other sentences that are left out."""

ANSWER_LEFT_OUT = 0.2
"""The share of the chunks that lose the sentences that answer."""

SHUFFLED = 0.5
"""The share of the chunks whose sentences are put in another order."""

MOST_ADDED = 3


@dataclass(frozen=True, slots=True)
class Rearranged:
    """A new chunk.

    Attributes:
        answers: half-open characters of ``text``; those whose sentence was left out, or that lie in two, are missing.
    """

    text: str
    answers: tuple[Span, ...]


def rearrange(text: str, answers: Sequence[Span], other: str, chance: random.Random) -> Rearranged:
    """A chunk of some of ``text``'s sentences and a few of ``other``'s.

    Args:
        text: the chunk that the question was written for.
        answers: half-open characters of ``text``.
        other: a chunk that looks like it and does not answer; may be empty.
    """
    own = sentence_spans(text)
    holds = [any(start < last and first < end for first, last in answers) for start, end in own]
    lost = chance.random() < ANSWER_LEFT_OUT
    kept = [
        (text, span)
        for span, answering in zip(own, holds, strict=True)
        if (not lost if answering else chance.random() >= LEFT_OUT)
    ]
    added = [(other, span) for span in sentence_spans(other)]
    kept += chance.sample(added, min(len(added), chance.randint(1, MOST_ADDED)))
    if chance.random() < SHUFFLED:
        chance.shuffle(kept)
    pieces, moved, place = [], [], 0
    for source, (start, end) in kept:
        pieces.append(source[start:end])
        if source is text:
            moved += [
                (first - start + place, last - start + place)
                for first, last in answers
                if start <= first and last <= end
            ]
        place += end - start + 1
    return Rearranged(" ".join(pieces), tuple(dict.fromkeys(moved)))
