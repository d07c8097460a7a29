"""The parts in which the server keeps what an open page shows and asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

_SECONDS = 12 * 60 * 60
"""How long it is kept when nobody touches the page; an hour, once the browser's connection has broken."""
SEND_REMEMBERED = "(...inputs) => [...inputs.slice(0, -1), window.pullquote?.remembered() ?? '']"
"""Fills in the last input of an event, which is ``OpenPage.remembered``."""


@dataclass(frozen=True, slots=True)
class OpenPage:
    """What an event needs to know of the page that it comes from. A state is None when the server has forgotten it:
    what the tab remembers then stands in for it (``remembering.meant``).

    Attributes:
        conversation: a ``Conversation``.
        scope: a ``Scope``.
        remembered: what the tab remembers.
    """

    conversation: gr.State
    scope: gr.State
    remembered: gr.Textbox

    @property
    def inputs(self) -> list[Any]:
        """The last inputs of an event that needs to know all of it."""
        return [self.conversation, self.scope, self.remembered]


def place_open_page() -> OpenPage:
    """Place the parts, none of which is seen."""
    conversation, scope = (gr.State(None, time_to_live=_SECONDS) for _ in range(2))
    return OpenPage(conversation, scope, gr.Textbox(visible=False))
