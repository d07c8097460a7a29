"""Two runs against each other, by hand; and runs that cannot be compared."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from eval.compare import changes, compare
from eval.datasets.records import QuestionSet
from eval.runner import Run, evaluate
from index.errors import RunError
from qa import QAConfig
from tests.eval.runs import COST, QUESTIONS, SAID, TRAM, WHERE, FakeAssistant, Said

BETTER = {**SAID, COST.text: Said(TRAM, "nine million", 0.8)}


def run(said: dict[str, Said], config: QAConfig | None = None) -> Run:
    return evaluate(QUESTIONS, FakeAssistant(said, config=config or QAConfig()), resamples=20)  # type: ignore[arg-type]


def test_a_gain_by_hand() -> None:
    found = compare(run(SAID), run(BETTER), resamples=20).differences
    em = found["em"]
    assert (em.first, em.second, em.gain.value) == pytest.approx((2 / 3, 1.0, 1 / 3))
    assert (em.wins, em.losses) == (1, 0)
    assert em.p == 1.0  # one article gained, of two: exchanging it is as extreme
    assert em.p_holm == 1.0
    assert found["citation_first"].wins == 1
    assert found["auroc_right"].gain.value == pytest.approx(1 - 3 / 4)
    assert math.isnan(found["auroc_right"].p)


def test_what_changed_is_listed_wins_first() -> None:
    worse = {**BETTER, WHERE.text: Said(TRAM, "A vote", 0.5)}
    found = changes(run(SAID), run(worse), "em")
    assert [(one.first.question_id, one.gain, one.second.best) for one in found] == [
        ("2", 1.0, "nine million"),
        ("1", -1.0, "A vote"),
    ]
    assert changes(run(SAID), run(SAID), "em") == []
    with pytest.raises(RunError, match=r"no measure 'speed' of single questions; they have .*em, em_all"):
        changes(run(SAID), run(SAID), "speed")


def test_what_was_set_differently_is_told() -> None:
    settings = compare(run(SAID), run(SAID, QAConfig(risk=0.2)), resamples=20).settings
    assert settings == (("settings.risk", QAConfig().risk, 0.2),)


def test_the_same_run_gains_nothing() -> None:
    for name, one in compare(run(SAID), run(SAID), resamples=20).differences.items():
        assert one.gain.value == 0, name
        assert (one.wins, one.losses) == (0, 0)
        assert math.isnan(one.p) or one.p == 1


def test_runs_over_other_questions_or_articles_are_refused() -> None:
    other = evaluate(QuestionSet("half", (WHERE,)), FakeAssistant(SAID), resamples=20)  # type: ignore[arg-type]
    with pytest.raises(RunError, match=r"over other questions \(fish, 2 articles; half, 2 articles\)"):
        compare(run(SAID), other)
    moved = run(SAID)
    moved = replace(moved, manifest=replace(moved.manifest, collection_sha256="0"))
    with pytest.raises(RunError, match="over other articles"):
        compare(run(SAID), moved)
