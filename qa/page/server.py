"""Serves the page from a socket of its own."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from importlib.resources import files

import gradio
import uvicorn
from fastapi import FastAPI, Response
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from index.errors import ConfigError
from qa.accounts import Accounts
from qa.page.api import tell_wrong_arguments
from qa.page.closing import HangsUp, StoppingServer
from qa.page.guard import Guard
from qa.page.owners import OWNER, KnowsBrowsers
from qa.page.signin import SignIn
from qa.page.tools import PATH
from qa.uploads import MAX_FILE_BYTES

_STOP_WITHIN_SECONDS = 5
"""How long a question that is being answered when the server stops has to finish."""
_SANS = ("ui-sans-serif", "system-ui", "sans-serif")
_MONO = ("ui-monospace", "monospace")
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='4' fill='%238b1a1a'/%3E%3Ctext x='16' y='36' font-family='Georgia,serif' "
    "font-size='40' text-anchor='middle' fill='white'%3E%E2%80%9C%3C/text%3E%3C/svg%3E"
)
_SCRIPTS = '<script src="/pullquote/script.js"></script><script src="/pullquote/uploads.js"></script>'
"""The page's own. They stand in the page that is sent: the toolkit would add them while its own are at work already,
and events would be sent without what the browser's tab remembers."""
_HEAD = f'<link rel="stylesheet" href="/pullquote/style.css"><link rel="icon" href="{_ICON}">'
"""Files of their own, since the toolkit rewrites the rules of a style sheet that is handed to it."""


def is_loopback(host: str) -> bool:
    """Whether ``host``, a name or an address, leads to this machine alone."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(ipaddress.ip_address(str(address[4][0])).is_loopback for address in found)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens at ``host`` and ``port``; port 0 takes one that is free.

    Raises:
        ConfigError: the address is not one of this machine, or the port is in use.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        raise ConfigError(
            f"cannot listen at {host}, port {port}: {error.strerror or error}; choose another port with --port"
        ) from error


def run(
    page: gradio.Blocks,
    listener: socket.socket,
    *,
    ready: Callable[[str], None],
    accounts: Accounts | None = None,
    tools: Starlette | None = None,
    downloads: Route | None = None,
    uploads: bool = False,
) -> None:
    """Serve the page until the program is interrupted.

    Args:
        page: what ``layout.build_page`` made.
        listener: what ``listening`` gave; closed at the end.
        ready: told the page's address.
        accounts: who may sign in; None for everybody without.
        tools: what ``tools.build_tools`` made for assistants; None for nothing.
        downloads: what ``downloads.conversation_downloads`` made; None for nothing.
        uploads: whether files may be brought.
    """
    host, port = listener.getsockname()[:2]
    server = prepared(page, listener, accounts=accounts, tools=tools, downloads=downloads, uploads=uploads)
    ready(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # uvicorn has stopped in good order and passes the interruption on
    finally:
        listener.close()


def prepared(
    page: gradio.Blocks,
    listener: socket.socket,
    *,
    accounts: Accounts | None = None,
    tools: Starlette | None = None,
    downloads: Route | None = None,
    uploads: bool = False,
) -> StoppingServer:
    """The server that ``run`` runs; its arguments are those of ``run``."""
    host, port = listener.getsockname()[:2]
    app = application(page, host, port, accounts=accounts, tools=tools, downloads=downloads)
    closing = asyncio.Event()
    config = uvicorn.Config(
        guarded(HangsUp(app, closing), host, port, accounts=accounts, tools=tools, uploads=uploads),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_WITHIN_SECONDS,
    )
    return StoppingServer(config, closing)


def application(
    page: gradio.Blocks,
    host: str,
    port: int,
    *,
    accounts: Accounts | None = None,
    tools: Starlette | None = None,
    downloads: Route | None = None,
) -> FastAPI:
    """All that is served, with nothing in front of it yet; never serve it without ``guarded``."""
    app = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, lifespan=tools.router.lifespan_context if tools else None
    )
    _serve_own_files(app)
    if tools:
        app.router.routes.extend(tools.routes)
    if downloads:
        app.router.routes.append(downloads)
    gradio.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=host,
        server_port=port,
        # The toolkit learns who is asking, and refuses by itself whoever came past the sign-in.
        auth_dependency=(lambda request: request.scope.get(OWNER)) if accounts else None,
        show_error=False,
        run_history=False,
        footer_links=[],
        allowed_paths=[],
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        max_file_size=MAX_FILE_BYTES,
        theme=gradio.themes.Base(font=_SANS, font_mono=_MONO),  # names of fonts that are there: none is fetched
        head=_HEAD,
    )
    tell_wrong_arguments(app)
    return app


def guarded(
    app: ASGIApp,
    host: str,
    port: int,
    *,
    accounts: Accounts | None = None,
    tools: Starlette | None = None,
    uploads: bool = False,
) -> ASGIApp:
    """``application`` with everything in front of it: which requests come through, and who is asking."""
    hosts = {"127.0.0.1", "::1", "localhost"} if ipaddress.ip_address(host).is_loopback else None
    inside = SignIn(app, accounts, port=port) if accounts else KnowsBrowsers(app)
    return Guard(
        inside, hosts, tools=PATH if tools else None, forms=accounts is not None, uploads=uploads, scripts=_SCRIPTS
    )


def _serve_own_files(app: FastAPI) -> None:
    """Answer for the page's style and scripts, as they were when the server started."""
    for name in ("style.css", "script.js", "uploads.js"):
        content = files("qa.page").joinpath(name).read_bytes()
        media_type = "text/css" if name.endswith(".css") else "text/javascript"
        response = Response(content, media_type=media_type, headers={"Cache-Control": "no-cache"})
        app.add_api_route(f"/pullquote/{name}", lambda response=response: response, response_class=Response)
