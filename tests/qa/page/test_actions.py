"""What a person does on the page, with a collection that answers by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.errors import CollectionNotFoundError, IndexCorruptError, LibraryError, QuestionError
from index.records import Article, Filter
from qa.exchanges import Conversation, Exchange
from qa.page.actions import Actions
from qa.records import Answer
from tests.qa.page.parsed import parsed
from tests.qa.page.samples import (
    TEXT,
    TODAY,
    FakeCollection,
    abstention_with,
    answer_with,
    cite_words,
    make_article,
    with_copy,
)

ARTICLE = make_article()
OWNER = "ann"
COPY = make_article(TEXT, article_id="copy", title="The same again")
TIME, CAPTAIN = with_copy(cite_words(ARTICLE, "7:40 a.m."), COPY), cite_words(ARTICLE, "Ruth Aldersey")
ANSWER = answer_with([TIME, CAPTAIN])
ASKED = Conversation((Exchange("When?", ANSWER),))


def collection(*articles: Article, answer: Answer | Exception | None = ANSWER) -> FakeCollection:
    return FakeCollection({each.article_id: each for each in articles or (ARTICLE, COPY)}, answer)


def actions(held: FakeCollection) -> Actions:
    return Actions(lambda owner, collection_id: held, examples=["Who is the captain?"], today=lambda: TODAY)


def test_a_question_is_asked_with_the_answers_before_it_and_the_day() -> None:
    held = collection()
    first = actions(held).ask(OWNER, "When?", Conversation())
    second = actions(held).ask(OWNER, "Who?", first)
    assert [exchange.question for exchange in second.exchanges] == ["When?", "Who?"]
    assert held.asked == [("When?", (), None, TODAY), ("Who?", (first.exchanges[0].answer,), None, TODAY)]


def test_the_last_follow_up_is_asked_again_in_its_own_words_with_what_came_before_it() -> None:
    held = collection()
    again = actions(held).ask_as_typed(OWNER, ASKED.plus(Exchange("Who?", ANSWER)))
    assert held.asked == [("Who?", (ANSWER,), "Who?", TODAY)]
    assert [exchange.question for exchange in again.exchanges] == ["When?", "Who?"]
    assert actions(held).ask_as_typed(OWNER, Conversation()).exchanges == ()


def test_what_is_copied_names_the_authors_and_the_words_around_the_quote_of_its_article_now() -> None:
    article = make_article(authors=("Ida Brandt",))
    held = collection(article, COPY)
    page = actions(held)

    def bibtex() -> str:
        copies = parsed(page.conversation(OWNER, ASKED)).all(attribute="data-copy")
        return next(each.attributes["data-copy"] for each in copies if each.text == "BibTeX")

    assert "author = {Ida Brandt}" in bibtex()
    held.held["ferry"] = make_article(authors=("Ruth Aldersey",))
    held.generation += 1
    assert "author = {Ruth Aldersey}" in bibtex()
    del held.held["ferry"]
    held.generation += 1
    assert "author" not in bibtex()


def test_small_talk_is_answered_with_the_collection_and_asks_it_nothing() -> None:
    held = collection()
    page = actions(held)
    said = page.ask(OWNER, "Hello!", ASKED)
    assert held.asked == []
    card = parsed(page.conversation(OWNER, said)).one(css_class="pq-reply")
    assert "2 articles" in card.text
    assert "Who is the captain?" in card.text
    assert not card.all(css_class="pq-quotation")
    page.ask(OWNER, "Who?", said)
    assert held.asked[0][1] == (ANSWER,), "what was not answered is nothing to lean on"


def test_the_articles_that_are_asked_are_those_that_were_chosen() -> None:
    held = collection()
    chosen = Filter(articles=("copy",))
    asked = actions(held).ask(OWNER, "When?", Conversation(), chosen)
    actions(held).ask_as_typed(OWNER, asked)  # of the same articles, whatever has been chosen since
    assert held.filters == [chosen, chosen]


def test_each_owner_asks_the_collection_that_the_conversation_is_about() -> None:
    asked: list[tuple[str, str]] = []

    def collection_of(owner: str, collection_id: str) -> FakeCollection:
        asked.append((owner, collection_id))
        return collection()

    page = Actions(collection_of, today=lambda: TODAY)
    page.ask("ann", "When?", Conversation(collection_id="mine"))
    page.ask("bob", "When?", Conversation())
    assert asked == [("ann", "mine"), ("bob", "")]


def test_an_error_on_purpose_is_told_and_the_conversation_goes_on() -> None:
    failing = actions(collection(answer=QuestionError("the question has 9 characters; at most 5 are taken")))
    broken = failing.ask(OWNER, "Who is he", Conversation())
    assert (
        "the question has 9 characters" in parsed(failing.conversation(OWNER, broken)).one(css_class="pq-problem").text
    )
    held = collection()
    assert actions(held).ask(OWNER, "When?", broken).exchanges[1].answer
    assert held.asked[0][1] == ()


def test_an_unforeseen_error_is_logged_and_does_not_show_its_inside(caplog: pytest.LogCaptureFixture) -> None:
    failing = actions(collection(answer=RuntimeError("secret path /home/ann")))
    page = failing.conversation(OWNER, failing.ask(OWNER, "When?", Conversation()))
    assert "secret" not in page
    assert "pq-problem" in page
    assert "secret path" in caplog.text


def test_after_an_answer_its_first_citation_is_shown() -> None:
    panel = parsed(actions(collection()).first_evidence(OWNER, ASKED)).one(css_class="pq-evidence")
    assert panel.attributes["data-shown"] == "0:cited:0"
    assert [mark.text for mark in panel.all(css_class="pq-span")] == ["7:40 a.m.", "Ruth Aldersey"]


def test_after_an_abstention_the_closest_sentence_is_shown_as_such() -> None:
    conversation = ASKED.plus(Exchange("Why?", abstention_with([CAPTAIN])))
    panel = parsed(actions(collection()).first_evidence(OWNER, conversation)).one(css_class="pq-evidence")
    assert panel.attributes["data-shown"] == "1:closest:0"
    assert not panel.all(css_class="pq-span")


@pytest.mark.parametrize(
    "conversation",
    [Conversation(), ASKED.plus(Exchange("", problem="empty")), ASKED.plus(Exchange("Why?", abstention_with([])))],
)
def test_without_a_citation_nothing_is_shown(conversation: Conversation) -> None:
    panel = parsed(actions(collection()).first_evidence(OWNER, conversation)).one(css_class="pq-evidence")
    assert panel.attributes["data-shown"] == ""
    assert not panel.all(css_class="pq-text")


def test_a_copy_is_shown_in_its_own_article() -> None:
    panel = parsed(actions(collection()).evidence(OWNER, "0:cited:0:0", ASKED))
    assert panel.one(tag="h2").text == "The same again"
    assert panel.one(css_class="pq-span").text == "7:40 a.m."
    assert "".join(mark.text for mark in panel.all(css_class="pq-shown")) == TIME.sentence


def test_a_changed_article_is_shown_without_the_highlight() -> None:
    changed = make_article("Corrected. " + TEXT)
    panel = parsed(actions(collection(changed)).evidence(OWNER, "0:cited:0", ASKED))
    assert panel.one(css_class="pq-text").text == changed.text
    assert not panel.all(tag="mark")
    assert "does not hold this sentence at this place" in panel.one(css_class="pq-warning").text


def test_an_article_that_changed_elsewhere_is_no_longer_the_version_cited() -> None:
    changed = make_article(TEXT + " More to come.")
    panel = parsed(actions(collection(changed)).evidence(OWNER, "0:cited:0", ASKED))
    assert not panel.all(tag="mark")
    assert "has changed since it was cited" in panel.text


def test_a_copy_that_changed_is_shown_without_the_highlight() -> None:
    changed = replace(COPY, text="Corrected. " + TEXT)
    panel = parsed(actions(collection(ARTICLE, changed)).evidence(OWNER, "0:cited:0:0", ASKED))
    assert not panel.all(tag="mark")


def test_a_removed_article_leaves_the_sentence_and_says_so() -> None:
    panel = parsed(actions(collection(COPY)).evidence(OWNER, "0:cited:0", ASKED))
    assert "no longer in the collection" in panel.one(css_class="pq-warning").text
    assert panel.one(tag="blockquote").text == TIME.sentence


def test_an_index_that_cannot_be_read_is_told() -> None:
    held = collection()
    held.article = lambda article_id: (_ for _ in ()).throw(IndexCorruptError("texts.db was changed"))  # type: ignore[method-assign]
    assert "texts.db was changed" in actions(held).evidence(OWNER, "0:cited:0", ASKED)
    assert "texts.db was changed" in actions(held).article(OWNER, "ferry")


@pytest.mark.parametrize("sent", [None, "", "0:cited:9", "7:cited:0", 5, ["0:cited:0"], "<b>"])
def test_a_pointer_to_nothing_gives_a_notice(sent: object) -> None:
    panel = parsed(actions(collection()).evidence(OWNER, sent, ASKED))
    assert "ask again" in panel.one(css_class="pq-warning").text


def test_an_article_is_found_by_whatever_id_it_has() -> None:
    article = make_article(article_id='a/b?c&d %41\x00\u202e"<é')
    page = actions(collection(article))
    sent = parsed(page.sources(OWNER)).one(tag="button").attributes["data-article"]
    assert sent.isascii()
    assert parsed(page.article(OWNER, sent)).one(css_class="pq-text").text == TEXT
    assert parsed(page.article(OWNER, sent)).one(css_class="pq-evidence").attributes["data-shown"] == f"article:{sent}"


def test_an_article_is_read_whole() -> None:
    panel = parsed(actions(collection()).article(OWNER, "ferry"))
    assert panel.one(css_class="pq-text").text == TEXT


@pytest.mark.parametrize("sent", [None, "no-such", 3, {"article": "ferry"}, "<script>"])
def test_an_article_that_is_not_there_gives_a_notice(sent: object) -> None:
    panel = parsed(actions(collection()).article(OWNER, sent))
    assert len(panel.all(css_class="pq-warning")) == 1


def test_before_the_first_question_there_is_a_welcome_and_after_it_none() -> None:
    page = actions(collection())
    assert "Who is the captain?" in page.conversation(OWNER, Conversation())
    assert "pq-welcome" not in page.conversation(OWNER, Conversation(), pending="When?")
    assert "pq-welcome" not in page.conversation(OWNER, ASKED)


def test_the_sources_are_those_of_the_collection_now() -> None:
    held = collection()
    page = actions(held)
    assert page.count(OWNER) == 2
    assert len(parsed(page.sources(OWNER, "again")).all(tag="button")) == 1
    del held.held["copy"]
    assert page.count(OWNER) == 1
    assert "No article matches" in page.sources(OWNER, "again")


def test_a_collection_that_was_deleted_meanwhile_is_told_and_breaks_nothing() -> None:
    def collection_of(owner: str, collection_id: str) -> FakeCollection:
        raise LibraryError("there is no such collection (any more)")

    page, gone = Actions(collection_of, today=lambda: TODAY), Conversation(collection_id="gone")
    assert "There are no articles yet" in page.conversation(OWNER, gone)
    assert "no articles" in page.ask(OWNER, "Hello!", gone).exchanges[0].reply
    assert "no such collection" in page.ask(OWNER, "When?", gone).exchanges[0].problem
    shown = page.evidence(OWNER, "0:cited:0", Conversation(ASKED.exchanges, collection_id="gone"))
    assert "no such collection" in parsed(shown).one(css_class="pq-warning").text


def test_the_conversation_of_a_removed_collection_is_shown_as_stored_and_ends_there() -> None:
    held = collection()

    def collection_of(owner: str, collection_id: str) -> FakeCollection:
        if collection_id:
            raise CollectionNotFoundError("there is no such collection")
        return held

    page = Actions(collection_of, today=lambda: TODAY)
    rewritten = replace(ANSWER, query="other words")
    kept = Conversation((*ASKED.exchanges, Exchange("Who?", rewritten)), collection_id="gone")
    shown = parsed(page.conversation(OWNER, kept))
    assert [card.one(tag="mark").text for card in shown.all(tag="blockquote")] == ["7:40 a.m.", "7:40 a.m."]
    assert len(shown.all(css_class="pq-stored")) == 2
    assert "The collection of this conversation was removed." in shown.one(css_class="pq-gone").text
    assert shown.one(css_class="pq-gone").one(tag="button").text == "Start a new conversation"
    assert not shown.all(attribute="data-as-typed")
    assert "its collection was removed" in page.evidence(OWNER, "0:cited:0", kept)
    there = parsed(page.conversation(OWNER, replace(kept, collection_id="")))
    assert not there.all(css_class="pq-gone")
    assert not there.all(css_class="pq-stored")
    assert there.all(attribute="data-as-typed")
    assert not parsed(page.conversation(OWNER, Conversation(collection_id="gone"))).all(css_class="pq-gone")


def test_a_collection_that_cannot_be_opened_now_is_not_said_to_be_removed() -> None:
    def collection_of(owner: str, collection_id: str) -> FakeCollection:
        raise LibraryError("the file is busy")

    page = Actions(collection_of, today=lambda: TODAY)
    assert page.is_there(OWNER, "mine")
    assert not parsed(page.conversation(OWNER, replace(ASKED, collection_id="mine"))).all(css_class="pq-gone")


def test_a_source_that_is_gone_or_has_changed_is_marked_where_it_is_cited() -> None:
    def marks(*articles: Article) -> list[str]:
        return [
            chip.one(css_class="pq-standing").text if chip.all(css_class="pq-standing") else ""
            for chip in parsed(actions(collection(*articles)).conversation(OWNER, ASKED)).all(css_class="pq-chip")
        ]

    assert marks() == ["", "", ""]
    assert marks(ARTICLE) == ["", "source removed", ""], "the copy of the first sentence"
    assert marks(COPY) == ["source removed", "", "source removed"]
    assert marks(make_article(f"{TEXT} More."), COPY) == ["changed since", "", "changed since"]
