"""The page, put together: what stands where, and what each event does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before the import, which is when the toolkit reads it

import gradio as gr

from index.errors import PullquoteError
from index.records import Filter
from qa.exchanges import Conversation
from qa.holdings import SERVED, Holdings
from qa.page.actions import Actions
from qa.page.api import add_endpoints
from qa.page.evidence import nothing_shown
from qa.page.header import header
from qa.page.owners import owner
from qa.page.programs import Programs
from qa.page.sources_parts import SourceParts, place_asking, place_sources
from qa.page.sources_tab import connect_sources

_QUEUE = 64
"""Questions that may wait; whoever comes after them is told to try again."""
ASKED_AT_ONCE = 2
"""Questions answered side by side: as many as a laptop has cores to spare."""
_SESSION_SECONDS = 12 * 60 * 60
"""How long the conversation of a page that nobody has touched is kept in memory."""

_OPENS_ARTICLES_JS = """
element.addEventListener('click', (event) => {
  const article = event.target.closest('[data-article]');
  if (!article) return;
  window.pullquote?.opening(article, event);
  trigger('open_article', {article: article.dataset.article});
});
"""
_CONVERSATION_JS = f"""{_OPENS_ARTICLES_JS}
element.addEventListener('click', (event) => {{
  const opener = event.target.closest('[data-open]');
  const example = event.target.closest('[data-ask]');
  if (opener) {{
    window.pullquote?.opening(opener, event);
    trigger('open_citation', {{pointer: opener.dataset.open}});
  }}
  if (example) trigger('ask_example', {{question: example.dataset.ask}});
  const asTyped = event.target.closest('[data-as-typed]');
  if (asTyped) trigger('ask_as_typed', {{exchange: asTyped.dataset.asTyped}});
}});
watch('value', () => window.pullquote?.answered(element));
"""
_EVIDENCE_JS = """
watch('value', () => window.pullquote?.shown());
element.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-open]');
  if (!opener) return;
  window.pullquote?.stepping(opener, event);
  trigger('open_citation', {pointer: opener.dataset.open});
});
"""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The page's parts that events read and change."""

    conversation: gr.State
    collection: gr.State
    where: gr.State
    head: Any
    log: Any
    question: gr.Textbox
    ask: gr.Button
    new: gr.Button
    sources_tab: gr.Tab
    words: gr.Textbox | None
    sources: Any
    own: SourceParts | None
    panel: Any


def build_page(
    actions: Actions, *, question_characters: int, programs: Programs | None = None, holdings: Holdings | None = None
) -> gr.Blocks:
    """The page; nothing is served yet.

    Args:
        question_characters: the longest question that can be typed.
        programs: what other programs may ask; None for nothing.
        holdings: everybody's collections; None for the one that ``actions`` asks, with nothing to bring.
    """
    # What was uploaded and never read, because somebody left meanwhile, is deleted after an hour.
    page = gr.Blocks(title="Pullquote", analytics_enabled=False, fill_width=True, delete_cache=(600, 3600))
    with page:
        if programs:
            add_endpoints(programs, at_once=ASKED_AT_ONCE)
        parts = _placed(actions, question_characters, own=holdings is not None)
        _connect(page, parts, actions, holdings)
        if holdings and parts.own:
            connect_sources(page, parts.own, holdings, panel=parts.panel, tab=parts.sources_tab)
    page.queue(api_open=False, max_size=_QUEUE)
    return page


def _placed(actions: Actions, question_characters: int, *, own: bool) -> _Parts:
    """What stands where."""
    head = _html(header(actions.count()), "pq-header")
    with gr.Row(elem_id="pq-columns"):
        with gr.Column(elem_id="pq-main", min_width=0), gr.Tabs(elem_id="pq-tabs"):
            with gr.Tab("Ask"):
                log = _html(actions.conversation(Conversation()), "pq-conversation", _CONVERSATION_JS)
                asking = place_asking() if own else None
                with gr.Row(elem_id="pq-composer"):
                    question = gr.Textbox(
                        label="Your question",
                        show_label=False,
                        placeholder="Ask about the articles",
                        lines=1,
                        max_lines=6,
                        max_length=question_characters,
                        container=False,
                        autofocus=True,
                        elem_id="pq-question",
                        min_width=0,
                        scale=1,
                    )
                    ask = gr.Button("Ask", variant="primary", elem_id="pq-ask", min_width=0, scale=0)
                new = gr.Button("New conversation", elem_id="pq-new", variant="secondary", size="sm")
            with gr.Tab("Sources") as sources_tab:
                kept = place_sources(asking, words_characters=question_characters) if own else None
                words = None if own else _words(question_characters)
                sources = None if own else _html("", "pq-source-list", _OPENS_ARTICLES_JS)
        with gr.Column(elem_id="pq-aside", min_width=0):
            panel = _html(nothing_shown(), "pq-panel", _EVIDENCE_JS)
    return _Parts(
        conversation=gr.State(Conversation(), time_to_live=_SESSION_SECONDS),
        collection=kept.collection if kept else gr.State(SERVED),
        where=kept.where if kept else gr.State(None),
        head=head,
        log=log,
        question=question,
        ask=ask,
        new=new,
        sources_tab=sources_tab,
        words=words,
        sources=sources,
        own=kept,
        panel=panel,
    )


def _words(question_characters: int) -> gr.Textbox:
    return gr.Textbox(
        label="Narrow the list",
        placeholder="Words of the title, outlet or address",
        elem_id="pq-words",
        max_length=question_characters,
    )


def _connect(page: gr.Blocks, parts: _Parts, served: Actions, holdings: Holdings | None) -> None:
    """What each event does."""

    def actions_of(request: gr.Request, collection: str, where: Filter | None) -> Actions:
        if holdings is None:
            return served
        try:
            return served.within(holdings.assistant(owner(request), collection), where)
        except PullquoteError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def answered(
        asked: str | None, so_far: Conversation, collection: str, where: Filter | None, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Shows the question at once, and its answer when it is there."""
        if not asked or not asked.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        actions = actions_of(request, collection, where)
        yield actions.conversation(so_far, pending=asked), gr.skip(), gr.skip(), ""
        now = actions.ask(asked, so_far)
        # A question that could not be asked goes back into the box, to be changed there.
        box = asked if now.exchanges[-1].problem else gr.skip()
        yield actions.conversation(now), actions.first_evidence(now), now, box

    def example_answered(
        event: gr.EventData, so_far: Conversation, collection: str, where: Filter | None, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        yield from answered(str(_sent(event, "question") or ""), so_far, collection, where, request)

    def asked_as_typed(
        event: gr.EventData, so_far: Conversation, collection: str, where: Filter | None, request: gr.Request
    ) -> tuple[Any, ...]:
        actions = actions_of(request, collection, where)
        now = actions.ask_as_typed(_sent(event, "exchange"), so_far)
        return actions.conversation(now), actions.first_evidence(now), now, gr.skip()

    def begun_anew() -> tuple[Any, ...]:
        return served.conversation(Conversation()), nothing_shown(), Conversation(), ""

    def citation_shown(event: gr.EventData, so_far: Conversation, collection: str, request: gr.Request) -> str:
        return actions_of(request, collection, None).evidence(_sent(event, "pointer"), so_far)

    def article_shown(event: gr.EventData, collection: str, request: gr.Request) -> str:
        return actions_of(request, collection, None).article(_sent(event, "article"))

    # "always_last": what a person does while the same event is still under way is done next, and not dropped.
    common: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "always_last"}
    asking: dict[str, Any] = {**common, "concurrency_limit": ASKED_AT_ONCE, "concurrency_id": "ask"}
    # What is quick does not wait behind questions. Besides, the toolkit's client loses an event that it queues at the
    # moment when the stream of another one's results is being closed.
    plain: dict[str, Any] = {**common, "queue": False}
    result = [parts.log, parts.panel, parts.conversation, parts.question]
    asked_of = [parts.conversation, parts.collection, parts.where]
    # The collection may have grown since the server started.
    page.load(lambda: header(served.count()), None, parts.head, **plain)
    typed = gr.on([parts.question.submit, parts.ask.click], answered, [parts.question, *asked_of], result, **asking)
    chosen = parts.log.ask_example(example_answered, asked_of, result, **asking)
    again = parts.log.ask_as_typed(asked_as_typed, asked_of, result, **asking)
    parts.new.click(begun_anew, None, result, cancels=[typed, chosen, again], **plain)
    parts.panel.open_citation(citation_shown, asked_of[:2], parts.panel, **plain)
    parts.log.open_citation(citation_shown, asked_of[:2], parts.panel, **plain)
    parts.log.open_article(article_shown, parts.collection, parts.panel, **plain)
    if parts.words:
        parts.sources.open_article(article_shown, parts.collection, parts.panel, **plain)
        # One event for both, so that an earlier list never comes after a later one.
        gr.on([parts.sources_tab.select, parts.words.change], served.sources, parts.words, parts.sources, **plain)


def _html(value: Any, elem_id: str, js_on_load: str | None = None) -> Any:
    """A place for the page's own HTML. Typed ``Any``: the toolkit makes event methods from the names in the script."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=js_on_load, apply_default_css=False)


def _sent(event: gr.EventData, name: str) -> object:
    """What the browser sent with an event: anything at all, or None."""
    sent = event._data
    return sent.get(name) if isinstance(sent, dict) else None
