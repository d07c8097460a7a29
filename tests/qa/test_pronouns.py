"""Names in the place of pronouns: how a follow-up is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.pronouns import with_names


@pytest.mark.parametrize(
    ("question", "carried", "read"),
    [
        ("When did they disband?", ["The Mothers", "Zappa"], "When did The Mothers disband?"),
        ("How old is he", ["Ida Brandt"], "How old is Ida Brandt"),
        ("What does it cost?", ["tram line"], "What does tram line cost?"),
        ("Where was his brother born?", ["Ida Brandt"], "Where was Ida Brandt's brother born?"),
        ("Who met her brother?", ["Ida Brandt"], "Who met Ida Brandt's brother?"),
        ("Who met her?", ["Ida Brandt"], "Who met Ida Brandt?"),
        ("Who met her in 2020?", ["Ida Brandt"], "Who met Ida Brandt in 2020?"),
        ("When's it open? It's cold.", ["Café"], "When's Café open? It's cold."),
        # Behind a name of the question's own a pronoun may mean that one; an object never means its clause's subject.
        ("What did Carney say about his plan to him?", ["Trump"], "What did Carney say about his plan to Trump?"),
        ("What did Carney say in his speech?", ["Trump"], "What did Carney say in his speech (Trump)?"),
        # What points to nothing stays.
        ("What would it cost to bury it?", ["power line"], "What would it cost to bury power line?"),
        ("How long did it take to build?", ["Café"], "How long did Café take to build?"),
        ("Is it true that he left?", ["Trump"], "Is it true that Trump left?"),
        ("Was there a fire?", ["Lindhaven"], "Was there a fire (Lindhaven)?"),
        ("Why?", ["Ida Brandt", "resigned"], "Why (Ida Brandt, resigned)?"),
        ("What about Mexico", ["unemployment"], "What about Mexico (unemployment)?"),
    ],
)
def test_the_best_name_takes_the_place_of_what_points_to_it(question: str, carried: list[str], read: str) -> None:
    assert with_names(question, carried) == read


def test_where_a_pronoun_may_mean_any_of_it_all_stands_in_brackets() -> None:
    assert with_names("When was it?", ["Carney", "first encounter"], in_brackets=True) == (
        "When was it (Carney, first encounter)?"
    )
    assert with_names("When was it?", []) == "When was it?"


@given(
    st.lists(st.sampled_from(["who", "met", "her", "it", "Ida", "and", "there", "was", "?", " ", "ß"])).map(" ".join)
)
def test_the_rest_of_the_question_stays_as_it_was_typed(question: str) -> None:
    before, name, after = with_names(question, ["Zappa"]).partition("Zappa")
    assert name
    if after == ")?":
        assert question.startswith(before.removesuffix(" ("))
    else:
        assert question.startswith(before)
        assert question.endswith(after.removeprefix("'s"))
