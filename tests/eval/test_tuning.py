"""Tuning: what is chosen on one half is best there, whatever the other half says; what is told is of the other half."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bounded_mean import bounded_mean
from eval.datasets.records import Question, QuestionSet
from eval.runner import Run, evaluate
from eval.tuning import WEIGHTS, ScoredAnswer, Tuned, parted, risk_and_coverage, threshold_for, tune
from index.errors import ConfigError, QuestionSetError, RunError
from index.records import Filter
from qa import Assistant, QAConfig, SearchConfig
from tests.eval.runs import COST, QUESTIONS, SAID, WHEN, WHERE, WHO, FakeAssistant, Said
from tests.eval.tunable import (
    CARGO,
    CHOSEN,
    CHOSEN_ON,
    FLEET,
    LEFT,
    OTHER,
    OTHERS,
    PAINTED,
    VESSELS,
    ScriptedReader,
    Watch,
    assistant_over,
    questions_on,
)

answers = st.lists(
    st.builds(
        ScoredAnswer,
        st.none() | st.integers(0, 6).map(lambda tenths: tenths / 10),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def attainable(drawn: list[ScoredAnswer]) -> dict[float, tuple[int, int]]:
    """By threshold, how many are answered, and how many of these wrongly."""
    found = {}
    for threshold in {one.score for one in drawn if one.score is not None}:
        given_answers = [one for one in drawn if one.score is not None and one.score >= threshold]
        found[threshold] = len(given_answers), sum(not one.right for one in given_answers)
    return found


@given(answers, st.sampled_from([0.0, 0.1, 0.2, 0.29, 0.5]))
def test_no_threshold_answers_more_at_that_risk(drawn: list[ScoredAnswer], risk: float) -> None:
    reached = attainable(drawn)
    enough = {one: count for one, (count, wrong) in reached.items() if wrong / count <= risk}
    if enough:
        assert enough[threshold_for(drawn, risk)] == max(enough.values())
        return
    with pytest.raises(ConfigError) as caught:
        threshold_for(drawn, risk)
    lowest = min((wrong / count for count, wrong in reached.values()), default=1)
    if lowest == 1:
        assert "none is answered rightly" in str(caught.value)
    else:
        assert f"with {lowest:.1%} of them wrong" in str(caught.value)
        named = float(str(caught.value).rpartition("choose a risk of ")[2].partition(" ")[0])
        assert named < lowest + 0.002
        threshold_for(drawn, named)  # what it advises is within reach


def test_a_share_that_cannot_be_written_exactly_is_reached() -> None:
    """0.29 of 100 is 28.999999999999996."""
    assert threshold_for([ScoredAnswer(0.5, number >= 29) for number in range(100)], 0.29) == 0.5


def test_what_found_nothing_can_be_answered_at_no_threshold() -> None:
    nothing = ScoredAnswer(None, False)
    assert threshold_for([ScoredAnswer(0.3, True), *[nothing] * 8], 0.0) == 0.3
    with pytest.raises(ConfigError, match="of the 8 questions chosen on, none is answered rightly"):
        threshold_for([nothing] * 8, 0.5)


def question(number: int, cluster: int) -> Question:
    return Question(question_id=str(number), text="?", answers=("x",), cluster=f"a{cluster}")


class TestParted:
    def test_the_parts_share_no_article_and_lose_no_question(self) -> None:
        questions = QuestionSet("fish", tuple(question(number, number % 7) for number in range(30)))
        for seed in range(10):
            one, other = parted(questions, seed)
            assert not {q.cluster for q in one.questions} & {q.cluster for q in other.questions}
            assert {q.question_id for q in (*one.questions, *other.questions)} == {str(number) for number in range(30)}
            assert len({q.cluster for q in one.questions}) == 3
        assert parted(questions, 1)[0] == parted(questions, 1)[0]
        assert len({parted(questions, seed)[0].sha256 for seed in range(10)}) > 1

    def test_too_few_articles_are_refused(self) -> None:
        with pytest.raises(QuestionSetError, match="fish has questions on 3 articles; at least 4 are needed"):
            parted(QuestionSet("fish", tuple(question(number, number % 3) for number in range(9))), 0)


Script = dict[str, tuple[str, float] | Exception]


def script(names: tuple[str, ...], **kinds: tuple[str, float] | Exception) -> Script:
    """The same words, as sure, of every vessel's question of a kind."""
    said = dict[str, tuple[str, float] | Exception]()
    for name in names:
        for asked in questions_on(name):
            kind = asked.question_id.rpartition("-")[2]
            if kind in kinds:
                said[asked.text] = kinds[kind]
    return said


UNLIKE: Script = {
    # On one half only answers from 0.8 on are right; on the other those from 0.4 on, and a surer one is wrong.
    **script(CHOSEN, **{CARGO: ("salt", 0.8), LEFT: ("salt", 0.5), PAINTED: ("salt", 0.4)}),
    **script(OTHERS, **{CARGO: ("salt", 0.4), LEFT: ("spring", 0.9), PAINTED: ("salt", 0.85)}),
}
THRESHOLD_ALONE = QAConfig(search=SearchConfig(mode="lexical"))
"""Settings with no weight to choose, which takes most of the time."""
FAVOURITES = {**dict.fromkeys(CHOSEN, 0.3), **dict.fromkeys(OTHERS, 0.6)}


def tuned(questions: QuestionSet, assistant: Assistant, risk: float) -> Tuned:
    """With intervals on few samples: none of these tests is on their width."""
    return tune(questions, assistant, risk, resamples=20)


class TestTune:
    def test_all_is_chosen_on_one_half_alone(self, tmp_path: Path) -> None:
        watch = Watch(FAVOURITES)
        before = QAConfig(risk=0.65, search=SearchConfig(dense_weight=0.5))
        with assistant_over(tmp_path, ScriptedReader(UNLIKE), watch, before) as assistant:
            found = tuned(FLEET, assistant, 0.1)
        expected = replace(before, risk=1 - 0.8, search=replace(before.search, dense_weight=0.3))
        assert found.config == expected
        assert found.by_weight == {weight: 1.0 if weight == 0.3 else 1 / len(VESSELS) for weight in WEIGHTS}
        assert found.chosen_on == CHOSEN_ON
        # What the weight was chosen by: the half's questions with a place that answers them, each once a weight.
        named = {next(name for name in VESSELS if name in query) for query, *_ in watch.retrieved}
        assert named == set(CHOSEN)
        assert len(watch.retrieved) == len(WEIGHTS) * 2 * len(CHOSEN)
        # What the threshold was chosen by, and then what was measured, before and after.
        chosen_on, others = ([one.text for one in part.questions] for part in (CHOSEN_ON, OTHER))
        weighted = replace(before, search=expected.search)
        assert watch.explained == [
            *((text, weighted) for text in chosen_on),
            *((text, before) for text in others),
            *((text, expected) for text in others),
        ]

    def test_what_is_measured_is_of_the_other_half(self, tmp_path: Path) -> None:
        with assistant_over(tmp_path, ScriptedReader(UNLIKE), Watch(FAVOURITES), THRESHOLD_ALONE) as assistant:
            found = tuned(FLEET, assistant, 0.1)
        for run, config in ((found.before, THRESHOLD_ALONE), (found.after, found.config)):
            assert [row.question_id for row in run.rows] == [one.question_id for one in OTHER.questions]
            assert run.manifest.settings == config.to_dict()
        before, after = risk_and_coverage(found.before), risk_and_coverage(found.after)
        assert (before.coverage.value, before.risk.value) == pytest.approx((3 / 3, 1 / 3))
        assert (after.coverage.value, after.risk.value) == pytest.approx((2 / 3, 1 / 2))
        assert ("settings.risk", THRESHOLD_ALONE.risk, found.config.risk) in found.comparison.settings

    @pytest.mark.parametrize("calibrated", [True, False])
    @pytest.mark.parametrize("risk", [0.0, 0.35])
    def test_asked_anew_the_half_chosen_on_keeps_to_the_risk(
        self, tmp_path: Path, calibrated: bool, risk: float
    ) -> None:
        """Whether its threshold is held against a confidence, or against a margin over the no-answer score."""
        sure = (0.91, 0.72, 0.53, 0.34)
        said = dict[str, tuple[str, float] | Exception]()
        for name, high in zip(CHOSEN, sure, strict=True):
            said |= script((name,), **{CARGO: ("salt", high), PAINTED: ("salt", high - 0.1), LEFT: ("spring", 0.05)})
        said |= script(OTHERS, **{CARGO: ("salt", 0.5)})
        reader = ScriptedReader(said, calibrated=calibrated)
        with assistant_over(tmp_path, reader, Watch(FAVOURITES), THRESHOLD_ALONE) as assistant:
            found = tuned(FLEET, assistant, risk)
            with assistant.with_config(found.config) as chosen:
                run = evaluate(CHOSEN_ON, chosen, resamples=20)
        reached = risk_and_coverage(run)
        expected = {0.0: (1, 0), 0.35: (12, 4)}[risk]
        assert reached.coverage.value * len(run.rows) == pytest.approx(expected[0])
        assert reached.risk.value == pytest.approx(expected[1] / expected[0])

    def test_follow_ups_and_days_are_searched_for_as_they_are_asked(self, tmp_path: Path) -> None:
        watch = Watch(FAVOURITES)
        narrow = tuple(replace(one, retrieved=tuple(name.lower() for name in VESSELS[:7])) for one in FLEET.questions)
        with assistant_over(tmp_path, ScriptedReader(UNLIKE), watch) as assistant:
            tuned(QuestionSet("fleet", narrow), assistant, 0.5)
            searched = {
                assistant.explain(one.text, history=one.history, today=one.asked).answer.query
                for one in CHOSEN_ON.questions
                if one.answers
            }
        assert {query for query, *_ in watch.retrieved} == searched
        assert sum("(1 May 2023)" in query for query in searched) == len(CHOSEN)
        assert {where for *_, where in watch.retrieved} == {Filter(articles=narrow[0].retrieved)}

    @pytest.mark.parametrize("mode", ["rrf", "lexical"])
    def test_where_there_is_no_weight_none_is_chosen(self, tmp_path: Path, mode: str) -> None:
        watch = Watch(FAVOURITES)
        config = QAConfig(search=SearchConfig(mode=mode))  # type: ignore[arg-type]
        with assistant_over(tmp_path, ScriptedReader(UNLIKE), watch, config) as assistant:
            found = tuned(FLEET, assistant, 0.1)
        assert (found.by_weight, watch.retrieved) == ({}, [])
        assert found.config == replace(config, risk=1 - 0.8)

    def test_of_equally_good_weights_the_nearest_to_the_old_one_is_chosen(self, tmp_path: Path) -> None:
        config = QAConfig(search=SearchConfig(dense_weight=0.4))
        with assistant_over(tmp_path, ScriptedReader(UNLIKE), Watch({}), config) as assistant:
            assert tuned(FLEET, assistant, 0.1).config.search.dense_weight == 0.4


class TestWhatIsRefused:
    def tune(self, folder: Path, said: Script, risk: float = 0.1, questions: QuestionSet = FLEET) -> int:
        with assistant_over(folder, ScriptedReader(said), Watch(FAVOURITES), THRESHOLD_ALONE) as assistant:
            return tuned(questions, assistant, risk).failures

    def test_a_risk_out_of_reach(self, tmp_path: Path) -> None:
        one, *rest = CHOSEN
        said = script((one,), **{CARGO: ("spring", 0.9)}) | script(tuple(rest), **{CARGO: ("salt", 0.7)})
        with pytest.raises(ConfigError) as caught:
            self.tune(tmp_path, said | script(OTHERS, **{CARGO: ("salt", 0.9)}), 0.2)
        assert str(caught.value) == (
            "no threshold keeps the wrong answers to 20.0% of those given: of the 12 questions chosen on, 4 can be "
            "answered with 25.0% of them wrong, and no number with less; choose a risk of 0.25 or more"
        )

    def test_nothing_right_to_choose_by(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="of the 12 questions chosen on, none is answered rightly"):
            self.tune(tmp_path, script(OTHERS, **{CARGO: ("salt", 0.9)}))

    @pytest.mark.parametrize(("failing", "part"), [(CHOSEN, "chosen on"), (OTHERS, "the others")])
    def test_all_questions_of_a_part_failed(self, tmp_path: Path, failing: tuple[str, ...], part: str) -> None:
        broken = ValueError("no memory")
        said = UNLIKE | script(failing, **dict.fromkeys((CARGO, LEFT, PAINTED), broken))
        with pytest.raises(
            RunError, match=f"^fleet, {part}: all 12 questions failed; the first: ValueError: no memory"
        ):
            self.tune(tmp_path, said)

    def test_some_that_failed_are_counted_and_left_out(self, tmp_path: Path) -> None:
        assert self.tune(tmp_path, UNLIKE | script(CHOSEN, **{PAINTED: ValueError("no memory")})) == len(CHOSEN)

    @pytest.mark.parametrize(("silent", "part"), [(CHOSEN, "chosen on"), (OTHERS, "the others")])
    def test_a_part_that_does_not_say_what_is_right(self, tmp_path: Path, silent: tuple[str, ...], part: str) -> None:
        names = {name.lower() for name in silent}
        questions = tuple(replace(one, answers=None) if one.cluster in names else one for one in FLEET.questions)
        with pytest.raises(QuestionSetError, match=f"^fleet, {part} does not say what is right: add answers"):
            self.tune(tmp_path, UNLIKE, questions=QuestionSet("fleet", questions))

    def test_articles_that_are_not_there(self, tmp_path: Path) -> None:
        elsewhere = replace(FLEET.questions[-1], retrieved=("boat",))
        with pytest.raises(QuestionSetError, match="names the article 'boat', which the collection does not hold"):
            self.tune(tmp_path, UNLIKE, questions=QuestionSet("fleet", (*FLEET.questions[:-1], elsewhere)))


class TestRiskAndCoverage:
    def run(self, said: dict[str, Said]) -> Run:
        return evaluate(QUESTIONS, FakeAssistant(said), resamples=20)  # type: ignore[arg-type]

    def test_by_hand(self) -> None:
        found = risk_and_coverage(self.run(SAID))
        clusters = [one.cluster for one in (WHERE, COST, WHO, WHEN)]
        assert (found.coverage.value, found.risk.value) == (2 / 4, 1 / 2)
        assert found.coverage == bounded_mean([1, 1, 0, 0], clusters)
        assert found.risk == bounded_mean([0, 1], clusters[:2])  # of what was answered

    def test_an_unanswerable_question_that_is_answered_is_answered_wrongly(self) -> None:
        found = risk_and_coverage(self.run({**SAID, WHO.text: replace(SAID[WHO.text], answered=True)}))
        assert (found.coverage.value, found.risk.value) == pytest.approx((3 / 4, 2 / 3))

    def test_what_failed_is_left_out(self) -> None:
        found = risk_and_coverage(self.run({text: said for text, said in SAID.items() if text != COST.text}))
        assert (found.coverage.value, found.risk.value) == pytest.approx((1 / 3, 0))

    def test_where_nothing_is_answered_there_is_no_risk(self) -> None:
        found = risk_and_coverage(self.run({text: replace(said, answered=False) for text, said in SAID.items()}))
        assert found.coverage.value == 0
        assert math.isnan(found.risk.value)

    def test_where_nothing_was_asked_there_is_neither(self) -> None:
        with pytest.raises(RunError, match="fish: of no question that was asked is it known what is right"):
            risk_and_coverage(self.run({}))
