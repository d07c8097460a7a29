"""A person's own articles on the page: brought, asked, deleted, and seen by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from qa import holdings as holdings_module
from tests.e2e.browser import CHROMIUM, ask, bring, open_page
from tests.e2e.conftest import Watch
from tests.qa.page.serving import QUESTION as SERVED_QUESTION
from tests.qa.page.serving import SECRET

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]

KEEPER = "Torvald Aske"
QUESTION = "Who is the lighthouse keeper of Vinterholm?"
TEXTS = {
    "keeper.txt": f"Title: Lighthouse\nDate: 2025-10-06\n\nThe lighthouse keeper of Vinterholm is {KEEPER}.\n",
    "organ <img src=x onerror=alert(1)>.txt": "The organ of Vinterholm was tuned by Ilse Brohm in March.\n",
    "virus.exe": "MZ",
}


@pytest.fixture
def visitors(browser: Browser, own_address: str) -> Iterator[tuple[Page, Page]]:
    """The page in two browsers, which share nothing; neither may send anything elsewhere or run an article's script."""
    pages, watches = [], []
    for _ in range(2):
        watch = Watch()
        context = browser.new_context(reduced_motion="reduce")
        context.set_default_timeout(90_000)
        watch.follow(context)
        watches.append(watch)
        pages.append(context.new_page())
        open_page(pages[-1], own_address)
    yield pages[0], pages[1]
    for page, watch in zip(pages, watches, strict=True):
        watch.assert_quiet(own_address)
        page.context.close()


def test_articles_are_brought_asked_and_deleted_and_nobody_else_sees_them(
    visitors: tuple[Page, Page], own_address: str, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, other = visitors
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    bring(page, "#pq-files input[type=file]", [tmp_path / name for name in TEXTS])
    report = page.locator(".pq-upload")
    expect(report).to_contain_text("2 articles of 2 files can be asked now. 1 file could not be added.", timeout=60_000)
    expect(report.locator(".pq-failed")).to_contain_text("virus.exe: failed, and cannot go in as it is")
    expect(report.locator("[data-again]")).to_have_text(["Choose files again"])
    expect(report.locator(".pq-failed")).to_contain_text("no loader for files of the kind '.exe'")
    rows = page.locator("#pq-source-list .pq-row")
    expect(rows).to_have_count(2)

    page.get_by_role("tab", name="Ask").click()
    expect(page.locator(".pq-asking summary")).to_contain_text("Asking all 2 articles of My articles")
    ask(page, QUESTION)
    expect(page.locator(".pq-card").last.locator("mark").first).to_contain_text(KEEPER)
    expect(page.locator(".pq-text")).to_contain_text(KEEPER)

    other.reload()
    other.get_by_role("tab", name="Sources").click()
    expect(other.locator("#pq-switch .pq-collection")).to_have_count(1)
    expect(other.locator("body")).not_to_contain_text("Lighthouse")
    held = next((data / "collections").glob("*/*"))
    for place in ("/gradio_api/file=", "/file=", "/gradio_api/file/", "/pullquote/"):
        for path in (held, data / "library.sqlite"):
            assert other.request.get(f"{own_address}{place}{path}").status in (404, 421)

    page.get_by_role("tab", name="Sources").click()
    keeper = rows.filter(has_text="Lighthouse")
    keeper.locator("summary").click()
    keeper.get_by_role("button", name="Delete it for good").click()
    expect(rows).to_have_count(1)
    page.get_by_role("tab", name="Ask").click()
    for reloads in range(2):
        if reloads:
            page.reload()
        expect(page.locator(".pq-chip").first.locator(".pq-standing")).to_have_text("source removed")
        expect(page.locator(".pq-card").last.locator("mark").first).to_contain_text(KEEPER)
    page.get_by_role("button", name="New conversation").click()
    page.locator(".pq-welcome").wait_for()
    ask(page, QUESTION)
    expect(page.locator(".pq-log")).not_to_contain_text(KEEPER)

    folder = tmp_path / "folder" / "deep"
    folder.mkdir(parents=True)
    for name in ("keeper.txt", "organ.txt", ".hidden.txt"):
        (folder / name).write_text(TEXTS["keeper.txt"])
    with monkeypatch.context() as full:  # a failure that passes: what this person keeps is deleted, or the limit raised
        full.setattr(holdings_module, "MAX_OWNER_BYTES", 0)
        bring(page, "input[type=file][webkitdirectory]", tmp_path / "folder")
        failed = report.locator(".pq-failed")
        expect(failed).to_have_count(2, timeout=60_000)
        expect(failed.nth(1)).to_contain_text("keeper.txt: failed, and may go in when it is tried again")
    report.get_by_role("button", name="Try these 2 files again").press("Enter")
    expect(report).to_contain_text("folder/deep/keeper.txt: added", timeout=60_000)
    expect(report).to_contain_text("folder/deep/organ.txt: added")
    expect(report).not_to_contain_text("hidden")
    expect(report.locator("[data-again]")).to_have_count(0)


def test_files_that_do_not_arrive_are_sent_again(browser: Browser, own_address: str, tmp_path: Path) -> None:
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(90_000)
    page = context.new_page()
    open_page(page, own_address)
    names = ("keeper.txt", "organ.txt")
    for name in names:
        (tmp_path / name).write_text(TEXTS["keeper.txt"].replace("Lighthouse", name))
    unsent = page.locator(".pq-unsent")
    page.route("**/gradio_api/upload?*", lambda route: route.abort())
    bring(page, "#pq-files input[type=file]", [tmp_path / name for name in names])
    expect(unsent).to_contain_text("2 files were not sent: the server could not be reached. Nothing was added.")
    expect(page.get_by_role("alert").filter(has_text="2 files were not sent")).to_have_count(1)
    page.unroute_all()
    page.route("**/gradio_api/upload?*", lambda route: route.fulfill(status=503, body="<b>busy</b>"))
    unsent.get_by_role("button", name="Send again").click()
    expect(unsent).to_contain_text("2 files were not sent: the server answered with 503.")
    page.unroute_all()
    unsent.get_by_role("button", name="Send again").press("Enter")
    report = page.locator(".pq-upload")
    expect(report).to_contain_text("2 articles of 2 files can be asked now.", timeout=60_000)
    expect(unsent).to_have_count(0)
    page.route("**/gradio_api/upload?*", lambda route: route.fulfill(status=413, body="too large"))
    bring(page, "#pq-files input[type=file]", tmp_path / names[0])
    expect(unsent).to_contain_text("1 file was not sent: that is more than the server takes at once.")
    with page.expect_file_chooser():
        unsent.get_by_role("button", name="Choose files again").click()

    page.unroute_all()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "upload" in request.url else None)
    part = page.locator("#pq-files input[type=file]")
    for count, length, reason in ((1001, 5, "at most 1,000 files and 250 MiB"), (900, 300, "their names are too long")):
        drop(page, [f"{number:05}{'x' * (length - 5)}.txt" for number in range(count)])
        expect(unsent).to_contain_text(f"{count} files were not sent: {reason}")
    assert sent == []

    # The list of files that follows them is no longer than the browser reckons.
    named = [f"{number}{'x' * 150}é.txt" for number in range(20)]
    with page.expect_request("**/gradio_api/queue/join*") as joined:
        part.set_input_files(
            [FilePayload(name=name, mimeType="text/plain", buffer=b"The zorb is red.") for name in named]
        )
    assert len(joined.value.post_data_buffer or b"") < sum(500 + 4 * len(name.encode()) for name in named) + 2000
    expect(unsent).to_have_count(0)
    expect(report).to_contain_text("20 articles of 20 files can be asked now.", timeout=60_000)
    drop(page, ["dropped.txt"])
    expect(report).to_contain_text("dropped.txt: added", timeout=60_000)
    context.close()


def drop(page: Page, names: list[str]) -> None:
    """Drop files of these names onto the part that takes files."""
    page.locator("#pq-files").evaluate(
        """(part, names) => {
            const dataTransfer = new DataTransfer();
            for (const name of names) dataTransfer.items.add(new File([`${name} is red.`], name, {type: 'text/plain'}));
            const onto = part.querySelector('input[type=file]').closest('button') ?? part.querySelector('button');
            onto.dispatchEvent(new DragEvent('drop', {dataTransfer, bubbles: true, cancelable: true}));
        }""",
        names,
    )


def test_the_conversation_of_a_deleted_collection_is_read_and_not_continued(
    browser: Browser, own_address: str, tmp_path: Path
) -> None:
    watch, context = Watch(), browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(90_000)
    watch.follow(context)
    page = context.new_page()
    open_page(page, own_address)
    (tmp_path / "keeper.txt").write_text(TEXTS["keeper.txt"])
    bring(page, "#pq-files input[type=file]", tmp_path / "keeper.txt")
    expect(page.locator("#pq-source-list .pq-row")).to_have_count(1, timeout=60_000)
    page.get_by_role("tab", name="Ask").click()
    ask(page, QUESTION)
    card = page.locator(".pq-answered")
    expect(card).to_contain_text(KEEPER)
    expect(page.locator(".pq-gone, .pq-stored")).to_have_count(0)

    page.get_by_role("tab", name="Sources").click()
    page.locator("#pq-switch summary").filter(has_text="Rename or delete").click()
    page.get_by_role("button", name="for good").click()
    expect(page.locator("#pq-switch .pq-collection")).to_have_count(1)
    page.get_by_role("tab", name="Ask").click()
    for reloads in range(2):
        if reloads:
            page.reload()
        expect(card).to_contain_text(KEEPER)
        expect(card.locator(".pq-stored")).to_have_count(1)
        expect(page.locator(".pq-gone")).to_contain_text("The collection of this conversation was removed.")
    expect(page.locator(".pq-text")).to_have_count(0)
    page.locator(".pq-chip").first.click()
    expect(page.locator(".pq-evidence .pq-warning")).to_contain_text("its collection was removed")
    page.get_by_role("button", name="Start a new conversation").press("Enter")
    page.locator(".pq-welcome").wait_for()
    ask(page, SERVED_QUESTION)
    expect(page.locator(".pq-answered")).to_contain_text(SECRET)
    expect(page.locator(".pq-exchange")).to_have_count(1)
    expect(page.locator(".pq-gone, .pq-stored")).to_have_count(0)
    watch.assert_quiet(own_address)
    context.close()
