"""A question that names what it wants in so many words is not answered by something else."""

from __future__ import annotations

import pytest

from qa.pronouns import with_names
from qa.readers.demands import asks_the_same, could_answer, meets_demand, says_something_new


@pytest.mark.parametrize(
    ("question", "meets", "fails"),
    [
        ("In which month did they first meet?", ["May", "early in Sept. 1998", "12/05"], ["Tuesday", "mayor"]),
        ("What year was it built?", ["1893", "last year", "the 12th century", "44 BC"], ["Tuesday", "the old town"]),
        ("At what time does the meeting begin?", ["9 a.m.", "noon", "ten"], ["Tuesday", "attendance"]),
        ("How many boats were lost?", ["12", "Two", "dozens", "no boats", "most of them"], ["the boats", "someone"]),
        ("What percentage of voters agreed?", ["7.1%", "half", "ten per cent"], ["the voters", "percussion"]),
        ("How much money did the mill receive?", ["$2.4 million", "€", "nothing"], ["financial support"]),
        ("How much did the bridge of the council cost?", ["3 million", "free"], ["the council"]),
    ],
)
def test_what_is_demanded(question: str, meets: list[str], fails: list[str]) -> None:
    assert [span for span in meets if not meets_demand(question, span)] == []
    assert [span for span in fails if meets_demand(question, span)] == []
    assert meets_demand(question.upper(), meets[0].upper())


@pytest.mark.parametrize(
    "question",
    [
        "Who knows how many boats were lost?",  # the first question word asks
        "Why did it matter which year it was?",
        "What time of year is best?",
        "During what time was the sea higher?",
        "How much of it is true?",
        "When did they meet?",
        "Tell me about the boats.",
        "",
    ],
)
def test_nothing_is_demanded(question: str) -> None:
    assert meets_demand(question, "the harbour wall")


@pytest.mark.parametrize(
    ("question", "new", "old"),
    [
        (
            "Which US harbour did the mayor visit?",
            ["Larkmouth", "the US Navy", "harbours"],
            ["US", "the mayor", "us harbour"],
        ),
        ("Who wrote “The Salt Year”?", ["Lan-Berg", "The Salt Years"], ["The Salt Year", "“salt year”"]),
        ("Was it Ann or Ben who went?", ["Ann", "Ben", "Ann or Ben"], []),
        ("", ["Larkmouth"], []),
        ("Where?", ["…", ""], ["where"]),
    ],
)
def test_an_answer_says_what_the_question_does_not(question: str, new: list[str], old: list[str]) -> None:
    assert [span for span in new if not says_something_new(question, span)] == []
    assert [span for span in old if says_something_new(question, span)] == []


@pytest.mark.parametrize(
    ("sentence", "same"),
    [
        ("Which harbour did the mayor visit in May?", True),
        ("QUIZ TIME Which harbour did the mayor visit last week?", True),
        ("“Which harbour did the mayor visit?”", True),
        ("The mayor did visit a harbour in May.", False),
        ("Who paid for the lighthouse?", False),
        ("?", False),
        ("", False),
    ],
)
def test_the_question_where_it_is_printed(sentence: str, same: bool) -> None:
    assert asks_the_same("Which harbour did the mayor visit?", sentence) == same
    assert not asks_the_same("", sentence)


def test_what_a_follow_up_leans_on_may_be_its_answer() -> None:
    """A person asks for the mayor, then who opened the bridge: it may have been the mayor."""
    question = with_names("Who opened the bridge?", ["Ann Lee", "Larkmouth"], in_brackets=True)
    assert "Ann Lee" in question
    assert says_something_new(question, "Ann Lee")
    assert not says_something_new(question, "the bridge")
    assert asks_the_same(question, "So who opened the bridge?")


@pytest.mark.parametrize(
    ("span", "sentence", "could"),
    [
        ("May", "They met in May.", True),
        ("Tuesday", "They met on Tuesday.", False),
        ("month", "It was a month of meetings.", False),
        ("May", "In which month did they meet, May?", False),
    ],
)
def test_each_of_these_rules_a_span_out(span: str, sentence: str, could: bool) -> None:
    start = sentence.index(span)
    assert could_answer("In which month did they meet?", sentence, start, start + len(span)) == could


def test_the_unit_may_stand_behind_the_span() -> None:
    assert not could_answer("How many goals did Reed kick?", "Reed kicked a 33-yard goal.", 14, 16)
    assert could_answer("How many goals did Reed kick?", "Reed kicked all 33 of his goals.", 16, 18)
