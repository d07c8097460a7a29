"""Which questions get a whole sentence: polar ones and what happened, and nothing that a few words answer."""

from __future__ import annotations

import pytest

from qa.readers.statements import asks_for_a_statement


@pytest.mark.parametrize(
    "question",
    [
        "Did he win anything in 1985?",
        "did vanilla ice sign a contract",
        "Is the harbour deep enough?",
        "Aren't they closed on Sundays?",
        "Hasn’t the ferry sailed?",
        "And was it repaired?",
        "So, did the council agree?",
        "Any other interesting aspects?",
        "Anything else about the bridge (Kettle Harbour, ferry)?",
        "Do you have to have a permit to fish?",
        "Did they say why the bridge was closed?",
        "Can you fish there?",
        "Will the ferry sail?",
        "What happened in 1987?",
        "what else happened after that",
        "What has happened to the ferry since?",
        "What's happening at the harbour?",
    ],
)
def test_a_statement_is_asked_for(question: str) -> None:
    assert asks_for_a_statement(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who won in 1985?",
        "Is fertilization internal or external?",
        "does archie end up with betty or veronica",
        "Can you tell me who repaired the bridge?",
        "Do you know when the ferry sails?",
        "Could someone please explain why it was closed?",
        "Any idea who repaired the bridge?",
        "Will Smith played which part?",
        "May Day is celebrated where?",
        "What did the council do in 2014?",
        "What will the repair cost?",
        "Why did it happen?",
        "When did the fire happen?",
        "Who was there when it happened?",
        "In which month did they meet?",
        "Island where the ferry goes?",
        "Hasty repair of the bridge?",
        "Andrew Farriss's band?",
        "Canals of which city are meant?",
        "",
        "?",
    ],
)
def test_a_few_words_are_asked_for(question: str) -> None:
    assert not asks_for_a_statement(question)
