"""What stands between the network and the page: which requests come through, and what a browser may do with the answer.

The toolkit that serves the page answers many more addresses than the page needs (files by path, a proxy, code editing,
pages that fetch from elsewhere). Only those that the page uses are let through.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.page.forms import LOGIN, LOGOUT
from qa.page.programs import ENDPOINTS
from qa.uploads import MAX_UPLOAD_BYTES

_READ = re.compile(
    r"/|/pullquote/(?:style\.css|(?:script|uploads)\.js|conversations/[A-Za-z0-9_-]{1,64}\.(?:html|md|json))"
    r"|/config/?|/theme\.css|/manifest\.json|/favicon\.ico|/assets/.+|/static/.+"
    r"|/gradio_api/(?:theme\.css|startup-events|app_id|queue/data|heartbeat/[A-Za-z0-9-]+)"
)
_WRITTEN = re.compile(r"/gradio_api/(?:queue/join|run/predict|cancel|reset)/?")
_CALLED = "v2/(?:" + "|".join(ENDPOINTS) + ")"
_READ_BY_PROGRAMS = re.compile(rf"/gradio_api/(?:info|call/{_CALLED}/[0-9a-f]+)")
_WRITTEN_BY_PROGRAMS = re.compile(rf"/gradio_api/call/{_CALLED}")
_UPLOAD = re.compile(r"/gradio_api/upload/?")
_UPLOAD_PROGRESS = re.compile(r"/gradio_api/upload_progress")
_FORMS = (LOGIN, LOGOUT)
_BODY_BYTES = 1 << 20
"""The page sends a question and the name of an event, a program the answers before it as well: kilobytes."""


class Guard:
    """An ASGI application around the page's.

    - Only the addresses that the page uses are answered, and those by which programs call the functions that are made
      for them, by name.
    - The ``Host`` header must name this server, so that no foreign name that resolves to this machine (DNS rebinding)
      can read the page; a request that changes something must not come from another site.
    - The page may load, connect to and embed nothing but this server, and runs no script that did not come with it: an
      event handler in some article's text would be dead even if it were not escaped. ``unsafe-eval`` is there because
      the toolkit compiles its templates in the browser; inline scripts run by a nonce that is new for every page.

    Args:
        app: the page's application.
        hosts: host names, without ports, that requests may name; None for any.
        tools: the path at which assistants find their tools; None for nowhere.
        forms: whether there are the forms of signing in and out.
        uploads: whether files may be brought; no address gives them back.
        scripts: HTML of the page's own scripts, which is put before the toolkit's.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Collection[str] | None,
        *,
        tools: str | None = None,
        forms: bool = False,
        uploads: bool = False,
        scripts: str = "",
    ) -> None:
        self._app = app
        self._scripts = scripts
        self._hosts = None if hosts is None else frozenset(hosts)
        self._tools = tools
        self._forms = _FORMS if forms else ()
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            refusal = self._refusal(scope)
            nonce = secrets.token_urlsafe(16)
            guarded = _Secured(send, nonce, form=scope["path"] in self._forms)
            if scope["path"] == "/" and scope["method"] == "GET":
                guarded = _Page(send, nonce, self._scripts)
            if refusal:
                await refusal(scope, receive, guarded)
            else:
                await self._app(_uncompressed(scope), receive, guarded)
        # Web sockets are not used: a scope that nobody answers is closed by the server.

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if self._hosts is not None and _host(headers.get("host", "")) not in self._hosts:
            return PlainTextResponse("This server does not answer to that name.", 421)
        method, path = scope["method"], scope["path"]
        if path == self._tools and method != "POST":
            return PlainTextResponse("Tools are called with POST.", 405, headers={"Allow": "POST"})
        if method in ("GET", "HEAD"):
            return None if self._readable(path) else PlainTextResponse("There is nothing here.", 404)
        if method != "POST" or not self._writable(path):
            return PlainTextResponse("There is nothing here.", 404)
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return PlainTextResponse("Another site may not ask here.", 403)
        length = headers.get("content-length", "")
        most = MAX_UPLOAD_BYTES if _UPLOAD.fullmatch(path) else _BODY_BYTES
        if not length.isdecimal() or len(length) > 20 or int(length) > most:
            return PlainTextResponse(f"A request must say its length, at most {most} bytes.", 413)
        return None

    def _readable(self, path: str) -> bool:
        if self._uploads and _UPLOAD_PROGRESS.fullmatch(path):
            return True
        return bool(_READ.fullmatch(path) or _READ_BY_PROGRAMS.fullmatch(path) or path in self._forms)

    def _writable(self, path: str) -> bool:
        if self._uploads and _UPLOAD.fullmatch(path):
            return True
        by_page = _WRITTEN.fullmatch(path) or path in self._forms
        return bool(by_page or _WRITTEN_BY_PROGRAMS.fullmatch(path) or path == self._tools)


class _Secured:
    """Sends a response with the headers that restrict what a browser does with it. A page with a form may send it to
    this server, and must say where it comes from: else the browser calls its origin "null", which is refused."""

    def __init__(self, send: Send, nonce: str, *, form: bool = False) -> None:
        self._send = send
        self._nonce = nonce
        self._form = form

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = _policy(self._nonce, form=self._form)
            headers["X-Content-Type-Options"] = "nosniff"
            headers["X-Frame-Options"] = "DENY"
            headers["Referrer-Policy"] = "same-origin" if self._form else "no-referrer"
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
            for name in ("access-control-allow-origin", "access-control-allow-credentials"):
                if name in headers:
                    del headers[name]
        await self._send(message)


class _Page(_Secured):
    """Sends the page itself, with the page's own scripts before the toolkit's, and the nonce at all of them. What the
    toolkit writes into its scripts has every ``<`` as a JavaScript escape, so that each ``<script`` in the page is a
    tag that the toolkit wrote."""

    def __init__(self, send: Send, nonce: str, scripts: str) -> None:
        super().__init__(send, nonce)
        self._scripts = scripts.encode()
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if self._start is None or message["type"] != "http.response.body":
            await super().__call__(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = bytes(self._body).replace(b"<head>", b"<head>" + self._scripts, 1)
        body = body.replace(b"<script", f'<script nonce="{self._nonce}"'.encode())
        MutableHeaders(scope=self._start)["content-length"] = str(len(body))
        await super().__call__(self._start)
        await super().__call__({"type": "http.response.body", "body": body})


def _policy(nonce: str, *, form: bool) -> str:
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'" if form else "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _uncompressed(scope: Scope) -> Scope:
    """The request without the leave to compress the answer, for the page into which a nonce is written."""
    if scope["path"] != "/":
        return scope
    return {
        **scope,
        "headers": [(name, value) for name, value in scope["headers"] if name.lower() != b"accept-encoding"],
    }


def _host(header: str) -> str | None:
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None
