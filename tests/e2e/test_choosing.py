"""What is asked is chosen on the page: one collection among several, and the days that articles were published."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import CHROMIUM, ask, bring, create_collection, open_page
from tests.e2e.conftest import Watch

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]

QUESTION = "Who is the lighthouse keeper of Vinterholm?"
NAME = "<b>Island</b> & mainland"


def article(folder: Path, keeper: str, day: str) -> Path:
    path = folder / f"{keeper}.txt"
    path.write_text(f"Title: {keeper}\nDate: {day}\n\nThe lighthouse keeper of Vinterholm is {keeper} Aske.\n")
    return path


def test_collections_are_renamed_switched_and_asked_by_day(browser: Browser, own_address: str, tmp_path: Path) -> None:
    watch, context = Watch(), browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(60_000)
    watch.follow(context)
    page = context.new_page()
    open_page(page, own_address)
    rows = page.locator("#pq-source-list .pq-row .pq-article-title")
    bring(page, "#pq-files input[type=file]", article(tmp_path, "Torvald", "2025-01-06"))
    expect(rows).to_have_text(["Torvald"])
    create_collection(page, "Island")
    expect(rows).to_have_count(0)
    days = (("Ilse", "2025-03-01"), ("Ruth", "2025-05-01"))
    bring(page, "#pq-files input[type=file]", [article(tmp_path, keeper, day) for keeper, day in days])
    expect(rows).to_have_text(["Ruth", "Ilse"])

    # Renamed: to a name that is taken, which is told and stays to be corrected, and then to one that is markup.
    switch = page.locator("#pq-switch")
    switch.locator("summary").filter(has_text="Rename or delete").click()
    for name in ("My articles", NAME):
        if not switch.locator("[name=rename]").is_visible():
            switch.locator("summary").filter(has_text="Rename or delete").click()
        switch.locator("[name=rename]").fill(name)
        switch.get_by_role("button", name="Rename", exact=True).click()
        if name != NAME:
            expect(switch.get_by_role("alert")).to_contain_text("My articles")
    expect(switch.locator("[aria-pressed=true]")).to_contain_text(NAME)
    expect(switch.get_by_role("alert")).to_have_count(0)

    # Switched there and back, above the question box too; each collection answers with its own article.
    switch.get_by_role("button", name="My articles").click()
    expect(rows).to_have_text(["Torvald"])
    page.get_by_role("tab", name="Ask").click()
    ask(page, QUESTION)
    expect(page.locator(".pq-answered mark").first).to_contain_text("Torvald")
    asking = page.locator(".pq-asking")
    asking.locator("summary").click()
    asking.get_by_role("button", name=NAME).click()
    expect(page.locator(".pq-asking summary")).to_have_text(f"Asking all 2 articles of {NAME}")
    page.locator("#pq-question textarea").fill(QUESTION)
    page.locator("#pq-question textarea").press("Enter")
    expect(page.locator(".pq-log")).not_to_contain_text("Torvald")  # what another collection said does not lead on
    expect(page.locator(".pq-exchange .pq-card")).to_have_count(1)

    # Within some days: from, up to, none of them, and back to all.
    for since, until, of, keeper in (("2025-04-01", "", 1, "Ruth"), ("", "2025-03-01", 1, "Ilse")):
        narrow(page, since, until)
        expect(page.locator(".pq-asking summary")).to_have_text(f"Asking {of} of 2 articles of {NAME}")
        ask(page, QUESTION)
        card = page.locator(".pq-card").last
        expect(card.locator("mark").first).to_contain_text(keeper)
        for other in {"Ruth", "Ilse"} - {keeper}:
            expect(card).not_to_contain_text(other)
    narrow(page, "2025-04-01", "2025-03-01")
    expect(page.locator(".pq-asking").get_by_role("alert")).to_contain_text("comes after the last")
    expect(page.locator(".pq-asking summary")).to_have_text(f"Asking 1 of 2 articles of {NAME}")  # as before
    page.locator(".pq-asking").get_by_role("button", name="Ask all").click()
    expect(page.locator(".pq-asking summary")).to_have_text(f"Asking all 2 articles of {NAME}")
    assert NAME in (page.locator("#pq-switch .pq-collection[aria-pressed=true]").text_content() or "")
    watch.assert_quiet(own_address)
    context.close()


def narrow(page: Page, since: str, until: str) -> None:
    """Ask the articles of some days only."""
    asking = page.locator(".pq-asking")
    if not asking.locator("[name=since]").is_visible():
        asking.locator("summary").click()
    asking.locator("[name=since]").fill(since)
    asking.locator("[name=until]").fill(until)
    asking.get_by_role("button", name="Ask these").click()
