"""Trains the span reader.

    python -m qa.training examples --data DIR --work DIR     questions with chunks that answer and hard negatives
    python -m qa.training train    --work DIR                trains; run again after an interruption, it goes on
    python -m qa.training label    --teacher FILE --base DIR --work DIR   what a trained network makes of the examples
    python -m qa.training restore  --of FILE --work DIR      a model.onnx's weights, to begin a run with (what ships)
    python -m qa.training average  --of FILE=SHARE … --work DIR   the mean of several runs' weights
    python -m qa.training export   --work DIR                writes ONNX in full precision and in int8
    python -m qa.training fit      --data DIR --work DIR     fits how spans are scored, and how sure an answer is
    python -m qa.training all      --data DIR --work DIR     all but restoring and averaging

``--config`` names the settings, ``qa/training/reader.toml`` without it. What ``fit`` leaves in ``WORK/int8`` is the
folder that ships as ``qa/models/minilm-reader``.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError

from index.embedder import load_embedder
from index.errors import ConfigError, PullquoteError
from index.minilm import embedded_model_folder
from index.stores.local import EmbeddingCache
from qa.readers.span import MODEL_FILE, MODEL_FOLDER, TOKENIZER_FILE, SpanNetwork
from qa.readers.windows import WindowMaker
from qa.training.asking import Asked, ask_all
from qa.training.averaging import average_weights
from qa.training.config import TrainingConfig
from qa.training.examples import build_examples, read_examples, write_examples
from qa.training.export import INT8, export
from qa.training.fitting import calibration_inputs, cross_validated, fit_calibration, fit_combination, write_manifest
from qa.training.kin import WordKin
from qa.training.labelling import label_windows
from qa.training.labels import read_labels
from qa.training.model import SpanModel, pretrained
from qa.training.restoring import restore
from qa.training.schedule import Group, make_groups, schedule, windows_of, with_labels
from qa.training.sources import NATURAL, read_source
from qa.training.split import is_kept_aside, is_measured
from qa.training.trainer import MODEL, load_weights, train

READER_NAME = "minilm-reader 6"
CALIBRATED_ON = {"squad": 260, NATURAL: 260, "new-wiki": 130}
"""The data sets that are fitted on, and of each how many questions at most: every one is put to four collections."""
SAMPLE_SEED = 5
LABELS = "labels"


def make_examples(config: TrainingConfig, data: Path, work: Path) -> None:
    """Write the examples of each data set that has none yet."""
    embedder = load_embedder()
    for name, source_config in config.sources.items():
        if not (work / "examples" / f"{name}.examples.jsonl").exists():
            passages, examples = build_examples(read_source(data, name), source_config, embedder)
            write_examples(work / "examples", name, passages, examples)
            _write(f"{name}: {len(examples):,} questions, {len(passages):,} chunks")


def run_training(config: TrainingConfig, work: Path, base: Path, start: Path | None) -> None:
    """Train to the end, or go on from the last checkpoint.

    Args:
        base: the folder of the network to train.
        start: the weights to begin with; those of ``base`` and new heads without it.
    """
    groups = _groups(config, work)
    if config.teacher_weight:
        groups = with_labels(groups, read_labels(work / LABELS, windows_of(groups)))
    torch.manual_seed(config.seed)
    model = pretrained(base, dropout=config.dropout)
    if start is not None:
        _load(model, start, base)
    steps = schedule(groups, config)
    _write(f"{len(groups):,} questions, {sum(len(group.windows) for step in steps for group in step):,} windows shown")
    train(model, steps, config, work)


def make_labels(config: TrainingConfig, work: Path, base: Path, teacher: Path) -> None:
    """Write what a trained teacher makes of all windows of the configuration, or go on with it.

    Args:
        base: the folder of the network that the teacher was trained from.
        teacher: its weights.
    """
    model = pretrained(base, dropout=0.0)
    _load(model, teacher, base)
    label_windows(model, windows_of(_groups(config, work)), work / LABELS, told=_tell_windows)


def _load(model: SpanModel, weights: Path, base: Path) -> None:
    try:
        load_weights(model, weights)
    except (RuntimeError, SafetensorError) as error:
        message = str(error).partition("\n")[0]
        raise ConfigError(f"{weights} does not hold the weights of a network trained from {base}: {message}") from None


def _groups(config: TrainingConfig, work: Path) -> list[Group]:
    maker = WindowMaker(embedded_model_folder() / TOKENIZER_FILE)
    read = {name: read_examples(work / "examples", name) for name in config.sources}
    kin = None
    if any(source.twins for source in config.sources.values()):
        kin = WordKin.of_texts(passage.text for passages, _ in read.values() for passage in passages)
    groups = []
    for number, (name, source) in enumerate(config.sources.items()):
        passages, examples = read[name]
        groups += make_groups(examples, passages, source, maker, config.seed * 1000 + number, kin)
    return groups


def fit(config: TrainingConfig, data: Path, work: Path, cache_file: Path) -> None:
    """Fit combination and calibration on articles kept aside, and write the manifest."""
    folder = work / INT8
    network, embedder = SpanNetwork(folder), load_embedder()
    asked: list[Asked] = []
    with EmbeddingCache(cache_file) as cache:
        for name, most in CALIBRATED_ON.items():
            if name not in config.sources:
                continue
            source, kept = read_source(data, name), config.sources[name].kept_aside
            questions = [
                one
                for one in source.questions
                if is_kept_aside(one.article_id, kept) and not (name == NATURAL and is_measured(one.article_id, kept))
            ]
            if len(questions) > most:
                questions = random.Random(SAMPLE_SEED).sample(questions, most)
            asked += ask_all(source, questions, network, embedder, cache, told=_tell)
    combination = fit_combination(asked)
    inputs = calibration_inputs(asked, combination)
    right, held_out = inputs.right, cross_validated(inputs)
    write_manifest(folder, READER_NAME, combination, fit_calibration(inputs))
    error = float(np.average((held_out - right) ** 2, weights=inputs.counts))
    _write(f"{len(right):,} answers, {right.mean():.1%} right; mean squared error of the probability, by articles not")
    _write(f"fitted on: {error:.3f} (always saying the mean: {float(right.mean() * (1 - right.mean())):.3f})")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m qa.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=("examples", "label", "train", "restore", "average", "export", "fit", "all"))
    parser.add_argument("--config", type=Path, default=Path(__file__).with_name("reader.toml"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the training data")
    parser.add_argument("--work", type=Path, default=Path("build/reader"), help="examples, checkpoints and results")
    parser.add_argument("--base", type=Path, help="the folder of the network to train (the embedded model's)")
    parser.add_argument("--start", type=Path, help="the model.safetensors of an earlier run, to begin with")
    parser.add_argument("--teacher", type=Path, help="label: the model.safetensors of a run from --base")
    parser.add_argument(
        "--of",
        action="append",
        default=[],
        metavar="FILE",
        help="average: a run's model.safetensors=SHARE; restore: a model.onnx (what ships)",
    )
    parser.add_argument("--cache", type=Path, help="where vectors are kept (WORK/vectors.sqlite)")
    given = parser.parse_args(arguments)
    try:
        config = TrainingConfig.from_file(given.config)
        given.work.mkdir(parents=True, exist_ok=True)
        if given.step in ("examples", "all"):
            make_examples(config, given.data, given.work)
        base = given.base or embedded_model_folder()
        if given.step == "label":
            make_labels(config, given.work, base, _teacher(given.teacher))
        if given.step in ("train", "all"):
            run_training(config, given.work, base, given.start)
        if given.step == "restore":
            restore(_one_model(given.of), given.work / MODEL)
        if given.step == "average":
            average_weights([_run_and_share(one) for one in given.of], given.work / MODEL)
        if given.step in ("export", "all"):
            export(given.work / MODEL, given.work)
        if given.step in ("fit", "all"):
            fit(config, given.data, given.work, given.cache or given.work / "vectors.sqlite")
    except (PullquoteError, OSError, ValueError) as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    return 0


def _one_model(files: Sequence[str]) -> Path:
    if len(files) > 1:
        raise ConfigError(f"restore takes one --of FILE, not {len(files)}")
    return Path(files[0]) if files else MODEL_FOLDER / MODEL_FILE


def _teacher(file: Path | None) -> Path:
    if file is None:
        raise ConfigError("label takes --teacher FILE, the model.safetensors of the run that teaches")
    return file


def _run_and_share(text: str) -> tuple[Path, float]:
    path, _, share = text.rpartition("=")
    try:
        if path:
            return Path(path), float(share)
    except ValueError:
        pass
    raise ConfigError(f"--of takes FILE=SHARE, such as run/model.safetensors=0.5, not {text!r}")


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _tell_windows(done: int, of: int) -> None:
    _write(f"{done:,} of {of:,} windows labelled")


def _tell(done: int, of: int) -> None:
    if done % 50 == 0 or done == of:
        _write(f"{done} of {of} questions asked")


if __name__ == "__main__":
    raise SystemExit(main())
