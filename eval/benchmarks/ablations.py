"""What each part is worth: the same questions with one part exchanged at a time, tested against the default.

    python -m eval.benchmarks.ablations [--on squad|natural|news] [--limit N] [--data DIR] [--cache FILE] [--out DIR]

Each row is a run of ``pullquote eval`` over the same index; with ``--out`` the runs are kept, for ``compare`` and
``report``. The tests are paired randomisation tests that exchange whole articles, with Holm's correction over all of a
table's tests.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.benchmarks.readers import Question as BenchmarkQuestion
from eval.benchmarks.readers import add_set_options, indexed, sampled_set
from eval.compare import compare
from eval.datasets.records import Evidence, Question, QuestionSet
from eval.randomisation import holm
from eval.runner import Run, evaluate
from eval.statistics import Estimate
from index.config import SearchConfig
from index.embedder import Embedder, load_embedder
from index.stores.local import LocalStore
from qa import Assistant, QAConfig

MEASURES: Mapping[str, str] = {
    "fused_success@5": "evidence in the first 5",
    "fused_success@20": "in the first 20",
    "em": "EM",
    "f1": "F1",
    "citation_first": "first citation",
    "auroc_answerable": "AUROC answerable",
    "auroc_right": "AUROC right",
    "excess_aurc": "excess AURC",
}
TESTED = ("fused_success@5", "fused_success@20", "em", "f1", "citation_first")


@dataclass(frozen=True, slots=True)
class Variant:
    """The default with one part exchanged."""

    name: str
    config: QAConfig
    reader: str = "span"


VARIANTS = (
    Variant("default: convex combination, span reader", QAConfig()),
    Variant("reciprocal rank fusion", QAConfig(search=SearchConfig(mode="rrf"))),
    Variant("dense alone", QAConfig(search=SearchConfig(mode="dense"))),
    Variant("BM25 alone", QAConfig(search=SearchConfig(mode="lexical"))),
    Variant("sentence reader", QAConfig(), "sentence"),
)


def question_set(name: str, questions: Sequence[BenchmarkQuestion]) -> QuestionSet:
    """The questions as ``pullquote eval`` takes them."""
    found = tuple(
        Question(
            question_id=str(number),
            text=one.text,
            answers=one.answers,
            evidence=tuple(Evidence(article, start, end) for article, start, end in one.evidence),
            asked=one.asked,
            retrieved=one.retrieved or None,
            cluster=one.article,
        )
        for number, one in enumerate(questions)
    )
    return QuestionSet(name, found)


def run_variants(
    questions: QuestionSet, store: LocalStore, embedder: Embedder, variants: Sequence[Variant], out: Path | None
) -> list[Run]:
    """Evaluate each variant on one index; those already in ``out`` are taken up again."""
    runs = []
    for number, variant in enumerate(variants):
        with Assistant(store, embedder, config=variant.config, reader=variant.reader) as assistant:
            runs.append(evaluate(questions, assistant, out / f"{number}" if out else None))
        sys.stderr.write(f"{variant.name}: done\n")
    return runs


def table(variants: Sequence[Variant], runs: Sequence[Run]) -> list[str]:
    """The lines of a Markdown table; figures that differ from the first row's are marked * (p < .05 after Holm)."""
    p_values: dict[str, float] = {}
    for number, run in enumerate(runs[1:], start=1):
        differences = compare(runs[0], run, resamples=100).differences
        p_values |= {f"{number} {name}": differences[name].p for name in TESTED if name in differences}
    corrected = holm(p_values)
    shown = [name for name in MEASURES if any(name in run.measures for run in runs)]
    lines = [
        f"| | {' | '.join(MEASURES[name] for name in shown)} | median ms |",
        f"|---|{'---:|' * (len(shown) + 1)}",
    ]
    for number, (variant, run) in enumerate(zip(variants, runs, strict=True)):
        cells = [
            _cell(run.measures.get(name), interval=number == 0, marked=corrected.get(f"{number} {name}", 1.0) < 0.05)
            for name in shown
        ]
        lines.append(f"| {variant.name} | {' | '.join(cells)} | {run.speed['total']['p50']:.0f} |")
    return lines


def _cell(estimate: Estimate | None, *, interval: bool, marked: bool) -> str:
    if estimate is None:
        return "–"
    bounds = f" [{estimate.low:.3f}, {estimate.high:.3f}]" if interval else ""
    return f"{estimate.value:.3f}{bounds}{' *' if marked else ''}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="One part exchanged at a time, as a Markdown table.")
    parser.add_argument("--out", type=Path, help="keeps the runs here, and goes on with those that are there")
    add_set_options(parser)
    options = parser.parse_args(arguments)
    articles, questions = sampled_set(options.data, options.on, options.limit)
    options.cache.parent.mkdir(parents=True, exist_ok=True)
    asked = question_set(options.on, questions)
    with tempfile.TemporaryDirectory() as folder:
        embedder = load_embedder()
        store = indexed(articles, Path(folder) / "index", embedder, options.cache)
        runs = run_variants(asked, store, embedder, VARIANTS, options.out)
    answerable = sum(bool(one.answers) for one in questions)
    heading = (
        f"### {options.on}: {answerable:,} answerable and {len(questions) - answerable:,} unanswerable questions on "
        f"{len({one.article for one in questions}):,} of {len(articles):,} articles"
    )
    sys.stdout.write("\n".join([heading, "", *table(VARIANTS, runs)]) + "\n")


if __name__ == "__main__":
    main()
