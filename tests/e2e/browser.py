"""A headless Chromium and a served page, for the tests of the page and for its screenshots."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.conftest import PROJECT_ROOT

PHONE = {"width": 360, "height": 740}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def launched_browser() -> Iterator[Browser]:
    """A headless Chromium of the system's, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def served(index_dir: Path, *options: str) -> Iterator[str]:
    """The address of a page that ``python app.py`` serves from an index. The server is stopped at the end, with a
    page's connection still open, and must then stop in good order."""
    data = ["--data", str(index_dir.parent / "data")]  # and not what the one who runs the tests keeps
    command = [sys.executable, "app.py", "--index", str(index_dir), "--port", "0", *data, *options]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as complaints:
        server = subprocess.Popen(
            command,
            cwd=PROJECT_ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
        try:
            assert server.stdout
            line = server.stdout.readline()  # "Pullquote is at http://127.0.0.1:40123 (Ctrl+C stops it)"
            address = next((word for word in line.split() if word.startswith("http://127.0.0.1:")), None)
            assert address, f"the server said {line!r}, and: {_read(complaints)}"
            yield address
            with ExitStack() as open_page_of_somebody:
                if "--auth" not in options:  # where nobody who has not signed in has a page open
                    heartbeat = urllib.request.urlopen(f"{address}/gradio_api/heartbeat/abc", timeout=10)
                    open_page_of_somebody.enter_context(heartbeat)
                server.send_signal(signal.SIGINT)
                assert server.wait(timeout=30) == 0
            assert "Traceback" not in _read(complaints), _read(complaints)
        finally:
            server.kill()
            server.wait()


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def ask(page: Page, question: str) -> None:
    """Type a question, send it with Enter, and wait for its card and the evidence that comes with it."""
    cards = page.locator(".pq-card").count()
    box = page.locator("#pq-question textarea")
    box.fill(question)
    box.press("Enter")
    page.locator(".pq-card").nth(cards).wait_for()


def open_page(page: Page, address: str) -> None:
    """Go to the page and wait until it can be used."""
    page.goto(address)
    page.locator(".pq-welcome").wait_for()
    page.wait_for_function("window.pullquote !== undefined")


def inside(inner: Locator, outer: Locator, page: Page) -> bool:
    """Whether the beginning of ``inner`` is visible: within the viewport, and within ``outer``, which scrolls."""
    one, other, view = inner.bounding_box(), outer.bounding_box(), page.viewport_size
    assert one
    assert other
    assert view
    top, bottom = max(0, other["y"]), min(view["height"], other["y"] + other["height"])
    return top <= one["y"] and one["y"] + min(one["height"], 30) <= bottom and 0 <= one["x"] <= view["width"]


def wait_until_shown(page: Page, pointer: str) -> None:
    page.locator(f'.pq-evidence[data-shown="{pointer}"]').wait_for()


def assert_inert(page: Page) -> None:
    """The page's own parts hold no element or attribute that an article could have smuggled in."""
    smuggled = []
    for _ in range(20):  # the toolkit's own sign that something is loading comes and goes
        smuggled = page.evaluate(
            """() => [...document.querySelectorAll('.gradio-container [class^="pq-"] *')].filter(element =>
                 /^(script|img|svg|iframe|object|embed|style|form|math|b|i|a)$/i.test(element.tagName)
                   && !element.classList.contains('pq-original')
                 || [...element.attributes].some(each => /^on|^style$|^src/.test(each.name))
                 || /^javascript:/i.test(element.href ?? '')).map(element => element.outerHTML)"""
        )
        if not smuggled:
            break
        page.wait_for_timeout(250)
    assert smuggled == [], smuggled[:3]


def history(page: Page) -> None:
    """Go to the list of conversations."""
    page.get_by_role("tab", name="Conversations").click()
    page.locator(".pq-history").wait_for()


def bring(page: Page, part: str, files: Any) -> None:
    """Hand files to a part of the tab of sources."""
    page.get_by_role("tab", name="Sources").click()
    page.locator(part).set_input_files(files)


def create_collection(page: Page, name: str) -> None:
    """Make a collection, which is asked from then on."""
    page.get_by_role("tab", name="Sources").click()
    page.locator("#pq-switch summary").filter(has_text="New collection").click()
    page.locator("#pq-switch [name=create]").fill(name)
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.locator("#pq-switch [aria-pressed=true]")).to_contain_text(name)
