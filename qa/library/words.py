"""The words of texts, for searching: without case and accents, the same whether SQLite has FTS5 or not."""

from __future__ import annotations

import re
import unicodedata

from qa.records import Answer

_WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # written without spaces: one by one
    "|[^\\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_WITHOUT_STROKE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_LONGEST_WORD = 100
"""Characters of a word that count."""


def folded_words(text: str) -> list[str]:
    """The words of ``text`` in their order: letters and digits alone, no capitals, no accents."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(character for character in bare if unicodedata.category(character) != "Mn")
    return [word[:_LONGEST_WORD] for word in _WORD.findall(bare.translate(_WITHOUT_STROKE))]


def searchable(question: str, answer: Answer | None) -> tuple[str, ...]:
    """The texts of an exchange that a search looks into: the question, the answer's text, the cited sentences."""
    if answer is None:
        return (question,)
    said = [answer.text] if answer.text else []
    return (question, *said, *(citation.sentence for citation in answer.citations))


def kept_words(texts: tuple[str, ...]) -> str:
    """The words of ``texts`` for the column that is searched: a space before each."""
    return "".join(f" {word}" for text in texts for word in folded_words(text))


def best_match(texts: tuple[str, ...], wanted: list[str]) -> str:
    """The text that holds most of the ``wanted`` beginnings of words; of equal ones the first."""
    return max(texts, key=lambda text: sum(f" {word}" in kept_words((text,)) for word in wanted))


def fts_query(wanted: list[str]) -> str:
    """An FTS5 query for all of the ``wanted`` beginnings of words. They hold letters and digits alone, so no part of
    them can be syntax."""
    return " AND ".join(f'"{word}" *' for word in wanted)
