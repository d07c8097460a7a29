"""Copied citations, as they come out of the clipboard, against the article that they cite."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from qa.addresses import quote_address
from tests.e2e.browser import CHROMIUM, ask, bring, open_page

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]

TWICE = "The keeper of Vinterholm is Torvald Aske."
ARTICLE = {
    "id": "keeper",
    "title": "Lighthouse",
    "url": "https://news.example/keeper",
    "authors": ["Ida Brandt", "Ruth Aldersey"],
    "text": f"It rained in May.\n\n{TWICE}\n  The lamp was lit. Nobody came. It rained in June.\t{TWICE}\n\nThe end.",
}


def copied(page: Page, menu: int, name: str) -> str:
    copying = page.locator(".pq-answered .pq-copy").nth(menu)
    copying.locator("summary").click()
    copying.get_by_role("button", name=name).click()
    expect(page.locator("#pq-told")).to_have_text(f"Copied as {name}.")
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_citation_of_a_repeated_sentence_is_copied_with_its_own_context(
    browser: Browser, own_address: str, tmp_path: Path
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=own_address)
    page = context.new_page()
    open_page(page, own_address)
    (tmp_path / "keeper.jsonl").write_text(json.dumps(ARTICLE))
    bring(page, "#pq-files input[type=file]", tmp_path / "keeper.jsonl")
    expect(page.locator("#pq-source-list .pq-row")).to_have_count(1, timeout=60_000)
    page.get_by_role("tab", name="Ask").click()
    ask(page, "Who is the keeper of Vinterholm?")
    weights = page.locator(".pq-log mark").evaluate_all("marks => marks.map(mark => getComputedStyle(mark).fontWeight)")
    assert {int(weight) for weight in weights} == {700}
    menus = page.locator(".pq-answered .pq-copy")
    text = str(ARTICLE["text"])
    for number in range(menus.count()):
        quote, position = json.loads(copied(page, number, "Web Annotation"))["target"]["selector"]
        assert text[position["start"] : position["end"]] == quote["exact"]
        words = quote["prefix"] + quote["exact"] + quote["suffix"]
        assert text.count(words) == 1
        assert text.index(words) + len(quote["prefix"]) == position["start"]
        if quote["exact"] not in TWICE:
            continue
        start = text.rindex(TWICE, 0, position["end"] + len(TWICE))
        start = start if start <= position["start"] else text.index(TWICE)
        address = quote_address(str(ARTICLE["url"]), TWICE, article_text=text, start_char=start)
        assert address
        link = page.locator(".pq-answered .pq-source").nth(number).locator(".pq-original")
        expect(link).to_have_attribute("href", address)
        for name in ("Markdown", "plain text"):
            assert address in copied(page, number, name)
        bibtex = copied(page, number, "BibTeX")
        assert "author = {Ida Brandt and Ruth Aldersey}" in bibtex
        assert TWICE in bibtex
    context.close()
