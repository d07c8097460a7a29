"""The page in a browser: what a person does there, and what an article must not do there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from index.errors import ConfigError
from index.records import Article
from qa.assistant import Assistant
from qa.records import Answer
from tests.e2e.browser import CHROMIUM, PHONE, ask, assert_inert, inside, open_page, wait_until_shown
from tests.e2e.conftest import HOSTILE_TITLES, sample_questions
from tests.qa.page.samples import HOSTILE

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (Debian: apt install chromium)")


def test_an_answer_is_a_sentence_of_an_article_and_its_article_stands_beside_it(
    page: Page, assistant: Assistant, answered: Answer
) -> None:
    ask(page, answered.question)
    citation = answered.citations[0]
    card = page.locator(".pq-answered")
    assert card.locator(".pq-quotation > bdi:has(mark)").text_content() == citation.sentence
    assert card.locator(".pq-quotation mark").text_content() == citation.quote
    assert card.locator(".pq-chip-title").first.text_content() == citation.title
    wait_until_shown(page, "0:cited:0")
    assert page.locator(".pq-headline").text_content() == citation.title
    assert page.locator(".pq-text").text_content() == assistant.article(citation.article_id).text
    assert "".join(page.locator(".pq-text mark.pq-shown").all_text_contents()) == citation.sentence
    assert "".join(page.locator(".pq-text mark.pq-shown.pq-span").all_text_contents()) == citation.quote


def test_every_citation_opens_its_article_with_the_sentence_in_view(page: Page, answered: Answer) -> None:
    ask(page, answered.question)
    wait_until_shown(page, "0:cited:0")
    for number, citation in reversed(list(enumerate(answered.citations))):
        pointer = f"0:cited:{number}"
        chip = page.locator(f'.pq-chip[data-open="{pointer}"]')
        chip.click()
        wait_until_shown(page, pointer)
        expect(chip).to_have_attribute("aria-current", "true")
        expect(page.locator("[aria-current][data-open]")).to_have_count(1)
        assert "".join(page.locator(".pq-text mark.pq-shown").all_text_contents()) == citation.sentence
        target = page.locator(".pq-evidence [data-target]")
        expect(target).to_have_count(1)
        assert inside(target, page.locator(".pq-evidence"), page)


def test_the_same_citation_is_brought_back_into_view(page: Page, answered: Answer) -> None:
    page.set_viewport_size({"width": 1280, "height": 300})  # so low that no article fits
    ask(page, answered.question)
    wait_until_shown(page, "0:cited:0")
    panel, target = page.locator(".pq-evidence"), page.locator("[data-target]")
    top = target.evaluate("target => target.offsetTop")
    panel.evaluate("(panel, top) => panel.scrollTo(0, top > 600 ? 0 : panel.scrollHeight)", top)
    assert not inside(target, panel, page)
    page.locator('.pq-chip[data-open="0:cited:0"]').click()
    expect(target).to_be_in_viewport()
    assert inside(target, panel, page)


def test_an_abstention_claims_no_answer_and_offers_the_closest_sentences_as_such(page: Page, abstained: Answer) -> None:
    ask(page, abstained.question)
    card = page.locator(".pq-abstained")
    expect(card).to_contain_text("The articles do not answer this.")
    sentences = card.locator(".pq-sentence bdi:not(.pq-neighbour)")
    assert sentences.all_text_contents() == [each.sentence for each in abstained.closest]
    expect(page.locator(".pq-answered, .pq-card mark, .pq-card blockquote")).to_have_count(0)
    wait_until_shown(page, "0:closest:0")
    expect(page.locator(".pq-text .pq-span, .pq-text .pq-cited")).to_have_count(0)
    expect(page.locator(".pq-evidence")).to_contain_text("It is not an answer.")


def test_a_follow_up_is_searched_as_a_question_that_stands_alone(page: Page, assistant: Assistant) -> None:
    pairs = ((each["history"][-1]["question"], each["question"]) for each in sample_questions() if "history" in each)
    asked = ((first, assistant.ask(second, history=[assistant.ask(first)])) for first, second in pairs)
    first, expected = next((first, answer) for first, answer in asked if answer.query != answer.question)
    ask(page, first)
    ask(page, expected.question)
    second = page.locator(".pq-exchange").nth(1)
    expect(second.locator("q")).to_have_text(expected.query)
    sentence = second.locator(".pq-quotation bdi:has(mark), .pq-abstained .pq-sentence bdi:not(.pq-neighbour)").first
    assert sentence.text_content() == (expected.citations or expected.closest)[0].sentence


def test_the_examples_are_answered_and_the_last_one_is_not(page: Page, assistant: Assistant) -> None:
    known = {each["question"]: each for each in sample_questions()}
    examples = page.locator(".pq-example").all_text_contents()
    assert len(examples) == 5
    for question in examples[:-1]:
        first = assistant.ask(question).citations[0]
        assert any(
            each["article"] == first.article_id and first.start_char <= each["start"] < each["end"] <= first.end_char
            for each in known[question]["evidence"]
        )
    assert not known[examples[-1]]["answers"]
    assert not assistant.ask(examples[-1]).answered


def test_an_example_is_asked_by_a_click(page: Page) -> None:
    example = page.locator(".pq-example").first
    words = example.text_content()
    example.click()
    page.locator(".pq-card").wait_for()
    expect(page.locator(".pq-question bdi")).to_have_text(words or "")


def test_a_new_conversation_forgets_the_old_one(page: Page, answered: Answer) -> None:
    ask(page, answered.question)
    page.get_by_role("button", name="New conversation").click()
    page.locator(".pq-welcome").wait_for()
    expect(page.locator(".pq-exchange")).to_have_count(0)
    expect(page.locator(".pq-text")).to_have_count(0)
    ask(page, "What did he tell Parliament?")
    expect(page.locator(".pq-exchange q")).to_have_count(0)


def test_two_people_do_not_see_each_others_questions(
    browser: Browser, page: Page, address: str, answered: Answer
) -> None:
    ask(page, answered.question)
    other = browser.new_page()
    open_page(other, address)
    ask(other, "What did he tell Parliament?")
    expect(other.locator(".pq-exchange")).to_have_count(1)
    expect(other.locator(".pq-exchange q")).to_have_count(0)
    other.close()
    expect(page.locator(".pq-exchange")).to_have_count(1)


def test_an_empty_question_does_nothing_and_a_long_one_is_cut_at_the_limit(page: Page, answered: Answer) -> None:
    box = page.locator("#pq-question textarea")
    box.fill("   ")
    box.press("Enter")
    box.press("Enter")
    ask(page, answered.question)
    expect(page.locator(".pq-exchange")).to_have_count(1)
    assert box.get_attribute("maxlength") == "2000"
    expect(box).to_have_value("")


def list_sources(page: Page) -> None:
    page.get_by_role("tab", name="Sources").click()
    page.get_by_label("Narrow the list").fill("")


def test_sources_are_listed_narrowed_down_and_read(page: Page, articles: list[Article]) -> None:
    list_sources(page)
    expect(page.locator("#pq-source-list .pq-article")).to_have_count(len(articles))
    page.get_by_label("Narrow the list").fill("golden heron")
    row = page.locator("#pq-source-list .pq-article")
    expect(row).to_have_count(1)
    row.click()
    page.locator(".pq-text").wait_for()
    (article,) = (each for each in articles if each.article_id == "golden-heron-salt-year")
    assert page.locator(".pq-text").text_content() == article.text


def test_everything_is_reached_by_keyboard(page: Page, answered: Answer) -> None:
    page.get_by_role("tab", name="Sources").click()
    page.keyboard.press("/")
    expect(page.locator("#pq-question textarea")).to_be_focused()
    page.keyboard.type(answered.question)
    page.keyboard.press("Enter")
    page.locator(".pq-card").wait_for()
    wait_until_shown(page, "0:cited:0")
    page.locator(".pq-question").click()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.open === '0:cited:0'"):
            break
    expect(page.locator('.pq-chip[data-open="0:cited:0"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".pq-headline")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator('.pq-chip[data-open="0:cited:0"]')).to_be_focused()


def test_hostile_articles_are_inert(page: Page, articles: list[Article]) -> None:
    """With ``page``'s own watch: no dialog, no request that leaves, no complaint of the browser's."""
    list_sources(page)
    rows = page.locator("#pq-source-list .pq-article")
    expect(rows).to_have_count(len(articles))
    assert_inert(page)
    page.get_by_label("Narrow the list").fill("harbour notice")
    expect(rows).to_have_count(len(HOSTILE))
    for number in range(len(HOSTILE)):
        rows.nth(number).click()
        title = rows.nth(number).locator(".pq-article-title").text_content()
        expect(page.locator(".pq-headline")).to_have_text(title or "", use_inner_text=False)
        assert_inert(page)
    page.get_by_role("tab", name="Ask").click()
    for number in (0, 1, 8, 9, 10):
        ask(page, f"What is the zorblatt number {number}? {HOSTILE[number]}")
        assert_inert(page)
    expect(page.locator(".pq-problem")).to_have_count(0)
    shown = page.locator(".pq-exchange .pq-chip-title").all_text_contents()
    assert any(title in shown for title in HOSTILE_TITLES)


def test_a_hostile_article_keeps_its_text_to_the_character(page: Page, articles: list[Article]) -> None:
    number = HOSTILE.index(next(text for text in HOSTILE if "{{" in text))
    list_sources(page)
    page.get_by_label("Narrow the list").fill(f"harbour {number}:")
    row = page.locator("#pq-source-list .pq-article")
    expect(row).to_have_count(1)
    row.click()
    page.locator(".pq-text").wait_for()
    (article,) = (each for each in articles if each.title == HOSTILE_TITLES[number])
    assert page.locator(".pq-text").text_content() == article.text


def width_overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_a_phone_shows_everything_without_scrolling_sideways(browser: Browser, address: str, answered: Answer) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce", has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    open_page(page, address)
    assert width_overflow(page) <= 0
    ask(page, answered.question)
    expect(page.locator(".pq-evidence")).to_be_hidden()
    assert width_overflow(page) <= 0
    page.locator(".pq-chip").first.tap()
    target = page.locator("[data-target]")
    expect(target).to_be_visible()
    assert inside(target, page.locator(".pq-evidence"), page)
    assert width_overflow(page) <= 0
    page.get_by_role("button", name="Back").tap()
    expect(page.locator(".pq-evidence")).to_be_hidden()
    expect(page.locator(".pq-chip").first).to_be_focused()
    page.locator(".pq-chip").last.tap()
    expect(page.locator(".pq-evidence")).to_be_visible()
    page.go_back()  # a phone's own way back closes the article and leaves the conversation alone
    expect(page.locator(".pq-evidence")).to_be_hidden()
    expect(page.locator(".pq-card")).to_have_count(1)
    page.get_by_role("tab", name="Sources").tap()
    page.locator("#pq-source-list .pq-article").first.wait_for()
    assert width_overflow(page) <= 0
    context.close()


CONTRAST = """() => {
  const channel = value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const numbers = color => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
  const background = element => {
    for (let each = element; each; each = each.parentElement) {
      const color = numbers(getComputedStyle(each).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll('.gradio-container *')) {
    const words = [...element.childNodes].filter(node => node.nodeType === 3 && node.textContent.trim());
    if (!words.length || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [one, other] = [luminance(numbers(style.color)), luminance(background(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${element.className} ${element.textContent.slice(0, 40)}`);
  }
  return faint;
}"""
"""Texts whose colour is closer to their background than WCAG 2 AA allows (4.5 : 1)."""


@pytest.mark.parametrize(("scheme", "bright"), [("light", True), ("dark", False)])
def test_contrast_suffices_in_light_and_dark(
    browser: Browser, address: str, answered: Answer, abstained: Answer, scheme: str, bright: bool
) -> None:
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    open_page(page, address)
    assert page.evaluate(CONTRAST) == []
    ask(page, answered.question)
    wait_until_shown(page, "0:cited:0")
    ask(page, abstained.question)
    assert page.evaluate(CONTRAST) == []
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (min(map(int, re.findall(r"\d+", paper)[:3])) > 127) is bright
    page.get_by_role("tab", name="Sources").click()
    page.locator("#pq-source-list .pq-article").first.wait_for()
    assert page.evaluate(CONTRAST) == []
    context.close()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/runs"),
        ("GET", "/gradio_api/upload"),
        ("POST", "/gradio_api/vibe-edit"),
        ("POST", "/gradio_api/run/answered"),
        ("POST", "/gradio_api/call/v2/answered"),
        ("POST", "/mcp"),
        ("GET", "/login"),
    ],
)
def test_the_toolkits_other_addresses_are_not_served(page: Page, address: str, method: str, path: str) -> None:
    assert page.request.fetch(address + path, method=method).status == 404


def test_another_host_name_is_not_answered(page: Page, address: str) -> None:
    assert page.request.get(address, headers={"Host": "evil.example"}).status == 421


def test_an_event_handler_that_got_in_anyway_is_dead(browser: Browser, address: str) -> None:
    """The second line of defence, behind the escaping: the policy that the server sends."""
    page = browser.new_page()
    open_page(page, address)
    page.evaluate("""() => {
        window.violations = [];
        document.addEventListener('securitypolicyviolation', event => violations.push(event.effectiveDirective));
        const log = document.querySelector('.pq-log');
        log.innerHTML = '<img src="data:," onerror="window.ran = 1"><img src="http://192.0.2.1/x.png">'
            + '<iframe src="http://192.0.2.1/"></iframe><a id="bait" href="javascript:window.ran = 2">x</a>';
        log.querySelector('#bait').click();
        fetch('http://192.0.2.1/').catch(() => {});
    }""")
    page.wait_for_function("violations.length >= 5")
    assert page.evaluate("window.ran") is None
    assert set(page.evaluate("violations")) == {
        "script-src-attr",
        "script-src-elem",
        "img-src",
        "frame-src",
        "connect-src",
    }
    page.close()


def test_an_address_open_to_other_machines_needs_users() -> None:
    from app import serve  # noqa: PLC0415  importing it loads the page's toolkit

    with pytest.raises(ConfigError, match=r"--host 0\.0\.0\.0 can be reached.*pullquote user add.*--auth FILE"):
        serve(host="0.0.0.0")
