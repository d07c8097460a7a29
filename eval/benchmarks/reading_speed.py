"""How long the span reader's network takes over a question's candidates, beside the same network in PyTorch.

    python -m eval.benchmarks.reading_speed [--questions N] [--rounds N]

Questions of the sample collection, each with its candidates. Each way reads all of them in turns, so that a slow moment
of the machine falls on all. The ways through ONNX Runtime are those of the product, with cutting into windows and
finding spans; PyTorch is given windows, and only computes their logits: all of a question's in one padded batch, and
one by one. The weights are those of training's start: how long a product takes does not hang on what it multiplies.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file

from eval.benchmarks.overhead import SAMPLE
from eval.datasets.reading import read_questions
from index.config import SearchConfig
from index.minilm import embedded_model_folder
from index.records import Candidate
from qa.readers.passages import Passage
from qa.readers.span import TOKENIZER_FILE, SpanNetwork
from qa.readers.windows import Window, WindowMaker
from qa.sample import open_sample
from qa.training.export import FULL_PRECISION, INT8, export
from qa.training.model import SpanModel, pretrained
from qa.training.trainer import collate

CANDIDATES = SearchConfig().candidates
Way = Callable[[str, Sequence[Candidate]], object]


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of each question in each round, all questions of a round next to each other."""

    wall: list[float]
    cpu: list[float]


def in_onnx(network: SpanNetwork) -> Way:
    """The product's way."""
    return lambda question, candidates: network.find(question, [Passage.of(one) for one in candidates])


def in_torch(model: SpanModel, maker: WindowMaker, *, together: bool) -> Way:
    """The logits of all windows: in one batch, or one by one."""
    model.eval()

    def read(question: str, candidates: Sequence[Candidate]) -> None:
        windows = [
            window for one in candidates for window in maker.windows(question, one.article.title, one.chunk.text)
        ]
        batches: list[list[Window]] = [windows] if together else [[window] for window in windows]
        with torch.inference_mode():
            for batch in batches:
                ids, types, mask, _ = collate(batch, torch.device("cpu"))
                model(ids, types, mask)

    return read


def in_turns(
    ways: Mapping[str, Way], asked: Sequence[tuple[str, Sequence[Candidate]]], rounds: int
) -> dict[str, Timed]:
    """Time every way on every question, ``rounds`` times, after a first time that is not counted."""
    found = {name: Timed([], []) for name in ways}
    for number in range(rounds + 1):
        for question, candidates in asked:
            for name, way in ways.items():
                wall, cpu = time.perf_counter(), time.process_time()
                way(question, candidates)
                if number:
                    found[name].cpu.append(time.process_time() - cpu)
                    found[name].wall.append(time.perf_counter() - wall)
    return found


def table(timed: Mapping[str, Timed], windows: float) -> list[str]:
    """The lines of a Markdown table: medians, and how many times as fast each is as the first."""
    first = next(iter(timed.values()))
    lines = [
        f"| {windows:.1f} windows a question | ms, by the clock | ms of processor time | times as fast, by the clock "
        "| by processor time |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, one in timed.items():
        ratios = [
            statistics.median(before / own for before, own in zip(of_first, of_own, strict=True))
            for of_first, of_own in ((first.wall, one.wall), (first.cpu, one.cpu))
        ]
        wall, cpu = (1000 * statistics.median(seconds) for seconds in (one.wall, one.cpu))
        lines.append(f"| {name} | {wall:.0f} | {cpu:.0f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="The span reader's network beside the same in PyTorch, as a table.")
    parser.add_argument("--questions", type=int, default=20, help="of the sample collection")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    model = pretrained(embedded_model_folder(), dropout=0.0)
    with tempfile.TemporaryDirectory() as folder, open_sample() as assistant:
        weights = Path(folder) / "model.safetensors"
        save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, weights)
        export(weights, Path(folder))
        maker = WindowMaker(Path(folder) / INT8 / TOKENIZER_FILE)
        texts = [question.text for question in read_questions(SAMPLE).questions[: options.questions]]
        asked = [(text, assistant.retrieve(text, CANDIDATES)) for text in texts]
        ways = {
            "PyTorch, float32, one batch": in_torch(model, maker, together=True),
            "PyTorch, float32, one by one": in_torch(model, maker, together=False),
            "ONNX Runtime, float32": in_onnx(SpanNetwork(Path(folder) / FULL_PRECISION)),
            "ONNX Runtime, int8 (what ships)": in_onnx(SpanNetwork(Path(folder) / INT8)),
        }
        timed = in_turns(ways, asked, options.rounds)
        windows = statistics.mean(
            sum(1 for one in candidates for _ in maker.windows(text, one.article.title, one.chunk.text))
            for text, candidates in asked
        )
    sys.stdout.write("\n".join(table(timed, windows)) + "\n")


if __name__ == "__main__":
    main()
