"""Tuning: the threshold against going through all, and parts that share no article."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.datasets.records import Question, QuestionSet
from eval.rows import QuestionRow
from eval.tuning import parted, threshold_for
from index.errors import QuestionSetError

rows = st.lists(
    st.tuples(st.integers(0, 6).map(lambda tenths: tenths / 10), st.booleans()), min_size=1, max_size=12
).map(
    lambda drawn: [
        QuestionRow(
            question_id=str(number),
            cluster="a",
            question="?",
            answerable=True,
            best="x",
            confidence=confidence,
            f1=float(right),
        )
        for number, (confidence, right) in enumerate(drawn)
    ]
)


@given(rows, st.sampled_from([0.0, 0.2, 0.5]))
def test_no_threshold_answers_more_at_that_risk(drawn: list[QuestionRow], risk: float) -> None:
    best = 0
    for threshold in {row.confidence or 0.0 for row in drawn}:
        answered = [row for row in drawn if (row.confidence or 0.0) >= threshold]
        if sum(not row.f1 for row in answered) <= risk * len(answered):
            best = max(best, len(answered))
    threshold, (wrong, coverage) = threshold_for(drawn, risk)
    answered = [row for row in drawn if (row.confidence or 0.0) >= threshold]
    assert len(answered) == best
    assert coverage == pytest.approx(best / len(drawn))
    assert wrong <= risk or not best


def question(number: int, cluster: int) -> Question:
    return Question(question_id=str(number), text="?", answers=("x",), cluster=f"a{cluster}")


def test_the_parts_share_no_article_and_lose_no_question() -> None:
    questions = QuestionSet("fish", tuple(question(number, number % 7) for number in range(30)))
    for seed in range(10):
        one, other = parted(questions, seed)
        assert not {q.cluster for q in one.questions} & {q.cluster for q in other.questions}
        assert {q.question_id for q in (*one.questions, *other.questions)} == {str(number) for number in range(30)}
        assert len({q.cluster for q in one.questions}) == 3
    assert parted(questions, 1)[0] == parted(questions, 1)[0]
    assert len({parted(questions, seed)[0].sha256 for seed in range(10)}) > 1


def test_too_few_articles_are_refused() -> None:
    with pytest.raises(QuestionSetError, match="fish has questions on 3 articles; at least 4 are needed"):
        parted(QuestionSet("fish", tuple(question(number, number % 3) for number in range(9))), 0)


def test_where_nothing_is_sure_enough_nothing_is_answered() -> None:
    row = QuestionRow(question_id="1", cluster="a", question="?", answerable=True, best="x", confidence=0.9, f1=0.0)
    assert threshold_for([row, replace(row, question_id="2")], 0.1) == (1.0, (0.0, 0.0))
