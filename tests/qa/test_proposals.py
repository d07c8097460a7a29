"""Questions made of sentences: what gives one, what gives none, and what every one of them is like."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Article
from index.sentences import split_article
from qa.proposals import Proposal, proposals
from qa.proposals.parts import plain_question
from tests.qa.page.samples import HOSTILE

BEHIND = (
    " Tamm has said so before, and the people of Ostwick and of Brightwater heard of the Halden Bridge and of Ferrum."
)


def made(text: str, *, title: str = "News", behind: str = BEHIND) -> list[tuple[str, str]]:
    """The questions on a text with what should answer them; names in ``behind`` are known to the article."""
    article = Article(article_id="a", title=title, text=text + behind, published=date(2025, 3, 1))
    return [(one.question, answer(article, one)) for one in proposals(article, split_article(article))]


def answer(article: Article, proposal: Proposal) -> str:
    return article.text[proposal.start_char : proposal.end_char]


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("Mara Tamm, the mayor of Brightwater, said no.", "Who is the mayor of Brightwater?", "Mara Tamm"),
        ("It was refused, said Mara Tamm, mayor of Brightwater.", "Who is the mayor of Brightwater?", "Mara Tamm"),
        ("On Monday Brightwater Mayor Mara Tamm said no.", "Who is the mayor of Brightwater?", "Mara Tamm"),
        ("The talks with French President Mara Tamm said little.", "Who is the French president?", "Mara Tamm"),
        ("We learn slowly, said Mara Tamm, a marine biologist at Ostwick.", "Who is Mara Tamm?", "a marine biologist"),
        ("They bought Ferrum, a software company based in Ostwick.", "What is Ferrum?", "a software company"),
        ("The Halden Bridge was completed in 1931 after a strike.", "When was the Halden Bridge completed?", "1931"),
        ("Ferrum was founded by Mara Tamm in a shed.", "Who founded Ferrum?", "Mara Tamm"),
        ("Mara Tamm designed the Halden Bridge in Ostwick.", "Who designed the Halden Bridge in Ostwick?", "Mara Tamm"),
        ("Repairs to it are slow, but Ostwick is old.", "", ""),
        ("The repair of the Halden Bridge will cost 94 million crowns this year.",
         "How much will the repair of the Halden Bridge cost?", "94 million crowns"),
        ("Fourteen people were hurt when a ferry hit the quay in Ostwick.", "", ""),  # "when" may hide another clause
        ("At least 14 people were hurt in a ferry accident near Ostwick.",
         "How many people were hurt in a ferry accident near Ostwick?", "14"),
        ("Mara Tamm was sentenced to 12 years in prison on Monday.",
         "How many years in prison was Mara Tamm sentenced to?", "12"),
        ("Brightwater is the largest city in Cordavia.", "What is the largest city in Cordavia?", "Brightwater"),
    ],
)  # fmt: skip
def test_a_sentence_gives_its_question(text: str, question: str, expected: str) -> None:
    found = made(text)
    assert ((question, expected) in found) if question else (found == [])


@pytest.mark.parametrize(
    "text",
    [
        "The former mayor of Brightwater, Mara Tamm, said no.",
        "In the end Brightwater Mayor Mara Tamm said then that it rained.",  # perhaps not the mayor now
        "The company was founded in 1998 after a strike.",  # which one?
        "The Ostwick company was founded in 1998 after a strike.",
        "However Ferrum was not founded in 1998.",
        "The daughter of Mara Tamm, a nurse, said no.",  # who is the nurse?
        "She said that Tamm, the mayor of Brightwater, had left.",  # half a name
        "They spoke to Friends by Halden Bridge, a software company.",  # the end of a longer name
        "Fourteen people were hurt on Monday in Ostwick and elsewhere.",
        "READ MORE: MARA TAMM, the mayor of Brightwater | NEWS",
        "Subscribe to hear Mara Tamm, the mayor of Brightwater, speak.",
    ],
)
def test_a_doubtful_sentence_gives_none(text: str) -> None:
    assert made(text) == []


def test_a_definition_is_asked_for_by_the_title_and_in_its_own_case() -> None:
    text = "Resonance is the growth of a swing that is pushed in time. All bridges know resonance."
    assert made(text, title="Resonance", behind="") == [
        ("What is resonance?", "the growth of a swing that is pushed in time")
    ]
    assert made(text, title="Bridges", behind="") == []


NAMES = ("Mara Tamm", "Brightwater", "Halden Bridge", "Ferrum", "Ostwick", "Ilse Brohm-Haas")
WORDS = [
    "the",
    "a",
    "of",
    "in",
    "was",
    "founded",
    "by",
    ",",
    ".",
    "said",
    "mayor",
    "CEO",
    "who",
    "won",
    "is",
    "company",
    "based",
    "which",
    "1998",
    "12",
    "people",
    "were",
    "hurt",
    "died",
    "president",
    "will",
    "cost",
    "million",
    "crowns",
    "his",
    "Monday",
    "and",
    "The",
]


@given(st.lists(st.sampled_from([*NAMES, *NAMES, *WORDS]), min_size=5, max_size=25))
def test_whatever_the_words_a_question_names_something_and_stands_by_itself(said: list[str]) -> None:
    text = " ".join(said).replace(" ,", ",").replace(" .", ".")
    article = Article(article_id="a", title="News", text=f"{text[0].upper()}{text[1:]}.{BEHIND}")
    sentences = split_article(article)
    found = list(proposals(article, sentences))
    assert found == list(proposals(article, sentences))
    for one in found:
        assert one.about in one.question, "the name stands in it verbatim"
        assert one.about in article.text
        assert one.question.endswith("?")
        assert plain_question(one.question)
        assert one.sentence.start_char <= one.start_char < one.end_char <= one.sentence.end_char


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_gives_no_question(hostile: str) -> None:
    """Or one without it: what a question takes over is plain words."""
    for text in (
        f"Mara {hostile} Tamm, the mayor of {hostile}, said no.",
        f"Mara Tamm, the mayor of {hostile} Ayr, said.",
    ):
        for question, _ in made(text):
            assert hostile not in question
            assert not set('<>&"`[](){}|\\\u202e\u2066\x00') & set(question)


def test_a_long_text_is_read_in_time_that_grows_with_it() -> None:
    text = "Mara Tamm, the " * 40 + "A" * 3_000 + " Aa" * 3_000
    assert made(text) == []
