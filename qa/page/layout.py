"""The page, put together: its parts, and what each event does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import gradio as gr

from qa.exchanges import Conversation
from qa.holdings import Holdings
from qa.library import Library
from qa.page.actions import Actions
from qa.page.api import add_endpoints
from qa.page.asking import Asking
from qa.page.evidence import nothing_shown
from qa.page.header import header
from qa.page.history_tab import connect_history
from qa.page.judging import Judging
from qa.page.open_page import SEND_REMEMBERED
from qa.page.owners import owner, user
from qa.page.parts import sent
from qa.page.placing import PageParts, place_page
from qa.page.programs import Programs
from qa.page.remembering import Remembered
from qa.page.scope import Scope
from qa.page.sessions import Page
from qa.page.sources_tab import connect_sources
from qa.page.turns import WAITING_AT_MOST, Line
from qa.served import SERVED

_QUEUE = 64
"""Events that the toolkit keeps waiting; whoever comes after them is told to try again."""
ASKED_AT_ONCE = 2
"""Questions answered side by side: as many as a laptop has cores to spare."""
_IN_LINE = ASKED_AT_ONCE + WAITING_AT_MOST + 2
"""Questions that are taken from the toolkit's queue at once, so that they stand in the page's own line, where each is
told its place; a few more, so that they are told that the line is full."""

# "always_last": what a person does while the same event is still under way is done next, and not dropped.
_COMMON: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "always_last"}
_ASKING: dict[str, Any] = {**_COMMON, "concurrency_limit": _IN_LINE, "concurrency_id": "ask", "js": SEND_REMEMBERED}
# What is quick does not wait behind questions. Besides, the toolkit's client loses an event that it queues at the
# moment when the stream of another one's results is being closed.
_PLAIN: dict[str, Any] = {**_COMMON, "queue": False}
_LOOKING: dict[str, Any] = {**_PLAIN, "js": SEND_REMEMBERED}
# What names a thing is not run again with the name before it, which is what "always_last" does in the toolkit.
_EACH: dict[str, Any] = {**_LOOKING, "trigger_mode": "multiple"}


def build_page(
    actions: Actions,
    *,
    question_characters: int,
    library: Library | None = None,
    programs: Programs | None = None,
    holdings: Holdings | None = None,
    today: Callable[[], date] = date.today,
) -> gr.Blocks:
    """The page; nothing is served yet.

    Args:
        question_characters: the longest question that can be typed.
        library: whose conversations are listed; None for no list.
        programs: what other programs may ask; None for nothing.
        holdings: everybody's collections; None for the one that is served, with nothing to bring.
        today: gives the current day; a test gives its own.
    """
    # What was uploaded and never read, because somebody left meanwhile, is deleted after an hour.
    page = Page(title="Pullquote", analytics_enabled=False, fill_width=True, delete_cache=(600, 3600))
    line = Line(ASKED_AT_ONCE)
    with page:
        if programs:
            add_endpoints(programs, line, at_once=ASKED_AT_ONCE, in_line=_IN_LINE)
        parts = place_page(actions, question_characters, listed=library is not None, own=holdings is not None)
        loaded, put_back = _connect(page, parts, actions, Asking(actions, line))
        if parts.own and holdings:
            changed = connect_sources(
                parts.own,
                holdings,
                open_page=parts.open,
                panel=parts.panel,
                tab=parts.sources_tab,
                loaded=loaded,
                put_back=put_back,
                today=today,
            )
            for event in changed:
                event.then(_shown_again(actions), parts.open.inputs, [parts.log, parts.panel], **_LOOKING)
        if parts.history and library:
            connect_history(parts.history, library, today, _PLAIN, actions.collection_shown)
    page.queue(api_open=False, max_size=_QUEUE)
    return page


def _shown_again(actions: Actions) -> Callable[..., tuple[Any, Any]]:
    """The event that shows the conversation anew, whose sources may have been changed or deleted."""

    def shown_again(
        conversation: Conversation | None, scope: Scope | None, remembered: str | None, request: gr.Request
    ) -> tuple[Any, Any]:
        who = owner(request)
        so_far, _ = actions.meant(who, conversation, scope, remembered)
        if not so_far.exchanges or Remembered.parse(remembered).question:  # which is answered in a moment
            return gr.skip(), gr.skip()
        there = actions.is_there(who, so_far.collection_id)
        return actions.conversation(who, so_far), gr.skip() if there else actions.first_evidence(who, so_far)

    return shown_again


def _connect(page: gr.Blocks, parts: PageParts, actions: Actions, asking: Asking) -> tuple[Any, list[Any]]:
    """What each event does; gives the one that opens the page, and those that put a kept conversation back, and with it
    the collection that it asks."""

    def shown(who: str, now: Conversation, box: Any) -> tuple[Any, ...]:
        return actions.conversation(who, now), actions.first_evidence(who, now), now, box

    def opened(remembered: str | None, request: gr.Request) -> tuple[Any, ...]:
        """The collection may have grown since the server started, and the page may have been reloaded."""
        who = owner(request)
        now, scope = actions.meant(who, None, None, remembered)
        tab = Remembered.parse(remembered)
        left = found_again(who, now, tab) if tab.question else shown(who, now, gr.skip())
        if asking.found(who, tab.conversation_id, tab.question) == "under way":
            left = asking.log_now(who, now, tab.question), nothing_shown(), now, gr.skip()
        return header(actions.count(who), user(request)), scope, *left

    def found_again(who: str, now: Conversation, tab: Remembered) -> tuple[Any, ...]:
        """A question that was being answered when the page was left: its answer, or itself, back in the box."""
        found = asking.found(who, tab.conversation_id, tab.question)
        if found == "under way":
            return tuple([gr.skip()] * 4)
        if found is not None:
            asking.left_behind.forget(who, tab.conversation_id, tab.question)
            return shown(who, found, gr.skip())
        now = actions.restored(who, tab.conversation_id) or now
        answered = tab.question in [one.question for one in now.exchanges[-1:]]
        return shown(who, now, gr.skip() if answered else tab.question)

    def looked_for(
        so_far: Conversation | None, scope: Scope | None, remembered: str | None, request: gr.Request
    ) -> tuple[Any, ...]:
        who, tab = owner(request), Remembered.parse(remembered)
        now, _ = actions.meant(who, so_far, scope, remembered)
        return found_again(who, now, tab) if tab.question else tuple([gr.skip()] * 4)

    def begun_anew(event: gr.EventData, who: str, so_far: Conversation, scope: Scope) -> tuple[Any, ...]:
        """On the collection that is asked, or on the served one where that was removed."""
        there = actions.is_there(who, scope.collection)
        now = Conversation(collection_id=scope.collection if there else SERVED)
        return actions.conversation(who, now), nothing_shown(), now, ""

    def welcomed(event: gr.EventData, who: str, so_far: Conversation, scope: Scope) -> Any:
        """The collection's examples may be ready."""
        again = None if so_far.exchanges else actions.welcome_again(who, scope.collection)
        return gr.skip() if again is None else again

    def returned(so_far: Conversation | None, scope: Scope | None, remembered: str | None, request: gr.Request) -> Any:
        """The Ask tab is chosen again: before anything is asked, what can be asked may have changed."""
        who = owner(request)
        now, asked = actions.meant(who, so_far, scope, remembered)
        if now.exchanges or Remembered.parse(remembered).question:  # which stays in view while it is answered
            return gr.skip()
        return actions.conversation(who, Conversation(collection_id=asked.collection))

    def scope_changed(event: gr.EventData, who: str, so_far: Conversation, scope: Scope) -> tuple[Any, Any]:
        """Before anything is asked, what the page shows is of the collection that is chosen."""
        if so_far.exchanges or so_far.collection_id == scope.collection:
            return gr.skip(), gr.skip()
        now = Conversation(collection_id=scope.collection)
        return actions.conversation(who, now), now

    def resumed(event: gr.EventData, who: str, so_far: Conversation, scope: Scope) -> tuple[Any, ...]:
        before = actions.restored(who, sent(event, "conversation"))
        return shown(who, before, "") if before else begun_anew(event, who, so_far, scope)

    def citation_shown(event: gr.EventData, who: str, so_far: Conversation, scope: Scope) -> str:
        return actions.evidence(who, sent(event, "pointer"), so_far)

    def article_shown(event: gr.EventData, who: str, so_far: Conversation, scope: Scope) -> str:
        return actions.article(who, sent(event, "article"), so_far.collection_id)

    def sources_listed(words: str | None, request: gr.Request) -> str:
        return actions.sources(owner(request), words or "")

    def of_page(function: Callable[[gr.EventData, str, Conversation, Scope], Any]) -> Callable[..., Any]:
        """The event that knows whose page it comes from, what that shows, and what it asks."""

        def told_by_page(
            event: gr.EventData,
            conversation: Conversation | None,
            scope: Scope | None,
            remembered: str | None,
            request: gr.Request,
        ) -> Any:
            who = owner(request)
            return function(event, who, *actions.meant(who, conversation, scope, remembered))

        told_by_page.__name__ = function.__name__
        return told_by_page

    known = parts.open.inputs
    result = [parts.log, parts.panel, parts.open.conversation, parts.question]
    first = [parts.head, parts.open.scope, *result]
    loaded = page.load(opened, parts.open.remembered, first, **_LOOKING)
    typed = gr.on(
        [parts.question.submit, parts.ask.click], asking.answered, [parts.question, *known], result, **_ASKING
    )
    chosen = parts.log.ask_example(asking.example_answered, known, result, **_ASKING)
    again = parts.log.ask_as_typed(asking.asked_as_typed, known, result, **_ASKING)
    anew: dict[str, Any] = {**_LOOKING, "cancels": [typed, chosen, again]}
    put_back = [begin(of_page(begun_anew), known, result, **anew) for begin in (parts.new.click, parts.log.begin)]
    judging = Judging(actions, asking)
    parts.log.judge(judging.judged, known, parts.log, **_EACH)
    parts.panel.choose_sentence(judging.sentence_chosen, known, parts.log, **_EACH)
    parts.log.look_for_answer(looked_for, known, result, **_LOOKING)
    parts.log.look_again(of_page(welcomed), known, parts.log, **_LOOKING)
    parts.ask_tab.select(returned, known, parts.log, **_LOOKING)
    parts.open.scope.change(of_page(scope_changed), known, [parts.log, parts.open.conversation], **_LOOKING)
    for part in (parts.log, parts.panel):
        part.open_citation(of_page(citation_shown), known, parts.panel, **_EACH)
    parts.log.open_article(of_page(article_shown), known, parts.panel, **_EACH)
    if parts.words:
        parts.sources.open_article(of_page(article_shown), known, parts.panel, **_EACH)
        # One event for both, so that an earlier list never comes after a later one.
        gr.on([parts.sources_tab.select, parts.words.change], sources_listed, parts.words, parts.sources, **_PLAIN)
    if parts.history:
        put_back.append(parts.history.list.resume(of_page(resumed), known, result, **{**anew, **_EACH}))
    return loaded, put_back
