"""What axe-core finds on every view, in light and dark, on a desk and on a phone: nothing serious."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from qa.page.forms import sign_in_page, sign_out_page
from qa.records import Answer
from tests.e2e.browser import CHROMIUM, PHONE, ask, bring, history, open_page

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]

SERIOUS = {"serious", "critical"}
DESK = {"width": 1280, "height": 800}


class Views:
    """Runs axe-core on one view after another, and keeps what it finds under the view's name."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.faults: dict[str, list[str]] = {}

    def check(self, name: str) -> None:
        found = Axe().run(self._page).response["violations"]
        faults = [
            f"{one['id']}: {json.dumps([node['html'][:200] for node in one['nodes']])}"
            for one in found
            if one["impact"] in SERIOUS
        ]
        if faults:
            self.faults[name] = faults


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_no_view_has_a_serious_fault(
    browser: Browser,
    address: str,
    answered: Answer,
    abstained: Answer,
    tmp_path: Path,
    scheme: str,
    size: dict[str, int],
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    page = context.new_page()
    views = Views(page)
    for name, html in {"sign in": sign_in_page("Wrong."), "sign out": sign_out_page("ann")}.items():
        page.set_content(html)
        views.check(name)
    open_page(page, address)
    views.check("welcome")
    ask(page, answered.question)
    page.locator('.pq-evidence[data-shown="0:cited:0"]').wait_for(state="attached")
    page.get_by_role("button", name="Wrong answer").click()
    page.get_by_role("button", name="Choose the right sentence").wait_for()
    page.locator(".pq-copy summary").first.click()
    views.check("answer, feedback and forms to copy")
    page.locator(".pq-chip").first.click()
    page.locator(".pq-evidence").wait_for()
    views.check("evidence")
    if size is PHONE:
        page.get_by_role("button", name="Back").click()
    ask(page, abstained.question)
    page.locator(".pq-asking summary").click()
    views.check("closest sentences, and what is asked")
    page.get_by_role("button", name="Keyboard").click()
    views.check("keys")
    page.keyboard.press("Escape")

    page.get_by_role("tab", name="Sources").click()
    page.locator("#pq-source-list .pq-article").first.wait_for()
    views.check("sources")
    for name, text in {"a.txt": "The zorb is red.\n", "b.exe": "MZ"}.items():
        (tmp_path / name).write_text(text)
    bring(page, "#pq-files input[type=file]", [tmp_path / "a.txt", tmp_path / "b.exe"])
    expect(page.locator(".pq-upload")).to_contain_text("1 file could not be added.")
    for summary in page.locator("#pq-switch summary, #pq-source-list .pq-row summary").all():
        summary.click()
    page.get_by_role("button", name="Paste a text").click()
    views.check("an upload's report, collections, and a text to paste")

    page.get_by_role("tab", name="Ask").click()
    page.get_by_role("button", name="New conversation").click()
    page.locator(".pq-welcome").wait_for()
    ask(page, "Of what colour is the zorb?")
    page.get_by_role("tab", name="Sources").click()
    page.locator("#pq-switch").get_by_role("button", name="for good").click()
    expect(page.locator("#pq-switch .pq-collection")).to_have_count(1)
    page.get_by_role("tab", name="Ask").click()
    page.locator(".pq-gone").wait_for()
    views.check("a conversation whose collection was removed")

    history(page)
    page.locator(".pq-history summary").first.click()
    page.locator(".pq-history details details summary").first.click()
    views.check("conversations")
    page.get_by_label("Search the conversations").fill("zorb")
    expect(page.locator(".pq-history")).to_contain_text("found.")
    views.check("conversations that were found")
    assert views.faults == {}
    page.evaluate("document.querySelector('.pq-history').append(new Image())")
    views.check("an image without words")
    assert [fault.partition(":")[0] for fault in views.faults["an image without words"]] == ["image-alt"]
    context.close()
