"""Start and end logits -> the best spans, in characters. Pure numpy: the same for every extractive reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]

LONGEST_SPAN = 40
"""Tokens. Of the answers in the training data 99 in 100 are shorter; a longer one is better told by its sentence."""

_STRIPPED_BEFORE = ",;:!?)]}…”»„"
_STRIPPED_AFTER = ",;:!?([{…“«"
_PAIRS = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»", '"': '"', "‘": "’"}
_ONE_SIDED = {opening: closing for opening, closing in _PAIRS.items() if opening not in '"‘'}
"""Pairs whose marks tell which side they stand on: ``"`` stands on both, and ``’`` is an apostrophe too."""
_ABBREVIATION = re.compile(r"(?<![\w.])(?:[^\W\d_]{1,2}\.){2,}\Z")  # U.S., p.m., Ph.D.
_ZERO_WIDTH_JOINER = "\u200d"
_JOINERS = "\u00ad\u200c\u2060" + _ZERO_WIDTH_JOINER
"""Format characters that stand inside a word: soft hyphen, non-joiner, word joiner, and the one inside emoji."""


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
    start: Floats, end: Floats, *, longest: int, count: int, parts: Ints | None = None
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

    Returns:
        First token, last token (both included) and score, best first; of equal ones the earlier, then the shorter.
    """
    tokens = len(start)
    if not tokens:
        return []
    width = min(longest, tokens)
    padded = np.full(tokens + width - 1, -np.inf)
    padded[:tokens] = end
    # scores[i, d]: the span from token i to token i + d
    scores = np.asarray(start, dtype=np.float64)[:, None] + np.lib.stride_tricks.sliding_window_view(padded, width)
    if parts is not None:
        last_parts = np.lib.stride_tricks.sliding_window_view(np.append(parts, np.repeat(parts[-1:], width - 1)), width)
        scores[last_parts != parts[:, None]] = -np.inf
    found: list[tuple[int, int, float]] = []
    for _ in range(count):
        place = int(np.argmax(scores))
        first, extra = divmod(place, width)
        score = float(scores[first, extra])
        if not np.isfinite(score):
            break
        last = first + extra
        found.append((first, last, score))
        scores[first : last + 1] = -np.inf  # starts inside it
        for earlier in range(max(0, first - width + 1), first):
            scores[earlier, first - earlier :] = -np.inf  # starts before it and reaches in
    return found


def decode(
    text: str,
    start: Floats,
    end: Floats,
    no_answer: float,
    starts: Ints,
    ends: Ints,
    *,
    longest: int,
    count: int,
    sentence_starts: Sequence[int] = (),
) -> list[CharSpan]:
    """The best spans of one window, as characters of whole words.

    Args:
        text: what was read; offsets count its code points.
        start, end: the logits of the text's tokens, shape ``(tokens,)``.
        no_answer: start logit plus end logit of "no answer".
        starts, ends: each token's half-open characters, shape ``(tokens,)``.
        longest, count: as in ``best_token_spans``.
        sentence_starts: the characters at which a sentence begins, in increasing order; no span runs from one sentence
            into the next.

    Returns:
        Best first; never empty ones.
    """
    spans = []
    sentences = np.searchsorted(np.asarray(sentence_starts, dtype=np.int64), starts, side="right")
    for first, last, score in best_token_spans(start, end, longest=longest, count=count, parts=sentences):
        begin, finish = whole_words(text, int(starts[first]), int(ends[last]))
        if begin < finish:
            spans.append(CharSpan(begin, finish, score - no_answer))
    return merged(spans)


def merged(spans: Iterable[CharSpan]) -> list[CharSpan]:
    """The spans of overlapping windows: of the same place the best score counts. Best first, ties by place."""
    best: dict[tuple[int, int], CharSpan] = {}
    for span in spans:
        known = best.get((span.start, span.end))
        if known is None or span.score > known.score:
            best[span.start, span.end] = span
    return sorted(best.values(), key=lambda span: (-span.score, span.start, span.end))


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A span widened to the edges of its words and without marks and white space at its ends.

    A token may be a part of a word, or of a number (``2.4``). Marks that close or separate go, and a bracket or
    quotation mark without its partner; a full stop stays when it is part of an abbreviation (``U.S.``) or begins a
    number (``.45``). A bracket or quotation mark right beside the span comes in when its partner is inside. Nothing is
    left of a span of punctuation alone.
    """
    while 0 < start < end and _joined(text, start):
        start -= 1
    while start < end < len(text) and _joined(text, end):
        end += 1
    if not any(unicodedata.category(character)[0] in "LNS" for character in text[start:end]):
        return start, start
    while start < end:
        inside = text[start:end]
        if _goes_before(inside) or _opens_alone(inside):
            start += 1
        elif _goes_after(inside) or _closes_alone(inside):
            end -= 1
        else:
            break
    return _with_partners(text, start, end)


def _with_partners(text: str, start: int, end: int) -> tuple[int, int]:
    """A span with the bracket or mark next to it whose partner stands alone inside: ``boat (1990`` before ``)``."""
    inside = text[start:end]
    for opening, closing in _ONE_SIDED.items():
        surplus = inside.count(opening) - inside.count(closing)
        if surplus == 1 and text[end : end + 1] == closing and not (text[end + 1 :] and _combines(text[end + 1])):
            return start, end + 1
        if surplus == -1 and start and text[start - 1] == opening:
            return start - 1, end
    return start, end


def _joined(text: str, place: int) -> bool:
    """Whether the characters on both sides of ``place`` belong to one word or number, or to one character."""
    after = text[place]
    if _combines(after) or text[place - 1] == _ZERO_WIDTH_JOINER:
        return True
    before = place - 1
    while before > 0 and _combines(text[before]):
        before -= 1
    if text[before].isalnum() and after.isalnum():
        return True
    mark = place if after in ".," else place - 1
    return 0 < mark < len(text) - 1 and text[mark] in ".," and text[mark - 1].isdigit() and text[mark + 1].isdigit()


def _combines(character: str) -> bool:
    """Whether a character belongs to the one before it: an accent, a joiner, an emoji's skin colour."""
    return unicodedata.category(character)[0] == "M" or character in _JOINERS or "🏻" <= character <= "🏿"


def _goes_before(inside: str) -> bool:
    if inside[0] == ".":
        return not inside[1:2].isdigit()
    return inside[0].isspace() or inside[0] in _STRIPPED_BEFORE or _combines(inside[0])


def _goes_after(inside: str) -> bool:
    if inside[-1] == ".":
        return not _ABBREVIATION.search(inside)
    return inside[-1].isspace() or inside[-1] in _STRIPPED_AFTER


def _opens_alone(inside: str) -> bool:
    partner = _PAIRS.get(inside[0])
    return partner is not None and partner not in inside[1:]


def _closes_alone(inside: str) -> bool:
    return any(inside[-1] == closing and opening not in inside[:-1] for opening, closing in _PAIRS.items())
