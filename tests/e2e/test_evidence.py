"""Evidence in a browser: stepping from citation to citation, copying, the keys, and what a screen reader is told."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from qa.assistant import Assistant
from qa.records import Answer
from tests.e2e.browser import CHROMIUM, ask, open_page
from tests.e2e.test_page import PHONE, inside, wait_until_shown

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)")

SERIOUS = {"serious", "critical"}


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    opened = browser.new_context(reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    opened.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@pytest.fixture
def asked(context: BrowserContext, address: str, answered: Answer) -> Page:
    """A page with an answer of several citations, the first of which is shown."""
    page = context.new_page()
    open_page(page, address)
    ask(page, answered.question)
    wait_until_shown(page, "0:cited:0")
    return page


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_j_and_k_step_through_all_citations(asked: Page, answered: Answer) -> None:
    asked.locator(".pq-question").click()
    for number in range(1, len(answered.citations)):
        asked.keyboard.press("j")
        wait_until_shown(asked, f"0:cited:{number}")
        assert inside(asked.locator("[data-target]"), asked.locator(".pq-evidence"), asked)
        expect(asked.locator(".pq-chip[aria-current]")).to_have_attribute("data-open", f"0:cited:{number}")
    asked.keyboard.press("j")
    expect(asked.locator("#pq-told")).to_have_text("There is none further.")
    asked.keyboard.press("k")
    wait_until_shown(asked, f"0:cited:{len(answered.citations) - 2}")
    asked.get_by_role("button", name="Next →").click()
    wait_until_shown(asked, f"0:cited:{len(answered.citations) - 1}")


def test_keys_are_letters_in_the_question_box(asked: Page) -> None:
    box = asked.locator("#pq-question textarea")
    box.click()
    asked.keyboard.type("jack?/c")
    expect(box).to_have_value("jack?/c")
    expect(asked.locator("#pq-keys")).to_be_hidden()
    wait_until_shown(asked, "0:cited:0")


def test_c_copies_the_citation_that_is_open(asked: Page, answered: Answer) -> None:
    asked.locator(".pq-question").click()
    asked.keyboard.press("c")
    expect(asked.locator("#pq-told")).to_have_text("Copied the sentence with its source.")
    first = answered.citations[0]
    assert copied(asked).startswith(f"“{first.sentence}” ({first.title}")


def test_any_sentence_is_copied_by_a_click_or_by_the_keyboard(
    asked: Page, assistant: Assistant, answered: Answer
) -> None:
    article_id = answered.citations[0].article_id
    text, sentences = assistant.article(article_id).text, assistant.sentences(article_id)
    ones = [text[one.start_char : one.end_char].strip() for one in sentences]
    asked.locator(".pq-one").first.click()
    expect(asked.locator("#pq-told")).to_have_text("Copied the sentence with its source.")
    assert copied(asked).startswith(f"“{ones[0]}” (")
    target = next(number for number, one in enumerate(ones) if one == answered.citations[0].sentence.strip())
    step, other = ("ArrowRight", target + 1) if target + 1 < len(ones) else ("ArrowLeft", target - 1)
    asked.locator('.pq-one[tabindex="0"]').focus()
    asked.keyboard.press(step)
    asked.keyboard.press("Enter")
    asked.wait_for_function(
        "words => navigator.clipboard.readText().then(text => text.startsWith(words))", arg=f"“{ones[other]}” ("
    )


def test_the_keys_are_listed_and_the_list_is_closed_by_escape(asked: Page) -> None:
    asked.locator(".pq-question").click()
    asked.keyboard.press("?")
    expect(asked.locator("#pq-keys")).to_be_visible()
    asked.keyboard.press("j")  # nothing happens behind an open dialog
    asked.keyboard.press("Escape")
    expect(asked.locator("#pq-keys")).to_be_hidden()
    wait_until_shown(asked, "0:cited:0")
    asked.get_by_role("button", name="Keyboard").click()
    asked.get_by_role("button", name="Close").click()
    expect(asked.locator("#pq-keys")).to_be_hidden()


def test_a_follow_up_can_be_searched_as_it_was_typed(asked: Page) -> None:
    ask(asked, "Who said that?")
    remark = asked.locator("[data-as-typed]")
    expect(remark).to_have_count(1)
    remark.click()
    expect(remark).to_have_count(0)
    expect(asked.locator(".pq-exchange")).to_have_count(2)
    expect(asked.locator(".pq-question").last).to_contain_text("Who said that?")


def serious_faults(page: Page) -> list[str]:
    """What axe-core finds of serious and critical faults."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {json.dumps([node['html'][:200] for node in one['nodes']])}"
        for one in found
        if one["impact"] in SERIOUS
    ]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_serious_fault(
    browser: Browser, address: str, answered: Answer, abstained: Answer, scheme: str, size: dict[str, int]
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    open_page(page, address)
    assert serious_faults(page) == []
    ask(page, answered.question)
    page.locator('.pq-evidence[data-shown="0:cited:0"]').wait_for(state="attached")
    assert serious_faults(page) == []
    page.locator(".pq-chip").first.click()
    page.locator(".pq-evidence").wait_for()
    assert serious_faults(page) == []
    if size is PHONE:
        page.get_by_role("button", name="Back").click()
    ask(page, abstained.question)
    page.get_by_role("button", name="Keyboard").click()
    assert serious_faults(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Sources").click()
    page.locator("#pq-source-list .pq-article").first.wait_for()
    assert serious_faults(page) == []
    page.evaluate("document.querySelector('.pq-sources').append(new Image())")
    assert [fault.partition(":")[0] for fault in serious_faults(page)] == ["image-alt"], "faults are found at all"
    context.close()
