"""What may stand in a question that is made of a sentence: whole names, noun phrases. Pure.

Each check errs on the side of refusing: what is refused costs one question of many, what is let through wrongly is read
by a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from qa.english import DAYS, FUNCTION_WORDS, MONTHS, Name, names, words
from qa.proposals.words import GENERIC, LEADING, NO_PERSON, OCCUPATIONS, POINTING, TITLES

_MOST_SUBJECT_WORDS = 7
_MOST_QUESTION_CHARACTERS = 95
_NOT_IN_A_SUBJECT = (
    FUNCTION_WORDS - frozenset(["the", "a", "an", "of", "in", "on", "at", "for", "to", "from", "by", "with", "between"])
) | frozenset(
    ["said", "says", "told", "new", "latest", "recent", "last", "next", "current", "former", "including", "alleged"]
)
_ODD = re.compile(r"[^\x20-\x7e£€’\u00c0-\u024f]|[\"()\[\]{}<>|/\\@#*_=+~^`:;!?]|https?|www\.")
_ODD_IN_TEXT = re.compile(r"[|<>{}\[\]\\@#*_=~^`…]|\.\.\.|https?:|www\.")
_BOILERPLATE = re.compile(
    r"\b(?:getty|photo(?:graph)?s?|pictured?|images?|subscribe|newsletters?|sign up|cookies?|advertisement|copyright|"
    r"click|video|podcast|read more|follow us|correction|file -)\b",
    re.IGNORECASE,
)
_JOINED_TO = re.compile(
    r"(?:^|.* )[^\W\d_a-z][\w.’'&-]*(?: (?:by|for|of|in|on|at|to|and|the|&))* $|.*[&/–—-] ?$|(?:.* )?\d+ $", re.DOTALL
)
"""What stands before a name that is the end of a longer one: "Friends of", "The 400"."""
_PERSON_WORD = re.compile(r"[^\W\d_](?:\.|[^\W\d_]+(?:[’'-][^\W\d_]+)*)")
_PARTICLES = frozenset(["de", "van", "von", "al", "bin", "di"])


@dataclass(frozen=True)
class Source:
    """A sentence with what its article tells about its names.

    Attributes:
        text: the sentence.
        position: its place in the article, from 0.
        title, body: the article's.
        known: names that stand inside sentences of the article, where a capital is no accident.
        dated: whether the article tells when it was published.
    """

    text: str
    position: int
    title: str
    body: str
    known: Collection[str]
    dated: bool

    @cached_property
    def names(self) -> tuple[Name, ...]:
        return names(self.text)


def plain_sentence(text: str) -> bool:
    """Whether a sentence reads like one of running text: a capital, a full stop, no menu, caption or address."""
    said = text.split()
    return (
        5 <= len(said) <= 45
        and text[0].isupper()
        and text[-1] in '.”"'
        and text.isprintable()
        and sum(1 for word in said if len(word) > 3 and word.isupper()) < 2
        and not _ODD_IN_TEXT.search(text)
        and not _BOILERPLATE.search(text)
    )


def plain_question(text: str) -> bool:
    """Whether a question stands by itself: short, of plain characters, and pointing at nothing outside it."""
    return len(text) <= _MOST_QUESTION_CHARACTERS and not _ODD.search(text[:-1]) and not POINTING.search(text)


def is_person(source: Source, start: int, text: str) -> bool:
    """Whether a person's whole name stands there: two words or more; a title before it is no part of it."""
    said = text.split()
    if not 2 <= len(said) <= 4 or not all(map(_is_person_word, said)) or min(len(said[0]), len(said[-1])) < 2:
        return False
    end = start + len(text)
    for name in source.names:
        if name.start_char <= start and name.start_char + len(name.text) == end:
            before = source.text[name.start_char : start].split()
            return not before or before[-1].lower().strip(".") in TITLES
    return False


def _is_person_word(word: str) -> bool:
    plain = word.lower().strip(".")
    capital = word[0].isupper() and not (len(word) > 2 and word.isupper())
    return bool(
        _PERSON_WORD.fullmatch(word)
        and (capital or plain in _PARTICLES)
        and plain not in TITLES | OCCUPATIONS | NO_PERSON | FUNCTION_WORDS | LEADING | DAYS
    )


def is_named(text: str, known: Collection[str]) -> bool:
    """Whether a name names something by itself: several words, or one that is no general noun."""
    said = text.split()
    plain = [word.lower().strip(".") for word in said]
    if not said or len(said) > 6 or plain[0] in LEADING | FUNCTION_WORDS | TITLES or plain[0].endswith("ly"):
        return False
    if any(word in DAYS or word in MONTHS for word in plain) or text.endswith(("'", "’", "'s", "’s")):
        return False
    if len(said) == 1:
        return len(text) > 2 and plain[0] not in GENERIC and text in known
    if any(word in TITLES | OCCUPATIONS for word in plain):
        return False
    if any(len(word) > 2 and word.isupper() for word in said):
        return False  # a stock market's sign, a headline
    return not all(word in GENERIC | NO_PERSON for word in plain)


def is_whole(source: Source, start: int, text: str) -> bool:
    """Whether a name stands there with nothing before or behind that belongs to it."""
    if start and _JOINED_TO.fullmatch(source.text[:start].removesuffix("the ")):
        return False
    return any(name.start_char == start and name.text == text for name in source.names)


def is_subject(source: Source, start: int, text: str) -> bool:
    """Whether the words before a verb are one noun phrase that ends in a name, or a name alone."""
    end = start + len(text)
    inside = [one for one in source.names if start <= one.start_char and one.start_char + len(one.text) <= end]
    if len(inside) != 1 or not is_named(inside[0].text, source.known) or not text.endswith(inside[0].text):
        return False  # "the Ayr company" points back at one that was named before
    if not text.startswith("The "):
        return inside[0].text == text
    said = words(text)
    return 2 <= len(said) <= _MOST_SUBJECT_WORDS and not any(
        word.lower() in _NOT_IN_A_SUBJECT or word.endswith("ly") for word in said
    )


def mid_sentence(text: str) -> str:
    """A noun phrase as it stands inside a sentence: ``the Brightwater bridge``."""
    return f"the {text[4:]}" if text.startswith("The ") else text
