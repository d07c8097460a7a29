"""Article -> Sentences: the units of citation, with exact character offsets.

The text is cut into blocks at its line ends (``sentence_blocks``), each block is scanned once for stops, and at each
stop the rules (``sentence_rules``) say whether a sentence ends. English first; a stop of another script ends a sentence
by itself. The time is linear in the length of the text, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.records import Article, Sentence
from index.sentence_blocks import Span, text_blocks
from index.sentence_rules import Stop, ends_glued_sentence, ends_sentence, quotation_is_open

SENTENCE_RULES = "1"
"""Raised with every change of the rules: an index made under other rules must not be mixed with this one's."""

_WIDE = "。．！？｡।॥؟۔።։"
_CLOSERS = r"\"'”’»›)\]}」』）】》〉\u200b\u200e\u200f\ufe0f\ufeff"  # with marks of no width, which hide in web text
# It starts with a character set, for which the regex engine searches fast. Possessive quantifiers ("*+") keep a match
# from ever going back: a megabyte of dots is one match.
_STOP = re.compile(
    rf"""
    (?P<mark> [.!?…‼⁇⁈⁉{_WIDE}] [.!?…‼⁇⁈⁉{_WIDE}]*+ (?: [^\S\n]++ [.!?…]++ (?!\w) )*+ )
    (?P<closing> (?: [{_CLOSERS}] | \[\d{{1,3}}\] | [^\S\n]++ (?: '' | [”»)\]}}] ) (?=\s|$) )*+ )
    (?P<gap> \s*+ )
    """,
    re.VERBOSE,
)
_STOP_THEN_ELLIPSIS = re.compile(r"([.!?])\s+(?=\.(?:\s*\.)+$|…$)")


def sentence_spans(text: str) -> list[Span]:
    """The sentences of ``text``.

    Args:
        text: any string.

    Returns:
        Half-open code point offsets, ascending and not overlapping. No span is empty, starts or ends with white space;
        every character that is not white space lies in exactly one span.
    """
    return [span for start, end in text_blocks(text) for span in _block_sentences(text, start, end)]


def split_article(article: Article) -> tuple[Sentence, ...]:
    """The sentences of ``article``, in order: ``article.text[s.start_char:s.end_char]`` is the sentence."""
    return tuple(
        Sentence(article.article_id, position, start, end)
        for position, (start, end) in enumerate(sentence_spans(article.text))
    )


def _block_sentences(text: str, start: int, end: int) -> Iterator[Span]:
    sentence_start = start
    for found in _STOP.finditer(text, start, end):
        cut = _cut(text, start, sentence_start, found, end)
        if cut is not None:
            sentence_end, next_start = cut
            yield sentence_start, sentence_end
            sentence_start = next_start
    yield sentence_start, end


def _cut(text: str, block_start: int, sentence_start: int, found: re.Match[str], end: int) -> Span | None:
    """Where the sentence ends and where the next one starts; None where the stop ends no sentence."""
    next_start = found.end()
    if end - next_start <= 8 and not any(char.isalnum() for char in text[next_start:end]):
        return None  # a lone bracket or emoji stays with the sentence before it
    mark, closing, gap = found.groups()
    if mark[0] in _WIDE:
        is_quoted_inside = closing and not gap
        return None if is_quoted_inside else (found.end("closing"), next_start)
    if not gap and (text[next_start].islower() or text[next_start].isdecimal()):
        return None  # most often a decimal point or an address
    stop = Stop(text, sentence_start, found.start(), mark, closing, next_start, end)
    if not gap:
        if not ends_glued_sentence(stop):
            return None
        at = next_start
        if closing in ('"', "”") and not quotation_is_open(text, block_start, at - 1):
            at -= 1  # said."We: the mark opens the next sentence
        return at, at
    if not ends_sentence(stop):
        return None
    then_ellipsis = _STOP_THEN_ELLIPSIS.match(mark)
    if then_ellipsis and not closing and not text[stop.start - 1].isspace():
        # The dots of an ellipsis behind a full stop stand for the start of what follows.
        return stop.start + 1, stop.start + then_ellipsis.end()
    return found.end("closing"), next_start
