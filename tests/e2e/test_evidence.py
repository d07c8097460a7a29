"""Evidence in a browser: stepping from citation to citation, copying, the keys, and what a screen reader is told."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from qa.assistant import Assistant
from qa.records import Answer
from tests.e2e.browser import CHROMIUM, ask, inside, wait_until_shown

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)")


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
