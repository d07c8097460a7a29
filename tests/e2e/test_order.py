"""What is pressed in quick succession is done in that order, however long each takes on its way."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.browser import CHROMIUM, ask, open_page, wait_until_shown

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]

_PLAIN = "**/gradio_api/run/predict*"
_DELAY_MS = 1500
"""Longer than an event takes that is not held up."""


@pytest.fixture
def opened(context: BrowserContext, own_address: str) -> Page:
    page = context.new_page()
    open_page(page, own_address)
    return page


def hold_up(page: Page) -> list[Route]:
    """Hold up the first event that is sent from now on, until ``let_go``."""
    held: list[Route] = []

    def sent(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(_PLAIN, sent)
    return held


def let_go(page: Page, held: list[Route]) -> None:
    page.wait_for_timeout(_DELAY_MS)
    (first,) = held
    first.continue_()


def test_the_list_is_narrowed_by_what_was_typed_last(opened: Page) -> None:
    held = hold_up(opened)
    opened.get_by_role("tab", name="Sources").click()
    opened.get_by_label("Narrow the list").fill("ferry")
    let_go(opened, held)
    rows = opened.locator("#pq-source-list .pq-article")
    expect(rows).to_have_count(1)
    opened.wait_for_timeout(_DELAY_MS)  # nothing older comes after it
    expect(rows).to_have_count(1)


def test_the_last_verdict_is_the_one_that_is_kept(opened: Page) -> None:
    ask(opened, "How many people were hurt when the ferry hit the quay?")
    held = hold_up(opened)
    feedback = opened.locator(".pq-feedback")
    for words in ("Right", "Wrong sentence cited", "Wrong answer"):
        feedback.get_by_role("button", name=words, exact=True).evaluate("button => button.click()")
    let_go(opened, held)
    expect(feedback.locator("[aria-pressed=true][data-verdict]")).to_have_text(["Wrong answer"])
    opened.reload()
    expect(feedback.locator("[aria-pressed=true][data-verdict]")).to_have_text(["Wrong answer"])


def test_the_citation_that_was_pressed_last_is_shown(opened: Page) -> None:
    ask(opened, "How many people were hurt when the ferry hit the quay?")
    ask(opened, "What will the tram line cost?")
    wait_until_shown(opened, "1:cited:0")
    held = hold_up(opened)
    for pointer in ("0:cited:0", "1:cited:0", "0:cited:0", "1:cited:0"):
        opened.locator(f'.pq-chip[data-open="{pointer}"]').evaluate("chip => chip.click()")
    let_go(opened, held)
    wait_until_shown(opened, "1:cited:0")
    opened.wait_for_timeout(_DELAY_MS)  # nothing older comes after it
    expect(opened.locator(".pq-evidence")).to_have_attribute("data-shown", "1:cited:0")


def test_a_reload_asks_for_the_conversation_however_late_the_pages_own_script_comes(opened: Page) -> None:
    ask(opened, "How many people were hurt when the ferry hit the quay?")

    def late(route: Route) -> None:
        opened.wait_for_timeout(_DELAY_MS)
        route.continue_()

    opened.route("**/pullquote/script.js", late)
    opened.reload()
    expect(opened.locator(".pq-card mark").first).to_be_visible()
