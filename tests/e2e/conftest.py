"""One served page and one browser for all tests of the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, WebError, expect

from index.records import Article
from qa.assistant import Assistant
from qa.holdings import Holdings
from qa.library import Library
from qa.page.uploading import private_folder
from qa.records import Answer
from qa.sample import sample_articles
from tests.e2e.browser import ask, launched_browser, open_page, served, wait_until_shown
from tests.qa.page.samples import HOSTILE
from tests.qa.page.serving import page_of, serving, small_assistant

expect.set_options(timeout=30_000)  # machines that do much else at the same time are slow
HOSTILE_TITLES = [f"Harbour notice {number}: {text}" for number, text in enumerate(HOSTILE)]


def hostile_article(number: int, text: str) -> Article:
    title = HOSTILE_TITLES[number]
    return Article(
        article_id=f"hostile-{number}{text}",
        title=title,
        outlet=f"Gazette {text}",
        url=f"javascript:alert('{number}')",
        authors=(text,),
        published=date(2025, 3, 1),
        text=f"{text} The zorblatt number {number} is {text} today. {text}\n\nNothing else happened {text}.",
    )


@pytest.fixture(scope="package")
def articles() -> list[Article]:
    return [*sample_articles(), *(hostile_article(number, text) for number, text in enumerate(HOSTILE))]


@pytest.fixture(scope="package")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page") / "index"


@pytest.fixture(scope="package")
def assistant(articles: list[Article], index_dir: Path) -> Iterator[Assistant]:
    """Asked in this process, it says what the page must show."""
    with Assistant.build(articles, index_dir) as built:
        yield built


@pytest.fixture(scope="package")
def address(assistant: Assistant, index_dir: Path) -> Iterator[str]:
    with served(index_dir) as url:
        yield url


def sample_questions() -> list[dict[str, Any]]:
    lines = files("qa.sample").joinpath("questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="package")
def answered(assistant: Assistant) -> Answer:
    """An answer with several citations, to a question on the sample."""
    asked = (assistant.ask(each["question"]) for each in sample_questions() if "history" not in each)
    return next(answer for answer in asked if answer.answered and len(answer.citations) > 1)


@pytest.fixture(scope="package")
def abstained(assistant: Assistant) -> Answer:
    """An abstention from a question that the sample is known not to answer."""
    asked = (assistant.ask(each["question"]) for each in sample_questions() if not each["answers"])
    return next(answer for answer in asked if not answer.answered)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with launched_browser() as launched:
        yield launched


@dataclass
class Watch:
    """What went on in a page: everything that must not."""

    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.on("request", self._requested)
        context.on("dialog", self._asked)
        context.on("weberror", self._failed)
        context.on("console", self._said)

    def _requested(self, request: Request) -> None:
        self.requests.append(request.url)

    def _asked(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _failed(self, error: WebError) -> None:
        self.complaints.append(str(error.error))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def assert_quiet(self, address: str) -> None:
        """No request left this machine, no script of an article ran, and the browser had nothing to complain of."""
        foreign = [url for url in self.requests if not url.startswith((f"{address}/", "data:", "blob:"))]
        assert foreign == []
        assert self.dialogs == []
        assert self.complaints == []


@pytest.fixture(scope="package")
def watched(browser: Browser, address: str) -> Iterator[tuple[Page, Watch]]:
    watch = Watch()
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(60_000)
    watch.follow(context)
    page = context.new_page()
    open_page(page, address)
    yield page, watch
    context.close()


@pytest.fixture
def page(watched: tuple[Page, Watch], address: str) -> Iterator[Page]:
    """The page with nothing asked, watched: at the end of each test nothing may have left the machine."""
    page, watch = watched
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("tab", name="Ask").click()
    if page.locator(".pq-welcome").count() == 0:
        page.get_by_role("button", name="New conversation").click()
        page.locator(".pq-welcome").wait_for()
    yield page
    watch.assert_quiet(address)


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A browser of somebody's own, on a desk, that may use the clipboard."""
    opened = browser.new_context(reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    opened.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    opened.set_default_timeout(60_000)
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


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where the server keeps what people bring."""
    return tmp_path / "data"


@pytest.fixture
def own_address(tmp_path: Path, data: Path) -> Iterator[str]:
    """A page that takes uploads, over a small collection and without a model, which here would only cost time."""
    with (
        private_folder(),
        small_assistant(tmp_path) as served,
        Library.open(data / "library.sqlite") as library,
        Holdings(library, served, data / "collections") as holdings,
        serving(page_of(served, holdings=holdings, library=library), library=library, holdings=holdings) as url,
    ):
        yield url
