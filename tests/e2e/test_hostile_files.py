"""Files with hostile names and titles: uploaded, listed, asked, cited and exported, and inert all the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.e2e.browser import CHROMIUM, ask, assert_inert, bring, history, open_page
from tests.e2e.conftest import Watch
from tests.qa.page.samples import HOSTILE, HOSTILE_NAMES

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]

MARKUP = (
    "<script>alert(1)</script>.txt",
    "<img src=x onerror=alert(1)>.md",
    "<svg onload=alert(1)>.html",
    '"><iframe src=javascript:alert(1)>.txt',
    "' autofocus onfocus='alert(1).txt",
    "</li></ul></div><h1>gone.txt",
    "&lt;img src=x onerror=alert(1)&gt;.txt",
    "{{constructor.constructor('alert(1)')()}}.txt",
    "${alert(1)}.txt",
    "`${alert(1)}`.txt",
    "<%= alert(1) %>.txt",
    "#{alert(1)}.txt",
    "[a](javascript:alert(1)) ![b](http:%2f%2f192.0.2.1%2fx.png).md",
    "**bold** _it_ $x^2$ ~~s~~.md",
    "\u202etxt.exe",
    "\u2066\u2067 \u200f name\u2069.txt",
    "x\u2028y\u2029z.txt",
)


def permitted(name: str) -> bool:
    """Whether a file system could hold a file of that name, and a browser be told it."""
    try:
        return name not in (".", "..") and 0 < len(name.encode("utf-8")) < 256
    except UnicodeEncodeError:
        return False


# The two characters that no file system takes in a name are exchanged or left out.
NAMES = [
    name
    for given in (*MARKUP, *(f"{text}.txt" for text in HOSTILE), *HOSTILE_NAMES)
    if permitted(name := given.replace("/", "\u2215").replace("\0", ""))
]


def payload(number: int, name: str) -> FilePayload:
    title = HOSTILE[number % len(HOSTILE)].replace("\n", " ").replace("\x00", "")
    content = f"Title: {number} {title}\nOutlet: {name!r}\n\nThe zorblatt of pier {number} is coloured {title} today.\n"
    return {"name": name, "mimeType": "text/plain", "buffer": content.encode()}


def test_there_are_more_than_fifty_hostile_names() -> None:
    assert len(set(NAMES)) > 50


def test_hostile_names_and_titles_are_inert_from_the_upload_to_the_export(
    browser: Browser, own_address: str, tmp_path: Path
) -> None:
    watch = Watch()
    context = browser.new_context(reduced_motion="reduce", accept_downloads=True)
    context.set_default_timeout(90_000)
    watch.follow(context)
    page = context.new_page()
    open_page(page, own_address)
    bring(page, "#pq-files input[type=file]", [payload(number, name) for number, name in enumerate(NAMES)])
    report = page.locator(".pq-upload")
    expect(report.locator("[role=status]")).to_contain_text("can be asked now", timeout=180_000)
    expect(report.locator("li")).to_have_count(len(NAMES))
    assert_inert(page)
    rows = page.locator("#pq-source-list .pq-row")
    assert rows.count() > 40
    page.get_by_label("Narrow the list").fill("<script>")
    expect(rows.first).to_contain_text("<script>alert(1)</script>")
    assert_inert(page)
    rows.first.locator(".pq-article").click()
    expect(page.locator(".pq-headline")).to_contain_text("<script>alert(1)</script>")
    assert_inert(page)

    page.get_by_role("tab", name="Ask").click()
    page.locator(".pq-asking summary").click()
    assert_inert(page)  # the outlets are listed there
    for number in (0, 1, 8, 9):
        ask(page, f"How is the zorblatt of pier {number} coloured? {NAMES[number]}")
        assert_inert(page)
    expect(page.locator(".pq-problem")).to_have_count(0)
    shown = " ".join(page.locator(".pq-exchange .pq-chip-title").all_text_contents())
    assert any(text in shown for text in HOSTILE[:4])
    page.locator(".pq-exchange .pq-chip").first.click()
    page.locator(".pq-text").wait_for()
    assert_inert(page)

    history(page)
    page.get_by_label("Search the conversations").fill("zorblatt")
    page.locator(".pq-history [data-resume]").first.wait_for()
    assert_inert(page)
    page.get_by_label("Search the conversations").fill("")
    page.locator(".pq-history summary").first.click()
    exports = {suffix: exported(page, suffix, tmp_path) for suffix in ("html", "md", "json")}
    watch.assert_quiet(own_address)
    context.close()

    for suffix in ("html", "md"):  # Markdown is shown as text by a browser; what draws it must find nothing to run
        assert "<script>alert" not in exports[suffix].read_text(encoding="utf-8")
    opened = Watch()
    context = browser.new_context()
    opened.follow(context)
    page = context.new_page()
    page.goto(exports["html"].as_uri())
    page.wait_for_timeout(500)
    assert opened.dialogs == []
    assert opened.requests == [exports["html"].as_uri()]
    assert "zorblatt" in page.inner_text("body")
    context.close()


def exported(page: Page, suffix: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.locator(f'.pq-history a[href$=".{suffix}"]').first.click()
    path = folder / f"exported.{suffix}"
    download.value.save_as(path)
    return path
