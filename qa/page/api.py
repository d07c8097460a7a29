"""The endpoints of ``Programs`` in the page's toolkit: ``/ask``, ``/retrieve``, ``/sources`` and ``/source``."""

from __future__ import annotations

import inspect
from asyncio import to_thread
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, get_type_hints

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from gradio.events import api
from starlette.routing import Mount

from index.errors import PullquoteError
from qa.page.owners import owner
from qa.page.programs import ENDPOINTS, Programs
from qa.page.turns import Line


def add_endpoints(programs: Programs, line: Line, *, at_once: int, in_line: int) -> None:
    """Add the endpoints to the page that is being built: before its own events, so that no event takes their names.

    Args:
        line: where questions wait, the page's and the programs' together.
        at_once: how many calls that only read are worked on side by side.
        in_line: how many questions are handed to the line.
    """
    for name in ENDPOINTS:
        # What asks the models waits in the page's own line; what only reads has a queue of its own.
        asks = name in ("ask", "retrieve")
        api(
            _endpoint(programs, name, line if asks else None),
            api_name=name,
            concurrency_limit=in_line if asks else at_once,
            concurrency_id="ask" if asks else "read",
        )


def _endpoint(programs: Programs, name: str, line: Line | None) -> Callable[..., Any]:
    """The function as the toolkit wants it: its type hints resolved, its errors of a kind that clients are told, and
    with the request, which is no argument of the clients'."""
    call = getattr(programs, name)

    @wraps(call)
    async def endpoint(request: gr.Request, *args: Any, **given: Any) -> dict[str, Any]:
        try:
            work = partial(getattr(programs.of(owner(request)), name), *args, **given)
            if line is None:
                return await to_thread(work)
            with line.joined() as turn:
                return await turn.work(work)
        except PullquoteError as error:
            raise gr.Error(str(error), print_exception=False) from None

    told = inspect.signature(call, eval_str=True)
    asking = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=gr.Request)
    endpoint.__annotations__ = {"request": gr.Request, **get_type_hints(call)}
    endpoint.__signature__ = told.replace(parameters=[asking, *told.parameters.values()])  # type: ignore[attr-defined]
    return endpoint


def tell_wrong_arguments(app: FastAPI) -> None:
    """Have a call that lacks an argument, or has one too many, told so. The toolkit raises a ``TypeError`` for it,
    which would be a fault of the server.

    Args:
        app: the application into which the toolkit's is mounted.
    """

    def told(request: Request, error: Exception) -> JSONResponse:
        if "/call/" not in request.url.path:
            raise error
        return JSONResponse({"detail": str(error)}, 422)

    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, FastAPI):
            route.app.add_exception_handler(TypeError, told)
