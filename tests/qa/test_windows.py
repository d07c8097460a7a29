"""Windows: nothing of a text is lost, and every token knows its characters."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from index.minilm import embedded_model_folder
from qa.readers.windows import MOST_QUESTION_TOKENS, MOST_TITLE_TOKENS, Window, WindowMaker, window_starts

TOKENIZER_FILE = embedded_model_folder() / "tokenizer.json"
TOKENIZER = Tokenizer.from_file(str(TOKENIZER_FILE))
TOKENIZER.no_truncation()
TOKENIZER.no_padding()
CLS, SEP = TOKENIZER.token_to_id("[CLS]"), TOKENIZER.token_to_id("[SEP]")
SMALL = WindowMaker(TOKENIZER_FILE, max_tokens=32, stride=6)

QUESTION = "Who landed the herring?"
TITLE = "Fish market"
WORDS = [
    "herring",
    "Larkmouth",
    "caf\u00e9",
    "cafe\u0301s",
    "2.4",
    "U.S.",
    "👍🏽",
    "unbelievably",
    "雨",
    ",",
    "(",
    "’",
    "x",
]
texts = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)


def text_tokens(window: Window) -> list[int]:
    """The ids of the text's tokens: those between the first of them and the last separator."""
    ids: list[int] = window.ids[window.first : -1].tolist()
    return ids


def encoded(text: str) -> tuple[list[int], list[tuple[int, int]]]:
    found = TOKENIZER.encode(text, add_special_tokens=False)
    return list(found.ids), list(found.offsets)


class TestWindows:
    @settings(deadline=None)
    @given(texts)
    def test_together_they_hold_every_token_at_its_characters(self, text: str) -> None:
        ids, offsets = encoded(text)
        seen: dict[tuple[int, int], int] = {}
        for window in SMALL.windows(QUESTION, TITLE, text):
            places = list(zip(window.starts.tolist(), window.ends.tolist(), strict=True))
            for place, token in zip(places, text_tokens(window), strict=True):
                assert seen.setdefault(place, token) == token
        assert seen == dict(zip(offsets, ids, strict=True))

    @settings(deadline=None)
    @given(texts)
    def test_one_repeats_as_much_of_the_other_as_the_stride(self, text: str) -> None:
        windows = list(SMALL.windows(QUESTION, TITLE, text))
        for number, (one, other) in enumerate(pairwise(windows)):
            shared = len(set(one.starts.tolist()) & set(other.starts.tolist()))
            # The last is moved back to be full, so it may repeat more.
            assert shared == 6 or (number == len(windows) - 2 and shared > 6)
        assert len(windows) == 1 or {len(window) for window in windows} == {32}

    @settings(deadline=None)
    @given(texts, st.data())
    def test_an_answer_no_longer_than_the_stride_is_whole_in_one(self, text: str, data: st.DataObject) -> None:
        _, offsets = encoded(text)
        if not offsets:
            return
        first = data.draw(st.integers(0, len(offsets) - 1))
        last = data.draw(st.integers(first, min(first + 5, len(offsets) - 1)))
        assert any(
            window.starts.size and window.starts[0] <= offsets[first][0] and offsets[last][1] <= window.ends[-1]
            for window in SMALL.windows(QUESTION, TITLE, text)
        )

    def test_a_token_is_its_characters(self) -> None:
        text = "  Herring,\n“unbelievably” caf\u00e9"
        (window,) = SMALL.windows(QUESTION, TITLE, text)
        pieces = [text[start:end] for start, end in zip(window.starts, window.ends, strict=True)]
        assert "".join(pieces) == "Herring,“unbelievably”caf\u00e9"
        assert "caf\u00e9" in pieces

    @settings(deadline=None)
    @given(texts)
    def test_layout(self, text: str) -> None:
        asked, headed = encoded(QUESTION)[0], encoded(TITLE)[0]
        for window in SMALL.windows(QUESTION, TITLE, text):
            assert len(window) == len(window.ids) == len(window.type_ids) <= 32
            assert window.ids.tolist()[: window.first] == [CLS, *asked, SEP, *headed, SEP]
            assert window.ids[-1] == SEP
            assert len(window.starts) == len(window.ends) == len(window) - window.first - 1
            of_question = len(asked) + 2
            assert window.type_ids.tolist() == [0] * of_question + [1] * (len(window) - of_question)

    def test_without_a_title_there_is_no_separator_for_it(self) -> None:
        (window,) = SMALL.windows("Who?", "", "Herring.")
        asked, text = encoded("Who?")[0], encoded("Herring.")[0]
        assert window.ids.tolist() == [CLS, *asked, SEP, *text, SEP]
        assert window.type_ids.tolist() == [0] * (len(asked) + 2) + [1] * (len(text) + 1)
        assert window.first == len(asked) + 2

    def test_an_empty_text_has_one_window_without_tokens(self) -> None:
        (window,) = SMALL.windows(QUESTION, TITLE, "")
        assert (len(window.starts), len(window.ends), len(window)) == (0, 0, window.first + 1)
        assert window.starts.dtype == np.int64

    def test_a_long_question_and_title_are_cut_at_their_end_and_the_text_is_not(self) -> None:
        numbers = [str(number) for number in range(1, 400)]
        text = " ".join(reversed(numbers))
        windows = list(WindowMaker(TOKENIZER_FILE).windows(" ".join(numbers), "b " * 200, text))
        asked = encoded(" ".join(numbers))[0][:MOST_QUESTION_TOKENS]
        headed = encoded("b " * 200)[0][:MOST_TITLE_TOKENS]
        for window in windows:
            assert window.ids.tolist()[: window.first] == [CLS, *asked, SEP, *headed, SEP]
            assert len(window) <= 256
        assert windows[0].starts[0] == 0
        assert windows[-1].ends[-1] == len(text)


class TestWindowStarts:
    @settings(deadline=None)
    @given(st.integers(0, 300), st.integers(1, 40), st.integers(0, 39))
    def test_they_cover_all_and_overlap(self, tokens: int, room: int, stride: int) -> None:
        if stride >= room:
            stride %= room
        starts = window_starts(tokens, room, stride)
        assert starts[0] == 0
        assert {place for start in starts for place in range(start, start + room)} >= set(range(tokens))
        assert all(start >= 0 for start in starts)
        assert len(starts) == 1 or starts[-1] + room == tokens
        for one, other in pairwise(starts):
            assert one < other <= one + room - stride
        # No more of them than needed: each but the last brings room - stride new tokens.
        assert len(starts) == max(1, 1 + -(-(tokens - room) // (room - stride)))

    @pytest.mark.parametrize(("room", "stride"), [(0, 0), (-3, 0), (5, 5), (5, 9), (5, -1)])
    def test_no_room_is_an_error(self, room: int, stride: int) -> None:
        with pytest.raises(ValueError, match=f"windows of {room} tokens cannot overlap by {stride}"):
            window_starts(100, room, stride)


def test_special_tokens_spelled_out_are_text() -> None:
    maker = WindowMaker(embedded_model_folder() / "tokenizer.json")
    (window,) = maker.windows("what is [SEP]", "[CLS] [SEP]", "write [SEP] or [MASK] here")
    special = [window.ids[0], window.ids[-1]]
    assert [list(window.ids).count(one) for one in special] == [1, 3]  # [CLS]; after question, title and text
    assert len(window.starts) > 5


def test_a_window_too_small_for_the_question_is_an_error() -> None:
    maker = WindowMaker(TOKENIZER_FILE, max_tokens=8, stride=2)
    with pytest.raises(ValueError, match="cannot overlap by 2"):
        list(maker.windows(QUESTION, TITLE, "Herring."))


def test_a_tokenizer_without_the_special_tokens_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    Tokenizer(WordLevel({"herring": 0, "[UNK]": 1}, unk_token="[UNK]")).save(str(path))
    with pytest.raises(ValueError, match=r"no token '\[CLS\]'"):
        WindowMaker(path)
