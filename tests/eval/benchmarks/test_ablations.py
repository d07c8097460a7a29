"""The ablations: the benchmarks' questions as a question set, and the table with its tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from eval.benchmarks.ablations import VARIANTS, Variant, question_set, run_variants, table
from eval.benchmarks.readers import Question, indexed
from eval.datasets.records import Evidence
from eval.datasets.records import Question as AskedQuestion
from eval.runner import Run, evaluate
from index.records import Article
from qa import QAConfig
from tests.eval.runs import FERRY, TRAM, FakeAssistant, Said
from tests.fakes import WordEmbedder

WHERE = Question("Where did the ferry sink?", ("off Skye",), (("ferry", 15, 23),), "ferry")
WHO = Question("Who paid?", (), (), "tram", date(2022, 8, 5), ("tram",))


def test_the_benchmarks_questions_as_a_set() -> None:
    first, second = question_set("squad", [WHERE, WHO]).questions
    assert first == AskedQuestion(
        question_id="0",
        text=WHERE.text,
        answers=("off Skye",),
        evidence=(Evidence("ferry", 15, 23),),
        cluster="ferry",
    )
    assert (second.answers, second.evidence, second.cluster) == ((), (), "tram")
    assert (second.asked, second.retrieved) == (date(2022, 8, 5), ("tram",))


def run_of(right: set[int], articles: int = 12) -> Run:
    """A run over one question for each of some clusters, of which those in ``right`` are answered rightly."""
    questions = [
        Question(f"Where did ferry {number} sink?", ("off Skye",), (("ferry", 15, 23),), f"cluster {number}")
        for number in range(articles)
    ]
    said = {
        one.text: Said(FERRY, "off Skye", 0.9) if number in right else Said(TRAM, "nine million", 0.2)
        for number, one in enumerate(questions)
    }
    return evaluate(question_set("x", questions), FakeAssistant(said), resamples=20)  # type: ignore[arg-type]


def test_only_what_differs_beyond_chance_is_marked() -> None:
    everything = run_of(set(range(12)))
    runs = [everything, run_of(set(range(11))), run_of(set())]
    variants = [Variant("default", QAConfig()), Variant("nearly", QAConfig()), Variant("never", QAConfig())]
    heading, _, default, nearly, never = table(variants, runs)
    columns = [cell.strip() for cell in heading.strip("|").split("|")]
    cells = dict(zip(columns, [cell.strip() for cell in never.strip("|").split("|")], strict=True))
    assert cells["F1"] == "0.000 *"
    assert cells["EM"] == "0.000 *"
    assert "*" not in nearly
    assert "0.917" in nearly
    assert default.startswith("| default | ")
    assert "1.000 [0.779, 1.000]" in default  # .05 ** (1 / 12)


def test_every_variant_is_asked_on_one_index_and_kept(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    articles: list[Article] = [FERRY, TRAM]
    store = indexed(articles, tmp_path / "index", embedder, tmp_path / "vectors.sqlite")
    asked = question_set("x", [WHERE, WHO])
    runs = run_variants(asked, store, embedder, VARIANTS, tmp_path / "runs")
    modes = [run.manifest.to_dict()["settings"]["search"]["mode"] for run in runs]
    assert modes == ["convex", "rrf", "dense", "lexical", "convex"]
    assert runs[0].manifest.to_dict()["models"] != runs[-1].manifest.to_dict()["models"]
    assert sorted(one.name for one in (tmp_path / "runs").iterdir()) == ["0", "1", "2", "3", "4"]
    assert len(table(VARIANTS, runs)) == 2 + len(VARIANTS)
