"""Conversations, feedback and downloads in a browser, across reloads and a restart of the server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from qa.assistant import Assistant
from qa.exports import conversation_from_dict
from qa.library import Library
from qa.records import Answer
from tests.e2e.browser import CHROMIUM, ask, history, open_page, served, wait_until_shown

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]


def test_a_reload_brings_the_conversation_and_its_evidence_back(asked: Page, answered: Answer) -> None:
    before = asked.locator(".pq-log").inner_html()
    asked.reload()
    wait_until_shown(asked, "0:cited:0")
    assert asked.locator(".pq-log").inner_html() == before
    ask(asked, "Who said that?")  # a follow-up leans on what was asked before the reload
    expect(asked.locator(".pq-exchange")).to_have_count(2)
    asked.get_by_role("button", name="New conversation").click()
    asked.locator(".pq-welcome").wait_for()
    asked.reload()
    asked.locator(".pq-welcome").wait_for()
    expect(asked.locator(".pq-exchange")).to_have_count(0)


def test_a_conversation_is_listed_renamed_found_opened_and_deleted(asked: Page, answered: Answer) -> None:
    history(asked)
    row = asked.locator(".pq-history li").filter(has=asked.locator("[data-rename]")).first
    row.locator("summary").first.click()
    row.get_by_label("Title").fill("The <b>boat</b>")
    row.get_by_role("button", name="Rename").click()
    expect(asked.locator(".pq-history .pq-article-title").first).to_have_text("The <b>boat</b>")
    asked.get_by_label("Search the conversations").fill(answered.citations[0].sentence.split()[0])
    asked.locator(".pq-history [data-resume]").first.wait_for()
    asked.get_by_label("Search the conversations").fill("")
    asked.locator("[data-rename]").first.wait_for(state="attached")
    asked.locator(".pq-history [data-resume]").first.click()
    wait_until_shown(asked, "0:cited:0")
    expect(asked.locator(".pq-question")).to_contain_text(answered.question)
    history(asked)
    row = asked.locator(".pq-history li").filter(has=asked.locator("[data-rename]")).first
    row.locator("summary").first.click()
    row.locator("summary").nth(1).click()
    row.get_by_role("button", name="Delete it for good").click()
    expect(asked.locator(".pq-history")).to_contain_text("There are no conversations yet.")


def test_another_browser_sees_none_of_it(asked: Page, browser: Browser, address: str) -> None:
    name = asked.locator(".pq-log").get_attribute("data-conversation")
    assert name
    assert asked.request.get(f"{address}/pullquote/conversations/{name}.json").status == 200
    other = browser.new_context()
    page = other.new_page()
    open_page(page, address)
    history(page)
    expect(page.locator(".pq-history")).to_contain_text("There are no conversations yet.")
    assert page.request.get(f"{address}/pullquote/conversations/{name}.json").status == 404
    page.evaluate("name => sessionStorage.setItem('pullquote-conversation', name)", name)
    page.reload()
    page.locator(".pq-welcome").wait_for()
    page.wait_for_timeout(500)
    expect(page.locator(".pq-exchange")).to_have_count(0)
    other.close()


@pytest.mark.parametrize("suffix", ["json", "md", "html"])
def test_a_conversation_is_downloaded_with_its_evidence(asked: Page, answered: Answer, suffix: str) -> None:
    history(asked)
    asked.locator(".pq-history summary").first.click()
    with asked.expect_download() as download:
        asked.locator(f'.pq-history a[href$=".{suffix}"]').first.click()
    path = Path(download.value.path())
    assert download.value.suggested_filename.endswith(f".{suffix}")
    text = path.read_text(encoding="utf-8")
    if suffix == "json":
        (exchange,) = conversation_from_dict(json.loads(text))
        assert exchange.answer is not None
        assert exchange.answer.citations == answered.citations
    else:
        assert answered.citations[0].content_sha256 in text


def test_an_answer_is_judged_and_the_right_sentence_chosen(
    asked: Page, index_dir: Path, assistant: Assistant, answered: Answer
) -> None:
    asked.get_by_role("button", name="Wrong answer").click()
    expect(asked.get_by_role("button", name="Wrong answer")).to_have_attribute("aria-pressed", "true")
    asked.get_by_role("button", name="Choose the right sentence in an article").click()
    asked.locator(".pq-one").first.click()
    expect(asked.locator(".pq-feedback")).to_contain_text("Right would have been:")
    article = assistant.article(answered.citations[0].article_id)
    first = assistant.sentences(article.article_id)[0]
    with Library.open(index_dir.parent / "data" / "library.sqlite") as library:
        given = library.feedback.of_everybody()[-1]
    assert given.verdict == "wrong answer"
    assert given.correction is not None
    assert given.correction.text == article.text[first.start_char : first.end_char]
    asked.reload()
    expect(asked.get_by_role("button", name="Wrong answer")).to_have_attribute("aria-pressed", "true")


def test_an_answer_that_should_not_have_been_given_is_noted_and_taken_back(asked: Page, index_dir: Path) -> None:
    feedback = asked.locator(".pq-feedback")
    button = feedback.get_by_role("button", name="The articles do not answer this", exact=True)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(feedback.locator("[data-choose]")).to_have_count(0)  # there is no right sentence then
    with Library.open(index_dir.parent / "data" / "library.sqlite") as library:
        given = library.feedback.of_everybody()[-1]
        assert (given.verdict, given.correction) == ("should have abstained", None)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "false")
        assert given.exchange_id not in {one.exchange_id for one in library.feedback.of_everybody()}


def test_small_talk_is_answered_without_an_article(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    open_page(page, address)
    ask(page, "What can you do?")
    expect(page.locator(".pq-reply")).to_contain_text("word for word")
    expect(page.locator(".pq-quotation")).to_have_count(0)


def test_a_restart_of_the_server_loses_nothing(
    context: BrowserContext, assistant: Assistant, index_dir: Path, answered: Answer
) -> None:
    with served(index_dir) as first:
        page = context.new_page()
        open_page(page, first)
        ask(page, answered.question)
        wait_until_shown(page, "0:cited:0")
        name = page.locator(".pq-log").get_attribute("data-conversation")
        cookies = context.cookies()
    with served(index_dir) as second:
        port = int(second.rpartition(":")[2])
        assert port != int(first.rpartition(":")[2])  # so that the browser's storage is another's, as the cookie is not
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page.goto(second)
        page.evaluate("name => sessionStorage.setItem('pullquote-conversation', name)", name)
        page.reload()
        wait_until_shown(page, "0:cited:0")
        expect(page.locator(".pq-question")).to_contain_text(answered.question)
