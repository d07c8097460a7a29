"""What an extractive reader is shown, and where its sentences begin: no span runs from one into the next. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from index.records import Candidate


@dataclass(frozen=True, slots=True)
class Passage:
    """A text under its article's title.

    Attributes:
        sentence_starts: the characters of the text at which a sentence begins, in increasing order; the first may be
            left out, or lie before the text where a chunk begins inside a sentence. Empty where the text counts as one
            sentence.
    """

    title: str
    text: str
    sentence_starts: tuple[int, ...] = ()

    @classmethod
    def of(cls, candidate: Candidate) -> Self:
        """A candidate's chunk."""
        chunk = candidate.chunk
        starts = tuple(sentence.start_char - chunk.start_char for sentence in chunk.sentences)
        return cls(candidate.article.title, chunk.text, starts)

    def sentences_around(self, start: int, end: int) -> tuple[int, int]:
        """The half-open characters of the sentences that a span touches, without the white space around them."""
        begin = max((edge for edge in self.sentence_starts if 0 < edge <= start), default=0)
        finish = min((edge for edge in self.sentence_starts if end <= edge < len(self.text)), default=len(self.text))
        around = self.text[begin:finish]
        return begin + len(around) - len(around.lstrip()), begin + len(around.rstrip())
