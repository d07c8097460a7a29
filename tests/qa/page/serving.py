"""A page on a real socket, served by this process from a small collection, without a model."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import gradio
from starlette.applications import Starlette

from index.builder import index_identity
from index.config import BuildConfig
from index.records import Article
from index.stores.local import LocalStore
from qa.accounts import Accounts
from qa.assistant import Assistant
from qa.config import QAConfig
from qa.holdings import Holdings
from qa.library import Library
from qa.page.actions import Actions
from qa.page.collection import Collection
from qa.page.downloads import conversation_downloads
from qa.page.examples import collection_examples
from qa.page.layout import build_page
from qa.page.offering import Offers
from qa.page.programs import Programs
from qa.page.server import listening, prepared
from tests.fakes import WordEmbedder

SECRET = "Fourteen people were hurt when the ferry Aurora hit the quay in Lindhaven on Monday."
QUESTION = "How many people were hurt when the ferry Aurora hit the quay?"
ARTICLES = (
    Article(
        article_id="ferry",
        title="Ferry accident",
        outlet="Courier",
        published=date(2025, 10, 6),
        url="https://news.example/ferry",
        authors=("Ida Brandt",),
        text=f"{SECRET} The captain is Ruth Aldersey.\n\nShe has sailed for twenty years.",
        # What the toolkit takes for a file, which it would open here and which its clients would fetch from there.
        metadata={"file": {"path": "/etc/passwd", "url": "http://192.0.2.1/", "meta": {"_type": "gradio.FileData"}}},
    ),
    Article(
        article_id="tram",
        title="Tram line",
        outlet="Gazette",
        published=date(2025, 11, 2),
        text="The new tram line in Ostwick will cost 94 million crowns, mayor Ida Brandt said.",
    ),
    Article(article_id="café/1", title="Café", text="The café in Lindhaven opens at seven."),
)


@contextmanager
def small_assistant(
    folder: Path, articles: Sequence[Article] = ARTICLES, config: QAConfig | None = None
) -> Iterator[Assistant]:
    """An assistant over a few articles: real but for its embedder."""
    embedder = WordEmbedder()
    store = LocalStore.create(folder / "index", index_identity(BuildConfig(), embedder))
    with Assistant(store, embedder, reader="sentence", config=config) as assistant:
        assistant.add(list(articles))
        yield assistant


def page_of(
    assistant: Assistant,
    programs: Programs | None = None,
    holdings: Holdings | None = None,
    library: Library | None = None,
) -> gradio.Blocks:
    """The whole page over an assistant."""
    collection_of = holdings.assistant if holdings else lambda owner, collection_id: assistant
    offers: Offers[Collection] = Offers(collection_examples)
    return build_page(
        Actions(collection_of, library=library, offers=offers, brings=holdings is not None),
        question_characters=2000,
        library=library,
        programs=programs or Programs(assistant),
        holdings=holdings,
    )


@contextmanager
def serving(
    page: gradio.Blocks,
    *,
    accounts: Accounts | None = None,
    tools: Starlette | None = None,
    library: Library | None = None,
    holdings: Holdings | None = None,
) -> Iterator[str]:
    """The address of a page that is served as ``server.run`` serves it; with downloads and uploads, given a library
    and holdings."""
    downloads = conversation_downloads(library, holdings.assistant) if library and holdings else None
    with listening("127.0.0.1", 0) as listener:
        server = prepared(
            page, listener, accounts=accounts, tools=tools, downloads=downloads, uploads=holdings is not None
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=30)
