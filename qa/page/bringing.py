"""The events that bring articles: files, folders and pasted texts."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.errors import PullquoteError
from qa.bringing import Progress
from qa.holdings import Holdings, UploadReport
from qa.page.open_page import SEND_REMEMBERED, OpenPage
from qa.page.owners import owner
from qa.page.remembering import scope_meant
from qa.page.scope import Scope
from qa.page.sources_parts import SourceParts
from qa.page.upload_report import upload_problem, upload_progress
from qa.uploads import Upload, safe_name

_UPLOADS_AT_ONCE = 2
"""Uploads that are read side by side: reading and indexing takes the processor from the questions."""
_FAILED = "something failed that should not have; the program's log says what"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Brought:
    """Articles that came.

    Attributes:
        asked: the collection that was asked when they were sent.
        report: which came, and into which collection: another, where ``asked`` takes none.
    """

    asked: str
    report: UploadReport


def connect_bringing(parts: SourceParts, holdings: Holdings, open_page: OpenPage) -> list[Any]:
    """What the events do that bring articles; gives those events, each of which leaves a ``Brought`` in
    ``parts.brought`` when any may have come: its report is still to be shown, together with what has changed by it.

    Args:
        open_page: what the page asks.
    """

    def uploaded(
        uploads: list[Upload], scope: Scope | None, remembered: str | None, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Empties the part that took the files at once, and tells how far they are."""
        if not uploads:
            yield [gr.skip()] * 3
            return
        who, asked = owner(request), scope_meant(scope, remembered).collection
        names = [safe_name(upload.name) for upload in uploads]
        for told in _followed(lambda tell: holdings.add_files(who, asked, uploads, tell), names):
            if isinstance(told, UploadReport):
                yield [None, gr.skip(), Brought(asked, told)]
            else:
                yield [None, told, gr.skip()]

    def pasted(
        text: str,
        title: str,
        published: str,
        url: str,
        scope: Scope | None,
        remembered: str | None,
        request: gr.Request,
    ) -> list[Any]:
        asked = scope_meant(scope, remembered).collection
        try:
            report = holdings.add_text(
                owner(request), asked, text or "", title=title or "", published=published or "", url=url or ""
            )
        except PullquoteError as error:
            return [*([gr.skip()] * 4), upload_problem(str(error)), gr.skip()]
        return ["", "", "", "", gr.skip(), Brought(asked, report)]

    slow: dict[str, Any] = {
        "show_progress": "hidden",
        "api_visibility": "private",
        "trigger_mode": "always_last",
        "concurrency_limit": _UPLOADS_AT_ONCE,
        "concurrency_id": "upload",
        "js": SEND_REMEMBERED,
    }
    asking = [open_page.scope, open_page.remembered]
    told = [parts.report, parts.brought]
    events = [taker.upload(uploaded, [taker, *asking], [taker, *told], **slow) for taker in (parts.files, parts.folder)]
    written = [parts.text, parts.title, parts.published, parts.url]
    return [*events, parts.add.click(pasted, [*written, *asking], [*written, *told], **slow)]


def _followed(work: Callable[[Progress], UploadReport], names: Sequence[str]) -> Iterator[str | UploadReport]:
    """HTML that tells how far the work on some files is, and then its report, or HTML that tells why there is none. The
    work goes on to its end when nobody follows it any more.

    Args:
        names: the files', in their order.
    """
    steps: queue.SimpleQueue[str | UploadReport | None] = queue.SimpleQueue()

    def working() -> None:
        try:
            steps.put(work(lambda *step: steps.put(upload_progress(names, *step))))
        except PullquoteError as error:
            steps.put(upload_problem(str(error), len(names)))
        except Exception:
            _log.exception("an upload failed")
            steps.put(upload_problem(_FAILED, len(names)))
        steps.put(None)

    threading.Thread(target=working, name="pullquote-upload").start()
    while (step := steps.get()) is not None:
        yield step
