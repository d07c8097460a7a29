"""Who is asking: a user who has signed in, or else one browser among others."""

from __future__ import annotations

import re
import secrets
from http.cookies import CookieError, SimpleCookie

import gradio as gr
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWNER = "pullquote.owner"
"""The key of a request's scope under which the one who asks stands."""
_COOKIE = "pullquote-browser"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")  # 128 random bits
_SECONDS = 400 * 24 * 60 * 60  # as long as browsers keep one at most; every visit begins it anew
_PAGE, _SCRIPT = "/", "/pullquote/script.js"


def owner(request: gr.Request) -> str:
    """Who sent a request of the page: the signed-in user's name, or ``browser:`` and the browser's secret token. No
    user has a name with a colon. A program that keeps no cookies is somebody else each time.

    Raises:
        LookupError: the page is not served by ``server.run``.
    """
    scope: Scope = request.request.scope if request.request else {}
    found = scope.get(OWNER)
    if not isinstance(found, str):
        raise LookupError("nobody knows who is asking: the page is served without the wrapper that finds out")
    return found


def user(request: gr.Request) -> str:
    """The name of the user who has signed in; empty where nobody does."""
    who = owner(request)
    return "" if ":" in who else who


class KnowsBrowsers:
    """An ASGI application around the page's: knows a browser by a random token in a cookie.

    The cookie is out of reach for scripts, and is not sent with what other sites ask. So a page that is opened by a
    link on another site comes without it, though the browser has one: it must not get another then. The page's script
    is asked for by the page itself, and always with the cookie: who has none there gets one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        known = cookie(headers, _COOKIE)
        token = known if known and _TOKEN.fullmatch(known) else None
        elsewhere = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        path, made = scope["path"], token or secrets.token_urlsafe(16)
        if path == _PAGE:
            given = token is not None or not elsewhere  # a visit begins the cookie's time anew
        else:
            given = path == _SCRIPT and token is None and not elsewhere

        async def send_with_cookie(message: Message) -> None:
            if given and message["type"] == "http.response.start" and message["status"] == 200:
                set_cookie(message, _COOKIE, made, scope, seconds=_SECONDS, same_site="Strict")
            await send(message)

        await self._app({**scope, OWNER: f"browser:{made}"}, receive, send_with_cookie)


def cookie(headers: Headers, name: str) -> str | None:
    """The value of a request's cookie."""
    jar: SimpleCookie = SimpleCookie()
    for header in headers.getlist("cookie"):
        for part in header.split(";"):  # one by one: a cookie of somebody else's that is not well-formed hides no other
            try:
                jar.load(part.strip())
            except CookieError:
                continue
    return jar[name].value if name in jar else None


def set_cookie(message: Message, name: str, value: str, scope: Scope, *, seconds: int, same_site: str) -> None:
    """Add a cookie to the start of a response; 0 ``seconds`` takes it away. No cache keeps such a response."""
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    headers = MutableHeaders(scope=message)
    headers.append("Set-Cookie", f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={same_site}{secure}")
    headers["Cache-Control"] = "no-store"
