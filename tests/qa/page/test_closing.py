"""The server stops while a page is open."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive, Scope, Send

from qa.page.closing import HangsUp


def scope(method: str) -> Scope:
    return {"type": "http", "method": method, "path": "/"}


async def unused_send(message: Message) -> None:
    raise AssertionError(message)


def test_an_open_stream_is_told_that_the_browser_has_gone() -> None:
    heard: list[Message] = []

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append(await receive())

    async def nothing_comes() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def run() -> None:
        closing = asyncio.Event()
        task = asyncio.create_task(HangsUp(stream, closing)(scope("GET"), nothing_comes, unused_send))
        await asyncio.sleep(0.05)
        assert not task.done()
        closing.set()
        await asyncio.wait_for(task, timeout=5)

    asyncio.run(run())
    assert heard == [{"type": "http.disconnect"}]


def test_what_comes_before_is_passed_on_in_order() -> None:
    sent: list[Message] = [{"type": "http.request", "body": bytes([number])} for number in range(5)]
    heard: list[Message] = []

    async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
        heard.extend([await receive() for _ in sent])

    for method in ("GET", "POST"):
        heard.clear()
        left = iter(sent)

        async def receive() -> Message:
            return next(left)  # noqa: B023  awaited within this turn of the loop

        asyncio.run(HangsUp(reads_all, asyncio.Event())(scope(method), receive, unused_send))
        assert heard == sent


def test_a_stream_that_was_hung_up_on_is_ended() -> None:
    """What the application leaves open is ended, once; what it ended itself is not ended again."""

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        assert (await receive())["type"] == "http.disconnect"
        if scope["path"] == "/ended":
            await send({"type": "http.response.body", "body": b"b"})

    async def nothing_comes() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    for path, last in (("/open", b""), ("/ended", b"b")):
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)  # noqa: B023  awaited within this turn of the loop

        closing = asyncio.Event()
        closing.set()
        asyncio.run(HangsUp(stream, closing)({**scope("GET"), "path": path}, nothing_comes, send))
        assert [message.get("body") for message in sent] == [None, b"a", last]
        assert not sent[-1].get("more_body")
