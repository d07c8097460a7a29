"""The page as it is put together, without a browser."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio
import pytest

from qa.exchanges import Conversation, Exchange
from qa.holdings import Holdings
from qa.library import Library
from qa.page.actions import Actions
from qa.page.layout import build_page
from qa.page.owners import OWNER
from qa.page.programs import ENDPOINTS, Programs
from qa.page.scope import Scope
from tests.qa.page.samples import FakeCollection, make_article
from tests.qa.page.serving import page_of, small_assistant

REQUEST: Any = SimpleNamespace(request=SimpleNamespace(scope={OWNER: "ann"}))


@pytest.fixture(scope="module")
def page() -> gradio.Blocks:
    held = FakeCollection({"ferry": make_article()})
    return build_page(Actions(lambda owner, collection_id: held), question_characters=123)


def component(page: gradio.Blocks, elem_id: str) -> dict[str, Any]:
    (found,) = (each["props"] for each in page.config["components"] if each["props"].get("elem_id") == elem_id)
    return dict(found)


def test_nothing_is_reported_to_the_makers_of_the_toolkit(page: gradio.Blocks) -> None:
    assert page.analytics_enabled is False
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"


def test_programs_find_their_functions_under_their_names_and_nothing_else() -> None:
    held = FakeCollection({"ferry": make_article()})
    page = build_page(Actions(lambda owner, collection_id: held), question_characters=9, programs=Programs(held))  # type: ignore[arg-type]
    offered = [each["api_name"] for each in page.config["dependencies"] if each["api_visibility"] != "private"]
    assert tuple(offered) == ENDPOINTS
    asking = {each.concurrency_id for each in page.fns.values() if each.api_name in ("answered", "ask", "retrieve")}
    assert asking == {"ask"}  # they wait in one queue
    assert page.api_open is False


def test_no_event_is_offered_to_other_programs(page: gradio.Blocks) -> None:
    offered = [each["api_name"] for each in page.config["dependencies"] if each["api_visibility"] == "public"]
    assert offered == []
    assert page.api_open is False


def test_the_question_box_takes_as_much_as_the_settings_allow(page: gradio.Blocks) -> None:
    assert component(page, "pq-question")["max_length"] == 123


def test_no_template_is_made_of_what_is_shown(page: gradio.Blocks) -> None:
    """The toolkit runs a template as code; the value is put into it, never part of it."""
    for elem_id in ("pq-header", "pq-conversation", "pq-source-list", "pq-panel"):
        assert component(page, elem_id)["html_template"] == "${value}"


def test_all_html_of_the_page_is_its_own(page: gradio.Blocks) -> None:
    """No component that renders Markdown, which would give a meaning to an article's asterisks and brackets."""
    kinds = {each["type"] for each in page.config["components"]}
    assert not kinds & {"markdown", "chatbot", "label", "json"}


def test_before_anything_is_asked_the_page_shows_articles_of_the_collection_that_is_chosen() -> None:
    """Else the newest articles of a person's own collection would be opened in the one that is served."""
    served, own = FakeCollection({"ferry": make_article()}), FakeCollection({"own": make_article(article_id="own")})
    page = build_page(
        Actions(lambda owner, collection_id: own if collection_id == "mine" else served), question_characters=9
    )

    def event(name: str, sent: object, *shown: object) -> Any:
        called = next(each.fn for each in page.fns.values() if getattr(each.fn, "__name__", "") == name)
        assert called is not None
        return called(gradio.EventData(None, sent), *shown, "", REQUEST)

    log, now = event("scope_changed", {}, Conversation(), Scope("mine"))
    assert 'data-article="own"' in log
    assert 'data-article="own"' in event("article_shown", {"article": "own"}, now, Scope("mine"))
    asked = Conversation((Exchange("When?", problem="x"),))
    assert "data-article" not in str(event("scope_changed", {}, asked, Scope("mine")))


def test_the_ask_tab_shows_what_can_be_asked_now_but_not_over_a_question_that_is_being_answered(
    page: gradio.Blocks,
) -> None:
    returned = next(each.fn for each in page.fns.values() if getattr(each.fn, "__name__", "") == "returned")
    assert returned is not None
    assert "pq-welcome" in returned(Conversation(), Scope(), "", REQUEST)
    assert "pq-welcome" not in str(returned(Conversation(), Scope(), json.dumps({"question": "When?"}), REQUEST))


def test_every_event_that_names_a_thing_goes_with_its_own_data_and_with_what_the_tab_remembers(tmp_path: Path) -> None:
    """For a press that comes during another one the toolkit would send the first one's data."""
    with (
        small_assistant(tmp_path) as assistant,
        Library.open(tmp_path / "library.sqlite") as library,
        Holdings(library, assistant, tmp_path / "collections") as holdings,
    ):
        page = page_of(assistant, holdings=holdings, library=library)
        events = [each for each in page.config["dependencies"] if each["targets"] and not each["cancels"]]
        found = {each["targets"][0][1]: each for each in events}
        for name in ("judge", "choose_sentence", "open_citation", "open_article", "choose", "narrow", "delete_article"):
            assert found[name]["trigger_mode"] == "multiple", name
            assert "remembered" in found[name]["js"], name
        for name in ("resume", "forget"):
            assert found[name]["trigger_mode"] == "multiple", name
        assert "remembered" in found["tick"]["js"]
