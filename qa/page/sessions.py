"""What the toolkit keeps of each open page, kept from growing."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.state_holder import SessionState

MOST_SESSIONS = 256
"""Open pages that the server keeps, some 0.2 MB each; every call of a program counts as one. A page that was put out
for newer ones goes on with what its tab remembers (``remembering.meant``). The toolkit's own limit is 10,000, and it
lets go of none before."""


class Page(gr.Blocks):
    """The toolkit's page, whose sessions keep each part once.

    For every part that an event leaves as it is (``gr.skip``), the toolkit makes a new one with an id of its own, and
    puts it in the session in the old one's place. What the part then shows is kept under the new id as well, for as
    long as the session lasts (gradio 6.31, ``Blocks.preprocess_data`` and ``postprocess_data``): with each question
    two parts and the evidence. A part that has its place's id is found again, and kept once.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.state_session_capacity = MOST_SESSIONS

    async def postprocess_data(
        self, block_fn: BlockFunction, predictions: list[Any] | dict[str, Any], state: SessionState | None
    ) -> list[Any]:
        """What the browser is sent of an event's results; the arguments are the toolkit's."""
        sent = await super().postprocess_data(block_fn, predictions, state)
        parts = state.blocks_config.blocks if state else {}
        for place in block_fn.outputs:
            if place._id in parts:
                parts[place._id]._id = place._id
        return sent
