"""More people ask than are answered at once: each sees where they stand, and gets the answer to their own question."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from qa.library import Library
from qa.page.actions import Actions
from qa.page.layout import build_page
from qa.records import Answer
from tests.e2e.browser import CHROMIUM, ask, open_page
from tests.qa.page.serving import serving, small_assistant

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]

QUESTIONS = (
    "How many people were hurt when the ferry hit the quay?",
    "Who is the captain?",
    "What will the tram line cost?",
    "When does the café open?",
)


class Held:
    """A collection that answers when it is let."""

    def __init__(self, assistant: Any) -> None:
        self._assistant = assistant
        self.gate = threading.Semaphore(0)

    def ask(self, question: str, **given: Any) -> Answer:
        assert self.gate.acquire(timeout=180)
        answer: Answer = self._assistant.ask(question, **given)
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[str, Held]]:
    with small_assistant(tmp_path) as assistant, Library.open(tmp_path / "library.sqlite") as library:
        collection = Held(assistant)
        actions = Actions(lambda owner, collection_id: collection, library=library)
        page = build_page(actions, question_characters=2000, library=library)
        with serving(page) as address:
            yield address, collection


def test_everybody_sees_their_place_until_they_are_answered(browser: Browser, held: tuple[str, Held]) -> None:
    address, collection = held
    contexts = [browser.new_context(reduced_motion="reduce") for _ in QUESTIONS]
    pages: list[Page] = []
    for context in contexts:
        context.set_default_timeout(90_000)
        pages.append(context.new_page())
        open_page(pages[-1], address)
    expected = ("Reading the articles", "Reading the articles", "is the next one.", "1 question is before yours.")
    waiting = [page.locator('.pq-pending[aria-live="polite"]') for page in pages]
    for page, question, place, words in zip(pages, QUESTIONS, waiting, expected, strict=True):
        page.locator("#pq-question textarea").fill(question)
        page.locator("#pq-question textarea").press("Enter")
        expect(place).to_contain_text(words, timeout=30_000)
        expect(page.locator(".pq-question")).to_contain_text(question)
    pages[2].get_by_role("button", name="New conversation").click()  # who gives up moves the others on
    pages[2].locator(".pq-welcome").wait_for()
    expect(waiting[3]).to_contain_text("is the next one.", timeout=30_000)
    collection.gate.release()
    expect(waiting[3]).to_contain_text("Reading the articles", timeout=30_000)
    collection.gate.release(2)
    for number in (0, 1, 3):
        expect(pages[number].locator(".pq-card")).to_have_count(1, timeout=30_000)
        expect(pages[number].locator(".pq-question")).to_contain_text(QUESTIONS[number])
        expect(waiting[number]).to_have_count(0)
    for context in contexts:
        context.close()


def test_an_earlier_answer_is_judged_while_another_is_awaited(browser: Browser, held: tuple[str, Held]) -> None:
    address, collection = held
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(60_000)
    page = context.new_page()
    open_page(page, address)
    collection.gate.release()
    ask(page, QUESTIONS[0])
    page.locator("#pq-question textarea").fill(QUESTIONS[2])
    page.locator("#pq-question textarea").press("Enter")
    waiting = page.locator(".pq-pending")
    expect(waiting).to_contain_text("Reading the articles")
    verdict = page.locator("#pq-exchange-0").get_by_role("button", name="Right", exact=True)
    verdict.click()
    expect(verdict).to_have_attribute("aria-pressed", "true")
    expect(waiting).to_have_count(1)
    expect(page.locator(".pq-question")).to_contain_text([QUESTIONS[0], QUESTIONS[2]])
    collection.gate.release()
    expect(waiting).to_have_count(0)
    expect(page.locator(".pq-card")).to_have_count(2)
    expect(verdict).to_have_attribute("aria-pressed", "true")
    context.close()
