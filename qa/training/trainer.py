"""The training loop: resumable, on a GPU where there is one, else on all cores."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from index.errors import ConfigError
from qa.readers.windows import Window
from qa.training.adversarial import shifted_embeddings, steepest_shifts, watched_embeddings
from qa.training.config import TrainingConfig
from qa.training.labels import Label
from qa.training.losses import TaughtScores, WindowScores, question_loss, taught_loss, taught_scores, window_scores
from qa.training.model import Logits, SpanModel, masked
from qa.training.precision import fastest_precision
from qa.training.regularization import hide_tokens
from qa.training.schedule import NO_ANSWER, Group, windows_of

WINDOWS_AT_ONCE = 16
"""Forward and backward passes take so many windows: more leave a processor's caches."""

MASK_ID = 103
"""``[MASK]`` in the vocabulary of BERT's uncased models, of which the embedded one is."""

CHECKPOINT = "checkpoint.safetensors"
MODEL = "model.safetensors"
LOG = "training.jsonl"

Scores = TypeVar("Scores", WindowScores, TaughtScores)


def best_device() -> torch.device:
    """A GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def collate(
    windows: Sequence[Window], device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Token ids, type ids, mask and where an answer may be, each of shape ``(windows, tokens)``, padded with 0."""
    shape = (len(windows), max(map(len, windows)))
    ids, types, mask = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    allowed = torch.zeros(shape, dtype=torch.bool)
    for row, window in enumerate(windows):
        ids[row, : len(window)] = torch.from_numpy(window.ids)
        types[row, : len(window)] = torch.from_numpy(window.type_ids)
        mask[row, : len(window)] = 1
        allowed[row, 0] = True
        allowed[row, window.first : len(window) - 1] = True
    return ids.to(device), types.to(device), mask.to(device), allowed.to(device)


def read_windows(
    model: SpanModel, windows: Sequence[Window], device: torch.device, *, hidden_tokens: float = 0.0
) -> Logits:
    """The model's logits for a batch of windows, computed in the fastest precision.

    Args:
        hidden_tokens: the share of the words that are hidden from the model.
    """
    ids, types, mask, allowed = collate(windows, device)
    first, separator = ids[0, 0], ids[0, len(windows[0]) - 1]
    ordinary = mask.bool() & (ids != first) & (ids != separator)
    ids = hide_tokens(ids, ordinary, hidden_tokens, MASK_ID)
    with fastest_precision(device):
        span, relevance = model(ids, types, mask)
    return masked(span, relevance, allowed)


def group_loss(model: SpanModel, groups: Sequence[Group], config: TrainingConfig, device: torch.device) -> torch.Tensor:
    """The loss of some questions, by the mean over them.

    Windows are read with others of their length, whichever question they belong to, and put back in order for the loss.
    """
    windows = windows_of(groups)
    targets = [spans for group in groups for spans in group.targets]
    labels = [label for group in groups for label in group.labels] if config.teacher_weight else []
    if config.teacher_weight and len(labels) != len(windows):
        raise ConfigError("teacher_weight is not 0, and there are windows without a teacher's labels")
    order = sorted(range(len(windows)), key=lambda place: len(windows[place]))
    read, taught = [], []
    for start in range(0, len(order), WINDOWS_AT_ONCE):
        places = order[start : start + WINDOWS_AT_ONCE]
        batch = [windows[place] for place in places]
        logits = read_windows(model, batch, device, hidden_tokens=config.hidden_tokens)
        read.append(window_scores(logits, [targets[place] for place in places]))
        if labels:
            taught.append(taught_scores(logits, _teacher_logits([labels[place] for place in places], device)))
    back = torch.tensor(order, device=device).argsort()
    scores = _in_order(read, back)
    sizes = [len(group.windows) for group in groups]
    by_answers = question_loss(
        scores,
        [spans != NO_ANSWER for spans in targets],
        sizes,
        [group.right for group in groups],
        negative_weight=config.negative_weight,
        choice_weight=config.choice_weight,
    )
    if not labels:
        return by_answers
    by_teacher = taught_loss(scores, _in_order(taught, back), sizes, choice_weight=config.choice_weight)
    return (1 - config.teacher_weight) * by_answers + config.teacher_weight * by_teacher


def _in_order(batches: Sequence[Scores], back: torch.Tensor) -> Scores:
    """The scores of all batches as one, each window's in the place that ``back`` gives."""
    kind = type(batches[0])
    return kind(*(torch.cat([getattr(batch, field.name) for batch in batches])[back] for field in fields(kind)))


def _teacher_logits(labels: Sequence[Label], device: torch.device) -> Logits:
    """The labels of a batch of windows, padded with -inf."""
    sides = []
    for rows in ([label.start for label in labels], [label.end for label in labels]):
        logits = torch.full((len(rows), max(map(len, rows))), float("-inf"))
        for row, values in enumerate(rows):
            logits[row, : len(values)] = torch.from_numpy(values.astype("float32"))
        sides.append(logits.to(device))
    return Logits(sides[0], sides[1], torch.tensor([label.relevance for label in labels], device=device))


def train(model: SpanModel, steps: Sequence[Sequence[Group]], config: TrainingConfig, folder: Path) -> None:
    """Train to the last step, from ``folder``'s checkpoint if it has one; then write the model there.

    Args:
        model: changed in place.
        steps: what each step shows.
        folder: gets the checkpoint, the log (a JSON line a minute) and the finished model.

    Raises:
        ConfigError: the folder's checkpoint is of a run with other settings.
    """
    device = best_device()
    model.to(device).train()
    optimizer = _optimizer(model, config)
    begun = _resume(model, optimizer, config, folder / CHECKPOINT)
    saved = told = time.monotonic()
    losses: list[float] = []
    windows_read = 0
    for number in range(begun, len(steps)):
        _set_rates(optimizer, config, number, len(steps))
        seed = 1_000_003 * config.seed + number  # a run taken up again draws what it would have drawn
        loss = _backward(model, steps[number], config, device, seed)
        torch.nn.utils.clip_grad_norm_([weight for weight in model.parameters() if weight.grad is not None], 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss)
        windows_read += sum(len(group.windows) for group in steps[number])
        now = time.monotonic()
        if now - told > 60:
            seconds = now - told
            _log(folder, step=number + 1, of=len(steps), loss=sum(losses) / len(losses), rate=windows_read / seconds)
            told, losses, windows_read = now, [], 0
        if now - saved > config.save_every:
            _save(model, optimizer, config, number + 1, folder / CHECKPOINT)
            saved = now
    save_file(_weights(model), folder / MODEL)


def _backward(
    model: SpanModel, groups: Sequence[Group], config: TrainingConfig, device: torch.device, seed: int
) -> float:
    """Add the gradients of a step; with ``config.adversarial`` the mean of the windows' as they are and of the shifted
    ones', both with the same units left out and the same words hidden. Returns the loss of the windows as they are."""
    torch.manual_seed(seed)
    if not config.adversarial:
        loss = group_loss(model, groups, config, device)
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())
    with watched_embeddings(model) as watched:
        loss = group_loss(model, groups, config, device)
    (loss / 2).backward()  # type: ignore[no-untyped-call]
    torch.manual_seed(seed)
    with shifted_embeddings(model, steepest_shifts(watched, config.adversarial)):
        (group_loss(model, groups, config, device) / 2).backward()  # type: ignore[no-untyped-call]
    return float(loss.detach())


def load_weights(model: SpanModel, path: Path) -> None:
    """Give the model the weights of a finished run or of a checkpoint."""
    tensors = {name.removeprefix("model."): tensor for name, tensor in load_file(path).items()}
    model.load_state_dict({name: tensor for name, tensor in tensors.items() if not name.startswith("optimizer.")})


def _optimizer(model: SpanModel, config: TrainingConfig) -> torch.optim.AdamW:
    """AdamW (Loshchilov and Hutter 2019); no decay for biases and norms, a rate of their own for the new heads; word
    embeddings are fixed where the settings say so."""
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(config.train_word_embeddings)
    encoder = {name: weight for name, weight in model.encoder.named_parameters() if weight.requires_grad}
    heads = [weight for name, weight in model.named_parameters() if not name.startswith("encoder.")]
    matrices = [weight for weight in encoder.values() if weight.ndim > 1]
    vectors = [weight for weight in encoder.values() if weight.ndim == 1]
    rate = config.learning_rate
    return torch.optim.AdamW(
        [
            {"params": matrices, "lr": rate, "peak": rate, "weight_decay": config.weight_decay},
            {"params": vectors, "lr": rate, "peak": rate, "weight_decay": 0.0},
            {"params": heads, "lr": rate, "peak": config.head_learning_rate, "weight_decay": 0.0},
        ],
        betas=(0.9, 0.98),
        eps=1e-6,
        fused=True,
    )


def _set_rates(optimizer: torch.optim.AdamW, config: TrainingConfig, step: int, steps: int) -> None:
    rising = max(1.0, config.warmup * steps)
    share = min((step + 1) / rising, (steps - step) / max(1.0, steps - rising))
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * share


def _weights(model: SpanModel) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}


def _save(model: SpanModel, optimizer: torch.optim.AdamW, config: TrainingConfig, step: int, path: Path) -> None:
    """A checkpoint: weights and the optimizer's moments as plain tensors, renamed into place when whole."""
    tensors = {f"model.{name}": tensor for name, tensor in _weights(model).items()}
    for number, state in optimizer.state_dict()["state"].items():
        for name, value in state.items():
            tensors[f"optimizer.{number}.{name}"] = torch.as_tensor(value).detach().cpu().contiguous()
    partial = path.with_suffix(".partial")
    save_file(tensors, partial, metadata={"step": str(step), "config": _fingerprint(config)})
    partial.replace(path)


def _resume(model: SpanModel, optimizer: torch.optim.AdamW, config: TrainingConfig, path: Path) -> int:
    """Take up a checkpoint; the number of steps that it has behind it."""
    if not path.exists():
        return 0
    with safe_open(path, framework="pt") as opened:
        if opened.metadata().get("config") != _fingerprint(config):
            raise ConfigError(f"{path} is of a run with other settings; remove it, or name another folder with --work")
        step = int(opened.metadata()["step"])
    tensors = load_file(path)
    load_weights(model, path)
    state: dict[int, dict[str, Any]] = {}
    for name, tensor in tensors.items():
        kind, _, rest = name.partition(".")
        if kind == "optimizer":
            number, _, moment = rest.partition(".")
            state.setdefault(int(number), {})[moment] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
    return step


def _fingerprint(config: TrainingConfig) -> str:
    """What two runs must have in common for one to go on from the other's checkpoint."""
    return repr(replace(config, save_every=0.0))


def _log(folder: Path, **figures: float) -> None:
    line = json.dumps({name: round(value, 4) for name, value in figures.items()})
    with (folder / LOG).open("a", encoding="utf-8") as log:
        log.write(line + "\n")
    print(line, flush=True)  # noqa: T201  (the command's output)
