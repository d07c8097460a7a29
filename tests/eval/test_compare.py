"""Two runs against each other, by hand; and runs that cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from eval.compare import changes, compare, measures_in_both
from eval.datasets.records import QuestionSet
from eval.paired_scores import ScoreGain, score_gains
from eval.rows import QuestionRow
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
    assert found["auroc_right"].p == 1.0  # as with EM: one article differs, and exchanging it is as extreme
    assert (found["auroc_right"].wins, found["auroc_right"].losses) == (None, None)
    assert {name for name, one in found.items() if one.wins is None} == {
        "auroc_answerable", "auroc_right", "aurc", "excess_aurc", "coverage_at_80", "coverage_at_90", "coverage_at_95",
        "ece",  # AUROC of the answerable alone is not: all of them are right in the second
    }  # fmt: skip


def test_questions_that_failed_are_told_and_left_out() -> None:
    failing = {text: said for text, said in BETTER.items() if text != WHERE.text}
    found = compare(run(SAID), run(failing), resamples=20)
    assert (found.questions, found.failures) == (4, (0, 1))
    assert (found.differences["em"].gain.n, found.differences["em_all"].gain.n) == (2, 3)
    assert found.differences["em"].first == 0.5  # of the two that both answered


def test_runs_that_know_no_answers_are_listed_by_what_they_have() -> None:
    unjudged = QuestionSet("fish", tuple(replace(one, answers=None) for one in QUESTIONS.questions))
    ranked = evaluate(unjudged, FakeAssistant(SAID), resamples=20)  # type: ignore[arg-type]
    names = measures_in_both(ranked, ranked)
    assert "f1_all" not in names
    assert changes(ranked, ranked, names[0]) == []
    assert measures_in_both(run(SAID), run(SAID))[0] == "f1_all"
    assert measures_in_both(run(SAID), ranked)[0] == names[0]


class TestScoresOfLargerRuns:
    """Forty questions on ten articles: the second run's confidences are the first's, or tell right from wrong."""

    def rows(self, *, told_apart: bool, scale: float = 1.0) -> list[QuestionRow]:
        chance = np.random.default_rng(7)
        rows = []
        for number in range(40):
            right = bool(chance.random() < 0.5)
            confidence = float(chance.random()) / 2
            confidence += 0.5 * right if told_apart else 0.0
            rows.append(
                QuestionRow(
                    question_id=str(number), cluster=str(number // 4), question="?", answerable=True,
                    f1=float(right), best="words", confidence=confidence * scale,
                )
            )  # fmt: skip
        return rows

    def gains(self, second: list[QuestionRow]) -> dict[str, ScoreGain]:
        pairs = list(zip(self.rows(told_apart=False), second, strict=True))
        return score_gains(pairs, seed=0, resamples=50)

    def test_the_same_scores_on_another_scale_change_no_ranking(self) -> None:
        found = self.gains(self.rows(told_apart=False, scale=0.1))
        assert found.pop("ece").gain.value != 0
        assert {(one.gain.value, one.p) for one in found.values()} == {(0, 1)}

    def test_scores_that_tell_right_from_wrong_are_found_better(self) -> None:
        found = self.gains(self.rows(told_apart=True))
        assert found["auroc_right"].second == 1.0
        for name in ("auroc_right", "aurc", "excess_aurc", "coverage_at_80"):
            assert found[name].p < 0.05, name
        assert found["auroc_right"].gain.low > 0
        assert found["auroc_right_answerable"].gain.value == found["auroc_right"].gain.value

    def test_without_confidences_there_is_no_calibration(self) -> None:
        bare = [replace(one, confidence=None, score=one.confidence) for one in self.rows(told_apart=True)]
        found = self.gains(bare)
        assert "ece" not in found
        assert found["auroc_right"].p < 0.05


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
        assert not one.wins
        assert not one.losses
        assert one.p == 1


def test_runs_over_other_questions_or_articles_are_refused() -> None:
    other = evaluate(QuestionSet("half", (WHERE,)), FakeAssistant(SAID), resamples=20)  # type: ignore[arg-type]
    with pytest.raises(RunError, match=r"over other questions \(fish, 2 articles; half, 2 articles\)"):
        compare(run(SAID), other)
    moved = run(SAID)
    moved = replace(moved, manifest=replace(moved.manifest, collection_sha256="0"))
    with pytest.raises(RunError, match="over other articles"):
        compare(run(SAID), moved)
