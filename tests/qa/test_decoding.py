"""Logits -> spans: against trying every pair, and what a span's edges promise of any text."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import sentence_spans
from qa.decoding import CharSpan, Floats, TextLogits, best_token_spans, decode, decode_sentences, merged
from qa.word_edges import whole_words

INFINITY = float("inf")

# Few values, exact in binary: ties are common and sums round nowhere.
logit = st.one_of(st.integers(-3, 3).map(float), st.just(-INFINITY))
logits = st.integers(0, 9).flatmap(
    lambda tokens: st.tuples(*[st.lists(logit, min_size=tokens, max_size=tokens).map(np.array)] * 2)
)


def every_pair(start: Floats, end: Floats, longest: int, count: int, parts: list[int]) -> list[tuple[int, int, float]]:
    """The same by trying every pair: sort all by score, then place, then length; take each that touches none taken."""
    pairs = [
        (first, last, float(start[first] + end[last]))
        for first in range(len(start))
        for last in range(first, min(first + longest, len(start)))
        if start[first] > -INFINITY and end[last] > -INFINITY and parts[first] == parts[last]
    ]
    taken: list[tuple[int, int, float]] = []
    for first, last, score in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        if len(taken) < count and all(last < other[0] or other[1] < first for other in taken):
            taken.append((first, last, score))
    return taken


class TestBestTokenSpans:
    @settings(deadline=None)
    @given(logits, st.integers(1, 12), st.integers(0, 6))
    def test_is_what_trying_every_pair_finds(self, drawn: tuple[Floats, Floats], longest: int, count: int) -> None:
        start, end = drawn
        one = every_pair(start, end, longest, count, [0] * len(start))
        assert best_token_spans(start, end, longest=longest, count=count) == one

    @settings(deadline=None)
    @given(logits, st.integers(1, 12), st.integers(0, 6), st.lists(st.integers(0, 3), min_size=9, max_size=9))
    def test_no_span_runs_from_one_part_into_another(
        self, drawn: tuple[Floats, Floats], longest: int, count: int, drawn_parts: list[int]
    ) -> None:
        start, end = drawn
        parts = sorted(drawn_parts[: len(start)])
        found = best_token_spans(start, end, longest=longest, count=count, parts=np.array(parts, dtype=np.int64))
        assert found == every_pair(start, end, longest, count, parts)

    def test_by_hand(self) -> None:
        start, end = np.array([0.0, 5.0, 1.0, 0.0]), np.array([9.0, 0.0, 4.0, 2.0])
        # The best start (1) comes after the best end (0): as one span they are none.
        found = best_token_spans(start, end, longest=4, count=3)
        assert found == [(0, 0, 9.0), (1, 2, 9.0), (3, 3, 2.0)]

    def test_no_tokens(self) -> None:
        assert best_token_spans(np.array([]), np.array([]), longest=5, count=3) == []

    def test_where_no_span_may_start_or_end(self) -> None:
        start, end = np.array([-INFINITY, 1.0, -INFINITY]), np.array([7.0, -INFINITY, 2.0])
        assert best_token_spans(start, end, longest=3, count=5) == [(1, 2, 3.0)]
        assert best_token_spans(start, end, longest=1, count=5) == []

    @settings(deadline=None)
    @given(logits, st.integers(1, 12), st.integers(0, 6), st.integers(0, 2).map(float))
    def test_a_cost_of_length_changes_what_is_taken_and_not_its_score(
        self, drawn: tuple[Floats, Floats], longest: int, count: int, cost: float
    ) -> None:
        start, end = drawn
        found = best_token_spans(start, end, longest=longest, count=count, length_cost=cost)
        for first, last, score in found:
            assert score == start[first] + end[last]
        every = [
            (start[a] + end[b] - cost * np.log(b - a + 2), a, b)
            for a in range(len(start))
            for b in range(a, min(a + longest, len(start)))
            if np.isfinite(start[a] + end[b])
        ]
        taken: list[tuple[int, int]] = []
        for _, a, b in sorted(every, key=lambda one: (-one[0], one[1], one[2])):
            if len(taken) < count and all(b < other[0] or other[1] < a for other in taken):
                taken.append((a, b))
        assert sorted((first, last) for first, last, _ in found) == sorted(taken)
        assert found == sorted(found, key=lambda one: (-one[2], one[0], one[1]))

    def test_the_end_of_another_answer_costs_what_it_is_too_far_away(self) -> None:
        start, end = np.array([5.0, 0, 0, 0, 4.5]), np.array([4.5, 0, 0, 0, 5.0])  # two answers of one token each
        assert best_token_spans(start, end, longest=5, count=1) == [(0, 4, 10.0)]
        assert best_token_spans(start, end, longest=5, count=2, length_cost=1.0) == [(0, 0, 9.5), (4, 4, 9.5)]

    def test_a_preferred_span_rises_by_what_is_preferred(self) -> None:
        start, end = np.array([3.0, 2.0, 0.0]), np.array([3.0, 2.0, 0.0])

        def preference(first: int, last: int) -> float:
            return 2.5 if (first, last) == (1, 1) else 0.0

        found = best_token_spans(start, end, longest=1, count=2, preference=preference)
        assert found == [(1, 1, 6.5), (0, 0, 6.0)]
        assert best_token_spans(start, end, longest=3, count=1, preference=lambda *_: 1.0) == [(0, 0, 7.0)]
        none = np.full(2, -INFINITY)
        assert best_token_spans(none, none, longest=2, count=1, preference=lambda *_: 1.0) == []

    def test_the_logits_stay_as_they_are(self) -> None:
        start, end = np.array([1.0, 2.0], dtype=np.float32), np.array([3.0, 4.0], dtype=np.float32)
        best_token_spans(start, end, longest=2, count=2)
        assert (start.tolist(), end.tolist()) == ([1.0, 2.0], [3.0, 4.0])


class TestDecode:
    TEXT = "Cod costs nine pence."
    STARTS = np.array([0, 4, 10, 15, 20])
    ENDS = np.array([3, 9, 14, 20, 21])

    def test_scores_are_measured_from_no_answer(self) -> None:
        start, end = np.array([4.0, 0.0, 6.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0, 2.5, 0.0])
        found = decode(self.TEXT, TextLogits(start, end, 3.0, self.STARTS, self.ENDS), longest=3, count=2)
        assert found == [CharSpan(10, 20, 5.5), CharSpan(0, 3, 2.0)]

    def test_a_span_of_marks_alone_is_left_out(self) -> None:
        start = end = np.array([1.0, 0.0, 0.0, 0.0, 9.0])
        found = decode(self.TEXT, TextLogits(start, end, 0.0, self.STARTS, self.ENDS), longest=1, count=2)
        assert found == [CharSpan(0, 3, 2.0)]

    def test_parts_of_one_word_make_one_span_with_the_best_score(self) -> None:
        start = end = np.array([1.0, 2.0])
        found = decode("herring", TextLogits(start, end, 0.0, np.array([0, 3]), np.array([3, 7])), longest=1, count=2)
        assert found == [CharSpan(0, 7, 4.0)]

    def test_a_span_stays_in_its_sentence(self) -> None:
        text, starts, ends = "Cod rose. Ling fell.", np.array([0, 4, 8, 10, 15, 19]), np.array([3, 8, 9, 14, 19, 20])
        start, end = np.array([9.0, 0, 0, 1, 0, 0]), np.array([0.0, 2, 0, 0, 9, 0])
        logits = TextLogits(start, end, 0.0, starts, ends)
        whole = decode(text, logits, longest=6, count=1)
        assert whole == [CharSpan(0, 19, 18.0)]
        for sentence_starts in ([0, 10], [10]):
            parted = decode(text, logits, longest=6, count=2, sentence_starts=sentence_starts)
            assert parted == [CharSpan(0, 8, 11.0), CharSpan(10, 19, 10.0)]

    @settings(deadline=None)
    @given(st.data())
    def test_whatever_the_text_a_widened_span_stays_in_its_sentence(self, data: st.DataObject) -> None:
        """With the product's own sentences, and every character a token: a span widened to words, too."""
        text = data.draw(several_sentences)
        sentences = sentence_spans(text)
        drawn = st.lists(st.integers(-3, 3).map(float), min_size=len(text), max_size=len(text)).map(np.array)
        places = np.arange(len(text))
        starts = [start for start, _ in sentences]
        found = decode(
            text,
            TextLogits(data.draw(drawn), data.draw(drawn), 0.0, places, places + 1),
            longest=9,
            count=5,
            sentence_starts=starts,
        )
        for span in found:
            assert sum(start < span.end and span.start < end for start, end in sentences) == 1

    def test_a_sentence_that_begins_with_a_combining_mark_keeps_it(self) -> None:
        text, places = "word\n\u0301", np.arange(5)
        zeros, last = np.zeros(5), np.array([0.0, 0, 0, 0, 1])
        (found, *_) = decode(
            text, TextLogits(zeros, last, 0.0, places, places + 1), longest=9, count=1, sentence_starts=[0, 5]
        )
        assert (found.start, found.end) == (0, 4)

    def test_no_tokens(self) -> None:
        none, places = np.array([]), np.array([], dtype=np.int64)
        assert decode("", TextLogits(none, none, 0.0, places, places), longest=5, count=3) == []


class TestDecodeSentences:
    TEXT = "Cod rose. Ling fell."
    STARTS, ENDS = np.array([0, 4, 8, 10, 15, 19]), np.array([3, 8, 9, 14, 19, 20])

    def test_a_sentence_scores_the_log_of_the_odds_of_all_its_spans(self) -> None:
        start, end = np.array([1.0, 0, -INFINITY, 2, 0, 0]), np.array([0.0, 1, -INFINITY, 0, 0, 0])
        logits = TextLogits(start, end, 0.5, self.STARTS, self.ENDS)
        found = decode_sentences(self.TEXT, logits, longest=6, count=5, sentence_starts=[0, 10])
        first = np.log(np.exp(1 + 0) + np.exp(1 + 1) + np.exp(0 + 1)) - 0.5
        second = np.log(3 * np.exp(2) + 3 * np.exp(0)) - 0.5
        assert [(span.start, span.end) for span in found] == [(10, 20), (0, 9)]
        assert [span.score for span in found] == pytest.approx([second, first])

    def test_several_spans_that_agree_outweigh_one_that_stands_out(self) -> None:
        start = end = np.array([2.2, -9, -9, 1.9, 1.9, 1.9])
        logits = TextLogits(start, end, 0.0, self.STARTS, self.ENDS)
        assert decode(self.TEXT, logits, longest=2, count=1, sentence_starts=[10])[0].start == 0
        (found,) = decode_sentences(self.TEXT, logits, longest=2, count=1, sentence_starts=[10])
        assert (found.start, found.end) == (10, 20)

    @settings(deadline=None)
    @given(st.data())
    def test_whatever_the_text_its_sentences_come_whole(self, data: st.DataObject) -> None:
        """A window may begin and end inside a sentence: what it proposes is the whole one all the same."""
        text = data.draw(several_sentences)
        sentences = sentence_spans(text)
        first = data.draw(st.integers(0, len(text) - 1))
        last = data.draw(st.integers(first, len(text) - 1))
        places = np.arange(first, last + 1)
        values = np.zeros(len(places))
        found = decode_sentences(
            text,
            TextLogits(values, values, 0.0, places, places + 1),
            longest=9,
            count=99,
            sentence_starts=[start for start, _ in sentences],
        )
        reached = {text[start:end].strip() for start, end in sentences if start <= last and first < end}
        assert {text[span.start : span.end] for span in found} >= {one for one in reached if one}

    def test_no_tokens_and_nothing_allowed(self) -> None:
        none, places = np.array([]), np.array([], dtype=np.int64)
        assert decode_sentences("", TextLogits(none, none, 0.0, places, places), longest=5, count=3) == []
        never = np.full(6, -INFINITY)
        logits = TextLogits(never, never, 0.0, self.STARTS, self.ENDS)
        assert decode_sentences(self.TEXT, logits, longest=5, count=3) == []


spans = st.builds(
    CharSpan, start=st.integers(0, 3), end=st.integers(4, 6), score=st.integers(-2, 2).map(float)
)  # few places, so that many are equal


class TestMerged:
    @settings(deadline=None)
    @given(st.lists(spans))
    def test_each_place_once_with_its_best_score_in_order(self, given_spans: list[CharSpan]) -> None:
        found = merged(given_spans)
        places = {(span.start, span.end) for span in given_spans}
        assert len(found) == len(places)
        for span in found:
            same = [other.score for other in given_spans if (other.start, other.end) == (span.start, span.end)]
            assert span.score == max(same)
        order = [(-span.score, span.start, span.end) for span in found]
        assert order == sorted(order)

    @settings(deadline=None)
    @given(st.lists(spans).flatmap(lambda drawn: st.tuples(st.just(drawn), st.permutations(drawn))))
    def test_the_order_given_does_not_matter(self, drawn: tuple[list[CharSpan], list[CharSpan]]) -> None:
        assert merged(drawn[0]) == merged(drawn[1])


# The piece between the bars is what a model marks, the second text what is left of it.
EDGES = [
    ("Larkmouth |herr|ing rose", "herring"),
    ("Larkmouth herr|ing| rose", "herring"),
    ("Larkmouth h|er|ring rose", "herring"),
    ("about |, nine pence ,| then", "nine pence"),
    ("|\u3000nine\u2009|", "nine"),
    ("in the |U.S.| today", "U.S."),
    ("at 9 |p.m.| today", "p.m."),
    ("a |Ph.D.| in law", "Ph.D."),
    ("rose to |nine pence.|", "nine pence"),
    ("and so |on…|", "on"),
    ("and so |on...|", "on"),
    ("it cost |$2.4 million.|", "$2.4 million"),
    ("it cost $|2|.4 million", "2.4"),
    ("it cost $2.|4| million", "2.4"),
    ("it cost $2|.|4 million", "2.4"),
    ("for |1|,200,000 people", "1,200,000"),
    ("for 1,200,|000| people", "1,200,000"),
    ("to |7.1%|.", "7.1%"),
    ("to |7.1|.", "7.1"),
    ("it was |2.4.|", "2.4"),
    ("a |.45| pistol", ".45"),
    ("what sign? |$|", "$"),
    ("in 3|,| 4 and 5", ""),
    ("|...|", ""),
    ("wait |— “ ”| here", ""),
    ("the |“Larkmouth|” boat", "Larkmouth"),
    ("the “|Larkmouth”| boat", "Larkmouth"),
    ("the |“Larkmouth”| boat", "“Larkmouth”"),
    ('the |"Larkmouth| boat"', "Larkmouth"),
    ('the "|Larkmouth boat"|', "Larkmouth boat"),
    ('the |"Larkmouth" boat|', '"Larkmouth" boat'),
    ("the |boat (1990|)", "boat (1990)"),
    ("the |boat (1990| or so)", "boat (1990"),
    ("the |(1990) boat (1991|)", "(1990) boat (1991)"),
    ("the (|1990) boat| sank", "(1990) boat"),
    ("the |boat (1990).|)", "boat (1990)"),
    ("he |said “no|”", "said “no”"),
    ("the (|boat 1990)| sank", "boat 1990"),
    ("the |boat (1990)| sank", "boat (1990)"),
    ("the |(boat| sank", "boat"),
    ("he |said “| then", "said"),
    ("then |” he said|", "he said"),
    ("the |mayor’s| boat", "mayor’s"),
    ("a caf|e|\u0301s bill", "cafe\u0301s"),
    ("a cafe\u0301|s| bill", "cafe\u0301s"),
    ("a co\u00ad|operative| bill", "co\u00adoperative"),
    ("a |👩|\u200d👩\u200d👧 here", "👩\u200d👩\u200d👧"),
    ("a 👩\u200d👩\u200d|👧| here", "👩\u200d👩\u200d👧"),
    ("a |👍|🏽 here", "👍🏽"),
    ("ראש ה|ממש|לה אמר", "הממשלה"),
]


class TestWholeWords:
    @pytest.mark.parametrize(("marked", "left"), EDGES)
    def test_edges(self, marked: str, left: str) -> None:
        before, inside, after = marked.split("|")
        text = before + inside + after
        start, end = whole_words(text, len(before), len(before) + len(inside))
        assert text[start:end] == left

    @settings(deadline=None)
    @given(st.data())
    def test_what_holds_for_any_text(self, data: st.DataObject) -> None:
        text, given_start, given_end = data.draw(marked_text)
        start, end = whole_words(text, given_start, given_end)
        assert 0 <= start <= end <= len(text)
        quote = text[start:end]
        if not quote:
            return
        assert quote == quote.strip()
        assert any(unicodedata.category(character)[0] in "LNS" for character in quote)
        assert unicodedata.category(quote[0])[0] != "M"
        assert not (end < len(text) and unicodedata.category(text[end])[0] == "M")
        assert not cuts_a_word(text, start)
        assert not cuts_a_word(text, end)

    @settings(deadline=None)
    @given(st.data())
    def test_letters_and_digits_that_were_given_stay(self, data: st.DataObject) -> None:
        text, given_start, given_end = data.draw(marked_text)
        start, end = whole_words(text, given_start, given_end)
        lost = [*range(given_start, min(start, given_end)), *range(max(end, given_start), given_end)]
        assert not [text[place] for place in lost if text[place].isalnum()]

    @settings(deadline=None)
    @given(st.data())
    def test_once_is_enough(self, data: st.DataObject) -> None:
        text, given_start, given_end = data.draw(marked_text)
        found = whole_words(text, given_start, given_end)
        if found[0] < found[1]:
            assert whole_words(text, *found) == found


def cuts_a_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


PIECES = [
    *"aZé7 .,;:!?…()[]{}\"'“”‘’«»„$%-—_/&\t\n\u00a0\u2028\u3000\u0301\u200d\u200c\u00ad\ufe0f",
    "U.S.", "p.m.", "$2.4 million", "7.1%", "1,200", ".45", "...", "👩\u200d👩\u200d👧", "👍🏽", "🇨🇦", "cafe\u0301s",
    "שלום", "مرحبا", "雨です", "word", "Larkmouth", "O’Brien",
]  # fmt: skip
hostile_text = st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
several_sentences = st.lists(
    st.sampled_from([*PIECES, "Cod rose. ", "Ling fell! “No.” ", "(Why?) ", "\n\n"]), min_size=2, max_size=12
).map("".join)
marked_text = hostile_text.flatmap(
    lambda text: st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(
        lambda ends: (text, min(ends), max(ends))
    )
)
