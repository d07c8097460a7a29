"""The parts of the tab of sources, and of the choice of what is asked: what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa.page.parts import html_part
from qa.page.sources import NEWEST, SORTS
from qa.page.uploading import takes_uploads
from qa.uploads import MAX_FILE_BYTES

# The toolkit morphs one list into the next by position, and leaves what was pressed or typed where it was: a box that
# was ticked would go on to be ticked as another article's.
_AS_WRITTEN_JS = """
const asWritten = () => {
  for (const box of element.querySelectorAll('input')) {
    if (box.type === 'checkbox') box.checked = box.hasAttribute('checked');
    else box.value = box.getAttribute('value') ?? '';
  }
};
"""
_SWITCH_JS = f"""{_AS_WRITTEN_JS}
const first = (selector) => element.querySelector(selector);
const chosen = () => [...element.querySelectorAll('[name=outlet]:checked')].map((box) => box.value);
const actions = {{ // in quotes: from these names the toolkit makes the events
  'create': () => ({{name: first('[name=create]').value}}),
  'rename': () => ({{name: first('[name=rename]').value}}),
  'delete_collection': () => ({{}}),
  'narrow': () => ({{
    since: first('[name=since]').value,
    until: first('[name=until]').value,
    outlets: chosen(),
    ticked: first('[name=ticked]').checked,
  }}),
}};
let pressed = false;
element.addEventListener('click', (event) => {{
  const collection = event.target.closest('[data-collection]');
  const action = event.target.closest('[data-do]')?.dataset.do;
  if (!collection && !action) return;
  pressed = true;
  if (collection) trigger('choose', {{collection: collection.dataset.collection}});
  else if (action === 'ask_all') {{
    asWritten(); // where all are asked already, nothing new comes to take back what was chosen and never asked
    trigger('narrow', {{}});
  }} else trigger(action, actions[action]());
}});
watch('value', () => {{
  if (!first('[role=alert]')) asWritten(); // what could not be done stays, to be corrected
  if (pressed) first('[role=alert], summary, [aria-pressed=true]')?.focus?.();
  pressed = false;
  window.pullquote?.asking(first('[data-scope]')?.dataset.scope);
}});
"""
TICKS_JS = """
() => {
  const boxes = [...document.querySelectorAll('#pq-source-list [data-tick]')];
  return {
    shown: boxes.map((box) => box.dataset.tick),
    ticked: boxes.filter((box) => box.checked).map((box) => box.dataset.tick),
  };
}
"""
"""Gives the rows that are shown, and those that are ticked."""
_LIST_JS = f"""{_AS_WRITTEN_JS}
let left = null; // the place of the row that was deleted
const ticks = {TICKS_JS.strip()};
element.addEventListener('click', (event) => {{
  const article = event.target.closest('[data-article]');
  const gone = event.target.closest('[data-delete]');
  const ticked = event.target.closest('[data-delete-ticked]');
  if (article) {{
    window.pullquote?.opening(article, event);
    trigger('open_article', {{article: article.dataset.article}});
  }}
  if (gone || ticked) left = [...element.querySelectorAll('.pq-row')].indexOf(event.target.closest('.pq-row'));
  if (gone) trigger('delete_article', {{article: gone.dataset.delete}});
  if (ticked) trigger('delete_ticked', {{...ticks(), count: Number(ticked.querySelector('.pq-count').textContent)}});
}});
element.addEventListener('change', (event) => {{
  if (!event.target.closest('[data-tick]')) return;
  const button = element.querySelector('[data-delete-ticked]');
  if (button) {{
    const count = Number(button.dataset.unseen) + ticks().ticked.length;
    button.querySelector('.pq-count').textContent = count;
    button.disabled = !count;
  }}
  trigger('tick', {{}});
}});
watch('value', () => {{
  asWritten();
  if (left !== null) window.pullquote?.deleted(element, left);
  left = null;
}});
"""
_REPORT_JS = """
element.addEventListener('click', (event) => {
  const again = event.target.closest('[data-again]');
  if (again) window.pullquote?.upload(again.dataset.again, Number(again.dataset.of));
});
"""


@dataclass(frozen=True, slots=True)
class SourceParts:
    """The parts of the tab and of the choice above the question box.

    Attributes:
        brought: the ``Brought`` of what was brought last.
        ticks: takes what ``TICKS_JS`` gives.
    """

    asking: Any
    switch: Any
    files: gr.File
    folder: gr.UploadButton
    title: gr.Textbox
    published: gr.Textbox
    url: gr.Textbox
    text: gr.Textbox
    add: gr.Button
    report: Any
    brought: gr.State
    words: gr.Textbox
    sort: gr.Dropdown
    ticks: gr.JSON
    sources: Any


def place_asking() -> Any:
    """The choice of what is asked; stands above the question box."""
    return html_part("", "pq-asking", _SWITCH_JS)


def place_sources(asking_part: Any, *, words_characters: int) -> SourceParts:
    """What stands in the tab.

    Args:
        asking_part: what ``place_asking`` gave.
        words_characters: the longest text to narrow the list by.
    """
    switch = html_part("", "pq-switch", _SWITCH_JS)
    files = gr.File(
        label=f"Add files, at most {MAX_FILE_BYTES // 2**20} MiB each",
        file_count="multiple",
        elem_id="pq-files",
        height=170,
    )
    folder = gr.UploadButton("Choose a folder", file_count="directory", elem_id="pq-folder", size="sm")
    takes_uploads(files)
    takes_uploads(folder)
    with gr.Accordion("Paste a text", open=False, elem_id="pq-paste"):
        title = gr.Textbox(label="Title", max_length=300, elem_id="pq-paste-title")
        with gr.Row():
            published = gr.Textbox(label="Date, such as 2025-10-31 (may be empty)", max_length=40)
            url = gr.Textbox(label="Address (may be empty)", max_length=2000)
        text = gr.Textbox(label="Text", lines=6, max_lines=12, max_length=1_000_000, elem_id="pq-paste-text")
        add = gr.Button("Add this text", elem_id="pq-paste-add", size="sm")
    report = html_part("", "pq-upload-report", _REPORT_JS)
    with gr.Row(elem_id="pq-narrow"):
        words = gr.Textbox(
            label="Narrow the list",
            placeholder="Words of the title, outlet or address",
            elem_id="pq-words",
            max_length=words_characters,
            scale=3,
        )
        sort = gr.Dropdown(list(SORTS), value=NEWEST, label="Order", elem_id="pq-sort", scale=1, filterable=False)
    return SourceParts(
        asking=asking_part,
        switch=switch,
        files=files,
        folder=folder,
        title=title,
        published=published,
        url=url,
        text=text,
        add=add,
        report=report,
        brought=gr.State(None),
        words=words,
        sort=sort,
        ticks=gr.JSON(visible=False),
        sources=html_part("", "pq-source-list", _LIST_JS),
    )
