"""Signing in with a browser, and the page that is served with functions for programs beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect

from qa.accounts import Accounts, set_password
from qa.assistant import Assistant
from tests.e2e.browser import CHROMIUM, ask
from tests.qa.page.serving import QUESTION, page_of, serving, small_assistant

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with small_assistant(tmp_path_factory.mktemp("e2e-signin")) as made:
        yield made


def test_a_person_signs_in_asks_and_signs_out(browser: Browser, assistant: Assistant, tmp_path: Path) -> None:
    users = tmp_path / "users"
    set_password(users, "ann", "correct horse")
    with serving(page_of(assistant), accounts=Accounts(users)) as address:
        complaints: list[str] = []

        def said(message: ConsoleMessage) -> None:
            if message.type == "error" and "401" not in message.text:  # of the wrong password
                complaints.append(message.text)

        context = browser.new_context()
        context.set_default_timeout(90_000)
        context.on("console", said)
        page = context.new_page()
        page.goto(address)
        page.get_by_label("Name").fill("ann")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("alert").wait_for()
        page.get_by_label("Name").fill("ann")
        page.get_by_label("Password").fill("correct horse")
        page.get_by_role("button", name="Sign in").click()
        page.locator(".pq-welcome").wait_for()
        ask(page, QUESTION)
        quote = assistant.ask(QUESTION).citations[0].quote
        assert page.locator(".pq-answered .pq-quotation mark").first.text_content() == quote
        expect(page.locator(".pq-user")).to_contain_text("Signed in as ann")
        page.get_by_role("link", name="Sign out").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Sign out").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_label("Password").wait_for()
        page.goto(address)
        assert page.url == f"{address}/login"
        context.close()
        assert complaints == []


def test_a_browser_keeps_its_token_and_shows_it_to_no_script(browser: Browser, assistant: Assistant) -> None:
    with serving(page_of(assistant)) as address:
        tokens = []
        for _ in range(2):
            context = browser.new_context()
            page = context.new_page()
            for _ in range(2):
                page.goto(address)
                page.locator(".pq-welcome").wait_for()
                (cookie,) = context.cookies(address)
                tokens.append(cookie["value"])
            assert page.evaluate("document.cookie") == ""
            # By a link on another site, with which the cookie does not come.
            page.goto(f"data:text/html,<a href='{address}'>there</a>")
            page.get_by_text("there").click()
            page.locator(".pq-welcome").wait_for()
            (cookie,) = context.cookies(address)
            tokens.append(cookie["value"])
            context.close()
        assert len(set(tokens[:3])) == len(set(tokens[3:])) == 1
        assert tokens[0] != tokens[3]
