"""A visitor of the page, reduced to the requests that a browser sends.

A browser, or the toolkit's own client, takes as much processor time for a question as the server does. On one machine
they would be what is measured.
"""

from __future__ import annotations

import html
import json
import re
import secrets
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

_ASK = ("pq-ask", "click")
_BEGIN = ("pq-new", "click")
_OPEN_PAGE = [None, None, ""]
"""The last inputs of an event: the conversation and what is asked, which the server keeps, and what a tab remembers."""
_TAG = re.compile(r"<[^>]*>")
_SECONDS = 120.0


class VisitError(Exception):
    """The page did not do what was asked of it; the message says what it said instead."""


class Visitor:
    """One tab of one browser: it opens the page and asks, one question after the other.

    Not to be used by several threads at once.

    Args:
        address: of the page, such as ``http://127.0.0.1:7860``.

    Raises:
        VisitError: there is no such page.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=_SECONDS)
        self._headers = {"Origin": f"{parts.scheme}://{parts.netloc}", "Content-Type": "application/json"}
        self._session = secrets.token_hex(8)
        response = self._sent("GET", "/")
        cookies = [value.partition(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie"]
        response.read()
        if cookies:
            self._headers["Cookie"] = "; ".join(cookies)
        config = json.loads(self._sent("GET", "/config").read())
        self._events = _events(config)
        self._call((None, "load"), [""])
        self._connection.close()  # which the server would do before long; opened again by the first question

    def ask(self, question: str) -> str:
        """Ask as the first question of a new conversation.

        Returns:
            What the page then shows as the conversation, as HTML.

        Raises:
            VisitError: the page reported an error.
        """
        self._call(_BEGIN, _OPEN_PAGE)
        return str(self._call(_ASK, [question, *_OPEN_PAGE])[0])

    def close(self) -> None:
        self._connection.close()

    def _call(self, event: tuple[str | None, str], data: list[Any]) -> list[Any]:
        """Send an event of the page, and wait for all that comes of it; gives the values that it shows at its end."""
        number, queued = self._events[event]
        body = json.dumps({"data": data, "fn_index": number, "session_hash": self._session, "trigger_id": None})
        if not queued:
            return list(json.loads(self._sent("POST", "/gradio_api/run/predict", body).read())["data"])
        self._sent("POST", "/gradio_api/queue/join", body).read()
        shown: list[Any] = []
        for message in self._messages(f"/gradio_api/queue/data?session_hash={self._session}"):
            if message["msg"] in ("process_completed", "unexpected_error"):
                if not message.get("success"):
                    raise VisitError(str(message.get("output", {}).get("error") or message.get("message") or message))
                shown = list(message["output"]["data"])
        return shown

    def _messages(self, path: str) -> Iterator[dict[str, Any]]:
        """The server-sent events up to the one that closes the stream (WHATWG HTML, section 9.2)."""
        response = self._sent("GET", path)
        for line in response:
            if line.startswith(b"data:"):
                message = json.loads(line[5:])
                if message["msg"] == "close_stream":
                    break
                yield message
        response.close()
        self._connection.close()  # opened again by the next request

    def _sent(self, method: str, path: str, body: str | None = None) -> HTTPResponse:
        self._connection.request(method, path, body, self._headers)
        response = self._connection.getresponse()
        if response.status >= HTTPStatus.BAD_REQUEST:
            told = response.read().decode(errors="replace")
            raise VisitError(f"{method} {path.partition('?')[0]} was answered with {response.status}: {told}")
        return response


def shown_text(shown: str) -> str:
    """The words of a piece of the page, without its markup."""
    return " ".join(html.unescape(_TAG.sub(" ", shown)).split())


def _events(config: dict[str, Any]) -> dict[tuple[str | None, str], tuple[int, bool]]:
    """Of each part's events by the part's id (None for the page's own) and the event's name: its number, and whether it
    is queued."""
    names = {part["id"]: part["props"].get("elem_id") for part in config["components"]}
    found: dict[tuple[str | None, str], tuple[int, bool]] = {}
    for event in config["dependencies"]:
        for part, name in event["targets"]:
            found.setdefault((names.get(part), name), (event["id"], event["queue"]))
    return found
