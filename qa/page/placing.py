"""The parts of the page: what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa.exchanges import Conversation
from qa.page.actions import Actions
from qa.page.evidence import nothing_shown
from qa.page.header import header
from qa.page.history_tab import HistoryTab, history_tab
from qa.page.listeners import CONVERSATION_JS, EVIDENCE_JS, OPENS_ARTICLES_JS
from qa.page.open_page import OpenPage, place_open_page
from qa.page.parts import html_part
from qa.page.sources_parts import SourceParts, place_asking, place_sources


@dataclass(frozen=True, slots=True)
class PageParts:
    """The page's parts that events read and change."""

    open: OpenPage
    head: Any
    log: Any
    question: gr.Textbox
    ask: gr.Button
    new: gr.Button
    ask_tab: gr.Tab
    sources_tab: gr.Tab
    words: gr.Textbox | None
    sources: Any
    own: SourceParts | None
    history: HistoryTab | None
    panel: Any


def place_page(actions: Actions, question_characters: int, *, listed: bool, own: bool) -> PageParts:
    """What stands where."""
    open_page = place_open_page()
    head = html_part(header(actions.count("")), "pq-header")
    with gr.Row(elem_id="pq-columns"):
        with gr.Column(elem_id="pq-main", min_width=0), gr.Tabs(elem_id="pq-tabs"):
            with gr.Tab("Ask") as ask_tab:
                log = html_part(actions.conversation("", Conversation()), "pq-conversation", CONVERSATION_JS)
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
                sources = None if own else html_part("", "pq-source-list", OPENS_ARTICLES_JS)
            history = history_tab() if listed else None
        with gr.Column(elem_id="pq-aside", min_width=0):
            panel = html_part(nothing_shown(), "pq-panel", EVIDENCE_JS)
    return PageParts(
        open=open_page,
        head=head,
        log=log,
        question=question,
        ask=ask,
        new=new,
        ask_tab=ask_tab,
        sources_tab=sources_tab,
        words=words,
        sources=sources,
        own=kept,
        history=history,
        panel=panel,
    )


def _words(question_characters: int) -> gr.Textbox:
    return gr.Textbox(
        label="Narrow the list",
        placeholder="Words of the title, outlet or address",
        elem_id="pq-words",
        max_length=question_characters,
    )
