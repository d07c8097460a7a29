"""Text -> the terms that BM25 compares."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

QUESTION_WORDS = frozenset(
    ["what", "which", "who", "whom", "whose", "when", "where", "why", "how", "do", "does", "did"]
)

_RULES = "1"  # to be raised with every change of the rules below
_KNOWN_WORDS = 1 << 16

_TRANSLATION = str.maketrans(
    dict.fromkeys("’‘ʼ′‛", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00ad\u200c\u200d\u2060\ufeff")  # soft hyphen, joiners: inside words, unseen
    | {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
# Accents, and the vowel points that Hebrew and Arabic writers may leave out.
_OPTIONAL_MARKS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]+")

# Scripts that do not set words apart by spaces, and Korean, which glues particles to them.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
)
_LETTER = rf"(?:[^\W\d_{_UNSPACED}]|[\u0900-\u0963\u0970-\u0dff])"  # \w leaves out the vowel signs of Indian scripts
_ALNUM = rf"(?:[^\W_{_UNSPACED}]|[\u0900-\u0963\u0966-\u0dff])"
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
_PICTURE = "[\u2600-\u27bf\U0001f300-\U0001faff]"
_RAW_TERM = re.compile(
    rf"[{_UNSPACED}]+"
    rf"|(?<!{_ALNUM})(?:{_LETTER}\.){{2,}}(?:{_LETTER}(?!{_ALNUM}))?(?:'s)?"  # U.S., U.S.A, e.g.
    rf"|\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?{_LETTER}*"  # 1,000,000.5
    rf"|\d+(?:\.\d+)+{_LETTER}*"  # 7.1, 1.5bn, 3.11.2
    rf"|{_ALNUM}+(?:['-]{_ALNUM}+)*"
    rf"|{_PICTURE}"
)
_UNSPACED_START = re.compile(f"[{_UNSPACED}]")
_NUMBER_START = re.compile(r"\d+(?:[.,]\d+)*")


class _ThreadStemmer(threading.local):
    """A Snowball stemmer for each thread: PyStemmer's objects must not be shared."""

    def __init__(self) -> None:
        self.stem = Stemmer.Stemmer("english").stemWord


class Tokenizer:
    """Turns text into the terms that BM25 compares. May be used from any thread.

    Letters are compared without case, accents and typographic variants. Punctuation and symbols glued to a word or
    number do not hide it: ``-7.1%``, ``$7.1`` and ``7.1`` meet, as do ``1,000`` and ``1000``, ``U.S.`` and ``US``,
    ``Canada’s`` and ``Canada``. A hyphenated word gives its parts and, if it holds a letter, the whole without hyphens
    (``e-mail`` meets ``email``); a number with letters behind it gives both (``1990s`` and ``1990``). Text in scripts
    without spaces gives its characters and pairs of neighbours.

    Args:
        stem: whether to reduce words to their Snowball English stems.
    """

    def __init__(self, *, stem: bool) -> None:
        self.stem = stem
        self._thread = _ThreadStemmer()
        self._terms_of = lru_cache(maxsize=_KNOWN_WORDS)(self._analyse)

    @property
    def version(self) -> str:
        """Names the rules; an index made under other rules must not be searched."""
        stemmer = "-".join(["snowball-english", *Stemmer.version().split(".")[:2]]) if self.stem else "words"
        return f"{_RULES}/{stemmer}"

    def __call__(self, text: str) -> tuple[str, ...]:
        """The terms of a chunk's ``text``, in order, repeated ones repeatedly."""
        return tuple(term for raw in _RAW_TERM.findall(_folded(text)) for term in self._terms_of(raw))

    def query_terms(self, text: str) -> tuple[str, ...]:
        """The terms of a query: those of ``text`` without the question words, unless it holds no others.

        Articles seldom use question words, which makes them look like rare, telling terms. One in capitals stays: in
        "What did the WHO say?" it is a name.
        """
        names = set() if text.isupper() else {word.lower() for word in _CAPITALS.findall(text)}
        dropped = QUESTION_WORDS - names
        raw_terms = _RAW_TERM.findall(_folded(text))
        telling = [raw for raw in raw_terms if raw.removesuffix("'s") not in dropped]
        return tuple(term for raw in telling or raw_terms for term in self._terms_of(raw))

    def _analyse(self, raw: str) -> tuple[str, ...]:
        raw = raw.removesuffix("'s")
        if _UNSPACED_START.match(raw):
            return (*raw, *(raw[i : i + 2] for i in range(len(raw) - 1)))
        if "." in raw and not raw[0].isdigit():
            return (raw.replace(".", ""),)
        if "-" in raw:
            terms = tuple(term for part in raw.split("-") for term in self._analyse(part))
            whole = raw.replace("-", "")
            return terms if whole.isdecimal() else (*terms, self._word(whole))
        number = _NUMBER_START.match(raw)
        if number:
            digits = number.group().replace(",", "")
            suffix = raw[number.end() :].replace("'", "")
            return (digits, digits + suffix) if suffix else (digits,)
        return (self._word(raw),)

    def _word(self, raw: str) -> str:
        word = raw.replace("'", "")
        return self._thread.stem(word) if self.stem else word


def _folded(text: str) -> str:
    """``text`` as it is compared: without case, accents, ligatures, full-width forms and typographic variants."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_TRANSLATION).casefold())
    return unicodedata.normalize("NFC", _OPTIONAL_MARKS.sub("", decomposed)).translate(_TRANSLATION)
