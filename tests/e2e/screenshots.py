"""Takes the screenshots of the documentation: ``python -m tests.e2e.screenshots [FOLDER]``; else docs/images."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from qa.assistant import Assistant
from qa.sample import sample_articles
from tests.conftest import PROJECT_ROOT
from tests.e2e.browser import ask, launched_browser, open_page, served

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


def answered(page: Page) -> None:
    ask(page, "How deep does the boat in Lake Ennor lie?")
    page.locator('[data-shown="0:cited:0"]').wait_for(state="attached")  # hidden on a phone


def followed_up(page: Page) -> None:
    answered(page)
    ask(page, "Who found it?")
    page.locator('[data-shown^="1:"]').wait_for()


def abstained(page: Page) -> None:
    ask(page, "How old is Johanna Pryce-Tamm?")


def listed(page: Page) -> None:
    page.get_by_role("tab", name="Sources").click()
    page.locator("#pq-source-list .pq-article").nth(2).click()
    page.locator(".pq-text").wait_for()


def opened(page: Page) -> None:
    answered(page)
    page.locator(".pq-chip").first.click()
    page.locator(".pq-evidence").wait_for()


VIEWS: dict[str, tuple[Any, dict[str, int], str]] = {
    "page-light": (answered, DESK, "light"),
    "page-dark": (followed_up, DESK, "dark"),
    "page-abstained": (abstained, DESK, "light"),
    "page-sources": (listed, DESK, "light"),
    "page-phone": (answered, PHONE, "light"),
    "page-phone-evidence": (opened, PHONE, "light"),
}


def take(browser: Browser, address: str, folder: Path) -> None:
    """Write one picture for each view."""
    for name, (act, size, scheme) in VIEWS.items():
        context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page = context.new_page()
        open_page(page, address)
        act(page)
        page.wait_for_timeout(500)  # fonts and focus rings settle
        page.screenshot(path=folder / f"{name}.png")
        context.close()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT_ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, launched_browser() as browser:
        Assistant.build(sample_articles(), Path(scratch) / "index").close()
        with served(Path(scratch) / "index") as address:
            take(browser, address, folder)


if __name__ == "__main__":
    main()
