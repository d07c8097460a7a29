"""What the events of the tab of sources, and of the choice of what is asked, do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import unquote

import gradio as gr

from index.errors import PullquoteError
from qa.assistant import Assistant
from qa.exchanges import Conversation
from qa.holdings import Holdings
from qa.page.bringing import Brought, connect_bringing
from qa.page.evidence import notice, whole_article
from qa.page.open_page import SEND_REMEMBERED, OpenPage
from qa.page.owners import owner
from qa.page.parts import sent
from qa.page.remembering import scope_meant
from qa.page.scope import Scope
from qa.page.sources import asking, collection_switch, source_list
from qa.page.sources_parts import TICKS_JS, SourceParts
from qa.page.upload_report import upload_report
from qa.served import ELSEWHERE, SERVED


def connect_sources(
    parts: SourceParts,
    holdings: Holdings,
    *,
    open_page: OpenPage,
    panel: Any,
    tab: gr.Tab,
    loaded: Any,
    put_back: Sequence[Any],
    today: Callable[[], date] = date.today,
) -> list[Any]:
    """What the events of the tab and of the choice do; gives those after which sources may be changed or gone.

    Args:
        open_page: what the page shows and asks.
        panel: where an article is shown to read.
        tab: the tab that the parts stand in.
        loaded: the event that opens the page.
        put_back: events after which another conversation is shown: what it asked is asked again.
        today: gives the current day.
    """

    def refreshed(
        who: str, scope: Scope, words: str | None, sort: str, problem: str = "", where: str = ""
    ) -> list[Any]:
        """All parts that tell what is there and what is asked; ``where`` is the part that tells the problem."""
        try:
            assistant = holdings.assistant(who, scope.collection)
        except PullquoteError as error:  # deleted in another window, or it cannot be used
            problem, where, scope = problem or str(error), where or "switch", Scope()
            assistant = holdings.assistant(who, SERVED)
        listed, summaries = holdings.visible(who), assistant.articles()
        own = any(one.collection_id == scope.collection and not one.shared for one in listed)
        return [
            scope,
            asking(listed, summaries, scope, problem if where == "asking" else ""),
            collection_switch(listed, scope.collection, problem if where == "switch" else ""),
            source_list(summaries, words or "", today(), sort=sort, scope=scope, own=own),
        ]

    def attempted(who: str, scope: Scope, words: str, sort: str, where: str, change: Callable[[], Scope]) -> list[Any]:
        try:
            return refreshed(who, change(), words, sort)
        except PullquoteError as error:
            return refreshed(who, scope, words, sort, str(error), where)

    def shown(event: gr.EventData, who: str, scope: Scope, words: str, sort: str) -> list[Any]:
        return refreshed(who, scope, words, sort)

    def followed(
        now: Conversation | None,
        scope: Scope | None,
        words: str,
        sort: str,
        remembered: str | None,
        request: gr.Request,
    ) -> list[Any]:
        asked = scope_meant(scope, remembered)
        if now is not None and now.collection_id not in (asked.collection, ELSEWHERE):
            asked = Scope(collection=now.collection_id)
        return refreshed(owner(request), asked, words, sort)

    def listed(event: gr.EventData, who: str, scope: Scope, words: str, sort: str) -> Any:
        return refreshed(who, scope, words, sort)[-1]

    def chosen(event: gr.EventData, who: str, scope: Scope, words: str, sort: str) -> list[Any]:
        wanted = _text(event, "collection")

        def change() -> Scope:
            holdings.assistant(who, wanted)
            return scope if wanted == scope.collection else Scope(collection=wanted)

        return attempted(who, scope, words, sort, "switch", change)

    def created(event: gr.EventData, who: str, scope: Scope, words: str, sort: str) -> list[Any]:
        return attempted(
            who, scope, words, sort, "switch", lambda: Scope(collection=holdings.create(who, _text(event, "name")))
        )

    def renamed(event: gr.EventData, who: str, scope: Scope, words: str, sort: str) -> list[Any]:

        def change() -> Scope:
            holdings.rename(who, scope.collection, _text(event, "name"))
            return scope

        return attempted(who, scope, words, sort, "switch", change)

    def collection_deleted(event: gr.EventData, who: str, scope: Scope, words: str, sort: str) -> list[Any]:

        def change() -> Scope:
            holdings.delete(who, scope.collection)
            return Scope()

        return attempted(who, scope, words, sort, "switch", change)

    def narrowed(event: gr.EventData, who: str, scope: Scope, words: str, sort: str) -> list[Any]:
        return attempted(who, scope, words, sort, "asking", lambda: scope.narrowed(event._data))

    def ticked(
        ticks: Any, scope: Scope | None, words: str | None, sort: str, remembered: str | None, request: gr.Request
    ) -> list[Any]:
        form = ticks if isinstance(ticks, dict) else {}
        now = scope_meant(scope, remembered).with_ticks(form.get("shown"), form.get("ticked"))
        told = refreshed(owner(request), now, words, sort)
        # The list is left as it is unless it tells something new: else the box that was just pressed would be replaced.
        return [*told[:-1], told[-1] if now.only_ticked else gr.skip()]

    def removed(who: str, scope: Scope, words: str, sort: str, article_ids: list[str]) -> list[Any]:
        def change() -> Scope:
            holdings.remove(who, scope.collection, article_ids)
            return scope.without(article_ids)

        return attempted(who, scope, words, sort, "switch", change)

    def article_deleted(event: gr.EventData, who: str, scope: Scope, words: str, sort: str) -> list[Any]:
        return removed(who, scope, words, sort, [unquote(_text(event, "article"), errors="replace")])

    def ticked_deleted(event: gr.EventData, who: str, scope: Scope, words: str, sort: str) -> list[Any]:
        now = scope.with_ticks(sent(event, "shown"), sent(event, "ticked"))
        present = {summary.article_id for summary in _articles(holdings, who, now)} & now.ticked
        if len(present) != sent(event, "count"):  # what goes for good is what the button said
            return refreshed(who, now, words, sort, "the list has changed meanwhile: look at what is ticked", "switch")
        return removed(who, now, words, sort, sorted(present))

    def article_shown(event: gr.EventData, who: str, scope: Scope, words: str, sort: str) -> str:
        article_id = unquote(_text(event, "article"), errors="replace")
        try:
            assistant: Assistant = holdings.assistant(who, scope.collection)
            article, sentences = assistant.article(article_id), assistant.sentences(article_id)
            return whole_article(article, sentences, today(), scope.collection)
        except PullquoteError as error:
            return notice(str(error))

    def arrived(
        brought: Brought | None,
        scope: Scope | None,
        words: str,
        sort: str,
        remembered: str | None,
        request: gr.Request,
    ) -> list[Any]:
        """What is asked, and how the list is narrowed, may have been changed while the articles were on their way."""
        who, now = owner(request), scope_meant(scope, remembered)
        if brought is None:
            return [gr.skip(), None, *refreshed(who, now, words, sort)]
        if now.collection == brought.asked != brought.report.collection_id:
            now = Scope(collection=brought.report.collection_id)
        return [upload_report(brought.report.files), None, *refreshed(who, now, words, sort)]

    def of_page(function: Callable[[gr.EventData, str, Scope, str, str], Any]) -> Callable[..., Any]:
        """The event that knows whose page it comes from, what that asks, and how its list is narrowed and ordered."""

        def told_by_page(
            event: gr.EventData,
            scope: Scope | None,
            words: str | None,
            sort: str,
            remembered: str | None,
            request: gr.Request,
        ) -> Any:
            return function(event, owner(request), scope_meant(scope, remembered), words or "", sort)

        told_by_page.__name__ = function.__name__
        return told_by_page

    common: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "always_last"}
    plain: dict[str, Any] = {**common, "queue": False, "js": SEND_REMEMBERED}
    # What names a thing is not run again with the name that came before it, as the toolkit does by "always_last".
    each: dict[str, Any] = {**plain, "trigger_mode": "multiple"}
    # Read when the event is run: for a press while one is under way, the toolkit would send the first one's data.
    ticks = {**plain, "js": f"(ticks, ...others) => [({TICKS_JS.strip()})(), ...({SEND_REMEMBERED})(...others)]"}
    seen = [open_page.scope, parts.words, parts.sort, open_page.remembered]
    told = [open_page.scope, parts.asking, parts.switch, parts.sources]
    tab.select(of_page(shown), seen, told, **plain)
    loaded.then(of_page(shown), seen, told, **plain)
    for event in put_back:
        event.then(followed, [open_page.conversation, *seen], told, **plain)
    # One event for both, so that an earlier list never comes after a later one.
    gr.on([parts.words.change, parts.sort.change], of_page(listed), seen, parts.sources, **plain)
    for part in (parts.switch, parts.asking):
        part.choose(of_page(chosen), seen, told, **each)
    parts.switch.create(of_page(created), seen, told, **plain)
    parts.switch.rename(of_page(renamed), seen, told, **plain)
    changed = [
        parts.switch.delete_collection(of_page(collection_deleted), seen, told, **plain),
        parts.sources.delete_article(of_page(article_deleted), seen, told, **each),
        parts.sources.delete_ticked(of_page(ticked_deleted), seen, told, **plain),
    ]
    parts.asking.narrow(of_page(narrowed), seen, told, **each)
    parts.sources.tick(ticked, [parts.ticks, *seen], told, **ticks)
    parts.sources.open_article(of_page(article_shown), seen, panel, **each)
    for event in connect_bringing(parts, holdings, open_page):
        changed.append(event.then(arrived, [parts.brought, *seen], [parts.report, parts.brought, *told], **plain))
    return changed


def _articles(holdings: Holdings, who: str, scope: Scope) -> Any:
    try:
        return holdings.assistant(who, scope.collection).articles()
    except PullquoteError:
        return ()


def _text(event: gr.EventData, name: str) -> str:
    """What the browser sent with an event, where it is text."""
    value = sent(event, name)
    return value if isinstance(value, str) else ""
