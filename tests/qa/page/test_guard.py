"""What comes through to the page, and what a browser may do with it. The application behind it answers all."""

from __future__ import annotations

import re

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from qa.page import guard
from qa.page.guard import Guard

PAGE = (
    "<html><head><script>first()</script></head><body><script type=module src=x.js></script>\\u003cscript</body></html>"
)
HOSTS = ("127.0.0.1", "localhost", "::1")


async def answers_everything(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    response: Response = PlainTextResponse("let through", headers={"Access-Control-Allow-Origin": "*"})
    if scope["path"] == "/":
        response = HTMLResponse(PAGE, headers={"x-compression": request.headers.get("accept-encoding", "none")})
    await response(scope, receive, send)


@pytest.fixture
def client() -> TestClient:
    return TestClient(Guard(answers_everything, HOSTS), base_url="http://127.0.0.1:7860")


@pytest.mark.parametrize(
    "path",
    [
        "/config",
        "/theme.css?v=1",
        "/assets/index.js",
        "/static/js/x.js",
        "/pullquote/style.css",
        "/pullquote/script.js",
        "/pullquote/uploads.js",
        "/gradio_api/queue/data?session_hash=x",
        "/gradio_api/heartbeat/abc123",
        "/gradio_api/startup-events",
        "/gradio_api/app_id",
        "/gradio_api/heartbeat/8b0b7f3c-31a3-4f5e-9a7e-6a5c1c9a0f11",
        "/gradio_api/info?all_endpoints=True",
        "/gradio_api/call/v2/ask/387f58920fb94db4aefed96f70fcc545",
        "/gradio_api/call/v2/source/387f58920fb94db4aefed96f70fcc545",
    ],
)
def test_what_the_page_and_programs_read_comes_through(client: TestClient, path: str) -> None:
    assert client.get(path).text == "let through"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/file=/etc/passwd",
        "/gradio_api/proxy=https://evil.example",
        "/gradio_api/upload",
        "/gradio_api/upload_progress?upload_id=1",
        "/gradio_api/runs",
        "/gradio_api/info/private",
        "/gradio_api/openapi.json",
        "/gradio_api/call/v2/answered/387f58920fb94db4aefed96f70fcc545",
        "/gradio_api/call/ask/387f58920fb94db4aefed96f70fcc545",
        "/gradio_api/call/v2/ask/../../config",
        "/gradio_api/token",
        "/gradio_api/user",
        "/login",
        "/logout",
        "/mcp",
        "/gradio_api/vibe-code",
        "/gradio_api/deep_link",
        "/gradio_api/stream/a/b/1/playlist.m3u8",
        "/monitoring",
        "/pullquote/layout.py",
        "/pullquote/style.css/../layout.py",
        "/docs",
        "/login_check",
    ],
)
def test_what_it_does_not_read_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/queue/join",
        "/gradio_api/run/predict",
        "/gradio_api/cancel",
        "/gradio_api/reset",
        "/gradio_api/call/v2/ask",
        "/gradio_api/call/v2/retrieve",
        "/gradio_api/call/v2/sources",
        "/gradio_api/call/v2/source",
    ],
)
def test_what_the_page_and_programs_send_comes_through(client: TestClient, path: str) -> None:
    assert client.post(path, json={}, headers={"Origin": "http://127.0.0.1:7860"}).text == "let through"
    assert client.post(path, json={}).text == "let through"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/vibe-edit",
        "/gradio_api/run/answered",
        "/gradio_api/call/answered",
        "/gradio_api/call/v2/answered",
        "/gradio_api/call/ask",
        "/gradio_api/run/ask",
        "/mcp",
        "/logout",
        "/gradio_api/component_server",
        "/gradio_api/process_recording",
        "/login",
        "/",
    ],
)
def test_what_it_does_not_send_is_not_taken(client: TestClient, path: str) -> None:
    assert client.post(path, json={}).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_not_taken(client: TestClient, method: str) -> None:
    assert client.request(method, "/gradio_api/queue/join").status_code == 404


def test_forms_and_tools_come_through_where_they_are() -> None:
    client = TestClient(Guard(answers_everything, HOSTS, tools="/mcp", forms=True), base_url="http://127.0.0.1:7860")
    for path in ("/login", "/logout"):
        assert client.get(path).text == client.post(path, data={"username": "x"}).text == "let through"
        headers = client.get(path).headers
        assert "form-action 'self'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"  # else a browser's own form has the origin "null"
    assert "form-action 'none'" in client.get("/").headers["content-security-policy"]
    assert client.post("/mcp", json={}).text == "let through"
    assert client.get("/mcp").status_code == client.delete("/mcp").status_code == 405
    for path in ("/login", "/logout", "/mcp"):
        assert client.post(path, json={}, headers={"Origin": "https://evil.example"}).status_code == 403
        assert client.post(path, content=b"x" * ((1 << 20) + 1)).status_code == 413


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "", "[", "10.0.0.1"])
def test_a_foreign_host_name_reads_nothing(client: TestClient, host: str) -> None:
    assert client.get("/config", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:7860", "LOCALHOST", "[::1]:7860"])
def test_this_machine_may_be_named_in_its_ways(client: TestClient, host: str) -> None:
    assert client.get("/config", headers={"Host": host}).status_code == 200


def test_an_open_server_answers_to_any_name() -> None:
    client = TestClient(Guard(answers_everything, None), base_url="http://reading-room.example")
    assert client.get("/config").status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:7860", "http://evil.example:7860"],
)
def test_another_site_cannot_ask(client: TestClient, origin: str) -> None:
    assert client.post("/gradio_api/queue/join", json={}, headers={"Origin": origin}).status_code == 403


def test_a_huge_request_is_refused_before_it_is_read(client: TestClient) -> None:
    assert client.post("/gradio_api/queue/join", content=b"x" * (1 << 20)).status_code == 200
    assert client.post("/gradio_api/queue/join", content=b"x" * ((1 << 20) + 1)).status_code == 413


def test_a_request_of_unknown_length_is_refused(client: TestClient) -> None:
    assert client.post("/gradio_api/queue/join", content=iter([b"x"])).status_code == 413


@pytest.mark.parametrize("path", ["/", "/config", "/no/such/thing"])
def test_every_answer_restricts_the_browser(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": "http://127.0.0.1:7860"}).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["connect-src"] == "'self'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert policy["frame-ancestors"] == policy["object-src"] == policy["frame-src"] == policy["form-action"] == "'none'"
    assert not any("http:" in sources or "https:" in sources or "*" in sources for sources in policy.values())
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers


def test_the_pages_own_scripts_get_the_nonce_of_their_answer_and_no_other(client: TestClient) -> None:
    first, second = client.get("/"), client.get("/")
    (nonce,) = re.findall(r"'nonce-([^']+)'", first.headers["content-security-policy"])
    assert first.text == PAGE.replace("<script", f'<script nonce="{nonce}"')
    assert first.text.count(nonce) == 2
    assert nonce not in second.text
    assert nonce not in second.headers["content-security-policy"]


def test_the_pages_own_scripts_stand_before_the_toolkits() -> None:
    own = '<script src="/own.js"></script>'
    client = TestClient(Guard(answers_everything, HOSTS, scripts=own), base_url="http://127.0.0.1:7860")
    page = client.get("/")
    assert re.search(r'<head><script nonce="[^"]+" src="/own.js"></script><script', page.text)
    assert int(page.headers["content-length"]) == len(page.content)
    assert own not in client.get("/config").text


def test_the_page_is_not_compressed_before_the_nonce_is_written_into_it(client: TestClient) -> None:
    response = client.get("/", headers={"Accept-Encoding": "br, gzip"})
    assert response.headers["x-compression"] == "none"
    assert int(response.headers["content-length"]) == len(response.content)


def test_uploads_come_through_where_they_are_taken_and_have_a_limit_of_their_own(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MAX_UPLOAD_BYTES", 1 << 21)
    taking = TestClient(Guard(answers_everything, HOSTS, uploads=True), base_url="http://127.0.0.1:7860")
    for content, status in ((b"x" * (1 << 21), 200), (b"x" * ((1 << 21) + 1), 413)):
        assert taking.post("/gradio_api/upload?upload_id=1", content=content).status_code == status
        assert client.post("/gradio_api/upload?upload_id=1", content=content).status_code == 404
    assert taking.post("/gradio_api/upload", content=iter([b"x"])).status_code == 413
    assert taking.post("/gradio_api/upload", headers={"Origin": "https://evil.example"}).status_code == 403
    assert taking.get("/gradio_api/upload_progress?upload_id=1").status_code == 200
    for path in ("/gradio_api/file=/tmp/x", "/gradio_api/upload", "/gradio_api/upload/x"):
        assert taking.get(path).status_code == 404
    assert taking.post("/gradio_api/queue/join", content=b"x" * ((1 << 20) + 1)).status_code == 413
