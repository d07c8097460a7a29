"""What is asked: chosen on the page, sent by a browser, which may send anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QuestionError
from index.records import Filter
from qa.holdings import Holding
from qa.page.scope import Scope, outlets_of
from qa.page.sources import SORTS, asking, collection_switch, matching, source_list
from qa.page.upload_report import upload_report
from qa.uploads import FileOutcome
from tests.qa.page.parsed import parsed
from tests.qa.page.samples import HOSTILE, TODAY, make_article, summary_of

ONE = summary_of(make_article(article_id="one", title="B", outlet="Courier", published=date(2025, 1, 5)))
TWO = replace(
    summary_of(make_article(article_id="t/w o", title="a", outlet="Ledger", published=date(2024, 1, 5))), sentences=9
)
BARE = summary_of(make_article(article_id="bare", title="C", outlet=None, published=None))
ALL = [ONE, TWO, BARE]
HELD = [Holding("", "Served", True, 3), Holding("f" * 32, "Mine", False, 0)]


def test_all_is_asked_at_first() -> None:
    assert Scope().where is None
    assert all(Scope().accepts(each) for each in ALL)


def test_dates_outlets_and_ticks_narrow_what_is_asked() -> None:
    sent = {"since": "2024-06-01", "until": "2025-06-01", "outlets": ["Courier"], "ticked": False}
    scope = Scope().narrowed(sent)
    assert scope.where == Filter(outlets=("Courier",), since=date(2024, 6, 1), until=date(2025, 6, 1))
    assert [each.article_id for each in ALL if scope.accepts(each)] == ["one"]
    ticked = Scope().with_ticks(["one", "t%2Fw%20o"], ["t%2Fw%20o"]).narrowed({"ticked": True})
    assert ticked.where == Filter(articles=("t/w o",))
    assert ticked.with_ticks(["one"], ["one"]).ticked == {"one", "t/w o"}  # the tick of a row that is not shown stays
    assert ticked.with_ticks(["t%2Fw%20o"], []).where == Filter(articles=())
    assert ticked.without(["t/w o"]).where is None
    assert ticked.narrowed({}).where is None


@pytest.mark.parametrize("day", ["2025-13-01", "2025-02-30", "20250101", "1 May", "2025-W01-1", 7, [], "x" * 10_000])
def test_what_is_no_day_is_refused_by_name(day: object) -> None:
    with pytest.raises(QuestionError, match="no first day"):
        Scope().narrowed({"since": day})


def test_days_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(QuestionError, match="comes after"):
        Scope().narrowed({"since": "2025-02-01", "until": "2025-01-01"})


@given(st.recursive(st.none() | st.booleans() | st.text() | st.integers(), lambda inner: st.lists(inner)))
def test_a_browser_may_send_anything(sent: object) -> None:
    scope = Scope().narrowed({"outlets": sent, "ticked": sent}).with_ticks(sent, sent)
    assert scope.where is None or isinstance(scope.where, Filter)
    assert Scope().narrowed(sent).where is None


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("Newest first", ["one", "t/w o", "bare"]),
        ("Oldest first", ["t/w o", "one", "bare"]),
        ("By title", ["t/w o", "one", "bare"]),
        ("By outlet", ["one", "t/w o", "bare"]),
        ("Longest first", ["t/w o", "bare", "one"]),
    ],
)
def test_the_list_has_five_orders(sort: str, ids: list[str]) -> None:
    assert [each.article_id for each in matching(ALL, "", sort)] == ids
    assert len(SORTS) == 5


def test_a_row_tells_whether_it_is_asked_and_only_an_own_one_can_be_deleted() -> None:
    scope = Scope(outlets=("Courier",), ticked=frozenset(["t/w o"]))
    for own in (True, False):
        rows = parsed(source_list(ALL, "", TODAY, scope=scope, own=own)).all(tag="li")
        assert ["is asked" in row.text for row in rows] == [True, False, False]
        assert ["checked" in row.one(tag="input").attributes for row in rows] == [False, True, False]
        assert ["Delete it for good" in row.text for row in rows] == [own] * 3


def test_an_empty_collection_says_what_to_do() -> None:
    text = parsed(source_list([], "", TODAY, scope=Scope(), own=True)).text
    assert "There are no articles here yet." in text
    assert ".pdf" in text
    assert "25 MiB" in text
    assert "Mine has no articles yet: add some under Sources" in parsed(asking(HELD, [], Scope("f" * 32))).text


def test_the_choice_says_how_many_are_asked() -> None:
    assert "Asking all 3 articles of Served" in parsed(asking(HELD, ALL, Scope())).text
    assert "Asking 1 of 3 articles of Served" in parsed(asking(HELD, ALL, Scope(outlets=("courier",)))).text
    assert outlets_of([ONE, TWO, BARE, replace(TWO, outlet="LEDGER")]) == ["Courier", "Ledger"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_shown_as_themselves(text: str) -> None:
    summary = replace(ONE, article_id=text, title=text, outlet=text)
    held = [Holding("", "Served", True, 1), Holding("a", text, False, 1)]
    pages = (
        asking(held, [summary], Scope("a"), problem=text),
        collection_switch(held, "a", problem=text),
        source_list([summary], "", TODAY, scope=Scope(ticked=frozenset([text])), own=True),
        upload_report([FileOutcome(text, "failed", 0, (text,), (text,))]),
    )
    for page in pages:
        assert text in parsed(page).text  # and no element or attribute that is not the page's own


def test_what_the_browser_keeps_is_the_scope_again() -> None:
    scope = Scope(
        "f" * 32, date(2024, 6, 1), None, ("Courier", HOSTILE[0]), only_ticked=True, ticked=frozenset({"t/w o", "é"})
    )
    again = Scope.from_json(scope.to_json())
    assert again is not None
    assert again.to_json() == scope.to_json()
    assert again.where == scope.where
    held = parsed(asking(HELD, ALL, scope)).one(css_class="pq-asking")
    assert held.attributes["data-scope"] == scope.to_json()


@pytest.mark.parametrize(
    "sent", ["", "{}", "[]", "null", '{"collection": 7}', Scope().to_json().replace('""', "7"), "[" * 100_000]
)
def test_what_is_no_scope_is_passed_over(sent: str) -> None:
    assert Scope.from_json(sent) is None
