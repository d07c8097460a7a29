"""Addresses of originals: which ones a link may lead to, and where in the live page a quote stands. Pure.

A text fragment (https://wicg.github.io/scroll-to-text-fragment/) makes a browser scroll to the first place that it
matches, so it has to say enough for that place to be the quote's. What stands elsewhere is compared without case and
accents and with white space collapsed, at least as freely as browsers compare, so that nothing is taken for unique
that a browser would find twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

_FRAGMENT_WORDS = 5
"""Words at each end of a long quote that a text fragment names: enough to be found, short enough for an address."""
_CONTEXT_WORDS = 48
"""The most words of context at either side. A quote that even these do not tell apart gets no fragment."""
_FRAGMENT_CHARACTERS = 2_000
_OCCURRENCES = 200
"""How many places inside other words are looked past before words are taken to be repeated."""

_SPACE = re.compile(r"\s+")
_BROKEN_WORD, _BROKEN_LAST_WORD = re.compile(r"\A\S+"), re.compile(r"\S+\Z")
_JOINERS = frozenset("'’‘.,:;·‧⁄\"״׳_＇．，：；")
"""Marks that do not end a word when a letter or digit follows: the full stop of 3.5, the apostrophe of don't."""
_UNSURE_CATEGORIES = frozenset(("Mn", "Mc", "Me", "Cf", "Sk", "Pc", "So", "Cn"))
"""Marks belong to what they stand at, connectors such as "_" join what they stand between, and some modifying and other
symbols, such as a cedilla by itself or a circled letter, count as letters. What Python does not know may be any."""
_UNSURE = frozenset("֊՚՛՜՞׳٫゠ﾞﾟ")
"""Punctuation of single scripts that counts as a letter or joins what it stands between."""
_NO_SPACES = "\u0e00"
"""From Thai on there are scripts whose words follow each other without a space."""


class _Passage:
    """A quote in its text: what comes before it, itself without white space at its ends, and what comes after; and the
    text as it is compared, with the places in it where the quote begins and ends."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.before, self.words, self.after = text[:start], text[start:end], text[end:]
        before, words = _folded(self.before), _folded(self.words)
        self.folded = before + words + _folded(self.after)
        self.start, self.end = len(before), len(before) + len(words)


@dataclass(frozen=True, slots=True)
class _Fragment:
    """The four parts of a text fragment; all but ``start`` may be empty."""

    start: str
    end: str = ""
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        parts = [f"{_encoded(self.prefix)}-"] if self.prefix else []
        parts += [_encoded(part) for part in (self.start, self.end) if part]
        parts += [f"-{_encoded(self.suffix)}"] if self.suffix else []
        return ",".join(parts)


def web_address(url: str | None) -> str | None:
    """``url`` when it is an address that a link may lead to: http or https, with a host, and without white space,
    control characters or backslashes, which browsers repair in their own ways. None otherwise."""
    if not url or any(
        ord(character) <= 0x20 or ord(character) == 0x7F or character in "\\\u2028\u2029" for character in url
    ):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def quote_address(
    url: str | None, quote_text: str, *, article_text: str | None = None, start_char: int | None = None
) -> str | None:
    """The address of ``quote_text`` in the live page, with a text fragment that makes a browser scroll there.

    A quote of more than ten words is named by its first and last words, since line breaks of the live page inside a
    long quote would keep it from being found. Where the stored text is given and a browser would find the fragment
    elsewhere first, or would not find it since it begins or ends inside a word, words before and after are added until
    it finds the quote. Without the stored text the quote is named by itself alone.

    Args:
        quote_text: the quote, verbatim.
        article_text: the stored text; left aside when the quote does not stand there at ``start_char``.
        start_char: the code point of ``article_text`` at which the quote begins.

    Returns:
        The address; without a fragment when the quote is blank, or stands among so many repetitions that no fragment
        of a sensible length names it. None when ``url`` is not a web address.
    """
    address = web_address(url)
    if address is None:
        return None
    if not quote_text.strip():
        return address
    end_char = (start_char or 0) + len(quote_text)
    if article_text is None or start_char is None or article_text[start_char:end_char] != quote_text:
        fragment: _Fragment | None = _by_ends(quote_text)
    else:
        start = end_char - len(quote_text.lstrip())
        end = start_char + len(quote_text.rstrip())
        fragment = _found_first(_Passage(article_text, start, end))
    named = str(fragment) if fragment else ""
    if not named or len(named) > 3 * _FRAGMENT_CHARACTERS:
        return address
    kept = address.partition(":~:")[0]  # an address has one directive; the quote's replaces another
    return f"{kept}{'' if '#' in kept else '#'}:~:text={named}"


def _by_ends(quote_text: str) -> _Fragment:
    """A quote named whole, or by its first and last words."""
    words = quote_text.split()
    if len(words) <= 2 * _FRAGMENT_WORDS:
        return _Fragment(" ".join(words))
    return _Fragment(" ".join(words[:_FRAGMENT_WORDS]), " ".join(words[-_FRAGMENT_WORDS:]))


def _found_first(passage: _Passage) -> _Fragment | None:
    """The fragment whose first match is the passage, with no more context than it needs; None when there is none."""
    bare = _by_ends(passage.words)
    opens = _ends_surely(passage.before[-2:], (passage.words[:2] + passage.after[:1])[:2])
    closes = _ends_surely((passage.before[-1:] + passage.words[-2:])[-2:], passage.after[:2])
    for before, after in _contexts(passage):
        if (bare.end and after) or not (before or opens) or not _begins_word(before or bare.start):
            continue
        fragment = replace(bare, prefix=before, suffix=after)
        if (bare.end or after or closes) and _starts_here(passage, fragment):
            break
    else:
        return None
    if not bare.end:
        return fragment
    suffix = "" if closes else next(_words_after(passage.after), "")
    ends = (
        end
        for end in _last_words(passage.words, bare)
        if _begins_word(end) and _ends_here(passage, bare.start, end, bool(suffix))
    )
    end = next(ends, None)
    return replace(fragment, end=end, suffix=suffix) if end else None


def _contexts(passage: _Passage) -> Iterator[tuple[str, str]]:
    """Words before and after the passage, from none to many, first at one side and then at both; those of the nearest
    lines come first, since a browser looks for a prefix or suffix inside one block of the page."""
    yield "", ""
    near_before = passage.before.rstrip().rpartition("\n")[2]
    near_after = passage.after.lstrip().partition("\n")[0]
    for left, right in ((near_before, near_after), (passage.before, passage.after)):
        befores, afters = list(_words_before(left)), list(_words_after(right))
        for size in range(max(len(befores), len(afters))):
            before = befores[min(size, len(befores) - 1)] if befores else ""
            after = afters[min(size, len(afters) - 1)] if afters else ""
            yield before, ""
            yield "", after
            yield before, after


def _words_before(text: str) -> Iterator[str]:
    """The last word of ``text``, its last two words and so on, white space collapsed."""
    cut = text if len(text) <= _FRAGMENT_CHARACTERS else _BROKEN_WORD.sub("", text[-_FRAGMENT_CHARACTERS:])
    words = cut.split()[-_CONTEXT_WORDS:]
    return (" ".join(words[-size:]) for size in range(1, len(words) + 1))


def _words_after(text: str) -> Iterator[str]:
    """The first word of ``text``, its first two words and so on, white space collapsed."""
    cut = text if len(text) <= _FRAGMENT_CHARACTERS else _BROKEN_LAST_WORD.sub("", text[:_FRAGMENT_CHARACTERS])
    words = cut.split()[:_CONTEXT_WORDS]
    return (" ".join(words[:size]) for size in range(1, len(words) + 1))


def _last_words(quote_text: str, bare: _Fragment) -> Iterator[str]:
    """The quote's last words, from those of ``bare`` on to many, but for its first ones."""
    words = quote_text.split()
    fewest = len(bare.end.split())
    most = min(len(words) - len(bare.start.split()), fewest + _CONTEXT_WORDS)
    return (" ".join(words[-size:]) for size in range(fewest, most + 1))


def _starts_here(passage: _Passage, fragment: _Fragment) -> bool:
    """Whether nothing before the passage matches the prefix, the first words and, of a quote that is named whole, the
    suffix. White space may part prefix and suffix from the words."""
    words = _folded(fragment.start)
    prefix, suffix = _folded(fragment.prefix), _folded(fragment.suffix)
    for lead in {prefix, f"{prefix} " if prefix else ""}:
        for trail in {suffix, f" {suffix}" if suffix else ""}:
            if _earlier(passage.folded, lead + words + trail, 0, passage.start - len(lead)):
                return False
    return True


def _ends_here(passage: _Passage, start: str, end: str, inside_word: bool) -> bool:
    """Whether the first ``end`` behind ``start`` in the passage is that at the passage's end.

    Args:
        inside_word: the passage ends inside a word, so that an ``end`` inside a word counts.
    """
    words = _folded(end)
    behind_start = passage.start + len(_folded(start))
    return not _earlier(passage.folded, words, behind_start, passage.end - len(words), inside_word)


def _earlier(text: str, words: str, start: int, own: int, inside_word: bool = False) -> bool:
    """Whether ``words`` may be found from ``start`` on before their place ``own``, as a browser looks for them."""
    for _ in range(_OCCURRENCES):
        found = text.find(words, start)
        if found < 0 or found >= own:
            return False
        if not _inside_word(text, found) and (inside_word or not _inside_word(text, found + len(words))):
            return True
        start = found + 1
    return True


def _inside_word(text: str, place: int) -> bool:
    """Whether no browser sees the border of a word at ``place``."""
    pair = text[max(0, place - 1) : place + 1]
    return len(pair) == 2 and place > 0 and all(c.isalpha() or c.isdecimal() for c in pair) and max(pair) < _NO_SPACES


def _begins_word(words: str) -> bool:
    """Whether the border of a word may stand before these: marks and soft hyphens belong to what they follow, even to a
    space."""
    return unicodedata.category(words[0]) not in ("Mn", "Mc", "Me", "Cf", "Sk", "Cn")


def _ends_surely(left: str, right: str) -> bool:
    """Whether every browser sees the border of a word between two texts, of which two characters each are enough."""
    if not left or not right or left[-1].isspace() or right[0].isspace():
        return True
    near = (left[-1], right[0])
    if any(each in _UNSURE or unicodedata.category(each) in _UNSURE_CATEGORIES for each in near):
        return False
    if right[0] == "'" and unicodedata.name(left[-1], "").startswith("HEBREW"):
        return False  # an apostrophe belongs to the Hebrew letter that it follows
    if left[-1].isalnum():
        return not right[0].isalnum() and not (right[0] in _JOINERS and right[1:].isalnum())
    return not (right[0].isalnum() and (left[-1] in "'’" or (left[-1] in _JOINERS and left[:-1].isalnum())))


def _folded(text: str) -> str:
    """``text`` without case and accents, white space collapsed."""
    spaced = _SPACE.sub(" ", text)
    # Letter by letter, so that the pieces of a text fold as the whole does.
    return (
        spaced.lower()
        if spaced.isascii()
        else spaced.translate({ord(each): _folded_letter(each) for each in set(spaced)})
    )


def _folded_letter(letter: str) -> str:
    decomposed = unicodedata.normalize("NFD", letter.casefold())
    return "".join(each for each in decomposed if unicodedata.category(each) != "Mn")


def _encoded(words: str) -> str:
    # A hyphen parts prefix and suffix from the text in a fragment, and ``quote`` leaves it alone.
    return quote(words, safe="").replace("-", "%2D")
