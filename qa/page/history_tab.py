"""The tab of conversations: what stands in it, and what its events do."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import gradio as gr

from index.errors import PullquoteError
from qa.library import Library
from qa.page.history import conversation_list, hit_list
from qa.page.owners import owner
from qa.page.parts import html_part, refusal, sent
from qa.served import ELSEWHERE

_SHOWN = 100
_HITS = 50
_JS = """
let left = null; // the place of the row that was deleted
element.addEventListener('click', (event) => {
  const at = (selector) => event.target.closest(selector);
  const [resume, rename, remove] = [at('[data-resume]'), at('[data-rename]'), at('[data-delete]')];
  if (resume) trigger('resume', {conversation: resume.dataset.resume});
  if (rename) {
    const title = rename.closest('p').querySelector('.pq-title').value;
    trigger('rename', {conversation: rename.dataset.rename, title});
  }
  if (remove) left = [...element.querySelectorAll('.pq-offers > li')].indexOf(remove.closest('.pq-offers > li'));
  if (remove) trigger('forget', {conversation: remove.dataset.delete});
});
watch('value', () => {
  if (left !== null) window.pullquote?.deleted(element, left);
  left = null;
});
"""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HistoryTab:
    """The tab's parts.

    Attributes:
        list: raises ``resume`` with ``{"conversation": id}``.
    """

    tab: gr.Tab
    words: gr.Textbox
    list: Any


def history_tab() -> HistoryTab:
    """Place the tab; call it inside ``gr.Tabs``."""
    with gr.Tab("Conversations") as tab:
        words = gr.Textbox(
            label="Search the conversations",
            placeholder="Words of questions, answers and cited sentences",
            elem_id="pq-history-words",
            max_length=500,
        )
        listed = html_part("", "pq-history-list", _JS)
    return HistoryTab(tab, words, listed)


def connect_history(
    parts: HistoryTab,
    library: Library,
    today: Callable[[], date],
    plain: dict[str, Any],
    collection_shown: Callable[[str | None], str],
) -> None:
    """What the tab's own events do.

    Args:
        plain: how events are run that do not wait behind questions.
        collection_shown: gives the id of the collection that a kept conversation is about.
    """

    def elsewhere(kept: str | None) -> bool:
        return collection_shown(kept) == ELSEWHERE

    def listed(words: str | None, request: gr.Request) -> str:
        who = owner(request)
        try:
            if words and words.strip():
                hits = library.conversations.search(who, words, limit=_HITS + 1)
                return hit_list(hits[:_HITS], words, today(), elsewhere, more=len(hits) > _HITS)
            recent = library.conversations.recent(who, limit=_SHOWN)
            return conversation_list(recent, library.conversations.count(who), today(), elsewhere)
        except PullquoteError as error:
            _log.exception("conversations could not be listed")
            raise refusal(str(error)) from None

    def renamed(event: gr.EventData, words: str | None, request: gr.Request) -> str:
        try:
            library.conversations.rename(
                owner(request), str(sent(event, "conversation") or ""), str(sent(event, "title") or "")
            )
        except PullquoteError as error:
            raise refusal(str(error)) from None
        return listed(words, request)

    def forgotten(event: gr.EventData, words: str | None, request: gr.Request) -> str:
        try:
            library.conversations.delete(owner(request), str(sent(event, "conversation") or ""))
        except PullquoteError as error:
            raise refusal(str(error)) from None
        return listed(words, request)

    gr.on([parts.tab.select, parts.words.change], listed, parts.words, parts.list, **plain)
    # What names a conversation is not run again with the name before it, as the toolkit does by "always_last".
    each: dict[str, Any] = {**plain, "trigger_mode": "multiple"}
    parts.list.rename(renamed, parts.words, parts.list, **each)
    parts.list.forget(forgotten, parts.words, parts.list, **each)
