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

from index.errors import ConfigError
from qa.page.closing import HangsUp, StoppingServer
from qa.page.guard import Guard

_STOP_WITHIN_SECONDS = 5
"""How long a question that is being answered when the server stops has to finish."""
_SANS = ("ui-sans-serif", "system-ui", "sans-serif")
_MONO = ("ui-monospace", "monospace")
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='4' fill='%238b1a1a'/%3E%3Ctext x='16' y='36' font-family='Georgia,serif' "
    "font-size='40' text-anchor='middle' fill='white'%3E%E2%80%9C%3C/text%3E%3C/svg%3E"
)
_HEAD = (
    '<link rel="stylesheet" href="/pullquote/style.css"><script src="/pullquote/script.js"></script>'
    f'<link rel="icon" href="{_ICON}">'
)
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


def run(page: gradio.Blocks, listener: socket.socket, *, ready: Callable[[str], None]) -> None:
    """Serve the page until the program is interrupted.

    Args:
        page: what ``layout.build_page`` made.
        listener: what ``listening`` gave; closed at the end.
        ready: told the page's address.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _serve_own_files(app)
    host, port = listener.getsockname()[:2]
    hosts = {"127.0.0.1", "::1", "localhost"} if ipaddress.ip_address(host).is_loopback else None
    gradio.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=host,
        server_port=port,
        show_error=False,
        run_history=False,
        footer_links=[],
        allowed_paths=[],
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        max_file_size=0,
        theme=gradio.themes.Base(font=_SANS, font_mono=_MONO),  # names of fonts that are there: none is fetched
        head=_HEAD,
    )
    closing = asyncio.Event()
    config = uvicorn.Config(
        Guard(HangsUp(app, closing), hosts),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_WITHIN_SECONDS,
    )
    ready(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
    try:
        StoppingServer(config, closing).run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # uvicorn has stopped in good order and passes the interruption on
    finally:
        listener.close()


def _serve_own_files(app: FastAPI) -> None:
    """Answer for the page's style and script, as they were when the server started."""
    for name, media_type in (("style.css", "text/css"), ("script.js", "text/javascript")):
        content = files("qa.page").joinpath(name).read_bytes()
        response = Response(content, media_type=media_type, headers={"Cache-Control": "no-cache"})
        app.add_api_route(f"/pullquote/{name}", lambda response=response: response, response_class=Response)
