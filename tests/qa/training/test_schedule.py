"""Groups and steps: targets that point at the answers, and an order that the seed fixes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.minilm import embedded_model_folder
from qa.readers.windows import Window, WindowMaker
from qa.training.config import SourceConfig, TrainingConfig
from qa.training.examples import Example, Passage
from qa.training.kin import WordKin
from qa.training.labels import Label
from qa.training.schedule import NO_ANSWER, Group, make_groups, schedule, windows_of, with_labels

TOKENIZER_FILE = embedded_model_folder() / "tokenizer.json"
TOKENIZER = Tokenizer.from_file(str(TOKENIZER_FILE))
MAKER = WindowMaker(TOKENIZER_FILE, max_tokens=40, stride=10)

LONG = " ".join(f"On day {number} the keeper of lamp {number} wrote a line." for number in range(20))
PASSAGES = [
    Passage("market", "Market", "At Larkmouth the herring cost $2.4 million, said Ada O’Brien."),
    Passage("lamps", "Lamps", LONG),
    *(Passage("other", "Other", f"Other text number {number} is about nothing.") for number in range(6)),
    Passage("letters", "Who wrote", "Here Ada wrote to Tom."),
]


def places(text: str, *quotes: str) -> tuple[tuple[int, int], ...]:
    return tuple((text.index(quote), text.index(quote) + len(quote)) for quote in quotes)


def example(asked: str, own: int, *quotes: str) -> Example:
    return Example("tests", "a", asked, own, places(PASSAGES[own].text, *quotes), (2, 3, 4, 5, 6, 7))


COST = example("What did herring cost?", 0, "$2.4 million", "2.4 million")
WHO = example("Who spoke?", 0, "Ada O’Brien")
LATE = example("Who wrote on day 17?", 1, "the keeper of lamp 17")
NONE = example("Who sank?", 1)
EXAMPLES = [COST, WHO, LATE, NONE]
LOST = example("What is all of it?", 1, LONG)  # longer than any window


KIN = WordKin(("wrote", "broke"), np.array([[1, 0], [0.8, 0.6]], dtype=np.float32), np.eye(2, dtype=np.float32))


def groups_of(examples: list[Example], seed: int = 1, **shares: float) -> list[Group]:
    source = SourceConfig(**{"epochs": 1, "negatives": 0, **shares})
    return make_groups(examples, PASSAGES, source, MAKER, seed, KIN)


def groups_without_kin(examples: list[Example], seed: int = 1, **shares: float) -> list[Group]:
    source = SourceConfig(**{"epochs": 1, "negatives": 0, **shares})
    return make_groups(examples, PASSAGES, source, MAKER, seed)


def question_of(window: Window) -> str:
    """The question as the tokenizer writes it: in lower case, marks apart."""
    ids = window.ids.tolist()
    decoded: str = TOKENIZER.decode(ids[1 : ids.index(TOKENIZER.token_to_id("[SEP]"))])
    return decoded


def answers_of(group: Group, place: int, text: str) -> list[str]:
    window = group.windows[place]
    quotes = []
    for first, last in group.targets[place]:
        assert window.first <= first <= last < len(window) - 1
        quotes.append(text[window.starts[first - window.first] : window.ends[last - window.first]])
    return quotes


class TestMakeGroups:
    @pytest.mark.parametrize("seed", range(5))
    def test_targets_are_the_answers_characters(self, seed: int) -> None:
        cost, who, late, none = groups_of(EXAMPLES, seed)
        assert answers_of(cost, 0, PASSAGES[0].text) == ["$2.4 million", "2.4 million"]
        assert answers_of(who, 0, PASSAGES[0].text) == ["Ada O’Brien"]
        assert answers_of(late, 0, LONG) == ["the keeper of lamp 17"]
        assert none.targets == (NO_ANSWER,)
        assert [group.right for group in (cost, who, late, none)] == [0, 0, 0, None]

    def test_every_window_that_holds_the_answer_is_shown_at_times(self) -> None:
        asked = replace(LATE, question="Who wrote on day 17")  # no mark to leave out: its windows are fixed
        fitting = [
            window.starts[0]
            for window in MAKER.windows(asked.question, "Lamps", LONG)
            if window.starts[0] <= LATE.answers[0][0] and LATE.answers[0][1] <= window.ends[-1]
        ]
        shown = {int(groups_of([asked], seed)[0].windows[0].starts[0]) for seed in range(40)}
        assert shown == set(map(int, fitting))

    def test_an_answer_that_no_window_holds_is_not_shown(self) -> None:
        (group,) = groups_of([LOST, WHO])
        assert answers_of(group, 0, PASSAGES[0].text) == ["Ada O’Brien"]

    @pytest.mark.parametrize(("epochs", "shown"), [(0.5, 2), (1, 4), (2, 8), (2.25, 9), (0, 0)])
    def test_epochs(self, epochs: float, shown: int) -> None:
        counts = Counter(question_of(group.windows[0]).rstrip(" ?") for group in groups_of(EXAMPLES, epochs=epochs))
        assert counts.total() == shown
        assert not counts or max(counts.values()) - min(counts.values()) <= 1
        assert len(counts) == min(4, shown)

    def test_negatives_are_some_of_the_examples_own_each_once(self) -> None:
        sizes: Counter[int] = Counter()
        for seed in range(200):
            (group,) = groups_of([WHO], seed, negatives=1.3)
            assert group.right == 0
            assert group.targets[1:] == (NO_ANSWER,) * (len(group.windows) - 1)
            tokens = [tuple(window.ids) for window in group.windows]
            assert len(set(tokens)) == len(tokens)
            sizes[len(group.windows)] += 1
        assert set(sizes) == {2, 3}
        assert 35 < sizes[3] < 90  # 60 are expected

    def test_no_more_negatives_than_there_are(self) -> None:
        (group,) = groups_of([WHO], negatives=50)
        assert len(group.windows) == 7

    def test_some_are_shown_without_the_chunk_that_answers(self) -> None:
        found = [groups_of([WHO], seed, negatives=2, without=0.3)[0] for seed in range(200)]
        without = [group for group in found if group.right is None]
        assert 35 < len(without) < 90
        for group in without:
            assert group.targets == (NO_ANSWER, NO_ANSWER)
            assert question_of(group.windows[0]).startswith("who spoke")

    def test_a_share_is_shown_once_more_over_single_sentences(self) -> None:
        text = "On day 17 the keeper of lamp 17 wrote a line."
        alone = []
        for seed in range(100):
            whole, *besides = groups_of([LATE], seed, alone=0.4)
            assert "the keeper of lamp 17" in answers_of(whole, 0, LONG)
            alone += besides
        assert 25 < len(alone) < 56  # 40 are expected
        for group in alone:
            assert group.right == 0
            assert answers_of(group, 0, text) == ["the keeper of lamp 17"]
            assert group.targets[1:] == (NO_ANSWER, NO_ANSWER)
            assert max(int(window.ends[-1]) for window in group.windows) == len(text)

    def test_over_single_sentences_a_question_without_an_answer_has_none(self) -> None:
        _, alone = groups_of([NONE], alone=1)
        assert alone.right is None
        assert alone.targets == (NO_ANSWER, NO_ANSWER)
        assert question_of(alone.windows[0]).startswith("who sank")

    def test_an_answer_that_no_sentence_holds_is_not_shown_alone(self) -> None:
        assert len(groups_of([example("What is told?", 1, "wrote a line. On day 1")], alone=1)) == 1

    def test_changed_questions_come_besides_and_have_no_answer(self) -> None:
        """Of these questions one holds a word with an opposite."""
        asked: Counter[str] = Counter()
        for seed in range(200):
            found = groups_of(EXAMPLES, seed, changed=0.8)
            changed = [group for group in found if "night" in question_of(group.windows[0])]
            assert len(found) == 4 + len(changed)
            assert all(group.right is None and group.targets == (NO_ANSWER,) for group in changed)
            asked.update(question_of(group.windows[0]) for group in changed)
        assert set(asked) == {"who wrote on night 17?", "who wrote on night 17"}
        assert 130 < asked.total() < 185  # 160 are expected
        assert 25 < asked["who wrote on night 17"] < 75, "the question mark must not tell"
        assert len(groups_of(EXAMPLES, changed=0.0)) == 4

    def test_twins_come_besides_and_each_chunk_answers_its_own_question(self) -> None:
        """Of these questions one holds a word of the vocabulary; its chunk is longer than a window."""
        asked: Counter[str] = Counter()
        for seed in range(200):
            found = groups_of(EXAMPLES, seed, twins=0.8)
            twins = [group for group in found if len(group.windows) == 2]
            assert len(found) == 4 + len(twins)
            assert len(twins) in (0, 2)
            for group in twins:
                texts = [TOKENIZER.decode(one.ids[one.first : -1].tolist()) for one in group.windows]
                word, other = ("wrote", "broke") if "wrote" in question_of(group.windows[0]) else ("broke", "wrote")
                assert word in texts[0]
                assert other not in texts[0]
                assert texts[1] == texts[0].replace(word, other)
                (first, last), *_ = group.targets[0]
                assert TOKENIZER.decode(group.windows[0].ids[first : last + 1].tolist()) == "the keeper of lamp 17"
                assert group.targets[1] == NO_ANSWER
                assert group.right == 0
            asked.update(question_of(group.windows[0]).rstrip("?") for group in twins)
        assert set(asked) == {"who wrote on day 17", "who broke on day 17"}
        assert 130 < asked["who broke on day 17"] < 185  # 160 are expected
        assert len(groups_of(EXAMPLES, twins=0.0)) == 4

    def test_the_title_has_its_twin_too(self) -> None:
        letters = example("Who wrote here?", 8, "Ada")
        texts = [
            [TOKENIZER.decode(one.ids.tolist()) for one in group.windows]
            for group in groups_of([letters], twins=1.0)[1:]
        ]
        assert [["who broke here ada broke" in text for text in group] for group in texts] == [
            [False, True],
            [True, False],
        ]
        assert [["who wrote here ada wrote" in text for text in group] for group in texts] == [
            [True, False],
            [False, True],
        ]

    def test_no_twin_where_the_answer_itself_would_change(self) -> None:
        for touched in ("wrote a line", "te a line"):
            line = example("Who wrote what?", 1, touched)
            assert {len(groups_of([line], seed, twins=1.0)) for seed in range(20)} == {1}

    def test_twins_need_to_know_kin(self) -> None:
        with pytest.raises(ValueError, match="kin"):
            groups_without_kin(EXAMPLES, twins=0.1)
        assert len(groups_without_kin(EXAMPLES)) == 4

    def test_kin_changes_nothing_where_there_are_no_twins(self) -> None:
        """Runs of configurations without it stay what they were."""
        shares = {"epochs": 2.5, "negatives": 1.5, "without": 0.2, "changed": 0.5}
        assert flat(groups_of(EXAMPLES, 3, **shares)) == flat(groups_without_kin(EXAMPLES, 3, **shares))

    def test_rearranged_chunks_come_besides_with_their_answers(self) -> None:
        extra: list[Group] = []
        for seed in range(100):
            found = groups_of([WHO, NONE], seed, rearranged=0.6)
            assert found[0].right == 0
            extra += found[1:-1]
        assert 45 < len(extra) < 75  # 60 are expected, of the question that has an answer
        for group in extra:
            (one,) = group.windows
            text = TOKENIZER.decode(one.ids[one.first : -1].tolist())
            assert "is about nothing" in text, "a sentence of another chunk"
            assert ("brien" in text) == (group.right == 0) == (group.targets != (NO_ANSWER,))
            for first, last in group.targets[0] if group.right == 0 else ():
                assert TOKENIZER.decode(one.ids[first : last + 1].tolist()) == "ada o ’ brien"
        assert {group.right for group in extra} == {0, None}

    def test_the_question_mark_is_left_out_at_times(self) -> None:
        asked = Counter(question_of(groups_of([WHO], seed)[0].windows[0]) for seed in range(200))
        assert set(asked) == {"who spoke?", "who spoke"}
        assert 35 < asked["who spoke"] < 90

    def test_the_seed_fixes_them(self) -> None:
        shares = {"epochs": 2.5, "negatives": 1.5, "without": 0.2, "changed": 0.5}
        one, same, other = (flat(groups_of(EXAMPLES, seed, **shares)) for seed in (3, 3, 4))
        assert one == same
        assert one != other


class TestLabels:
    def test_each_window_gets_its_own(self) -> None:
        groups = groups_of(EXAMPLES, negatives=1.5)
        windows = windows_of(groups)
        assert len(windows) == sum(len(group.windows) for group in groups) > 4
        labels = [
            Label(np.zeros(len(one), np.float16), np.zeros(len(one), np.float16), float(place))
            for place, one in enumerate(windows)
        ]
        place = 0.0
        for before, after in zip(groups, with_labels(groups, labels), strict=True):
            assert after.windows == before.windows
            assert [len(label.start) for label in after.labels] == [len(one) for one in after.windows]
            for label in after.labels:
                assert label.relevance == place
                place += 1
        assert place == len(windows)


def flat(groups: list[Group]) -> list[tuple[object, ...]]:
    return [(*(tuple(window.ids) for window in group.windows), group.targets, group.right) for group in groups]


def config(seed: int, groups: int) -> TrainingConfig:
    return TrainingConfig(sources=MappingProxyType({}), seed=seed, groups=groups)


# One window a group; of many lengths.
BY_LENGTH = {tokens: next(MAKER.windows("Who?", "", "x " * tokens)) for tokens in range(1, 33)}
many_groups = st.lists(st.integers(1, 32), max_size=300).map(
    lambda lengths: [Group((BY_LENGTH[tokens],), (NO_ANSWER,), None) for tokens in lengths]
)


class TestSchedule:
    @settings(deadline=None)
    @given(many_groups, st.integers(1, 7), st.integers(0, 5))
    def test_every_group_is_in_exactly_one_step(self, groups: list[Group], size: int, seed: int) -> None:
        steps = schedule(groups, config(seed, size))
        assert Counter(id(group) for step in steps for group in step) == Counter(map(id, groups))
        assert all(0 < len(step) <= size for step in steps)
        # Only the last bucket of 64 steps is not full, and of its steps one.
        assert sum(len(step) < size for step in steps) <= 1

    @settings(deadline=None)
    @given(many_groups, st.integers(2, 3))
    def test_every_group_is_in_each_pass_once(self, groups: list[Group], passes: int) -> None:
        steps = schedule(groups, replace(config(1, 4), passes=passes))
        shown = [id(group) for step in steps for group in step]
        assert len(shown) == passes * len(groups)
        orders = [shown[at * len(groups) : (at + 1) * len(groups)] for at in range(passes)]
        assert all(Counter(order) == Counter(map(id, groups)) for order in orders)
        assert len(groups) < 20 or orders[0] != orders[1]

    @settings(deadline=None)
    @given(many_groups, st.integers(0, 5))
    def test_the_seed_fixes_the_order(self, groups: list[Group], seed: int) -> None:
        one, same = schedule(groups, config(seed, 4)), schedule(groups, config(seed, 4))
        assert [list(map(id, step)) for step in one] == [list(map(id, step)) for step in same]

    def test_another_seed_gives_another_order(self) -> None:
        groups = [Group((BY_LENGTH[tokens],), (NO_ANSWER,), None) for tokens in range(1, 33)]
        assert schedule(groups, config(1, 4)) != schedule(groups, config(2, 4))

    def test_those_of_a_step_are_alike_in_length_and_the_steps_are_not_in_order(self) -> None:
        groups = [Group((BY_LENGTH[1 + number % 32],), (NO_ANSWER,), None) for number in range(320)]
        steps = schedule(groups, config(1, 10))
        assert all(len({group.longest for group in step}) == 1 for step in steps)
        lengths = [step[0].longest for step in steps]
        assert lengths != sorted(lengths)
        assert lengths != sorted(lengths, reverse=True)

    def test_the_groups_given_stay_in_their_order(self) -> None:
        groups = [Group((BY_LENGTH[tokens],), (NO_ANSWER,), None) for tokens in (9, 3, 7, 1)]
        before = list(groups)
        schedule(groups, config(1, 2))
        assert groups == before
