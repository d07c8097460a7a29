"""The parts of the tab of sources, and of the choice of what is asked: what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa.page.parts import html_part
from qa.page.sources import NEWEST, SORTS
from qa.page.uploading import takes_uploads
from qa.uploads import MAX_FILE_BYTES

_SWITCH_JS = """
const first = (selector) => element.querySelector(selector);
let pressed = false;
element.addEventListener('click', (event) => {
  const collection = event.target.closest('[data-collection]');
  const action = event.target.closest('[data-do]')?.dataset.do;
  if (!collection && !action) return;
  pressed = true;
  if (collection) trigger('choose', {collection: collection.dataset.collection});
  else if (action === 'create') trigger('create', {name: first('[name=create]').value});
  else if (action === 'rename') trigger('rename', {name: first('[name=rename]').value});
  else if (action === 'delete_collection') trigger('delete_collection', {});
  else if (action === 'ask_all') trigger('narrow', {});
  else if (action === 'narrow') trigger('narrow', {
    since: first('[name=since]').value,
    until: first('[name=until]').value,
    outlets: [...element.querySelectorAll('[name=outlet]:checked')].map((box) => box.value),
    ticked: first('[name=ticked]').checked,
  });
});
watch('value', () => {
  if (pressed) first('[role=alert], summary, [aria-pressed=true]')?.focus?.();
  pressed = false;
  window.pullquote?.asking(first('[data-scope]')?.dataset.scope);
});
"""
_LIST_JS = """
element.addEventListener('click', (event) => {
  const article = event.target.closest('[data-article]');
  const gone = event.target.closest('[data-delete]');
  if (article) {
    window.pullquote?.opening(article, event);
    trigger('open_article', {article: article.dataset.article});
  }
  if (gone) trigger('delete_article', {article: gone.dataset.delete});
  if (event.target.closest('[data-delete-ticked]')) trigger('delete_ticked', {});
});
element.addEventListener('change', (event) => {
  if (!event.target.closest('[data-tick]')) return;
  const boxes = [...element.querySelectorAll('[data-tick]')];
  trigger('tick', {
    shown: boxes.map((box) => box.dataset.tick),
    ticked: boxes.filter((box) => box.checked).map((box) => box.dataset.tick),
  });
});
"""
_REPORT_JS = """
element.addEventListener('click', (event) => {
  const again = event.target.closest('[data-again]');
  if (again) window.pullquote?.upload(again.dataset.again, Number(again.dataset.of));
});
"""


@dataclass(frozen=True, slots=True)
class SourceParts:
    """The parts of the tab and of the choice above the question box."""

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
    words: gr.Textbox
    sort: gr.Dropdown
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
        words=words,
        sort=sort,
        sources=html_part("", "pq-source-list", _LIST_JS),
    )
