"""The server is killed and started again at the same port, with a page open and never reloaded by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import CHROMIUM, ask, bring, open_page, wait_until_shown
from tests.e2e.restarted import SLOWLY, started

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
    pytest.mark.timeout(900),  # the server starts three times
]

QUESTION = "Who is the lighthouse keeper of Vinterholm?"
KEEPER = "Torvald Aske"
TEXTS = {
    "keeper.txt": f"Title: Lighthouse\n\nThe lighthouse keeper of Vinterholm is {KEEPER}.\n",
    "organ.txt": "Title: Organ\n\nThe organ of Vinterholm was tuned by Ilse Brohm in March.\n",
}


def test_an_open_page_goes_on_where_it_was(browser: Browser, tmp_path: Path) -> None:
    """What the server kept of the page in its memory is gone: the page tells it what it shows, and what it asks."""
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(60_000)
    page = context.new_page()
    asking, cards = page.locator(".pq-asking > summary"), page.locator(".pq-exchange")
    with started(tmp_path / "served") as (_, address):
        port = int(address.rpartition(":")[2])
        open_page(page, address)
        bring(page, "#pq-files input[type=file]", [tmp_path / name for name in TEXTS])
        expect(page.locator("#pq-source-list .pq-row")).to_have_count(2)
        page.get_by_label("Tick Lighthouse").check()
        page.get_by_role("tab", name="Ask").click()
        asking.click()
        page.get_by_label("Only the sources ticked").check()
        page.get_by_role("button", name="Ask these").click()
        expect(asking).to_contain_text("Asking 1 of 2 articles of My articles")
        ask(page, QUESTION)
        expect(cards.last.locator("mark").first).to_contain_text(KEEPER)
        wait_until_shown(page, "0:cited:0")
    page.evaluate("window.neverReloaded = true")
    with started(tmp_path / "served", port):
        with page.expect_response("**/gradio_api/run/predict*"):
            page.locator(".pq-chip").first.click()
        page.wait_for_timeout(500)
        expect(page.locator(".pq-evidence .pq-shown").first).to_contain_text(KEEPER)
        ask(page, "Who tuned the organ of Vinterholm?")
        expect(cards).to_have_count(2)
        expect(cards.last).not_to_contain_text("Ilse Brohm")  # as said above the box, one article alone is asked
        expect(asking).to_contain_text("Asking 1 of 2 articles of My articles")
        assert page.evaluate("window.neverReloaded")
        page.locator("#pq-question textarea").fill(f"{SLOWLY}{QUESTION}")
        page.locator("#pq-question textarea").press("Enter")
        page.locator(".pq-pending").wait_for()
    with started(tmp_path / "served", port):
        page.wait_for_function("!window.neverReloaded")  # the toolkit reloads the page as soon as the server is there
        expect(cards).to_have_count(2)
        expect(asking).to_contain_text("Asking 1 of 2 articles of My articles")
        expect(page.locator("#pq-question textarea")).to_have_value(f"{SLOWLY}{QUESTION}")
        ask(page, QUESTION)
        expect(cards).to_have_count(3)
        expect(cards.last.locator("mark").first).to_contain_text(KEEPER)
        page.locator("#pq-question textarea").fill(f"{SLOWLY}{QUESTION}")
        page.locator("#pq-question textarea").press("Enter")
        page.locator(".pq-pending").wait_for()
        page.wait_for_timeout(1000)
        page.reload()
        expect(cards).to_have_count(4)  # its question at once, and its answer as soon as it is there
        expect(page.locator(".pq-pending")).to_have_count(0)
        expect(cards.last.locator(".pq-card")).to_have_count(1)
        expect(page.locator("#pq-question textarea")).to_have_value("")
    context.close()
