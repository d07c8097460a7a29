"""Signing in: nobody who has not reaches anything behind it."""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import parse_qs

import anyio
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import ConfigError
from qa.accounts import Accounts, is_name
from qa.page.attempts import Attempts
from qa.page.forms import LOGIN, LOGOUT, sign_in_page, sign_out_page
from qa.page.owners import OWNER, cookie, set_cookie

_SESSION_SECONDS = 12 * 60 * 60
_REMEMBERED_SECONDS = 5 * 60
"""How long a name and password sent with each request are not hashed again."""
_FORM_BYTES = 16 * 1024
_RESTARTED = "/gradio_api/app_id"
"""What an open page asks while the server does not answer: another id than before, and it loads itself anew. Sessions
do not outlive the server, so that this leads to the form."""
_HASHED_AT_ONCE = 2  # each takes 32 MiB
_log = logging.getLogger(__name__)


class _Remembered:
    """Keys of users who have shown their password, by the keys' hash; the longest unused go first. A user whose
    password has changed, or who is no longer there, is forgotten."""

    def __init__(self, accounts: Accounts, seconds: float, most: int, clock: Callable[[], float]) -> None:
        self._accounts, self._seconds, self._most, self._clock = accounts, seconds, most, clock
        self._secret = secrets.token_bytes(32)
        self._kept: OrderedDict[bytes, tuple[str, str, float]] = OrderedDict()

    def remember(self, key: str, name: str) -> None:
        stamp = self._accounts.stamp(name)
        if stamp is None:
            return
        self._kept[self._hash(key)] = name, stamp, self._clock() + self._seconds
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def user(self, key: str, *, longer: bool) -> str | None:
        """Whose key it is; ``longer`` begins its time anew."""
        hashed = self._hash(key)
        name, stamp, until = self._kept.get(hashed, ("", "", 0.0))
        if not name:
            return None
        if self._clock() >= until or self._accounts.stamp(name) != stamp:
            self._kept.pop(hashed, None)
            return None
        if longer:
            self._kept[hashed] = name, stamp, self._clock() + self._seconds
            self._kept.move_to_end(hashed)
        return name

    def forget(self, key: str) -> None:
        self._kept.pop(self._hash(key), None)

    def _hash(self, key: str) -> bytes:
        return hmac.digest(self._secret, key.encode("utf-8", "surrogatepass"), "sha256")


class SignIn:
    """An ASGI application around the page's: asks for a name and a password, and says behind it who is asking.

    A browser gets a form, and then a cookie; a program sends the cookie, or name and password with each request (HTTP
    Basic). Whatever is not the form needs one of them. Only a signed-in request reaches the page's application.

    Args:
        app: the page's application.
        accounts: who may sign in.
        port: the server's, for the cookie's name: cookies do not know ports, and each server has sessions of its own.
        attempts: counts failures.
        clock: gives seconds that only go up.
    """

    def __init__(
        self,
        app: ASGIApp,
        accounts: Accounts,
        *,
        port: int,
        attempts: Attempts | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._accounts = accounts
        self._cookie = f"pullquote-session-{port}"
        self._attempts = Attempts() if attempts is None else attempts
        self._sessions = _Remembered(accounts, _SESSION_SECONDS, 10_000, clock)
        self._programs = _Remembered(accounts, _REMEMBERED_SECONDS, 256, clock)
        self._turns = anyio.CapacityLimiter(_HASHED_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            try:
                response, name = await self._decided(scope, receive)
            except ConfigError:
                _log.exception("nobody can sign in")
                response, name = _refusal(503, "Nobody can sign in now; the server's log says why."), None
            except ClientDisconnect:
                return
            if response:
                await response(scope, receive, send)
            else:
                await self._app({**scope, OWNER: name}, receive, send)

    async def _decided(self, scope: Scope, receive: Receive) -> tuple[ASGIApp | None, str | None]:
        """What to answer at once, or else who is asking."""
        path, method, headers = scope["path"], scope["method"], Headers(scope=scope)
        if path == LOGIN:
            signing_in = method == "POST"
            return (await self._signed_in(scope, receive) if signing_in else HTMLResponse(sign_in_page())), None
        session = cookie(headers, self._cookie)
        name = self._sessions.user(session, longer=True) if session else None
        if path == LOGOUT and method == "POST":
            if session:
                self._sessions.forget(session)
            return self._with_cookie(RedirectResponse(LOGIN, 303), "", scope, seconds=0), None
        if name is None:
            name, refusal = await self._basic(scope, headers)
            if refusal:
                return refusal, None
        if name is None:
            if path == _RESTARTED and method == "GET":
                return JSONResponse({"app_id": ""}, headers={"Cache-Control": "no-store"}), None
            if path == "/" and method in ("GET", "HEAD"):
                return RedirectResponse(LOGIN, 303), None
            return _refusal(401, "Sign in first.", headers), None
        if path == LOGOUT:
            return HTMLResponse(sign_out_page(name)), None
        return None, name

    async def _signed_in(self, scope: Scope, receive: Receive) -> ASGIApp:
        """Answers the form, or a program that sends the same fields."""
        body = bytearray()
        request = Request(scope, receive)
        async for part in request.stream():
            body += part
            if len(body) > _FORM_BYTES:
                return _refusal(413, "A name and a password are shorter.")
        try:
            fields = parse_qs(body.decode("utf-8"), max_num_fields=10)
        except ValueError:  # of an encoding, or of too many fields
            fields = {}
        name, password = (fields.get(field, [""])[0] for field in ("username", "password"))
        wrong = await self._checked(name, password, scope)
        browser = "text/html" in request.headers.get("accept", "")
        if wrong:
            return HTMLResponse(sign_in_page(wrong[1]), wrong[0]) if browser else _refusal(*wrong)
        token = secrets.token_urlsafe(32)
        self._sessions.remember(token, name)
        done: Response = RedirectResponse("/", 303) if browser else JSONResponse({"success": True})
        return self._with_cookie(done, token, scope, seconds=_SESSION_SECONDS)

    async def _basic(self, scope: Scope, headers: Headers) -> tuple[str | None, ASGIApp | None]:
        """Who sent name and password with the request, or what to answer to wrong ones."""
        kind, _, encoded = headers.get("authorization", "").partition(" ")
        if kind.lower() != "basic" or len(encoded) > _FORM_BYTES:
            return None, None
        remembered = self._programs.user(encoded, longer=False)
        if remembered:
            return remembered, None
        try:
            name, _, password = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None, None
        wrong = await self._checked(name, password, scope)
        if wrong:
            return None, _refusal(*wrong, headers)
        self._programs.remember(encoded, name)
        return name, None

    async def _checked(self, name: str, password: str, scope: Scope) -> tuple[int, str] | None:
        """Why nobody is let in: a status and words that do not tell whether there is such a user. None: it is them."""
        address = scope["client"][0] if scope.get("client") else ""
        known = name if is_name(name) else ""  # what is no name is not kept either
        if not self._attempts.begin(known, address):
            return 429, "Too many failed attempts. Try again in a minute."
        check = self._accounts.check
        if not known or not await anyio.to_thread.run_sync(check, known, password, limiter=self._turns):
            return 401, "The name or the password is not right."
        self._attempts.succeeded(known, address)
        return None

    def _with_cookie(self, response: Response, token: str, scope: Scope, *, seconds: int) -> ASGIApp:
        async def answering(_: Scope, receive: Receive, send: Send) -> None:
            async def send_with_cookie(message: Message) -> None:
                if message["type"] == "http.response.start":
                    # Lax: a link to the page on another site leads to the page, not to the form. What changes something
                    # is a POST, with which the cookie does not come from elsewhere, and which the Guard refuses too.
                    set_cookie(message, self._cookie, token, scope, seconds=seconds, same_site="Lax")
                await send(message)

            await response(scope, receive, send_with_cookie)

        return answering


def _refusal(status: int, message: str, headers: Headers | None = None) -> Response:
    """In JSON, as the toolkit's clients expect. A program is told how to sign in; a browser would show a window of its
    own for it, in the middle of the page."""
    given = {"Cache-Control": "no-store"}
    if status == 401 and headers is not None and "sec-fetch-site" not in headers:
        given["WWW-Authenticate"] = 'Basic realm="Pullquote", charset="UTF-8"'
    if status == 429:
        given["Retry-After"] = "60"
    return JSONResponse({"detail": message}, status, headers=given)
