"""Twins of a question and its chunk that differ in one name, year or word: each chunk answers its own question only."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from qa.english import names
from qa.training.kin import WordKin, plain_words, same_stem
from qa.training.sources import Span
from qa.training.unanswerable import YEAR, holds, whole

_ASKED_WITH = frozenset({"called", "following", "kind", "long", "name", "people", "person", "type", "used", "year"})
"""Words that ask, rather than say what about: another one in their place may leave the question as it is."""

_PREFIXES = ("un", "in", "im", "dis", "non")

Way = list[tuple[str, list[str]]]
"""What can be exchanged, each with what for."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two names, years or words that take each other's places.

    Attributes:
        one: stands in the question and in its chunk.
        other: stands in the chunk too, or in neither.
    """

    one: str
    other: str

    def of(self, text: str) -> str:
        """The text with the two in each other's places, as whole words, in any case; a capital stays one."""
        return self.of_answering(text, ())[0]

    def of_answering(self, text: str, answers: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
        """A chunk with the two in each other's places, and where its answers then stand.

        Args:
            answers: half-open characters of ``text``.

        Returns:
            The new text, and the answers that the exchange does not touch, in order.
        """
        pieces, end = [], 0
        left = dict.fromkeys(answers, 0)
        for found in re.finditer(f"{whole(self.one)}|{whole(self.other)}", text, re.IGNORECASE):
            new = self.other if found.group().lower() == self.one.lower() else self.one
            if found.group()[0].isupper():
                new = new[0].upper() + new[1:]
            pieces += [text[end : found.start()], new]
            end = found.end()
            longer = len(new) - len(found.group())
            left = {
                (start, last): by + (longer if start >= end else 0)
                for (start, last), by in left.items()
                if last <= found.start() or start >= end
            }
        return "".join((*pieces, text[end:])), tuple((start + by, last + by) for (start, last), by in left.items())


class ExchangeFinder:
    """Finds what could be exchanged in questions on the chunks of one data set.

    ``qa.training.unanswerable`` puts into a question what its chunk lacks; a reader that looks for foreign names and
    words passes that. Here most words match: another name, year or word of the chunk itself comes in, or a common word
    of the same kind ("the fall of velocity" becomes "the fall of pressure"), as in most of SQuAD 2.0's unanswerable
    questions (Rajpurkar et al. 2018, table 2: entity swap, antonym, mutual exclusion, other neutral).

    A network that knows its questions by heart could take every new one for unanswerable. So the same is exchanged in
    the chunk as well: the new question is answered by the new chunk, the old one by the old, and neither by the other
    (a contrast set: Gardner et al. 2020; both sides changed as by Kaushik et al. 2020).

    Args:
        texts: the text of each chunk.
        kin: which words are of one kind.
    """

    def __init__(self, texts: Sequence[str], kin: WordKin) -> None:
        self._texts = texts
        self._kin = kin
        self._names = cache(self._names_of)

    def find(self, question: str, place: int, answers: Sequence[str], chance: random.Random) -> Exchange | None:
        """An exchange in a question and its chunk. Of the ways that are open, each is as likely.

        Args:
            place: where the chunk that answers stands among the texts.
            answers: the right answers' words; nothing of them is exchanged.

        Returns:
            None when nothing can be.
        """
        open_ways = self.open_ways(question, place, answers)
        if not open_ways:
            return None
        one, others = chance.choice(chance.choice(list(open_ways.values())))
        return Exchange(one, chance.choice(others))

    def open_ways(self, question: str, place: int, answers: Sequence[str]) -> dict[str, Way]:
        """All that could be exchanged, by the way; ways without anything are left out. Arguments: see ``find``."""
        chunk = self._texts[place]
        spoken = (question, *answers)
        ways = {
            "a name of the chunk": self._other_names(question, place, spoken),
            "a year of the chunk": _other_years(question, chunk, spoken),
            "a word of the chunk": self._other_words(question, chunk, spoken),
            "a foreign word": self._foreign_words(question, chunk, spoken),
            "a prefix": self._with_or_without_prefix(question, chunk, spoken),
        }
        untouched = {
            name: [(one, others) for one, others in way if not _among(one, answers)] for name, way in ways.items()
        }
        return {name: way for name, way in untouched.items() if way}

    def _other_names(self, question: str, place: int, spoken: Sequence[str]) -> Way:
        ways: Way = []
        for name in names(question):
            if name.doubtful or len(name.text) < 3 or not holds(self._texts[place], name.text):
                continue
            others = [
                other
                for other in self._names(place)
                if abs(len(other.split()) - len(name.text.split())) < 2 and not _among(other, (name.text, *spoken))
            ]
            if others:
                ways.append((name.text, others))
        return ways

    def _other_words(self, question: str, chunk: str, spoken: Sequence[str]) -> Way:
        of_chunk = plain_words(chunk)
        ways: Way = []
        for word in _told(question, chunk):
            others = self._kin.of_chunk(word, [other for other in of_chunk if not _among(other, spoken)])
            if others:
                ways.append((word, others))
        return ways

    def _foreign_words(self, question: str, chunk: str, spoken: Sequence[str]) -> Way:
        present = plain_words(" ".join((chunk, *spoken)).lower())
        ways: Way = []
        for word in _told(question, chunk):
            others = [
                other for other in self._kin.of_vocabulary(word) if not any(same_stem(other, held) for held in present)
            ]
            if others:
                ways.append((word, others))
        return ways

    def _with_or_without_prefix(self, question: str, chunk: str, spoken: Sequence[str]) -> Way:
        """ "official" for "unofficial", and the other way around."""
        ways: Way = []
        for word in _told(question, chunk):
            others = [f"{prefix}{word}" for prefix in _PREFIXES]
            others += [word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix)]
            others = [
                one for one in others if one in self._kin and not any(holds(text, one) for text in (chunk, *spoken))
            ]
            if others:
                ways.append((word, others))
        return ways

    def _names_of(self, place: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name.text for name in names(self._texts[place]) if not name.doubtful))


def _told(question: str, chunk: str) -> list[str]:
    """The words of a question that say what it is about in words of the chunk."""
    return [word for word in plain_words(question) if word not in _ASKED_WITH and holds(chunk, word)]


def _other_years(question: str, chunk: str, spoken: Sequence[str]) -> Way:
    years = dict.fromkeys(YEAR.findall(chunk))
    others = [year for year in years if not _among(year, spoken)]
    return [(year, others) for year in dict.fromkeys(YEAR.findall(question)) if year in years and others]


def _among(phrase: str, texts: Sequence[str]) -> bool:
    """Whether a text holds a phrase, or the phrase a text."""
    return any(holds(text, phrase) or holds(phrase, text) for text in texts)
