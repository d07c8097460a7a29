"""The list of sources, and the page's head."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest

from qa.page.header import header
from qa.page.sources import SHOWN_AT_MOST, matching, source_list
from qa.page.upload_report import upload_problem, upload_progress, upload_report
from qa.uploads import FileOutcome
from tests.qa.page.parsed import parsed
from tests.qa.page.samples import HOSTILE, TODAY, make_article, summary_of

OLD = summary_of(make_article(article_id="old", title="Old news", published=date(2001, 5, 3)))
NEW = summary_of(make_article(article_id="new", title="Fresh news", published=date(2026, 5, 3), outlet="Ledger"))
UNDATED = summary_of(
    make_article(article_id="undated", title="Notes", published=None, outlet=None, source_key="a/notes.txt")
)
ALL = [UNDATED, OLD, NEW]


def test_the_newest_comes_first_and_what_has_no_date_last() -> None:
    assert [each.article_id for each in matching(ALL, "")] == ["new", "old", "undated"]


def test_articles_of_one_day_come_in_the_order_of_their_ids() -> None:
    twins = [replace(OLD, article_id=name) for name in "bca"]
    assert [each.article_id for each in matching(twins, "")] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (" news ", ["new", "old", "undated"]),
        ("NEWS fresh", ["new"]),
        ("old news", ["old"]),
        ("ledger", ["new"]),
        ("2001-05", ["old"]),
        ("notes.txt", ["undated"]),
        ("news.example", ["new", "old", "undated"]),
        ("nothing", []),
    ],
)
def test_all_words_must_be_found_somewhere(words: str, found: list[str]) -> None:
    assert [each.article_id for each in matching(ALL, words)] == found


def test_each_source_has_a_button_with_title_outlet_date_and_size() -> None:
    rows = parsed(source_list([NEW], "", TODAY)).all(tag="button")
    assert [row.attributes["data-article"] for row in rows] == ["new"]
    assert rows[0].text == "Fresh news Ledger · 3 May 2026 · 6 months ago · 4 sentences"


def test_an_article_without_a_title_is_named_by_its_file() -> None:
    assert (
        parsed(source_list([replace(UNDATED, title="")], "", TODAY)).one(tag="button").text.startswith("a/notes.txt ")
    )


def test_a_long_list_is_cut_and_says_so() -> None:
    many = [replace(OLD, article_id=f"{number:04}") for number in range(SHOWN_AT_MOST + 1)]
    cut = parsed(source_list(many, "", TODAY))
    assert len(cut.all(tag="button")) == SHOWN_AT_MOST
    assert f"The newest {SHOWN_AT_MOST} of {SHOWN_AT_MOST + 1} articles" in cut.text
    whole = parsed(source_list(many[:-1], "", TODAY))
    assert len(whole.all(tag="button")) == SHOWN_AT_MOST
    assert f"{SHOWN_AT_MOST} articles, newest first." in whole.text


def test_what_is_not_found_and_what_is_not_there_are_told_apart() -> None:
    assert "No article matches nothing." in parsed(source_list(ALL, "nothing", TODAY)).text
    assert "There are no articles yet." in parsed(source_list([], "", TODAY)).text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_particulars_are_shown_as_themselves(text: str) -> None:
    hostile = replace(OLD, article_id=text, title=text, outlet=text, source_key=text, url=text)
    row = parsed(source_list([hostile], "", TODAY)).one(tag="button")
    assert unquote(row.attributes["data-article"]) == text
    assert [each.text for each in row.all(tag="bdi")] == [text, text]
    assert text in parsed(source_list([], text, TODAY)).text or not text.strip()


def test_the_head_says_how_many_articles_there_are() -> None:
    assert parsed(header(1)).one(css_class="pq-tagline").text.startswith("1 article. Answers are quotations")
    assert parsed(header(11405)).one(tag="h1").text == "Pullquote"


def test_the_head_names_who_has_signed_in_and_leads_out() -> None:
    head = parsed(header(1, "ann <b>"))
    assert head.one(css_class="pq-user").text == "Signed in as ann <b> Sign out"
    assert head.one(css_class="pq-user").one(tag="a").attributes["href"] == "/logout"
    assert not parsed(header(1)).all(css_class="pq-user")


def test_what_may_go_in_later_is_tried_again_by_its_place_and_the_rest_is_chosen_anew() -> None:
    passing, hopeless = FileOutcome("a", "failed", may_pass=True), FileOutcome("b", "failed", problems=("no text",))
    report = parsed(upload_report([hopeless, passing, FileOutcome("c", "added", 1), passing]))
    again, anew = report.all(tag="button")
    assert (again.attributes["data-again"], again.attributes["data-of"]) == ("1,3", "4")
    assert again.text == "Try these 2 files again"
    assert not anew.attributes.get("data-again")
    rows = [row.text for row in report.all(tag="li")]
    assert rows[0].startswith("b: failed, and cannot go in as it is")
    assert rows[1].startswith("a: failed, and may go in when it is tried again")
    (alone,) = parsed(upload_report([passing])).all(tag="button")
    assert alone.text == "Try this file again"
    assert not parsed(upload_report([FileOutcome("c", "added", 1)])).all(tag="button")


def test_all_files_are_tried_again_when_nothing_could_be_added() -> None:
    assert parsed(upload_problem("locked", 3)).one(tag="button").attributes["data-again"] == "0,1,2"
    assert not parsed(upload_problem("no date")).all(tag="button")


def states(names: list[str], doing: str, done: int, failures: list[FileOutcome]) -> list[str]:
    shown = parsed(upload_progress(names, doing, done, len(names), failures)).all(css_class="pq-states")
    return [row.text for part in shown for row in part.all(tag="li")]


def test_while_files_are_read_the_state_of_each_is_told() -> None:
    failure = FileOutcome("b", "failed", 0, ("no",))
    assert states(["a", "b", "c", "d"], "reading", 2, [failure]) == ["a: read", "c: reading", "d: waiting"]
    assert states(["a", "b", "c"], "indexing", 0, [failure]) == ["a: read, being indexed", "c: read, being indexed"]
    assert states(["b", "b"], "reading", 2, [failure]) == ["b: read"], "the later one of a name fails"
    assert states(["a"], "reading", 0, []) == ["a: reading"]


def test_of_many_files_those_near_the_one_that_is_read_are_listed() -> None:
    names = [f"file {number}" for number in range(SHOWN_AT_MOST * 3)]
    listed = states(names, "reading", 300, [])
    assert "file 299: read" in listed
    assert "file 300: reading" in listed
    assert "file 301: waiting" in listed
    assert len(listed) < 50
    assert states(names, "indexing", 3, []) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_file_name_is_shown_as_itself_while_it_is_read(text: str) -> None:
    assert states([text], "reading", 0, []) == [f"{text}: reading"]
