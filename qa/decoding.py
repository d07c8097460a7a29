"""Start and end logits -> the best spans, in characters. Pure numpy: the same for every extractive reader."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.word_edges import whole_words

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]

LONGEST_SPAN = 40
"""Tokens. Of the answers in the training data 99 in 100 are shorter; a longer one is better told by its sentence."""

LOOKED_AT = 12
"""How many spans are looked at for the one that is preferred. Of a window's first fifteen the best has a mean F1 of
.97 on development questions with the right paragraph given (docs/reading.md)."""


@dataclass(frozen=True, slots=True)
class CharSpan:
    """Half-open characters of the text that was read.

    Attributes:
        score: the start's and the end's logit less those of no answer: 0 means as good as none.
    """

    start: int
    end: int
    score: float


def best_token_spans(
    start: Floats,
    end: Floats,
    *,
    longest: int,
    count: int,
    parts: Ints | None = None,
    length_cost: float = 0.0,
    preference: Callable[[int, int], float] | None = None,
) -> list[tuple[int, int, float]]:
    """The best spans that do not overlap.

    A span's score is the sum of its first token's start logit and its last token's end logit (Devlin et al. 2019,
    section 4.2). The best is taken, then the best of those that share no token with it, and so on.

    Args:
        start, end: the logits of the text's tokens, shape ``(tokens,)``; -inf where no span may start or end.
        longest: the most tokens of a span.
        count: how many spans at most.
        parts: the number of the part of the text, such as a sentence, that each token lies in, shape ``(tokens,)``: no
            span runs from one into another. One part when None.
        length_cost: a span of n tokens is taken as if it scored ``length_cost * log(n + 1)`` less. Start and end are
            chosen apart, and so may be those of two answers; the cost is not part of the score.
        preference: what is added to the score of a span, by its first and last token. Asked of the ``LOOKED_AT`` best.

    Returns:
        First token, last token (both included) and score, best first; of equal ones the earlier, then the shorter.
    """
    tokens = len(start)
    if not tokens:
        return []
    allowed = _span_scores(start, end, longest, parts)
    width = allowed.shape[1]
    costs = length_cost * np.log(np.arange(2, width + 2))
    scores = allowed - costs
    found: list[tuple[int, int, float]] = []
    for _ in range(count):
        place, preferred = _best_place(scores, preference)
        first, extra = divmod(place, width)
        if not np.isfinite(scores[first, extra]):
            break
        last = first + extra
        found.append((first, last, float(allowed[first, extra]) + preferred))
        scores[first : last + 1] = -np.inf  # starts inside it
        for earlier in range(max(0, first - width + 1), first):
            scores[earlier, first - earlier :] = -np.inf  # starts before it and reaches in
    return sorted(found, key=lambda span: (-span[2], span[0], span[1]))


def _span_scores(start: Floats, end: Floats, longest: int, parts: Ints | None) -> Floats:
    """The score of the span from token i to token i + d at ``[i, d]``; -inf where there is none."""
    tokens = len(start)
    width = min(longest, tokens)
    padded = np.full(tokens + width - 1, -np.inf)
    padded[:tokens] = end
    ends = np.lib.stride_tricks.sliding_window_view(padded, width)
    scores: Floats = np.asarray(start, dtype=np.float64)[:, None] + ends
    if parts is not None:
        last_parts = np.lib.stride_tricks.sliding_window_view(np.append(parts, np.repeat(parts[-1:], width - 1)), width)
        scores[last_parts != parts[:, None]] = -np.inf
    return scores


def _best_place(scores: Floats, preference: Callable[[int, int], float] | None) -> tuple[int, float]:
    """The flat place of the best span, and what is added to its score."""
    if preference is None:
        return int(np.argmax(scores)), 0.0
    flat = scores.ravel()
    looked_at = min(LOOKED_AT, len(flat))
    best, best_added, best_score = int(np.argmax(flat)), 0.0, -np.inf
    for place in sorted(map(int, np.argpartition(-flat, looked_at - 1)[:looked_at])):
        if np.isfinite(flat[place]):
            first, extra = divmod(place, scores.shape[1])
            added = preference(first, first + extra)
            if flat[place] + added > best_score:
                best, best_added, best_score = place, added, float(flat[place]) + added
    return best, best_added


@dataclass(frozen=True, slots=True, eq=False)
class TextLogits:
    """What a network makes of the text in a window.

    Attributes:
        start, end: the logits of the text's tokens, shape ``(tokens,)``.
        no_answer: start logit plus end logit of "no answer".
        starts, ends: each token's half-open characters, shape ``(tokens,)``.
    """

    start: Floats
    end: Floats
    no_answer: float
    starts: Ints
    ends: Ints


def decode(
    text: str,
    logits: TextLogits,
    *,
    longest: int,
    count: int,
    sentence_starts: Sequence[int] = (),
    length_cost: float = 0.0,
    preference: Callable[[str], float] | None = None,
) -> list[CharSpan]:
    """The best spans of one window, as characters of whole words.

    Args:
        text: what was read; offsets count its code points.
        longest, count, length_cost: as in ``best_token_spans``.
        sentence_starts: the characters at which a sentence begins, in increasing order; no span runs from one sentence
            into the next.
        preference: what is added to the score of a span, by its words.

    Returns:
        Best first; never empty ones.
    """

    edges = _edges(text, sentence_starts)

    def words(first: int, last: int) -> tuple[int, int]:
        """Widened within its sentence: a combining mark after a line break is of the next one."""
        place = bisect_right(edges, int(logits.starts[first]), hi=len(edges) - 1) - 1
        before, after = edges[place], edges[place + 1]
        begin, finish = whole_words(
            text[before:after], int(logits.starts[first]) - before, min(int(logits.ends[last]), after) - before
        )
        return before + begin, before + finish

    def preferred(first: int, last: int) -> float:
        begin, finish = words(first, last)
        return preference(text[begin:finish]) if preference and begin < finish else 0.0

    spans = []
    for first, last, score in best_token_spans(
        logits.start,
        logits.end,
        longest=longest,
        count=count,
        parts=_sentences_of(logits, sentence_starts),
        length_cost=length_cost,
        preference=preferred if preference else None,
    ):
        begin, finish = words(first, last)
        if begin < finish:
            spans.append(CharSpan(begin, finish, score - logits.no_answer))
    return merged(spans)


def decode_sentences(
    text: str, logits: TextLogits, *, longest: int, count: int, sentence_starts: Sequence[int] = ()
) -> list[CharSpan]:
    """The sentences of one window that are likeliest to hold the answer, whatever words of them it is.

    A sentence's score is the log of the sum of the odds of all spans in it: where many overlapping ones say the same
    in more or fewer words, none of them needs to stand out.

    Args:
        text, sentence_starts: as in ``decode``.
        longest: the most tokens of a span.
        count: how many sentences at most.

    Returns:
        Best first, without the white space between them; never empty ones.
    """
    if not len(logits.start):
        return []
    scores = _span_scores(logits.start, logits.end, longest, _sentences_of(logits, sentence_starts))
    edges = _edges(text, sentence_starts)
    found = []
    for number in np.unique(sentences := np.searchsorted(edges, logits.starts, side="right") - 1):
        begin, finish = edges[number], edges[number + 1]
        begin += len(text[begin:finish]) - len(text[begin:finish].lstrip())
        finish = begin + len(text[begin:finish].rstrip())
        score = float(np.logaddexp.reduce(scores[sentences == number], axis=None))
        if begin < finish and np.isfinite(score):
            found.append(CharSpan(begin, finish, score - logits.no_answer))
    return merged(found)[:count]


def _edges(text: str, sentence_starts: Sequence[int]) -> list[int]:
    """Where the text's sentences begin, and where the last one ends."""
    return [0, *(start for start in sentence_starts if 0 < start < len(text)), len(text)]


def _sentences_of(logits: TextLogits, sentence_starts: Sequence[int]) -> Ints:
    """The number of the sentence that each token lies in."""
    return np.searchsorted(np.asarray(sentence_starts, dtype=np.int64), logits.starts, side="right")


def merged(spans: Iterable[CharSpan]) -> list[CharSpan]:
    """The spans of overlapping windows: of the same place the best score counts. Best first, ties by place."""
    best: dict[tuple[int, int], CharSpan] = {}
    for span in spans:
        known = best.get((span.start, span.end))
        if known is None or span.score > known.score:
            best[span.start, span.end] = span
    return sorted(best.values(), key=lambda span: (-span.score, span.start, span.end))
