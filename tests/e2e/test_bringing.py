"""The ways in which articles are brought: a text that is pasted, a folder that is dropped; and what is told of it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from qa import bringing
from qa.uploads import ReadFile
from tests.e2e.browser import CHROMIUM, PHONE, ask, bring, create_collection, open_page
from tests.e2e.conftest import Watch

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]

HOSTILE = '<img src=x onerror=alert(1)><b id="bait">Lighthouse</b>'
KEEPER = "The lighthouse keeper of Vinterholm is Torvald Aske."
QUESTION = "Who is the lighthouse keeper of Vinterholm?"
FILES = "#pq-files input[type=file]"


@pytest.fixture
def page(browser: Browser, own_address: str) -> Iterator[Page]:
    """The page of somebody who has no articles yet; it may send nothing elsewhere and run no article's script."""
    watch, context = Watch(), browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(60_000)
    watch.follow(context)
    opened = context.new_page()
    open_page(opened, own_address)
    yield opened
    watch.assert_quiet(own_address)
    context.close()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Lets one file after another be read."""
    let, checked = threading.Semaphore(0), bringing._checked

    def when_let(file: ReadFile) -> ReadFile:
        assert let.acquire(timeout=120)
        return checked(file)

    monkeypatch.setattr(bringing, "_checked", when_let)
    return let


def test_a_text_is_pasted_and_asked(page: Page) -> None:
    page.get_by_role("tab", name="Sources").click()
    page.get_by_role("button", name="Paste a text").click()
    title, text = page.get_by_label("Title", exact=True), page.get_by_label("Text", exact=True)
    day, address = page.get_by_label("Date, such as"), page.get_by_label("Address (may be empty)")
    title.fill(HOSTILE)
    text.fill(f"{KEEPER}\n\n{HOSTILE} It rained.")
    day.fill("the <b>sixth</b>")
    address.fill("https://news.example/keeper")
    page.get_by_role("button", name="Add this text").click()
    report = page.locator(".pq-upload")
    expect(report.get_by_role("alert")).to_contain_text("the <b>sixth</b>")
    expect(text).to_have_value(f"{KEEPER}\n\n{HOSTILE} It rained.")  # to be corrected, not written anew
    expect(page.locator("#pq-source-list .pq-row")).to_have_count(3)  # those of the served collection

    day.fill("2025-10-06")
    page.get_by_role("button", name="Add this text").click()
    expect(report).to_contain_text("1 article of 1 file can be asked now.")
    for box in (title, text, day, address):
        expect(box).to_have_value("")
    expect(page.locator("#pq-source-list .pq-row .pq-article-title")).to_have_text([HOSTILE])
    page.get_by_role("tab", name="Ask").click()
    ask(page, QUESTION)
    card = page.locator(".pq-answered")
    expect(card.locator("mark").first).to_contain_text("Torvald Aske")
    expect(card.locator(".pq-chip-title").first).to_have_text(HOSTILE)
    expect(card.locator(".pq-original").first).to_have_attribute("href", re.compile(r"https://news\.example/keeper#"))
    expect(page.locator("#bait")).to_have_count(0)


def test_a_folder_is_dropped_with_all_that_is_in_it_but_what_is_hidden(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "Notes & more"
    (folder / "deep").mkdir(parents=True)
    (folder / ".git").mkdir()
    for place in ("keeper.txt", "deep/keeper.txt", ".git/config.txt", "deep/.hidden.txt"):
        (folder / place).write_text(f"Title: {place}\n\n{KEEPER}\n")
    page.get_by_role("tab", name="Sources").click()
    expect(page.locator("#pq-source-list .pq-row")).to_have_count(3)  # from then on nothing moves
    box = page.locator("#pq-files").bounding_box()
    assert box
    devtools = page.context.new_cdp_session(page)
    for step in ("dragEnter", "dragOver", "drop"):
        devtools.send(
            "Input.dispatchDragEvent",
            {
                "type": step,
                "x": box["x"] + box["width"] / 2,
                "y": box["y"] + box["height"] / 2,
                "data": {"items": [], "files": [str(folder)], "dragOperationsMask": 1},
            },
        )
    report = page.locator(".pq-upload")
    expect(report).to_contain_text("2 articles of 2 files can be asked now.")
    names = sorted(report.locator(".pq-added").all_text_contents())
    assert names == [f"{folder.name}/{place}: added" for place in ("deep/keeper.txt", "keeper.txt")]
    expect(page.locator("#pq-source-list .pq-row")).to_have_count(2)


def test_the_state_of_each_file_is_told_while_they_are_read(
    page: Page, tmp_path: Path, gate: threading.Semaphore
) -> None:
    for name in ("1.txt", "2.exe", "3.txt"):
        (tmp_path / name).write_text(KEEPER)
    bring(page, FILES, [tmp_path / name for name in ("1.txt", "2.exe", "3.txt")])
    report, rows = page.locator(".pq-upload"), page.locator(".pq-upload li")
    expect(report.get_by_role("status")).to_have_text("Reading 3 files: 0 done.")
    expect(rows).to_have_text(["1.txt: reading", "2.exe: waiting", "3.txt: waiting"])
    gate.release()
    expect(rows).to_have_text(["1.txt: read", "2.exe: reading", "3.txt: waiting"])
    gate.release()
    expect(report.get_by_role("status")).to_have_text("Reading 3 files: 2 done.")
    expect(rows.first).to_contain_text("2.exe: failed, and cannot go in as it is")
    expect(report.locator(".pq-states li")).to_have_text(["1.txt: read", "3.txt: reading"])
    gate.release()
    expect(report).to_contain_text("2 articles of 2 files can be asked now. 1 file could not be added.")
    expect(rows).to_have_count(3)


def test_what_is_chosen_while_files_are_read_stays_chosen(
    page: Page, tmp_path: Path, gate: threading.Semaphore
) -> None:
    create_collection(page, "Island")
    switch = page.locator("#pq-switch")
    expect(switch.locator("[aria-pressed=true]")).to_contain_text("Island")
    (tmp_path / "keeper.txt").write_text(KEEPER)
    bring(page, FILES, [tmp_path / "keeper.txt"])
    report, rows = page.locator(".pq-upload"), page.locator("#pq-source-list .pq-row")
    expect(report.get_by_role("status")).to_have_text("Reading 1 file: 0 done.")
    switch.locator("[data-collection]").first.click()
    expect(rows).to_have_count(3)  # those of the served collection
    page.get_by_label("Narrow the list").fill("ferry")
    expect(rows).to_have_count(1)
    gate.release()
    expect(report).to_contain_text("1 article of 1 file can be asked now.")
    page.wait_for_timeout(1000)  # nothing else comes after it
    expect(rows).to_have_count(1)
    expect(switch.locator("[aria-pressed=true]")).not_to_contain_text("Island")
    switch.locator("[data-collection]", has_text="Island").click()
    page.get_by_label("Narrow the list").fill("")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("keeper")


def test_the_report_fits_a_phone(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    names = (f"{'unbroken' * 12}.exe", f"{'a name of many words ' * 4}.txt", "2025-10-06_the_keeper_of_Vinterholm.txt")
    for name in names:
        (tmp_path / name).write_text(KEEPER)
    bring(page, FILES, [tmp_path / name for name in names])
    report = page.locator(".pq-upload")
    expect(report).to_contain_text("1 file could not be added.")
    for name in names:
        expect(report).to_contain_text(name)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    width = page.evaluate("window.innerWidth")
    for part in report.locator("li, p, button").all():
        part.scroll_into_view_if_needed()
        box = part.bounding_box()
        assert box
        assert box["x"] >= 0, part.text_content()
        assert box["x"] + box["width"] <= width, part.text_content()
        assert part.evaluate("one => one.scrollWidth <= one.clientWidth || getComputedStyle(one).display === 'inline'")
    again = report.get_by_role("button", name="Choose files again")
    with page.expect_file_chooser():
        again.click()
