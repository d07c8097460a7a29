"""What all of the page's parts are made with."""

from __future__ import annotations

import os
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before the import, which is when the toolkit reads it
# The toolkit's figures of its latest events, which nobody reads here: it would keep 10,000 and count them up anew after
# every event.
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "16"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)

import gradio as gr

from qa.page.markup import escape


def html_part(value: Any, elem_id: str, js_on_load: str | None = None) -> Any:
    """A place for the page's own HTML. Typed ``Any``: the toolkit makes event methods from the names in the script."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=js_on_load, apply_default_css=False)


def refusal(words: str) -> gr.Error:
    """What an event raises to tell why it was not done: the toolkit shows an error's words as HTML."""
    return gr.Error(escape(words), print_exception=False)


def sent(event: gr.EventData, name: str) -> object:
    """What the browser sent with an event: anything at all, or None."""
    data = event._data
    return data.get(name) if isinstance(data, dict) else None
