"""What is ticked in the list of sources, and chosen above the question box, is what is shown as ticked."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import CHROMIUM, bring, open_page

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]

ROWS = "#pq-source-list .pq-row"


def dated(folder: Path, *names: str) -> list[Path]:
    """An article for each name, of an outlet of that name's first letter; a later name is a newer article."""
    files = []
    for name in names:
        files.append(folder / f"{name}.txt")
        text = (
            f"Title: {name}\nOutlet: Paper {name[0]}\nDate: 2025-01-{ord(name[0]) - 60:02}\n\nThe zorb {name} is red.\n"
        )
        files[-1].write_text(text)
    return files


def ticked(page: Page) -> list[str]:
    rows = page.locator(ROWS).filter(has=page.locator("[data-tick]:checked"))
    return rows.locator(".pq-article-title").all_text_contents()


def tick(page: Page, title: str) -> None:
    page.get_by_label(f"Tick {title}", exact=True).click()


def test_ticks_stay_with_their_articles(browser: Browser, own_address: str, tmp_path: Path) -> None:
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(60_000)
    page = context.new_page()
    open_page(page, own_address)
    rows, titles = page.locator(ROWS), page.locator(f"{ROWS} .pq-article-title")
    bring(page, "#pq-files input[type=file]", dated(tmp_path, "Alder", "Birch", "Cedar", "Dogwood"))
    expect(rows).to_have_count(4)
    delete = page.locator("[data-delete-ticked]")
    expect(delete).to_be_disabled()
    for title in ("Dogwood", "Cedar", "Birch"):
        tick(page, title)
    expect(delete).to_have_text("Delete 3 ticked for good")

    bring(page, "#pq-files input[type=file]", dated(tmp_path, "Elm"))
    expect(titles).to_have_text(["Elm", "Dogwood", "Cedar", "Birch", "Alder"])
    assert ticked(page) == ["Dogwood", "Cedar", "Birch"]
    page.get_by_label("Order").click()
    page.get_by_role("option", name="By title").click()
    expect(titles).to_have_text(["Alder", "Birch", "Cedar", "Dogwood", "Elm"])
    assert ticked(page) == ["Birch", "Cedar", "Dogwood"]
    page.get_by_label("Narrow the list").fill("elm")
    expect(titles).to_have_text(["Elm"])
    assert ticked(page) == []
    expect(delete).to_have_text("Delete 3 ticked for good, 3 of them not shown")
    page.get_by_label("Narrow the list").fill("")
    expect(rows).to_have_count(5)
    assert ticked(page) == ["Birch", "Cedar", "Dogwood"]

    tick(page, "Cedar")
    tick(page, "Alder")
    asking = page.locator(".pq-asking")
    page.get_by_role("tab", name="Ask").click()
    asking.locator("summary").click()
    expect(asking).to_contain_text("Only the sources ticked in the list (3)")
    asking.get_by_label("Only the sources ticked").check()
    asking.get_by_label("Paper B").check()
    asking.get_by_role("button", name="Ask these").click()
    expect(asking.locator("summary")).to_contain_text("Asking 1 of 5 articles")
    asking.locator("summary").click()
    asking.get_by_role("button", name="Ask all").click()
    expect(asking.locator("summary")).to_contain_text("Asking all 5 articles")
    expect(asking.locator("input:checked")).to_have_count(0)
    asking.locator("summary").click()
    asking.get_by_label("from").fill("2025-01-06")
    asking.get_by_label("Paper A").check()
    asking.get_by_role("button", name="Ask all").click()  # what was chosen and never asked goes, too
    expect(asking.locator("input:checked")).to_have_count(0)
    expect(asking.get_by_label("from")).to_have_value("")

    page.get_by_role("tab", name="Sources").click()
    assert ticked(page) == ["Alder", "Birch", "Dogwood"]
    page.get_by_label("Narrow the list").fill("paper")
    page.get_by_label("Narrow the list").fill("dogwood")
    expect(titles).to_have_text(["Dogwood"])
    page.locator("#pq-source-list summary").filter(has_text="Delete the ticked").click()
    expect(delete).to_have_text("Delete 3 ticked for good, 2 of them not shown")
    tick(page, "Dogwood")
    expect(delete).to_have_text("Delete 2 ticked for good, 2 of them not shown")
    delete.click()
    expect(delete).to_have_text("Delete 0 ticked for good")
    page.get_by_label("Narrow the list").fill("")
    expect(titles).to_have_text(["Cedar", "Dogwood", "Elm"])
    assert ticked(page) == []
    expect(delete).to_be_disabled()
    context.close()
