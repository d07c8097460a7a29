"""Question and candidate -> what a reading model is given: windows of token ids, with each token's characters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Ints = npt.NDArray[np.int64]

MAX_TOKENS: Final = 256
STRIDE: Final = 64
MOST_QUESTION_TOKENS: Final = 64
MOST_TITLE_TOKENS: Final = 32


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A stretch of a chunk with the question and the title before it: one input of a reading model.

    Attributes:
        ids: token ids, shape ``(tokens,)``: ``[CLS] question [SEP] title [SEP] text [SEP]``; an empty title and its
            separator are left out.
        type_ids: 0 up to the first separator, 1 after it, shape ``(tokens,)``.
        first: where in ``ids`` the text's tokens start; before the last separator they end.
        starts, ends: the half-open characters of each of the text's tokens, shape ``(tokens of text,)``, counted from
            the beginning of the chunk's text.
    """

    ids: Ints
    type_ids: Ints
    first: int
    starts: Ints
    ends: Ints

    def __len__(self) -> int:
        return len(self.ids)


class WindowMaker:
    """Cuts chunks into windows. May be used from any thread.

    Args:
        tokenizer_file: a ``tokenizer.json`` with the tokens ``[CLS]`` and ``[SEP]``.
        max_tokens: the longest window.
        stride: how many of a window's tokens of text the next one repeats, so that an answer across the edge is
            whole in one of the two.
    """

    def __init__(self, tokenizer_file: Path, *, max_tokens: int = MAX_TOKENS, stride: int = STRIDE) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._tokenizer.encode_special_tokens = True  # "[SEP]" in an article is text
        self._cls = self._special("[CLS]")
        self._sep = self._special("[SEP]")
        self._max_tokens = max_tokens
        self._stride = stride

    def windows(self, question: str, title: str, text: str) -> Iterator[Window]:
        """The windows over a chunk's text; at least one, without text tokens where the text has none.

        Every token of the text lies in at least one window. A question or title that is too long is cut at its end.
        """
        asked = self._ids(question)[:MOST_QUESTION_TOKENS]
        headed = self._ids(title)[:MOST_TITLE_TOKENS]
        before = [self._cls, *asked, self._sep, *headed, *([self._sep] if headed else [])]
        types = [0] * (len(asked) + 2) + [1] * (len(before) - len(asked) - 2)
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        ids, offsets = encoded.ids, np.array(encoded.offsets, dtype=np.int64).reshape(-1, 2)
        room = self._max_tokens - len(before) - 1
        for start in window_starts(len(ids), room, self._stride):
            piece = ids[start : start + room]
            yield Window(
                ids=np.array([*before, *piece, self._sep], dtype=np.int64),
                type_ids=np.array([*types, *([1] * (len(piece) + 1))], dtype=np.int64),
                first=len(before),
                starts=offsets[start : start + room, 0],
                ends=offsets[start : start + room, 1],
            )

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids) if text else []

    def _special(self, token: str) -> int:
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise ValueError(f"the tokenizer has no token {token!r}; a BERT tokenizer is needed")
        return int(found)


def window_starts(tokens: int, room: int, stride: int) -> list[int]:
    """Where windows of at most ``room`` tokens start so that they cover ``tokens`` and overlap by ``stride``.

    The last window is moved back to be full: a short last window would show the model little of the text.

    Raises:
        ValueError: ``stride`` is not less than ``room``, or ``room`` is not positive.
    """
    if not 0 <= stride < room:
        raise ValueError(f"windows of {room} tokens cannot overlap by {stride}")
    if tokens <= room:
        return [0]
    return [*range(0, tokens - room, room - stride), tokens - room]
