"""Takes the screenshots of the documentation: ``python -m tests.e2e.screenshots [FOLDER]``; else docs/images."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page

from eval.benchmarks.visitors import Visitor
from qa.accounts import set_password
from qa.assistant import Assistant
from qa.sample import sample_articles
from tests.conftest import PROJECT_ROOT
from tests.e2e.browser import PHONE, ask, bring, history, launched_browser, open_page, served

DESK = {"width": 1280, "height": 800}
LOOKS = {"light": (DESK, "light"), "dark": (DESK, "dark"), "phone": (PHONE, "light")}
_COLOURS = 128  # text on paper needs few, and a picture takes a third of the space
_OTHERS = 24
_FILES = {
    "lighthouse.txt": (
        "Title: A keeper for the lighthouse\nDate: 2025-10-06\nOutlet: Vinterholm Courier\n\n"
        "The lighthouse keeper of Vinterholm is Torvald Aske. He moved in on Monday.\n"
    ),
    "organ.md": "# The organ is tuned\n\nThe organ of Vinterholm was tuned by Ilse Brohm in March.\n",
    "notes.docx": "PK",
}


def walk(page: Page, address: str, *, phone: bool) -> Iterator[str]:
    """Go through all views, and stop at each; gives its name, empty for the answer, which is the page's main view."""
    yield "welcome"
    ask(page, "How deep does the boat in Lake Ennor lie?")
    page.locator('[data-shown="0:cited:0"]').wait_for(state="attached")  # hidden on a phone
    yield ""
    if phone:
        page.locator(".pq-chip").first.click()
        page.locator(".pq-evidence").wait_for()
        yield "evidence"
        page.get_by_role("button", name="Back").click()
    ask(page, "Who found it?")
    page.locator('[data-shown^="1:"]').wait_for(state="attached")
    yield "follow-up"
    wrong = page.get_by_role("button", name="Wrong answer").last
    wrong.click()
    chooser = page.get_by_role("button", name="Choose the right sentence")
    chooser.click()
    chooser.scroll_into_view_if_needed()
    page.mouse.move(0, 0)
    yield "feedback"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="New conversation").click()
    page.locator(".pq-welcome").wait_for()
    ask(page, "How old is Johanna Pryce-Tamm?")
    yield "abstained"
    page.get_by_role("button", name="Keyboard").click()
    yield "keys"
    page.keyboard.press("Escape")
    with others_asking(address):
        page.locator("#pq-question textarea").fill("Who restored it?")
        page.locator("#pq-question textarea").press("Enter")
        page.locator(".pq-pending").filter(has_text="before yours").wait_for()
        yield "waiting"
    page.locator(".pq-pending").wait_for(state="detached")
    history(page)
    page.locator(".pq-history summary").first.click()
    yield "conversations"
    page.get_by_role("tab", name="Sources").click()
    page.locator("#pq-source-list .pq-article").first.wait_for()
    if not phone:
        page.locator("#pq-source-list .pq-article").nth(2).click()
        page.locator(".pq-text").wait_for()
    page.evaluate("window.scrollTo(0, 0)")
    yield "sources"
    bring(page, "#pq-files input[type=file]", [_payload(name, text) for name, text in _FILES.items()])
    page.locator(".pq-upload .pq-failed").wait_for()
    page.locator("#pq-source-list .pq-row").nth(1).wait_for()
    page.locator(".pq-upload").evaluate("report => report.scrollIntoView({block: 'center'})")
    yield "upload"
    page.get_by_role("tab", name="Ask").click()
    page.get_by_role("button", name="New conversation").click()
    page.locator(".pq-welcome").wait_for()
    ask(page, "Who is the lighthouse keeper of Vinterholm?")
    page.get_by_role("tab", name="Sources").click()
    page.locator("#pq-switch summary").filter(has_text="Rename or delete").click()
    page.get_by_role("button", name="for good").first.click()
    page.locator("#pq-switch .pq-collection").nth(1).wait_for(state="detached")
    page.get_by_role("tab", name="Ask").click()
    page.locator(".pq-gone").scroll_into_view_if_needed()
    yield "removed"


@contextmanager
def others_asking(address: str) -> Iterator[None]:
    """Many other visitors, who have all just asked; at the end they have their answers."""
    others = [Visitor(address) for _ in range(_OTHERS)]
    with ThreadPoolExecutor(_OTHERS) as pool:
        asked = [pool.submit(other.ask, "How much will the railway cost?") for other in others]
        wait(asked[:1], timeout=60)  # by then all stand in the line
        yield
        for one in asked:
            one.result()


def _payload(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": text.encode()}


def picture(page: Page, place: Path) -> None:
    """Write what is seen of the page, with few colours."""
    page.wait_for_timeout(500)  # fonts and focus rings settle
    whole = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    few = whole.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(place, optimize=True)


def new_page(browser: Browser, look: str) -> Page:
    size, scheme = LOOKS[look]
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(90_000)
    return context.new_page()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT_ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, launched_browser() as browser:
        index, users = Path(scratch) / "index", Path(scratch) / "users"
        Assistant.build(sample_articles(), index).close()
        set_password(users, "ann", "correct horse")
        with served(index) as address:
            for look in LOOKS:
                page = new_page(browser, look)
                open_page(page, address)
                for view in walk(page, address, phone=look == "phone"):
                    picture(page, folder / f"{'-'.join(filter(None, ('page', view, look)))}.png")
                page.context.close()
        with served(index, "--auth", str(users)) as address:
            for look in LOOKS:
                page = new_page(browser, look)
                page.goto(address)
                page.get_by_label("Name").fill("ann")
                picture(page, folder / f"page-sign-in-{look}.png")
                page.context.close()


if __name__ == "__main__":
    main()
