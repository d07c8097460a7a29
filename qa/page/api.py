"""The endpoints of ``Programs`` in the page's toolkit: ``/ask``, ``/retrieve``, ``/sources`` and ``/source``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, get_type_hints

import gradio as gr

from index.errors import PullquoteError
from qa.page.programs import ENDPOINTS, Programs


def add_endpoints(programs: Programs, *, at_once: int) -> None:
    """Add the endpoints to the page that is being built: before its own events, so that no event takes their names.

    Args:
        at_once: how many questions are answered side by side, the page's and the programs' together.
    """
    for name in ENDPOINTS:
        # What asks the models waits in the page's own queue; what only reads has one of its own.
        queue = "ask" if name in ("ask", "retrieve") else "read"
        gr.api(_endpoint(getattr(programs, name)), api_name=name, concurrency_limit=at_once, concurrency_id=queue)


def _endpoint(call: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The function as the toolkit wants it: its type hints resolved, its errors of a kind that clients are told."""

    @wraps(call)
    def endpoint(*args: Any, **given: Any) -> dict[str, Any]:
        try:
            return call(*args, **given)
        except PullquoteError as error:
            raise gr.Error(str(error), print_exception=False) from None

    endpoint.__annotations__ = get_type_hints(call)
    return endpoint
