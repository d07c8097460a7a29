"""What the conversation shows of an answer, of an abstention and of a problem."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.exchanges import Conversation, Exchange
from qa.page.cards import conversation_log
from qa.page.greeting import welcome
from qa.records import Answer, Citation, Place
from tests.qa.page.parsed import Element, parsed
from tests.qa.page.samples import (
    HOSTILE,
    TODAY,
    abstention_with,
    answer_with,
    cite_words,
    make_article,
    summary_of,
    with_copy,
)

ARTICLE = make_article()
TIME, CAPTAIN = cite_words(ARTICLE, "7:40 a.m."), cite_words(ARTICLE, "Ruth Aldersey")
COPY = make_article(f"Copied. {TIME.sentence}", article_id="copy", title="The same again", outlet="Wire", url=None)


def log_of(answer: Answer | None, problem: str = "", question: str = "When?") -> Element:
    return parsed(conversation_log(Conversation((Exchange(question, answer, problem),)), TODAY))


def test_an_answer_is_the_sentence_with_its_span_marked_between_its_neighbours() -> None:
    quotation = log_of(answer_with([TIME])).one(css_class="pq-quotation")
    assert quotation.one(tag="mark").text == "7:40 a.m."
    before, sentence, after = quotation.all(tag="bdi")
    assert (before.text, sentence.text, after.text) == (TIME.before, TIME.sentence, TIME.after)
    assert "pq-neighbour" in before.classes
    assert "pq-neighbour" in after.classes
    assert "pq-neighbour" not in sentence.classes


@pytest.mark.parametrize("answer", [answer_with([CAPTAIN, TIME]), abstention_with([TIME])])
def test_further_and_closest_sentences_stand_between_their_neighbours_too(answer: Answer) -> None:
    (sentence,) = log_of(answer).all(css_class="pq-sentence")
    before, cited, after = sentence.all(tag="bdi")
    assert (before.text, cited.text, after.text) == (TIME.before, TIME.sentence, TIME.after)
    assert [("pq-neighbour" in each.classes) for each in (before, cited, after)] == [True, False, True]
    assert len(sentence.all(tag="mark")) == answer.answered, "what comes closest is no answer, and is not marked"


def test_a_span_that_is_the_whole_sentence_is_set_apart() -> None:
    start, end = TIME.start_char, TIME.end_char
    whole = replace(TIME, quote=TIME.sentence, quote_start_char=start, quote_end_char=end)
    assert "pq-whole" in log_of(answer_with([whole])).one(tag="mark").classes
    assert "pq-whole" not in log_of(answer_with([TIME])).one(tag="mark").classes


def test_a_sentence_without_neighbours_stands_alone() -> None:
    quotation = log_of(answer_with([replace(TIME, before=None, after=None)])).one(css_class="pq-quotation")
    assert quotation.text == TIME.sentence


@given(st.data())
def test_the_mark_is_at_the_offsets_also_where_the_same_words_come_twice(data: st.DataObject) -> None:
    sentence = data.draw(st.text(alphabet="ab <&é🙂", min_size=1))
    start = data.draw(st.integers(0, len(sentence)))
    end = data.draw(st.integers(start, len(sentence)))
    at = data.draw(st.integers(0, 1000))
    citation = replace(
        TIME,
        sentence=sentence,
        start_char=at,
        end_char=at + len(sentence),
        quote=sentence[start:end],
        quote_start_char=at + start,
        quote_end_char=at + end,
    )
    (_, shown, _) = log_of(answer_with([citation])).one(css_class="pq-quotation").all(tag="bdi")
    (mark,) = shown.all(tag="mark")
    position = shown.children.index(mark)
    assert "".join(child for child in shown.children[:position] if isinstance(child, str)) == sentence[:start]
    assert mark.text == sentence[start:end]
    assert shown.text == sentence


def test_a_source_is_numbered_and_names_title_outlet_date_and_age() -> None:
    chip = log_of(answer_with([TIME])).one(css_class="pq-chip")
    assert chip.tag == "button"
    assert chip.attributes["data-open"] == "0:cited:0"
    assert chip.text == "1 Ferry hits pier Courier · 6 Oct 2025 · 1 year ago: show it in the article"


def test_a_source_with_pages_names_the_page() -> None:
    chip = log_of(answer_with([replace(TIME, page=3)])).one(css_class="pq-chip")
    assert "· page 3:" in chip.text


def test_a_source_links_to_its_original_at_the_sentence() -> None:
    link = log_of(answer_with([TIME])).one(tag="a")
    assert link.attributes["href"].startswith("https://news.example/ferry#:~:text=It%20struck%20Pier")


def test_further_sentences_are_numbered_on_and_open_their_own_citations() -> None:
    chips = log_of(answer_with([TIME, CAPTAIN])).one(css_class="pq-sentences").all(css_class="pq-chip")
    assert [(chip.one(css_class="pq-number").text, chip.attributes["data-open"]) for chip in chips] == [
        ("2", "0:cited:1")
    ]


def test_copies_of_a_sentence_are_named_and_open_their_own_places() -> None:
    log = log_of(answer_with([with_copy(TIME, COPY)]))
    (chip,) = log.one(css_class="pq-also").all(css_class="pq-chip")
    assert chip.attributes["data-open"] == "0:cited:0:0"
    assert chip.text.startswith("The same again Wire · 6 Oct 2025")
    assert not chip.all(css_class="pq-number")


def test_numbers_of_an_exchange_count_from_its_place_in_the_conversation() -> None:
    exchange = Exchange("When?", answer_with([TIME]))
    log = parsed(conversation_log(Conversation((exchange, exchange)), TODAY))
    assert [chip.attributes["data-open"] for chip in log.all(css_class="pq-chip")] == ["0:cited:0", "1:cited:0"]
    assert [each.attributes["id"] for each in log.all(css_class="pq-exchange")] == ["pq-exchange-0", "pq-exchange-1"]


def test_the_query_is_shown_when_it_is_not_the_question() -> None:
    assert "Searched for" not in log_of(answer_with([TIME])).text
    log = log_of(answer_with([TIME], query="When did the ferry leave?"))
    assert log.one(tag="q").text == "When did the ferry leave?"


def test_an_unknown_confidence_is_said_to_be_not_calibrated_and_a_known_one_is_put_in_words() -> None:
    assert "not calibrated" in log_of(answer_with([TIME])).text
    log = log_of(answer_with([TIME], confidence=0.9))
    assert "About 9 in 10" in log.text
    assert "not calibrated" not in log.text


def test_notes_and_disagreement_are_shown() -> None:
    log = log_of(answer_with([TIME], notes=("The question is not in English.",), agreement="disagree"))
    assert "The question is not in English." in log.text
    assert "The sources disagree" in log.text


def test_an_abstention_says_so_and_marks_nothing() -> None:
    log = log_of(abstention_with([TIME, CAPTAIN]))
    assert "The articles do not answer this." in log.text
    assert "They are not answers." in log.text
    assert not log.all(tag="mark")
    assert not log.all(tag="blockquote")
    assert not log.all(css_class="pq-answered")
    assert [chip.attributes["data-open"] for chip in log.all(css_class="pq-chip")] == ["0:closest:0", "0:closest:1"]
    sentences = [sentence.all(tag="bdi") for sentence in log.all(css_class="pq-sentence")]
    cited = [one.text for parts in sentences for one in parts if "pq-neighbour" not in one.classes]
    assert cited == [TIME.sentence, CAPTAIN.sentence]
    assert "not calibrated" not in log.text


def test_an_abstention_without_any_sentence_says_so() -> None:
    log = log_of(abstention_with([]))
    assert "No sentence comes close" in log.text
    assert not log.all(css_class="pq-chip")


def test_a_problem_is_shown_as_one_and_announced() -> None:
    log = log_of(None, problem="the question is too long")
    assert log.one(attribute="role", css_class="pq-problem").attributes["role"] == "alert"
    assert "the question is too long" in log.text


def test_a_question_that_is_being_answered_stands_at_the_end() -> None:
    log = parsed(conversation_log(Conversation((Exchange("When?", answer_with([TIME])),)), TODAY, pending="And who?"))
    assert [each.one(tag="bdi").text for each in log.all(css_class="pq-question")] == ["When?", "And who?"]
    assert len(log.all(css_class="pq-pending")) == 1


def test_the_log_is_there_before_its_first_entry() -> None:
    log = parsed(conversation_log(Conversation(), TODAY, welcome="<p>Welcome</p>"))
    assert log.one(attribute="role").attributes["role"] == "log"
    assert log.text == "Welcome"


def test_the_welcome_offers_examples_or_else_the_newest_articles() -> None:
    summaries = [summary_of(ARTICLE)]
    offered = parsed(welcome(1, ["Who?", "When?"], summaries, TODAY))
    assert [button.attributes["data-ask"] for button in offered.all(attribute="data-ask")] == ["Who?", "When?"]
    assert not offered.all(attribute="data-article")
    without = parsed(welcome(1, [], summaries, TODAY))
    assert [button.attributes["data-article"] for button in without.all(attribute="data-article")] == ["ferry"]


def test_an_empty_collection_is_told_what_to_do() -> None:
    assert "pullquote index" in parsed(welcome(0, ["Who?"], [], TODAY)).text
    page = parsed(welcome(0, ["Who?"], [], TODAY, brings=True))
    assert "pullquote" not in page.text
    assert "under Sources" in page.text
    assert page.one(tag="button").attributes.keys() >= {"data-to-sources"}


def _hostile_citation(text: str) -> Citation:
    place = Place("x", text, text, text, text, 1, 0, len(text))
    return replace(
        TIME,
        article_id=text,
        title=text,
        outlet=text,
        url=text,
        published=text,
        sentence=text,
        start_char=0,
        end_char=len(text),
        quote=text[1:-1],
        quote_start_char=1,
        quote_end_char=len(text) - 1,
        before=text,
        after=text,
        also_at=(place,),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_itself_wherever_it_stands(text: str) -> None:
    """``parsed`` fails on any element or attribute that is not the page's own."""
    citation = _hostile_citation(text)
    kinds = [
        answer_with([citation, citation], query=text, notes=(text,)),
        abstention_with([citation], query=text, notes=(text,)),
    ]
    for answer in kinds:
        log = log_of(answer, question=text)
        assert log.one(css_class="pq-question").one(tag="bdi").text == text
        assert text in [each.text for each in log.all(tag="bdi")]
        assert {title.text for title in log.all(css_class="pq-chip-title")} == {text}
        assert not log.all(tag="a")
    log = log_of(None, problem=text, question=text)
    assert log.one(css_class="pq-problem").one(tag="bdi").text == text
    offered = parsed(welcome(3, [text], [], TODAY)).one(attribute="data-ask")
    assert (offered.attributes["data-ask"], offered.text) == (text, text)


def test_the_hostile_citation_replaces_every_string_of_a_citation() -> None:
    """Else a new field would go untested."""
    citation = _hostile_citation("<b>")
    strings = {f.name for f in fields(Citation) if isinstance(getattr(citation, f.name), str)}
    assert {name for name in strings if "<" not in getattr(citation, name) and name != "quote"} == {"content_sha256"}


def test_nothing_is_searched_as_typed_while_a_question_is_being_answered() -> None:
    asked = Conversation((Exchange("Who?", answer_with([TIME], question="Who?", query="Who is the captain?")),))
    assert "data-as-typed" in conversation_log(asked, TODAY)
    assert "data-as-typed" not in conversation_log(asked, TODAY, pending="When?")
