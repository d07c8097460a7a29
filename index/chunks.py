"""Sentences -> chunks of whole sentences: what is searched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.records import Article, Chunk, Sentence

CHUNK_RULES = "1"
"""Raised with every change of the rules below: an index made under other rules must not be mixed with this one's."""

CountTokens = Callable[[Sequence[str]], Sequence[int]]

_WORD = re.compile(r"\S+")
_MONTHS = [
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
_PIECE_CHARACTERS = 100  # a word longer than this is cut: no natural language has one


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence, or a piece of one that is longer than a chunk."""

    sentence: Sentence
    start: int
    end: int
    words: int
    tokens: int

    @property
    def whole(self) -> bool:
        return (self.start, self.end) == (self.sentence.start_char, self.sentence.end_char)


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

    A sentence that does not fit by itself makes several chunks that name it whole, each with its own range.

    Args:
        sentences: all of the article's sentences, in order.
        chunk_words: the most words (runs of characters that are not white space) in a chunk.
        overlap_sentences: how many sentences a chunk repeats from the one before, where they leave room for a new one.
        count_tokens: the embedder's: the numbers of tokens of some texts, special ones included.
        max_tokens: the most tokens of a chunk, its heading and special tokens included.

    Returns:
        The chunks, in order. Every character of every sentence lies in at least one.
    """
    heading = _heading(article, count_tokens, int(max_tokens * _HEADING_SHARE))
    room = max(1, max_tokens - (count_tokens([heading])[0] if heading else count_tokens([""])[0]))
    parts = list(_parts(article.text, sentences, chunk_words, room, count_tokens))
    return tuple(
        Chunk(
            article_id=article.article_id,
            start_char=parts[first].start,
            end_char=parts[last].end,
            text=article.text[parts[first].start : parts[last].end],
            heading=heading,
            sentences=tuple(part.sentence for part in parts[first : last + 1]),
        )
        for first, last in _runs(parts, chunk_words, overlap_sentences, room)
    )


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


def _parts(
    text: str, sentences: Sequence[Sentence], chunk_words: int, room: int, count_tokens: CountTokens
) -> Iterator[_Part]:
    """Each sentence as one part, or in pieces when it is longer than a chunk."""
    specials = count_tokens([""])[0]
    counts = count_tokens([text[sentence.start_char : sentence.end_char] for sentence in sentences])
    for sentence, count in zip(sentences, counts, strict=True):
        words, tokens = _count_words(text[sentence.start_char : sentence.end_char]), count - specials
        if words <= chunk_words and tokens <= room:
            yield _Part(sentence, sentence.start_char, sentence.end_char, words, tokens)
        else:
            yield from _pieces(text, sentence, chunk_words, room, count_tokens)


def _pieces(text: str, sentence: Sentence, chunk_words: int, room: int, count_tokens: CountTokens) -> Iterator[_Part]:
    """A long sentence in pieces of whole words; a monster of a word is cut itself."""
    spans = [
        (start, min(start + _PIECE_CHARACTERS, word.end()))
        for word in _WORD.finditer(text, sentence.start_char, sentence.end_char)
        for start in range(word.start(), word.end(), _PIECE_CHARACTERS)
    ]
    specials = count_tokens([""])[0]
    counts = [count - specials for count in count_tokens([text[start:end] for start, end in spans])]
    first, tokens = 0, 0
    for number, count in enumerate(counts):
        if number > first and (number - first >= chunk_words or tokens + count > room):
            yield _Part(sentence, spans[first][0], spans[number - 1][1], number - first, tokens)
            first, tokens = number, 0
        tokens += count
    yield _Part(sentence, spans[first][0], spans[-1][1], len(spans) - first, tokens)


def _count_words(text: str) -> int:
    return len(text.split())


def _runs(parts: Sequence[_Part], chunk_words: int, overlap: int, room: int) -> Iterator[tuple[int, int]]:
    """First and last part of each chunk, both included."""
    first = 0
    while first < len(parts):
        last, words, tokens = first, parts[first].words, parts[first].tokens
        while (
            last + 1 < len(parts)
            and parts[last].whole
            and parts[last + 1].whole
            and words + parts[last + 1].words <= chunk_words
            and tokens + parts[last + 1].tokens <= room
        ):
            last += 1
            words += parts[last].words
            tokens += parts[last].tokens
        yield first, last
        following = last + 1
        if following >= len(parts):
            return
        first = following
        # Never back to this chunk's first sentence: had all that room for one more, this chunk would hold it.
        words, tokens = parts[following].words, parts[following].tokens
        for back in range(1, overlap + 1):
            repeated = following - back
            if not (parts[repeated].whole and parts[following].whole):
                break
            words += parts[repeated].words
            tokens += parts[repeated].tokens
            if words > chunk_words or tokens > room:
                break
            first = repeated
