"""Words and names of English, as far as the sentence reader and follow-ups need them. Pure; no model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.sentence_words import TITLES


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _word_set(
    """
    a an the
    i you he she it we they me him her us them my your his its our their mine yours hers ours theirs
    myself yourself himself herself itself ourselves themselves this that these those here there
    who whom whose what which when where why how
    am is are was were be been being do does did doing done have has had having
    will would shall should can could may might must ought
    and or but nor so yet if then than because as while although though whether unless until since
    of in on at to for from by with about into onto over under between among through during before after
    against without within upon across toward towards around per via off out up down
    not no yes any some all both each every either neither other others another such same own only just also too
    very more most less least much many few several else ever even again still already now
    t s d m ll re ve don didn doesn isn wasn aren weren won wouldn couldn shouldn hasn haven hadn can't
    """
)
"""Words that carry grammar rather than subject matter, in lower case. Contractions are listed by their parts."""

DAYS = _word_set("monday tuesday wednesday thursday friday saturday sunday")
MONTHS = _word_set("january february march april may june july august september october november december")
ANY_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
"""A regular expression for a month, in lower case, written out or cut short."""
ASKING = r"\b(?:who|whom|whose|what|which|when|where|why|how)\b"
"""A regular expression for a word that asks, in lower case."""

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[.'’-][^\W_]+)*")
_NAME_JOINERS = _word_set("of the de da di del della du des la le van von der den bin ibn al el y")
_WORDS_AND_SPACES = re.compile(r" (?:[^\W\d_]+ )*")
_SENTENCE_ENDS = ".!?:;\n…"
_MARKS_AND_SPACES = " \t\"'“”‘’«»()[]{}"
_LAST_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+\Z")
_TITLE_CHARACTERS = max(map(len, TITLES)) + 1
_CONTRACTION = re.compile(r"['’](?:s|re|ve|ll|d|m|t)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """Capitalised words that follow each other, in the writer's own spelling and without a possessive ending.

    Attributes:
        text: ``source[start_char : start_char + len(text)]``.
        doubtful: it is one plain word at the start of a sentence, where every word is capitalised.
    """

    text: str
    start_char: int
    doubtful: bool


def words(text: str) -> list[str]:
    """The words of ``text`` in their own spelling, hyphens and apostrophes kept inside."""
    return _WORD.findall(text)


def without_ending(word: str) -> str:
    """A word without a possessive or contracted ending: ``"Canada"`` for ``"Canada’s"``."""
    return _CONTRACTION.sub("", word)


def bare(word: str) -> str:
    """A word as it is compared: in lower case, without a possessive or contracted ending."""
    return without_ending(word).lower()


def is_function_word(word: str) -> bool:
    """Whether a word, in any case and with any contracted ending, carries grammar only."""
    return bare(word) in FUNCTION_WORDS


def names(text: str) -> tuple[Name, ...]:
    """The names in ``text``, in order: runs of capitalised words, joined by words such as "of" and "van".

    Function words, days and months are no names; a month may be the later part of one (Theresa May). A comma or any
    other mark ends a run, but the full stop of an initial (George W. Bush) does not. An abbreviated title (Capt., Sen.)
    stands before a name and is no part of it.
    """
    return tuple(_names(text, list(_WORD.finditer(text))))


def _names(text: str, found: list[re.Match[str]]) -> Iterator[Name]:
    i = 0
    while i < len(found):
        word = found[i].group()
        initial = _is_initial(text, found[i]) and word not in ("A", "I")
        if not (_begins_name(word) or initial) or _is_title(text, found[i]):
            i += 1
            continue
        last = _run_end(text, found, i)
        start = found[i].start()
        name = without_ending(text[start : found[last].end()])
        plain = name.isalpha() and name[1:].islower()
        yield Name(name, start, doubtful=plain and _starts_sentence(text, start))
        i = last + 1


def _run_end(text: str, found: list[re.Match[str]], first: int) -> int:
    """The place of the last word of the name that starts at ``first``."""
    last = first
    while not _CONTRACTION.search(found[last].group()):
        following = last + 1
        while following < len(found) and following <= last + 2 and found[following].group() in _NAME_JOINERS:
            following += 1
        if following >= len(found):
            break
        if not _continues_name(found[following].group()) and not _is_initial(text, found[following]):
            break
        between = text[found[last].end() : found[following].start()]
        after_initial = len(found[last].group()) == 1 and between == ". "
        if not after_initial and not _WORDS_AND_SPACES.fullmatch(between):
            break
        last = following
    return last


def _begins_name(word: str) -> bool:
    if len(word) > 1 and word.isupper():  # US, IT
        return True
    return _continues_name(word) and not is_function_word(word) and word.lower() not in MONTHS


def _continues_name(word: str) -> bool:
    month = word.lower() in MONTHS
    capitalised = any(character.isupper() for character in word)  # iPhone
    return capitalised and word.lower() not in DAYS and (month or not is_function_word(word))


def _is_initial(text: str, word: re.Match[str]) -> bool:
    """Whether it stands for a name: the T of "Ruben T. Aldersey", which by itself is the end of a contraction."""
    return len(word.group()) == 1 and word.group().isupper() and text[word.end() : word.end() + 1] == "."


def _is_title(text: str, word: re.Match[str]) -> bool:
    return word.group() in TITLES and text[word.end() : word.end() + 1] == "."


def _starts_sentence(text: str, start: int) -> bool:
    before = start - 1
    while before >= 0 and text[before] in _MARKS_AND_SPACES:
        before -= 1
    if before < 0:
        return True
    title = _LAST_WORD.search(text, max(0, before - _TITLE_CHARACTERS), before)
    after_title = text[before] == "." and title is not None and title.group() in TITLES
    return text[before] in _SENTENCE_ENDS and not after_title
