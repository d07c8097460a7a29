"""Questions to start with: made of a collection, tried on it, and shown when they are ready."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from index.errors import CollectionError
from index.records import Article, Sentence
from index.sentences import split_article
from qa.citations import cite
from qa.exchanges import Conversation
from qa.page.actions import Actions
from qa.page.examples import EXAMPLES, collection_examples, tried_examples
from qa.page.offering import Offers
from qa.records import Answer
from tests.qa.page.parsed import parsed
from tests.qa.page.samples import TODAY, FakeCollection, abstention_with, answer_with

PEOPLE = ("Mara Tamm", "Ilse Brohm", "Tomas Wiel", "Agnes Roth", "Ivo Marchbank", "Noor Hale", "Lin Orlik")
PLACES = ("Brightwater", "Ostwick", "Lindhaven", "Santelle", "Brennick", "Kestrel", "Ansel")


def articles(number: int = 7) -> dict[str, Article]:
    made = [
        Article(
            article_id=f"a{i}",
            title=f"News {i}",
            published=date(2025, 1, 1 + i),
            text=f"{PEOPLE[i]}, the mayor of {PLACES[i]}, said no. The people of {PLACES[i]} were not asked.",
        )
        for i in range(number)
    ]
    return {article.article_id: article for article in made}


class Answering(FakeCollection):
    """Answers every question of who is mayor with the words that ``said`` gives for the place's article."""

    confidence: float | None = 0.9
    said: Callable[[int], str] = staticmethod(lambda i: PEOPLE[i])
    of: Callable[[int], int] = staticmethod(lambda i: i)

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        return split_article(self.held[article_id])

    def ask(self, question: str, **given: object) -> Answer:
        self.asked.append((question, (), None, None))
        (i,) = (i for i, place in enumerate(PLACES) if place in question)
        article, words = self.held[f"a{self.of(i)}"], self.said(self.of(i))
        start = article.text.index(words)
        citation = cite(article, split_article(article), start, start + len(words))
        if self.confidence == 0:
            return abstention_with([citation])
        return replace(answer_with([citation]), question=question, confidence=self.confidence)


def asked(collection: FakeCollection) -> list[str]:
    return [question for question, *_ in collection.asked]


def test_there_are_a_few_on_different_articles_the_newest_first() -> None:
    held = Answering(articles())
    found = collection_examples(held)
    assert found == tuple(f"Who is the mayor of {place}?" for place in PLACES[: -EXAMPLES - 1 : -1])
    assert asked(held) == list(found), "none that nobody tried, and no more are tried than needed"
    assert collection_examples(Answering(dict(reversed(list(articles().items()))))) == found


def wrong(**changed: object) -> Answering:
    held = Answering(articles())
    for name, value in changed.items():
        setattr(held, name, value)
    return held


@pytest.mark.parametrize(
    "held",
    [
        wrong(confidence=0),  # abstains
        wrong(confidence=0.3),  # hardly sure
        wrong(said=lambda i: "said no"),  # another part of the sentence
        wrong(said=lambda i: "not asked"),  # another sentence
        wrong(of=lambda i: (i + 1) % 7),  # another article
    ],
)
def test_none_is_offered_that_the_collection_answers_badly(held: Answering) -> None:
    assert collection_examples(held) == ()
    assert len(asked(held)) == 7


def test_a_reader_without_confidence_is_taken_at_its_word() -> None:
    assert len(collection_examples(wrong(confidence=None))) == EXAMPLES


def test_the_same_question_is_tried_once_and_only_so_many_are() -> None:
    same = {f"b{i}": replace(articles(1)["a0"], article_id=f"b{i}", source_key=f"b{i}") for i in range(60)}
    held = wrong(confidence=0)
    held.held = {**articles(1), **same}
    assert collection_examples(held) == ()
    assert len(asked(held)) == 1


def test_an_empty_collection_has_none() -> None:
    assert collection_examples(FakeCollection({})) == ()
    assert tried_examples(FakeCollection({})) == []


class Gate:
    """Makes examples when it is let."""

    def __init__(self, made: tuple[str, ...] | Exception = ("Who is the mayor of Ayr?",)) -> None:
        self.open, self.calls, self.made = threading.Event(), 0, made

    def __call__(self, collection: object) -> tuple[str, ...]:
        assert self.open.wait(30)
        self.calls += 1
        if isinstance(self.made, Exception):
            raise self.made
        return self.made


def finished(offers: Offers[FakeCollection]) -> None:
    while worker := offers._worker:
        worker.join(30)


def test_nothing_waits_and_what_was_made_is_kept_until_the_collection_changes() -> None:
    gate, held = Gate(), FakeCollection(articles())
    offers: Offers[FakeCollection] = Offers(gate)
    assert offers.of("mine", held) is None
    assert offers.of("mine", held) is None
    gate.open.set()
    finished(offers)
    assert offers.of("mine", held) == ("Who is the mayor of Ayr?",)
    assert gate.calls == 1
    held.generation += 1
    assert offers.of("mine", held) is None
    finished(offers)
    assert offers.of("other", held) is None
    finished(offers)
    assert gate.calls == 3


@pytest.mark.parametrize("failure", [CollectionError("deleted meanwhile"), RuntimeError("unforeseen")])
def test_a_failure_offers_nothing_and_is_not_tried_again(failure: Exception) -> None:
    gate, held = Gate(failure), FakeCollection(articles())
    gate.open.set()
    offers: Offers[FakeCollection] = Offers(gate)
    offers.of("", held)
    finished(offers)
    assert offers.of("", held) == ()
    assert gate.calls == 1


def test_the_page_shows_the_newest_articles_until_the_questions_are_ready() -> None:
    gate, held = Gate(('Who is "<b>"?', "Who is the mayor of Ayr?")), FakeCollection(articles())
    offers: Offers[FakeCollection] = Offers(gate)
    page = Actions(lambda owner, collection_id: held, offers=offers, today=lambda: TODAY)  # type: ignore[arg-type]
    mine = Conversation(collection_id="mine")
    before = parsed(page.conversation("ann", mine))
    assert "data-preparing" in before.one(css_class="pq-welcome").attributes
    assert not before.all(css_class="pq-example")
    assert page.welcome_again("ann", "mine") is None
    gate.open.set()
    finished(offers)
    after = parsed(page.welcome_again("ann", "mine") or "")
    assert "data-preparing" not in after.one(css_class="pq-welcome").attributes
    buttons = after.all(css_class="pq-example")
    assert [each.attributes["data-ask"] for each in buttons] == ['Who is "<b>"?', "Who is the mayor of Ayr?"]
    assert [each.text for each in buttons] == ['Who is "<b>"?', "Who is the mayor of Ayr?"]


def test_an_empty_collection_keeps_telling_what_to_do() -> None:
    offers: Offers[FakeCollection] = Offers(Gate())
    page = Actions(lambda owner, collection_id: FakeCollection({}), offers=offers, today=lambda: TODAY)  # type: ignore[arg-type]
    shown = page.conversation("ann", Conversation(collection_id="mine"))
    assert "There are no articles yet" in shown
    assert "data-preparing" not in shown
    assert offers._worker is None


def test_the_questions_of_the_sample_are_shown_at_once() -> None:
    page = Actions(lambda owner, collection_id: FakeCollection(articles()), examples=["Who?"], offers=Offers(Gate()))
    assert [each.text for each in parsed(page.conversation("ann", Conversation())).all(css_class="pq-example")] == [
        "Who?"
    ]
