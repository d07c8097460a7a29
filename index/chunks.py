"""Sentences -> chunks of whole sentences: what is searched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from index.records import Article, Chunk, Sentence

CHUNK_RULES = "2"
"""Raised with every change of the rules below: an index made under other rules must not be mixed with this one's."""

PARAGRAPH_CUT_FROM = 1 / 3
"""A chunk that is so full may end with its last paragraph instead of going on into the next."""

LAST_CHUNK_FROM = 1 / 2
"""An article's last chunk that is less full than this reaches back over the one before."""

CountTokens = Callable[[Sequence[str]], Sequence[int]]

_WORD = re.compile(r"\S{1,100}")  # no word is longer: 100 characters without white space are no natural language's
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n|[\f\u2029]")
_MONTHS = [  # not the locale's
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_HEADING_SHARE = 0.5  # a title as long as a page must leave room for text


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is never cut: a sentence, or a word of a sentence that is longer than a chunk."""

    start: int
    end: int
    words: int
    tokens: int
    opens_paragraph: bool = False


@dataclass(frozen=True, slots=True)
class _Budget:
    """A chunk's limits: ``tokens`` are those of the text alone."""

    words: int
    tokens: int

    def holds(self, words: int, tokens: int, share: float = 1.0) -> bool:
        return words <= share * self.words and tokens <= share * self.tokens


def chunk_article(
    article: Article,
    sentences: Sequence[Sentence],
    *,
    chunk_words: int,
    overlap_sentences: int,
    count_tokens: CountTokens,
    max_tokens: int,
) -> tuple[Chunk, ...]:
    """Chunks of an article: runs of whole sentences, each as long as fits.

    A chunk prefers to end with a paragraph (before a blank line), and then the next repeats nothing of it; where it
    ends inside a paragraph, the next repeats its last sentences. A sentence that does not fit by itself makes several
    chunks of whole words that name it whole, each with its own range. The time is linear in the length of the text.

    Args:
        sentences: all of the article's sentences, in order.
        chunk_words: the most words in a chunk. A word is a run of characters that are not white space; of more than 100
            such characters every 100 count as a word.
        overlap_sentences: how many sentences a chunk repeats from the one before, where they leave room for a new one.
        count_tokens: the embedder's: the numbers of tokens of some texts, special ones included.
        max_tokens: the most tokens of a chunk, its heading and special tokens included.

    Returns:
        The chunks, in order. Every character of every sentence lies in at least one.
    """
    heading = _heading(article, count_tokens, int(max_tokens * _HEADING_SHARE))
    ranges = [(sentence.start_char, sentence.end_char) for sentence in sentences]
    tokens = _text_tokens(article.text, ranges, count_tokens)
    room = max(1, max_tokens - count_tokens([heading])[0])
    while True:
        budget = _Budget(chunk_words, room)
        chunks = tuple(_chunks(article, heading, sentences, tokens, overlap_sentences, budget, count_tokens))
        most = max(count_tokens([chunk.indexed_text for chunk in chunks]), default=0)
        if most <= max_tokens or room == 1:
            return chunks
        # A tokenizer may count a text higher than the sum of its sentences.
        room = max(1, room - (most - max_tokens))


def _heading(article: Article, count_tokens: CountTokens, most_tokens: int) -> str:
    """Title and date, cut at a word so that it leaves room for text."""
    day = article.published_date
    dated = f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else ""
    title = " ".join(article.title.split())
    heading = ", ".join(filter(None, (title, dated)))
    if not heading or count_tokens([heading])[0] <= most_tokens:
        return heading
    words = title.split()
    while words and count_tokens([" ".join(words)])[0] > most_tokens:
        words = words[: len(words) // 2]
    return " ".join(words)


def _text_tokens(text: str, ranges: Sequence[tuple[int, int]], count_tokens: CountTokens) -> list[int]:
    """Each range's number of tokens, without the special ones."""
    specials = count_tokens([""])[0]
    return [count - specials for count in count_tokens([text[start:end] for start, end in ranges])]


def _chunks(
    article: Article,
    heading: str,
    sentences: Sequence[Sentence],
    sentence_tokens: Sequence[int],
    overlap: int,
    budget: _Budget,
    count_tokens: CountTokens,
) -> Iterator[Chunk]:
    def chunk(start: int, end: int, covered: Sequence[Sentence]) -> Chunk:
        return Chunk(article.article_id, start, end, article.text[start:end], heading, tuple(covered))

    first = 0  # of the sentences that come before the next long one and make no chunk yet
    pieces: list[_Piece] = []
    for number, (sentence, tokens) in enumerate(zip(sentences, sentence_tokens, strict=True)):
        piece = _sentence_piece(article.text, sentences, number, tokens)
        if budget.holds(piece.words, piece.tokens):
            pieces.append(piece)
            continue
        for start, end in _runs(pieces, overlap, budget):
            yield chunk(pieces[start].start, pieces[end - 1].end, sentences[first + start : first + end])
        words = _word_pieces(article.text, sentence, budget.tokens, count_tokens)
        for start, end in _runs(words, 0, budget):
            yield chunk(words[start].start, words[end - 1].end, [sentence])
        first, pieces = number + 1, []
    for start, end in _runs(pieces, overlap, budget):
        yield chunk(pieces[start].start, pieces[end - 1].end, sentences[first + start : first + end])


def _sentence_piece(text: str, sentences: Sequence[Sentence], number: int, tokens: int) -> _Piece:
    start, end = sentences[number].start_char, sentences[number].end_char
    words = sum(1 for _ in _WORD.finditer(text, start, end))
    gap_start = sentences[number - 1].end_char if number else 0
    return _Piece(start, end, words, tokens, bool(_PARAGRAPH_BREAK.search(text, gap_start, start)))


def _word_pieces(text: str, sentence: Sentence, most_tokens: int, count_tokens: CountTokens) -> list[_Piece]:
    """The words of a sentence; one with too many tokens is halved until it fits."""
    spans = [word.span() for word in _WORD.finditer(text, sentence.start_char, sentence.end_char)]
    while True:
        counts = _text_tokens(text, spans, count_tokens)
        too_long = {
            span for span, count in zip(spans, counts, strict=True) if count > most_tokens and span[1] - span[0] > 1
        }
        if not too_long:
            return [_Piece(start, end, 1, count) for (start, end), count in zip(spans, counts, strict=True)]
        spans = [half for span in spans for half in (_halves(*span) if span in too_long else (span,))]


def _halves(start: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
    middle = (start + end) // 2
    return (start, middle), (middle, end)


def _runs(pieces: Sequence[_Piece], overlap: int, budget: _Budget) -> Iterator[tuple[int, int]]:
    """The chunks as half-open ranges of ``pieces``; starts and ends ascend."""
    words = list(accumulate((piece.words for piece in pieces), initial=0))
    tokens = list(accumulate((piece.tokens for piece in pieces), initial=0))

    def fits(start: int, end: int, share: float = 1.0) -> bool:
        return budget.holds(words[end] - words[start], tokens[end] - tokens[start], share)

    start = unseen = 0  # the next chunk's first piece; the first piece that no chunk holds yet
    while unseen < len(pieces):
        end = unseen + 1
        while end < len(pieces) and fits(start, end + 1):
            end += 1
        if end < len(pieces):
            breaks = (cut for cut in range(end, unseen, -1) if pieces[cut].opens_paragraph)
            last_break = next(breaks, end)
            end = end if fits(start, last_break, PARAGRAPH_CUT_FROM) else last_break
        elif fits(start, end, LAST_CHUNK_FROM):
            while start > 0 and fits(start - 1, end):
                start -= 1
        yield start, end
        start = unseen = end
        if end < len(pieces) and not pieces[end].opens_paragraph:
            # Never back to the whole chunk: had all of it room for one piece more, it would hold that piece.
            while start > unseen - overlap and start > 0 and fits(start - 1, unseen + 1):
                start -= 1
