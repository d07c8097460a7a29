"""Getting somewhere on the page: from an empty collection, through all citations, behind the article on a phone, and on
after something was deleted or refused."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import CHROMIUM, PHONE, ask, bring, create_collection, history, open_page, wait_until_shown
from tests.e2e.conftest import Watch

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]

SERIOUS = {"serious", "critical"}
TEXTS = {
    "keeper.txt": "Title: Lighthouse\n\nThe lighthouse keeper of Vinterholm is Torvald Aske.\n\nHe came in May.\n",
    "organ.txt": "Title: Organ\n\nThe organ of Vinterholm was tuned by Ilse Brohm in March.\n\nIt rained.\n",
}
HOSTILE = '<img src=x onerror=alert(1)><b id="bait">ferry</b>'


def serious_faults(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]


def choose_sentence(page: Page, **changed: str) -> None:
    """What the page sends when a sentence of the open article is pressed as the right one, with some of it changed."""
    page.locator(".pq-evidence").evaluate(
        """(panel, changed) => {
            const {article, heldIn, version} = panel.querySelector('.pq-text').dataset;
            const at = panel.querySelector('.pq-one').dataset.at;
            const detail = {exchange: '0', article, collection: heldIn, version, at, ...changed};
            panel.dispatchEvent(new CustomEvent('pullquote:chosen', {detail, bubbles: true}));
        }""",
        changed,
    )


def test_everything_is_reached(browser: Browser, own_address: str, tmp_path: Path) -> None:
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(60_000)
    watch = Watch()
    watch.follow(context)
    page = context.new_page()
    open_page(page, own_address)

    # An empty collection says what to do on the page.
    create_collection(page, "Island")
    page.get_by_role("tab", name="Ask").click()
    welcome = page.locator(".pq-welcome")
    expect(welcome).to_contain_text("There are no articles yet")
    expect(welcome).not_to_contain_text("pullquote")
    assert serious_faults(page) == []
    ask(page, "Hello!")
    expect(page.locator(".pq-reply")).to_contain_text("Add files under Sources first.")
    page.get_by_role("button", name="New conversation").click()
    welcome.get_by_role("button", name="Add articles").click()
    expect(page.get_by_role("tab", name="Sources")).to_be_focused()
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    bring(page, "#pq-files input[type=file]", [tmp_path / name for name in TEXTS])
    expect(page.locator("#pq-source-list .pq-row")).to_have_count(2)

    # j and k go through all answers; what has no citation is passed over.
    page.get_by_role("tab", name="Ask").click()
    ask(page, "Who is the lighthouse keeper of Vinterholm?")
    wait_until_shown(page, "0:cited:0")
    ask(page, "By whom was the organ of Vinterholm tuned in March?")
    wait_until_shown(page, "1:cited:0")
    ask(page, "Thanks!")
    wait_until_shown(page, "")
    page.locator(".pq-question").last.click()
    page.keyboard.press("j")
    wait_until_shown(page, "1:cited:0")
    first = page.locator("#pq-exchange-0 .pq-source .pq-chip").count() - 1
    page.keyboard.press("k")
    wait_until_shown(page, f"0:cited:{first}")
    page.keyboard.press("j")
    wait_until_shown(page, "1:cited:0")
    one = page.locator('.pq-one[tabindex="0"]')
    expect(one).to_have_role("button")
    expect(one).to_have_accessible_description("Press a sentence to copy it with its source.")
    assert serious_faults(page) == []

    # Quick presses each count; what is refused says so as text, and what is noted is noted by the server.
    feedback = page.locator("#pq-exchange-0 .pq-feedback")
    for words in ("Right", "Wrong sentence cited", "Wrong answer"):
        feedback.get_by_role("button", name=words, exact=True).evaluate("button => button.click()")
    expect(feedback.locator("[aria-pressed=true][data-verdict]")).to_have_text(["Wrong answer"])
    page.locator('.pq-chip[data-open="0:cited:0"]').click()
    wait_until_shown(page, "0:cited:0")
    told = page.locator("#pq-told")
    for changed, words in (
        ({"collection": "other"}, "another collection"),
        ({"version": "0"}, "changed since it was opened"),
        ({"article": quote(HOSTILE)}, HOSTILE),
    ):
        choose_sentence(page, **changed)
        expect(told).to_contain_text(words)
        expect(page.locator("#bait, #pq-told img")).to_have_count(0)
    expect(feedback).not_to_contain_text("Right would have been")
    feedback.locator("[data-choose]").click()
    page.locator(".pq-one").last.click()
    expect(feedback).to_contain_text("Right would have been")
    expect(told).to_contain_text("Noted as the right sentence.")
    assert watch.dialogs == []

    # On a phone the article lies over the page as a dialog, and nothing behind it is reached.
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.locator('.pq-chip[data-open="0:cited:0"]').click()
    over = page.get_by_role("dialog", name="Evidence")
    expect(over).to_be_visible()
    page.locator(".pq-headline").focus()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#pq-aside')"
        )
    assert serious_faults(page) == []
    page.get_by_role("button", name="Back").click()
    expect(over).to_have_count(0)
    expect(page.locator(".pq-head")).not_to_have_attribute("inert", "")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    # What was deleted leaves the focus at what took its place.
    page.get_by_role("tab", name="Sources").click()
    rows = page.locator("#pq-source-list .pq-row")
    for left in (1, 0):
        rows.first.locator("summary").click()
        rows.first.get_by_role("button", name="Delete it for good").press("Enter")
        expect(rows).to_have_count(left)
        if left:
            expect(rows.first.locator(".pq-article")).to_be_focused()
    expect(page.locator("#pq-source-list [role=status]")).to_be_focused()
    history(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".pq-history summary").first.click()
    page.locator(".pq-history details details summary").first.click()
    page.get_by_role("button", name="Delete it for good").first.press("Enter")
    expect(page.locator("#pq-history-list [role=status]")).to_be_focused()
    context.close()
