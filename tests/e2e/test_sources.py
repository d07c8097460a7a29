"""A person's own articles on the page: brought, asked, deleted, and seen by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from qa.holdings import Holdings
from qa.library import Library
from qa.page.uploading import private_folder
from tests.e2e.browser import CHROMIUM, ask, open_page
from tests.e2e.conftest import Watch
from tests.qa.page.serving import page_of, serving, small_assistant

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
def data(tmp_path: Path) -> Path:
    """Where the server keeps what people bring."""
    return tmp_path / "data"


@pytest.fixture
def own_address(tmp_path: Path, data: Path) -> Iterator[str]:
    """A page that takes uploads, over a small collection and without a model, which here would only cost time."""
    with (
        private_folder(),
        small_assistant(tmp_path) as served,
        Library.open(data / "library.sqlite") as library,
        Holdings(library, served, data / "collections") as holdings,
        serving(page_of(served, holdings=holdings), uploads=True) as url,
    ):
        yield url


@pytest.fixture
def visitors(browser: Browser, own_address: str) -> Iterator[tuple[Page, Page]]:
    """The page in two browsers, which share nothing; neither may send anything elsewhere or run an article's script."""
    pages, watches = [], []
    for _ in range(2):
        watch = Watch()
        context = browser.new_context(reduced_motion="reduce")
        context.set_default_timeout(45_000)
        watch.follow(context)
        watches.append(watch)
        pages.append(context.new_page())
        open_page(pages[-1], own_address)
    yield pages[0], pages[1]
    for page, watch in zip(pages, watches, strict=True):
        watch.assert_quiet(own_address)
        page.context.close()


def bring(page: Page, part: str, paths: list[Path] | Path) -> None:
    page.get_by_role("tab", name="Sources").click()
    page.locator(part).set_input_files(paths)


def test_articles_are_brought_asked_and_deleted_and_nobody_else_sees_them(
    visitors: tuple[Page, Page], own_address: str, tmp_path: Path, data: Path
) -> None:
    page, other = visitors
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    bring(page, "#pq-files input[type=file]", [tmp_path / name for name in TEXTS])
    report = page.locator(".pq-upload")
    expect(report).to_contain_text("2 articles of 2 files can be asked now. 1 file could not be added.", timeout=60_000)
    expect(report.locator(".pq-failed")).to_contain_text("virus.exe: failed")
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
    page.get_by_role("button", name="New conversation").click()
    page.locator(".pq-welcome").wait_for()
    ask(page, QUESTION)
    expect(page.locator(".pq-log")).not_to_contain_text(KEEPER)

    folder = tmp_path / "folder" / "deep"
    folder.mkdir(parents=True)
    for name in ("keeper.txt", ".hidden.txt"):
        (folder / name).write_text(TEXTS["keeper.txt"])
    bring(page, "input[type=file][webkitdirectory]", tmp_path / "folder")
    expect(report).to_contain_text("folder/deep/keeper.txt: added", timeout=60_000)
    expect(report).not_to_contain_text("hidden")
