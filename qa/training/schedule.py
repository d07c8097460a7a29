"""Which windows are shown together, and when: fixed by the seed alone, so that a run can be resumed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.readers.windows import Window, WindowMaker
from qa.training.alone import sentences_alone
from qa.training.config import SourceConfig, TrainingConfig
from qa.training.examples import Example, Passage
from qa.training.kin import WordKin
from qa.training.labels import Label
from qa.training.losses import TokenSpan
from qa.training.rearranging import rearrange
from qa.training.twins import Exchange, ExchangeFinder
from qa.training.unanswerable import QuestionChanger

NO_ANSWER: tuple[TokenSpan, ...] = ((0, 0),)
_BUCKET_STEPS = 64  # questions of this many steps are sorted by length together


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A question's windows, shown together.

    Attributes:
        targets: for each window its right spans, in tokens of the window; ``NO_ANSWER`` for none.
        right: the place of the window that answers; None when none does.
        labels: what a teacher makes of each window; empty without one.
    """

    windows: tuple[Window, ...]
    targets: tuple[tuple[TokenSpan, ...], ...]
    right: int | None
    labels: tuple[Label, ...] = ()

    @property
    def longest(self) -> int:
        return max(map(len, self.windows))


def make_groups(
    examples: Sequence[Example],
    passages: Sequence[Passage],
    source: SourceConfig,
    maker: WindowMaker,
    seed: int,
    kin: WordKin | None = None,
) -> list[Group]:
    """A data set's groups for all of its epochs, each with its own choice of negatives.

    Args:
        kin: which words are of one kind; only twins need it.

    Raises:
        ValueError: twins are to be shown, and ``kin`` is missing.
    """
    if source.twins and kin is None:
        raise ValueError("twins can be made only with the kin of words")
    chance = random.Random(seed)
    changer = QuestionChanger(passages)
    exchanges = ExchangeFinder([passage.text for passage in passages], kin) if kin else None
    groups = []
    for shown in _shown(examples, source.epochs, chance):
        group = _group(shown, passages, source, maker, chance)
        if group is not None:
            groups.append(group)
        if shown.answers and chance.random() < source.changed:
            changed = changer.changed(shown.question, shown.own, chance)
            if changed is not None:
                groups.append(_changed_group(_as_typed(changed, chance), passages[shown.own], maker))
        if exchanges and source.twins and shown.answers and chance.random() < source.twins:
            answers = [passages[shown.own].text[start:end] for start, end in shown.answers]
            exchange = exchanges.find(shown.question, shown.own, answers, chance)
            if exchange is not None:
                groups += _twin_groups(shown, passages[shown.own], exchange, maker, chance)
        if source.rearranged and shown.answers and chance.random() < source.rearranged:
            groups += _rearranged_groups(shown, passages, maker, chance)
        if source.alone and chance.random() < source.alone:
            groups += _alone_groups(shown, passages[shown.own], maker, chance)
    return groups


def windows_of(groups: Sequence[Group]) -> list[Window]:
    """All windows of some groups, in order: what a teacher labels."""
    return [window for group in groups for window in group.windows]


def with_labels(groups: Sequence[Group], labels: Sequence[Label]) -> list[Group]:
    """The groups with the labels of ``windows_of(groups)``."""
    left = iter(labels)
    return [replace(group, labels=tuple(next(left) for _ in group.windows)) for group in groups]


def schedule(groups: Sequence[Group], config: TrainingConfig) -> list[list[Group]]:
    """The groups of each step: in random order, but those of one step alike in length, to pad little."""
    chance = random.Random(config.seed)
    steps = []
    bucket = _BUCKET_STEPS * config.groups
    for _ in range(config.passes):
        order = list(groups)
        chance.shuffle(order)
        for start in range(0, len(order), bucket):
            alike = sorted(order[start : start + bucket], key=lambda group: group.longest)
            batches = [alike[at : at + config.groups] for at in range(0, len(alike), config.groups)]
            chance.shuffle(batches)
            steps.extend(batches)
    return steps[: config.most_steps]


def _shown(examples: Sequence[Example], epochs: float, chance: random.Random) -> list[Example]:
    whole, part = divmod(epochs, 1)
    return [*(list(examples) * int(whole)), *chance.sample(list(examples), round(part * len(examples)))]


def _group(
    example: Example, passages: Sequence[Passage], source: SourceConfig, maker: WindowMaker, chance: random.Random
) -> Group | None:
    question = _as_typed(example.question, chance)
    wanted = int(source.negatives) + (chance.random() < source.negatives % 1)
    negatives = chance.sample(example.negatives, min(wanted, len(example.negatives)))
    if example.answers and negatives and chance.random() < source.without:
        windows = [_windows(maker, question, passages[place])[0] for place in negatives]
        return Group(tuple(windows), (NO_ANSWER,) * len(windows), None)
    own, target = _own_window(maker, question, passages[example.own], example, chance)
    if not target:
        return None
    others = [_windows(maker, question, passages[place])[0] for place in negatives]
    return Group((own, *others), (target, *((NO_ANSWER,) * len(others))), 0 if example.answers else None)


def _changed_group(changed: str, passage: Passage, maker: WindowMaker) -> Group:
    return Group((_windows(maker, changed, passage)[0],), (NO_ANSWER,), None)


def _twin_groups(
    example: Example, own: Passage, exchange: Exchange, maker: WindowMaker, chance: random.Random
) -> list[Group]:
    """The question over its chunk and the chunk's twin, and the question's twin over both."""
    text, moved = exchange.of_answering(own.text, example.answers)
    if not moved:
        return []
    twin = replace(own, title=exchange.of(own.title), text=text)
    asked = (
        (example.question, example, own, twin),
        (exchange.of(example.question), replace(example, answers=moved), twin, own),
    )
    groups = []
    for text_asked, answered, right, wrong in asked:
        question = _as_typed(text_asked, chance)
        window, target = _own_window(maker, question, right, answered, chance)
        if target:
            other = min(
                _windows(maker, question, wrong), key=lambda one: abs(int(one.starts[0]) - int(window.starts[0]))
            )
            groups.append(Group((window, other), (target, NO_ANSWER), 0))
    return groups


def _rearranged_groups(
    example: Example, passages: Sequence[Passage], maker: WindowMaker, chance: random.Random
) -> list[Group]:
    own = passages[example.own]
    other = passages[chance.choice(example.negatives)].text if example.negatives else ""
    made = rearrange(own.text, example.answers, other, chance)
    question = _as_typed(example.question, chance)
    passage = replace(own, text=made.text)
    window, target = _own_window(maker, question, passage, replace(example, answers=made.answers), chance)
    return [Group((window,), (target,), 0 if made.answers else None)] if target else []


def _alone_groups(example: Example, own: Passage, maker: WindowMaker, chance: random.Random) -> list[Group]:
    """The question over single sentences of its chunk."""
    question = _as_typed(example.question, chance)
    windows, targets = [], []
    for one in sentences_alone(question, own.text, example.answers, chance):
        shown = replace(example, answers=one.answers)
        window, target = _own_window(maker, question, replace(own, text=one.text), shown, chance)
        windows.append(window)
        targets.append(target)
    if not windows or not targets[0]:
        return []
    return [Group(tuple(windows), tuple(targets), 0 if example.answers else None)]


def _as_typed(question: str, chance: random.Random) -> str:
    """The question, sometimes without its question mark, as people type."""
    return question.rstrip("?").rstrip() if chance.random() < 0.3 else question


def _windows(maker: WindowMaker, question: str, passage: Passage) -> tuple[Window, ...]:
    return tuple(maker.windows(question, passage.title, passage.text))


def _own_window(
    maker: WindowMaker, question: str, passage: Passage, example: Example, chance: random.Random
) -> tuple[Window, tuple[TokenSpan, ...]]:
    """One of the windows over the own chunk that holds an answer whole, with the answers' tokens."""
    windows = _windows(maker, question, passage)
    if not example.answers:
        return chance.choice(windows), NO_ANSWER
    fitting = [(window, spans) for window in windows if (spans := _token_spans(window, example))]
    return chance.choice(fitting) if fitting else (windows[0], ())


def _token_spans(window: Window, example: Example) -> tuple[TokenSpan, ...]:
    found = []
    for start, end in example.answers:
        inside = [
            token
            for token, (first, last) in enumerate(zip(window.starts.tolist(), window.ends.tolist(), strict=True))
            if first < end and last > start
        ]
        if inside and window.starts[inside[0]] <= start and window.ends[inside[-1]] >= end:
            found.append((window.first + inside[0], window.first + inside[-1]))
    return tuple(dict.fromkeys(found))
