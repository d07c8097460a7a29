"""The rules that say, at a stop, whether a sentence ends there.

Each looks at a window of bounded length around the stop, which keeps the whole linear in the length of the text. A rule
answers for a class of words or signs (see ``sentence_words``), not for one word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from index.sentence_words import (
    AFTER_CLOCK,
    BEFORE_NUMBER,
    CLOCK,
    CONTINUING,
    EXCLAIMING_NAMES,
    FRONTING,
    MAY_END,
    SHORT_FORMS,
    SPEECH_VERBS,
    STARTERS,
    STATES,
    TITLES,
)

_WINDOW = 64  # code points looked at before a stop
_WIDE_WINDOW = 400  # for what opened a quotation or a bracket

_OPENING = re.compile(r"[\"'“‘«„‹(\[{¿¡`「『（….]{0,8}+")
_LETTERS = re.compile(r"[^\W\d_]{1,64}+")
_JOINTS = re.compile(r"[-–—/:(\[\"“‘«]")
_INITIALISM = re.compile(r"(?:[A-Za-z][a-z]?\.)+[A-Za-z]")  # U.S, a.m, Ph.D, J.K
_ENUMERATOR = re.compile(r"[•⁃‣▪●◦∙·*\s(]*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})\.?\)?")
_ADDRESS = re.compile(r"https?:|www\.|[\w.-]{1,64}\.(?:com|org|net|gov|edu|co|io|uk)\b")
_DASHES = re.compile(r"[-–—\s]{1,8}+")
_NAME_PART = r"(?:[A-Z][a-z]{0,4}\.|[\w'’-]{1,64}+)"
_SAID = re.compile(rf"{_NAME_PART}(?:\s+{_NAME_PART}){{0,3}}?\s+(?:{'|'.join(sorted(SPEECH_VERBS))})\b(?!\s+that\b)")
_GLUED_WORD = re.compile(r"(?:[A-Z][a-z]+|[AI])(?=[\s,'’]|[.!?]*+(?:\s|$))")
_SHORTENED = SHORT_FORMS | MAY_END | BEFORE_NUMBER | CONTINUING
_QUOTES = frozenset("\"'”’»›」』")


class Next(Enum):
    """What stands behind a stop, after white space, opening quotation marks and brackets."""

    NOTHING = auto()
    CONTINUATION = auto()  # a comma, a colon, a closing bracket
    SMALL = auto()  # a word in small letters
    CAPITAL = auto()  # a capital, or a letter of a script that has no small letters
    DIGIT = auto()
    DASH = auto()
    SYMBOL = auto()


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop in its surroundings; all numbers are code point offsets into ``text``.

    Attributes:
        sentence_start: where the sentence starts that may end here.
        start: where the stop starts.
        mark: the stop: "." or "?!" or ". . ."
        closing: the quotation marks and brackets that close behind it.
        next_start: where the text goes on, behind white space.
        end: the end of the block.
    """

    text: str
    sentence_start: int
    start: int
    mark: str
    closing: str
    next_start: int
    end: int

    @property
    def is_quoted(self) -> bool:
        return not _QUOTES.isdisjoint(self.closing)


def ends_sentence(stop: Stop) -> bool:
    """Whether a sentence ends at ``stop``, which has white space behind it."""
    if not _has_words(stop.text, stop.sentence_start, stop.start) or _is_enumerator(stop):
        return False
    kind, at = _what_follows(stop.text, stop.next_start, stop.end)
    if kind in (Next.NOTHING, Next.CONTINUATION):
        return False
    if kind is Next.DASH and _dash_continues(stop, at):
        return False
    if kind is Next.SMALL and not _small_letter_starts(stop, at):
        return False
    if ")" in stop.closing and _bracket_opened_inside(stop) and not _starts_sentence(stop, at):
        return False
    if "!" in stop.mark or "?" in stop.mark:
        return _exclamation_ends(stop, at)
    if stop.mark != ".":
        return _ellipsis_ends(stop, at)
    return kind is Next.SMALL or stop.is_quoted or _full_stop_ends(stop, kind, at)


def ends_glued_sentence(stop: Stop) -> bool:
    """Whether a sentence ends at ``stop``, which has the next word right behind it ("the end.Then")."""
    _, at = _what_follows(stop.text, stop.next_start, stop.end)
    word = _GLUED_WORD.match(stop.text, at, stop.end)
    if word is None or not _has_words(stop.text, stop.sentence_start, stop.start) or _is_enumerator(stop):
        return False
    before = _last_words(stop)[-1]
    if "/" in before or before.startswith("www."):
        return False
    if stop.closing or at > stop.next_start:
        return True
    before = _bare(before)
    if not before[-1:].islower():
        return len(before) > 1 and _starts_sentence(stop, at)
    if before in TITLES or before in STATES or before.lower() in _SHORTENED:
        return False
    is_part_of_name = len(before) < 3 and not before.islower()  # "Ku.Busch"
    return not is_part_of_name and (stop.mark in ".!?" or word.group() != "I")


def quotation_is_open(text: str, block_start: int, at: int) -> bool:
    """Whether a quotation is open at ``at``, judged by the marks of the last few hundred characters."""
    before = text[max(block_start, at - _WIDE_WINDOW) : at]
    return before.rfind("“") > before.rfind("”") or before.count('"') % 2 == 1


def _what_follows(text: str, start: int, end: int) -> tuple[Next, int]:
    opening = _OPENING.match(text, start, end)
    at = opening.end() if opening else start
    if at >= end:
        return Next.NOTHING, at
    first = text[at]
    if first.islower():
        is_name_like_iphone = text[at + 1 : at + 2].isupper()
        return (Next.CAPITAL if is_name_like_iphone else Next.SMALL), at
    if first.isalpha():
        return Next.CAPITAL, at
    if first.isdigit():
        return Next.DIGIT, at
    if first in ",;:)]}%":
        return Next.CONTINUATION, at
    return (Next.DASH if first in "-–—" else Next.SYMBOL), at


def _has_words(text: str, start: int, end: int) -> bool:
    """Whether there is a sentence before ``end``: an ellipsis or a dash alone is none."""
    return any(char.isalnum() for char in text[max(start, end - _WINDOW) : end])


def _is_enumerator(stop: Stop) -> bool:
    """Whether the sentence so far is "1." or "• b." or "(iv.": the marker of an item."""
    return (
        stop.mark == "."
        and stop.start - stop.sentence_start <= 8
        and _ENUMERATOR.fullmatch(stop.text, stop.sentence_start, stop.start) is not None
    )


def _last_words(stop: Stop) -> list[str]:
    """The last two words before the stop at most, as they stand."""
    return stop.text[max(stop.sentence_start, stop.start - _WINDOW) : stop.start].rsplit(None, 2)[-2:]


def _bare(word: str) -> str:
    """The word without what stands before it: "Calif" of "D-Calif" and of "(Calif"."""
    return word if word.isalnum() else _JOINTS.split(word)[-1].lstrip("'")


def _dash_continues(stop: Stop, at: int) -> bool:
    """A dash sets off an attribution after a quotation ("…" — Name), or goes on in small letters."""
    if stop.is_quoted:
        return True
    dashes = _DASHES.match(stop.text, at, stop.end)
    assert dashes is not None  # a dash stands at ``at``
    kind, _ = _what_follows(stop.text, dashes.end(), stop.end)
    return kind is Next.SMALL


def _small_letter_starts(stop: Stop, at: int) -> bool:
    """Only after a plain full stop, and never after what may be an abbreviation ("the end. then he left")."""
    if stop.mark != "." or stop.closing:
        return False
    if _ADDRESS.match(stop.text, at, stop.end):
        return True
    word = _last_words(stop)[-1]
    return len(word) > 2 and word.isalpha() and word.islower() and word not in _SHORTENED


def _bracket_opened_inside(stop: Stop) -> bool:
    """A bracket that opens inside a sentence closes inside it, whatever stops it holds: "(he said no.)"."""
    opened = stop.text.rfind("(", max(stop.sentence_start, stop.start - _WIDE_WINDOW), stop.start)
    return opened > stop.sentence_start and _has_words(stop.text, stop.sentence_start, opened)


def _exclamation_ends(stop: Stop, at: int) -> bool:
    """No in “Why?” Smith asked, and within a name such as "Yahoo! News"."""
    if stop.is_quoted:
        return _starts_sentence(stop, at) or not _SAID.match(stop.text, at, stop.end)
    return _bare(_last_words(stop)[-1]) not in EXCLAIMING_NAMES or _starts_sentence(stop, at)


def _ellipsis_ends(stop: Stop, at: int) -> bool:
    """An ellipsis between spaces may be a pause, and the pronoun "I" is a capital anywhere: "well ... I mean"."""
    before = stop.text[stop.start - 1]
    if before in "[(":
        return False  # "[...]" marks an omission
    is_pronoun = stop.text[at : at + 1] == "I" and not stop.text[at + 1 : at + 2].isalnum()
    is_pause = before.isspace() and stop.mark.count(".") < 4
    return not (is_pronoun and is_pause) or stop.is_quoted


def _full_stop_ends(stop: Stop, kind: Next, at: int) -> bool:
    *earlier, last = _last_words(stop)
    word = _bare(last)
    folded = word.lower()
    if word in TITLES or word in CONTINUING:
        return False
    if len(word) == 1 and word.isupper():
        return _initial_ends(stop, kind, at, follows_small=bool(earlier) and earlier[0].islower())
    if folded in BEFORE_NUMBER:
        return kind is not Next.DIGIT and _next_word(stop, at) not in AFTER_CLOCK
    if folded in CLOCK:
        return _clock_ends(stop, kind, at)
    if word in STATES and (last != word or _is_place_and_comma(earlier)):
        opens_dateline = kind is Next.DASH or stop.text[stop.next_start] == "("  # "PORTLAND, Ore. (AP) — "
        return not opens_dateline and _next_word(stop, at) not in TITLES
    is_title_in_capitals = word.isupper() and word.capitalize() in TITLES
    if folded in MAY_END or word in STATES or is_title_in_capitals or _INITIALISM.fullmatch(word):
        return _abbreviation_ends(stop, kind, at)
    return True


def _is_place_and_comma(words: list[str]) -> bool:
    return bool(words) and words[0][0].isupper() and words[0].endswith(",")


def _clock_ends(stop: Stop, kind: Next, at: int) -> bool:
    """Yes in "at 8 p.m. The"; no in "8 p.m. ET", "7 a.m. Monday", "9 a.m. (8 Central)", "At 5 a.m. Mr. Smith left"."""
    if kind is Next.DASH or stop.text[stop.next_start] in "([":
        return False
    return _next_word(stop, at) not in AFTER_CLOCK and not _is_fronted(stop)


def _initial_ends(stop: Stop, kind: Next, at: int, *, follows_small: bool) -> bool:
    """Yes in "plan B. The next" and "you and I. Jones"; no in "John F. Kennedy" and "15 E. First Ave."."""
    if kind is not Next.CAPITAL:
        return False
    return _starts_sentence(stop, at) or (follows_small and stop.text[stop.start - 1] == "I")


def _abbreviation_ends(stop: Stop, kind: Next, at: int) -> bool:
    """Yes in "in the U.S. The President"; no in "the U.S. President" and "In the U.S. Senate"."""
    if kind is not Next.CAPITAL or stop.text[stop.next_start] in "([":
        return False
    opens_quotation = at > stop.next_start
    return opens_quotation or (_starts_sentence(stop, at) and not _is_fronted(stop))


def _next_word(stop: Stop, at: int) -> str:
    word = _LETTERS.match(stop.text, at, stop.end)
    return word.group() if word else ""


def _starts_sentence(stop: Stop, at: int) -> bool:
    """Whether the word at ``at`` begins sentences far more often than it stands, with a capital, inside them."""
    word = _next_word(stop, at)
    if word in ("A", "I"):
        behind = stop.text[at + 1 : at + 3]
        return behind[:1] in "'’" or (behind[:1].isspace() and behind[1:].islower())
    return word in STARTERS


def _is_fronted(stop: Stop) -> bool:
    """Whether the sentence so far is an adverbial that waits for its clause: "At 5 a.m.", "In the U.S."."""
    if stop.start - stop.sentence_start > _WINDOW:
        return False
    words = stop.text[stop.sentence_start : stop.start].split()
    return len(words) <= 5 and words[0] in FRONTING
