"""The training loop on a network of a few hundred weights: it learns, and an interruption changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from transformers import BertConfig, BertModel

from index.errors import ConfigError
from qa.readers.windows import Window
from qa.training import trainer
from qa.training.config import TrainingConfig
from qa.training.labels import Label
from qa.training.model import SpanModel
from qa.training.regularization import share_dropout
from qa.training.schedule import NO_ANSWER, Group
from qa.training.trainer import CHECKPOINT, MODEL, collate, group_loss, load_weights, read_windows, train

CPU = torch.device("cpu")
WORDS, KEY = 20, 7  # token ids; the answer is the token KEY


@pytest.fixture(autouse=True)
def _on_the_processor(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(trainer, "best_device", lambda: CPU)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def tiny_model(seed: int = 0, dropout: float = 0.0) -> SpanModel:
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=WORDS,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    config._attn_implementation = "plain"
    encoder = BertModel(config, add_pooling_layer=False)
    share_dropout(encoder, dropout)
    return SpanModel(encoder)


def window(text: Sequence[int]) -> Window:
    """``[CLS] question [SEP] text [SEP]``, a character a token."""
    ids = np.array([1, 3, 4, 2, *text, 2], dtype=np.int64)
    starts = np.arange(len(text), dtype=np.int64)
    return Window(ids, np.array([0] * 4 + [1] * (len(text) + 1), dtype=np.int64), 4, starts, starts + 1)


def toy_groups(count: int, seed: int = 5) -> list[Group]:
    """Questions with two windows, of which the first holds the key; every fourth question with none."""
    chance = np.random.default_rng(seed)
    groups = []
    for number in range(count):
        texts = [chance.integers(8, WORDS, size=int(chance.integers(3, 9))) for _ in range(2)]
        place = int(chance.integers(len(texts[0])))
        answerable = number % 4 > 0
        if answerable:
            texts[0][place] = KEY
        target = ((4 + place, 4 + place),) if answerable else NO_ANSWER
        windows = tuple(window(text.tolist()) for text in texts)
        groups.append(Group(windows, (target, NO_ANSWER), 0 if answerable else None))
    return groups


def toy_steps(steps: int) -> list[list[Group]]:
    groups = toy_groups(4 * steps)
    return [groups[4 * step : 4 * step + 4] for step in range(steps)]


def config(*, save_every: float = 600.0) -> TrainingConfig:
    return TrainingConfig(
        sources=MappingProxyType({}), learning_rate=3e-3, head_learning_rate=1e-2, save_every=save_every
    )


class InterruptedSteps(list[list[Group]]):
    """Steps of which one is never reached."""

    def __init__(self, steps: list[list[Group]], broken: int) -> None:
        super().__init__(steps)
        self._broken = broken

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        if place == self._broken:
            raise KeyboardInterrupt
        return super().__getitem__(place)


def bits(path: Path) -> dict[str, bytes]:
    return {name: tensor.numpy().tobytes() for name, tensor in load_file(path).items()}


class TestTrain:
    @pytest.mark.parametrize("adversarial", [0.0, 0.05])
    @pytest.mark.parametrize("broken", [1, 5, 9])
    def test_an_interrupted_run_ends_with_the_same_bits(self, tmp_path: Path, broken: int, adversarial: float) -> None:
        steps, always = toy_steps(10), replace(config(save_every=-1.0), adversarial=adversarial)
        whole, resumed = tmp_path / "whole", tmp_path / "resumed"
        whole.mkdir()
        resumed.mkdir()
        train(tiny_model(dropout=0.3), steps, always, whole)
        with pytest.raises(KeyboardInterrupt):
            train(tiny_model(dropout=0.3), InterruptedSteps(steps, broken), always, resumed)
        assert not (resumed / MODEL).exists()
        with safe_open(resumed / CHECKPOINT, framework="pt") as checkpoint:
            assert checkpoint.metadata()["step"] == str(broken)
        train(tiny_model(seed=9, dropout=0.3), steps, always, resumed)  # its own weights and moments must not matter
        assert bits(resumed / MODEL) == bits(whole / MODEL)
        assert bits(resumed / CHECKPOINT) == bits(whole / CHECKPOINT)

    def test_it_resumes_from_the_last_checkpoint_and_no_other_step(self, tmp_path: Path) -> None:
        """A checkpoint that is older than the interruption: the steps since are taken again."""
        steps = toy_steps(6)
        with pytest.raises(KeyboardInterrupt):
            train(tiny_model(), InterruptedSteps(steps, 2), config(save_every=-1.0), tmp_path)
        with pytest.raises(KeyboardInterrupt):
            train(tiny_model(), InterruptedSteps(steps, 4), config(save_every=1e9), tmp_path)
        with safe_open(tmp_path / CHECKPOINT, framework="pt") as checkpoint:
            assert checkpoint.metadata()["step"] == "2"
        train(tiny_model(), InterruptedSteps(steps, 1), config(save_every=1e9), tmp_path)
        whole = tmp_path / "whole"
        whole.mkdir()
        train(tiny_model(), steps, config(), whole)
        assert bits(tmp_path / MODEL) == bits(whole / MODEL)

    def test_a_checkpoint_of_other_settings_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(KeyboardInterrupt):
            train(tiny_model(), InterruptedSteps(toy_steps(6), 2), config(save_every=-1.0), tmp_path)
        with pytest.raises(ConfigError, match="run with other settings"):
            train(tiny_model(), toy_steps(6), replace(config(), learning_rate=0.5), tmp_path)

    def test_it_learns(self, tmp_path: Path) -> None:
        model, held_out = tiny_model(), toy_groups(40, seed=77)
        with torch.no_grad():
            before = group_loss(model, held_out, config(), CPU).item()
        train(model, toy_steps(80), config(), tmp_path)
        model.eval()
        with torch.no_grad():
            after = group_loss(model, held_out, config(), CPU).item()
        assert after < 0.3 * before
        for group in held_out:
            with torch.no_grad():
                logits = read_windows(model, group.windows, CPU)
            first, last = group.targets[0][0]
            assert (int(logits.start[0].argmax()), int(logits.end[0].argmax())) == (first, last)
            assert (float(logits.relevance[0]) > 0) == (group.right == 0)
            assert float(logits.relevance[1]) < 0

    @pytest.mark.parametrize(("share", "alike"), [(1e-6, True), (0.5, False)])
    def test_shifted_windows_are_read_with_the_same_units_and_words(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, alike: bool
    ) -> None:
        """A shift of nearly nothing must train as none does: other units or words left out would not."""
        monkeypatch.setattr(trainer, "MASK_ID", 5)
        settings, moved = replace(config(), hidden_tokens=0.3), {}
        for adversarial in (0.0, share):
            model = tiny_model(dropout=0.3)
            before = torch.cat([weight.detach().flatten() for weight in model.parameters()])
            train(model, toy_steps(3), replace(settings, adversarial=adversarial), tmp_path)
            after = torch.cat([weight.detach().flatten() for weight in model.parameters()])
            moved[adversarial] = after - before
            (tmp_path / MODEL).unlink()
        assert (float(torch.cosine_similarity(moved[0.0], moved[share], dim=0)) > 0.99) == alike

    def test_no_checkpoint_is_left_half_written(self, tmp_path: Path) -> None:
        train(tiny_model(), toy_steps(2), config(save_every=-1.0), tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([CHECKPOINT, MODEL])


class TestGroupLoss:
    @pytest.mark.parametrize("together", [1, 3, 100])
    def test_it_does_not_depend_on_which_windows_are_read_together(
        self, monkeypatch: pytest.MonkeyPatch, together: int
    ) -> None:
        """Windows are sorted by length, across questions: each score must go back to its own question."""
        model, groups = tiny_model().eval(), toy_groups(9)
        settings = replace(config(), choice_weight=0.5)
        with torch.no_grad():
            apart = [question_loss_alone(model, group, settings) for group in groups]
        none = settings.negative_weight
        weights = [1 + none if group.right == 0 else 2 * none for group in groups]
        spans = sum(one[0] for one in apart) / sum(weights)
        choices = sum(one[1] for one in apart) / len(groups)
        monkeypatch.setattr(trainer, "WINDOWS_AT_ONCE", together)
        with torch.no_grad():
            assert group_loss(model, groups, settings, CPU).item() == pytest.approx(spans + choices, rel=0.01)

    def test_word_embeddings_stay_when_the_settings_say_so(self, tmp_path: Path) -> None:
        model = tiny_model()
        before = {name: weight.clone() for name, weight in model.state_dict().items()}
        train(model, toy_steps(2), replace(config(), train_word_embeddings=False), tmp_path)
        after = load_file(tmp_path / MODEL)
        changed = {name for name, weight in after.items() if not torch.equal(weight, before[name])}
        word_embeddings = "encoder.embeddings.word_embeddings.weight"
        assert word_embeddings not in changed
        assert {"encoder.embeddings.position_embeddings.weight", "span.weight", "relevance.weight"} <= changed
        train(tiny_model(), toy_steps(2), config(), tmp_path)
        assert not torch.equal(load_file(tmp_path / MODEL)[word_embeddings], before[word_embeddings])


def question_loss_alone(model: SpanModel, group: Group, settings: TrainingConfig) -> tuple[float, float]:
    """The weighted sum of one question's span losses, and its two choices, each window read alone."""
    odds, relevance, spans = [], [], 0.0
    for window, target in zip(group.windows, group.targets, strict=True):
        logits = read_windows(model, [window], CPU)
        start, end = logits.start[0], logits.end[0]
        ((first, last),) = target
        right = start.log_softmax(0)[first] + end.log_softmax(0)[last]
        spans -= float(right) * (settings.negative_weight if target == NO_ANSWER else 1.0)
        odds.append(float(start[1:].logsumexp(0) - start[0] + end[1:].logsumexp(0) - end[0]))
        relevance.append(float(logits.relevance[0]))
    place = 0 if group.right is None else 1 + group.right
    by_relevance = -torch.tensor([0.0, *relevance]).log_softmax(0)[place]
    by_odds = -torch.tensor([0.0, *odds]).log_softmax(0)[place]
    return spans, float(by_relevance + settings.choice_weight * by_odds)


def labelled(model: SpanModel, groups: Sequence[Group]) -> list[Group]:
    """Groups with what a model makes of their windows."""
    made = []
    for group in groups:
        labels = []
        for one in group.windows:
            with torch.no_grad():
                logits = read_windows(model, [one], CPU)
            start, end = (side[0].half().numpy() for side in (logits.start, logits.end))
            labels.append(Label(start, end, float(logits.relevance[0])))
        made.append(replace(group, labels=tuple(labels)))
    return made


class TestTeacher:
    TAUGHT = replace(config(), teacher_weight=1.0, choice_weight=0.5)

    def test_what_the_teacher_says_is_learnt_though_it_is_wrong(self, tmp_path: Path) -> None:
        """The teacher takes another token for the key; the targets say what they always said."""
        other = KEY + 1
        wrong = [
            replace(group, windows=tuple(swapped(one, other) for one in group.windows)) for group in toy_groups(320)
        ]
        teacher = tiny_model(seed=3)
        train(teacher, [wrong[at : at + 4] for at in range(0, 320, 4)], config(), tmp_path)
        teacher.eval()
        groups = labelled(teacher, toy_groups(320, seed=8))
        student = tiny_model(seed=4)
        (tmp_path / "student").mkdir()
        train(student, [groups[at : at + 4] for at in range(0, 320, 4)], self.TAUGHT, tmp_path / "student")
        student.eval()
        held_out = labelled(teacher, toy_groups(40, seed=77))
        agreed = 0
        for group in held_out:
            with torch.no_grad():
                start = read_windows(student, group.windows[:1], CPU).start[0]
            agreed += int(start.argmax()) == int(group.labels[0].start.argmax())
        assert agreed >= 36

    @pytest.mark.parametrize("together", [2, 100])
    def test_answers_and_teacher_count_by_their_weights_however_windows_are_read(
        self, monkeypatch: pytest.MonkeyPatch, together: int
    ) -> None:
        model = tiny_model().eval()
        groups = labelled(tiny_model(seed=9).eval(), toy_groups(9))
        monkeypatch.setattr(trainer, "WINDOWS_AT_ONCE", together)

        def loss(weight: float) -> float:
            with torch.no_grad():
                return group_loss(model, groups, replace(self.TAUGHT, teacher_weight=weight), CPU).item()

        assert loss(0.3) == pytest.approx(0.7 * loss(0.0) + 0.3 * loss(1.0), rel=0.01)
        monkeypatch.setattr(trainer, "WINDOWS_AT_ONCE", 1)
        assert loss(1.0) == pytest.approx(sum_of_taught(model, groups), rel=0.01)

    def test_a_run_without_labels_is_refused(self) -> None:
        with pytest.raises(ConfigError, match="without a teacher's labels"):
            group_loss(tiny_model(), toy_groups(2), self.TAUGHT, CPU)


def swapped(one: Window, other: int) -> Window:
    """The window with the key and another token in each other's places."""
    return replace(one, ids=np.select([one.ids == KEY, one.ids == other], [other, KEY], one.ids))


def sum_of_taught(model: SpanModel, groups: Sequence[Group]) -> float:
    """``taught_loss``, each question by itself."""
    spans, choices = [], 0.0
    for group in groups:
        odds: list[list[float]] = [[0.0], [0.0], [0.0], [0.0]]
        for one, label in zip(group.windows, group.labels, strict=True):
            with torch.no_grad():
                logits = read_windows(model, [one], CPU)
            cross = 0.0
            for row, (mine, said) in enumerate(((logits.start[0], label.start), (logits.end[0], label.end))):
                taught = torch.from_numpy(said.astype("float32"))
                allowed = taught.isfinite()
                cross -= float((taught[allowed].softmax(0) * mine[allowed].log_softmax(0)).sum())
                for column, side in ((0, mine), (1, taught)):
                    odd = float(side[1:].logsumexp(0) - side[0])
                    if row:
                        odds[column][-1] += odd
                    else:
                        odds[column].append(odd)
            spans.append(cross)
            odds[2].append(float(logits.relevance[0]))
            odds[3].append(label.relevance)
        for weight, own, right in ((0.5, odds[0], odds[1]), (1.0, odds[2], odds[3])):
            choices -= weight * float((torch.tensor(right).softmax(0) * torch.tensor(own).log_softmax(0)).sum())
    return sum(spans) / len(spans) + choices / len(groups)


class TestLoadWeights:
    def test_from_a_checkpoint_and_from_a_finished_run(self, tmp_path: Path) -> None:
        trained = tiny_model()
        train(trained, toy_steps(3), config(save_every=-1.0), tmp_path)
        for name in (CHECKPOINT, MODEL):
            loaded = tiny_model(seed=4)
            load_weights(loaded, tmp_path / name)
            for (key, one), (_, other) in zip(loaded.state_dict().items(), trained.state_dict().items(), strict=True):
                assert torch.equal(one, other), key

    def test_weights_of_another_shape_are_refused(self, tmp_path: Path) -> None:
        train(tiny_model(), toy_steps(1), config(), tmp_path)
        model = tiny_model()
        model.relevance = torch.nn.Linear(16, 3)
        with pytest.raises(RuntimeError, match="relevance"):
            load_weights(model, tmp_path / MODEL)

    def test_the_files_are_plain_tensors(self, tmp_path: Path) -> None:
        """Safetensors begin with the length of a JSON header; nothing in them is ever executed."""
        train(tiny_model(), toy_steps(1), config(save_every=-1.0), tmp_path)
        for name in (CHECKPOINT, MODEL):
            raw = (tmp_path / name).read_bytes()
            header = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])
            assert all("dtype" in entry for key, entry in header.items() if key != "__metadata__")


class TestCollate:
    def test_by_hand(self) -> None:
        ids, types, mask, allowed = collate([window([9]), window([8, 7, 6])], CPU)
        assert ids.tolist() == [[1, 3, 4, 2, 9, 2, 0, 0], [1, 3, 4, 2, 8, 7, 6, 2]]
        assert types.tolist() == [[0, 0, 0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 1, 1, 1, 1]]
        assert mask.tolist() == [[1] * 6 + [0] * 2, [1] * 8]
        assert [[place for place, may in enumerate(row) if may] for row in allowed.tolist()] == [[0, 4], [0, 4, 5, 6]]


class TestReadWindows:
    def test_padding_changes_little_and_no_answer_stands_outside_the_text(self) -> None:
        """To bfloat16's precision: products of other shapes round differently."""
        model = tiny_model().eval()
        short, long = window([9, 8]), window([9, 10, 11, 12, 13, 14, 15])
        with torch.no_grad():
            alone, beside = read_windows(model, [short], CPU), read_windows(model, [short, long], CPU)
        assert torch.allclose(alone.start[0], beside.start[0, : len(short)], atol=0.01)
        assert torch.allclose(alone.relevance[0], beside.relevance[0], atol=0.01)
        finite = torch.isfinite(beside.start)
        assert finite.tolist()[0] == [True, *[False] * 3, True, True, *[False] * 6]
        assert torch.equal(finite, torch.isfinite(beside.end))
