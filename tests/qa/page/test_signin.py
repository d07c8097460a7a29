"""Signing in: without it, nothing of the collection is to be had."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from gradio_client import Client
from gradio_client.exceptions import AuthenticationError
from starlette.testclient import TestClient

from qa import accounts as accounts_module
from qa.accounts import Accounts, remove_user, set_password
from qa.assistant import Assistant
from qa.page.attempts import Attempts
from qa.page.programs import Programs
from qa.page.server import application, guarded
from qa.page.signin import SignIn
from qa.page.tools import PATH, build_tools
from tests.qa.page.serving import ARTICLES, QUESTION, SECRET, page_of, serving, small_assistant
from tests.qa.page.test_api import HAS_MCP, needs_mcp

NAME, PASSWORD = "ann", "correct horse"
HTML = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts_module, "_COST", 1 << 10)
        yield


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with small_assistant(tmp_path_factory.mktemp("signin")) as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "users"
    set_password(path, NAME, PASSWORD)
    set_password(path, "bob", "battery staple")
    return path


@pytest.fixture(scope="module")
def address(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("users") / "users"
    set_password(path, NAME, PASSWORD)
    programs = Programs(assistant)
    tools = build_tools(programs, at_once=2) if HAS_MCP else None
    with serving(page_of(assistant, programs), accounts=Accounts(path), tools=tools) as url:
        yield url


@pytest.fixture(scope="module")
def app(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    path = tmp_path_factory.mktemp("app") / "users"
    set_password(path, NAME, PASSWORD)
    programs = Programs(assistant)
    tools = build_tools(programs, at_once=2) if HAS_MCP else None
    return application(page_of(assistant, programs), "127.0.0.1", 7860, accounts=Accounts(path), tools=tools)


@pytest.fixture
def client(app: FastAPI, file: Path) -> TestClient:
    """A browser before a fresh sign-in, with nobody counted yet."""
    served = guarded(app, "127.0.0.1", 7860, accounts=Accounts(file))
    return TestClient(served, base_url="http://127.0.0.1:7860", follow_redirects=False)


def sign_in(client: Any, name: str = NAME, password: str = PASSWORD, **headers: str) -> Any:
    return client.post("/login", data={"username": name, "password": password}, headers=headers)


def counted_hashes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The cost of each password hash from now on."""
    costs: list[int] = []
    real = accounts_module._scrypt

    def counted(*given: Any) -> bytes:
        costs.append(given[2])
        return real(*given)

    monkeypatch.setattr(accounts_module, "_scrypt", counted)
    return costs


def paths(routes: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Every method and path that an application and those inside it answer, with something in each gap."""
    for route in routes:
        path = before + getattr(route, "path", "")
        # An application that is mounted, or a router that is included, whose routes know its prefix.
        router = getattr(route, "original_router", None) or getattr(route, "app", None)
        inside = getattr(router, "routes", None)
        if inside:
            yield from paths(inside, path)
        for method in getattr(route, "methods", None) or ({"GET", "POST", "DELETE"} if not inside else ()):
            name = "ask" if "api_name" in path else "ferry"
            yield method, re.sub(r"\{[^}]+\}", name, path).replace("//", "/") or "/"


def test_no_route_gives_anything_to_who_has_not_signed_in(app: FastAPI, file: Path) -> None:
    """Behind the sign-in alone, so that nothing depends on the Guard, and behind both."""
    every = sorted(set(paths(app.routes)))
    assert {("GET", "/config"), ("GET", "/gradio_api/info"), ("POST", "/gradio_api/queue/join")} <= set(every)
    assert len(every) > 60
    assert ("POST", PATH) in every or not HAS_MCP
    both = guarded(app, "127.0.0.1", 7860, accounts=Accounts(file), tools=None)
    for served in (SignIn(app, Accounts(file), port=7860), both):
        stranger = TestClient(served, base_url="http://127.0.0.1:7860", follow_redirects=False)
        for method, path in every:
            response = stranger.request(method, path, json={"data": [QUESTION], "fn_index": 0, "session_hash": "x"})
            if path.rstrip("/") == "/login":
                assert response.status_code in (200, 401, 404), (method, path)
            elif path == "/logout" and method == "POST":
                assert response.status_code == 303
            elif path == "/gradio_api/app_id" and method == "GET":
                # An open page asks this when the connection broke: the answer makes it load itself anew.
                assert response.json() == {"app_id": ""}
            elif path == "/" and method in ("GET", "HEAD"):
                assert (response.status_code, response.headers["location"]) == (303, "/login")
            else:
                assert response.status_code in (401, 404, 405), (method, path)
            for article in ARTICLES:
                assert article.title not in response.text, (method, path)
            assert SECRET not in response.text


def test_the_same_requests_are_answered_to_who_has(client: TestClient) -> None:
    assert client.get("/config").status_code == 401
    assert sign_in(client).json() == {"success": True}
    assert client.get("/config").json()["username"] == NAME
    assert client.get("/").status_code == client.get("/gradio_api/info").status_code == 200
    assert "Ferry accident" in client.get("/").text


def test_a_browser_is_led_to_the_form_and_back(client: TestClient) -> None:
    response = client.get("/", headers=HTML)
    assert (response.status_code, response.headers["location"]) == (303, "/login")
    form = client.get("/login", headers=HTML)
    assert '<form method="post" action="/login">' in form.text
    assert "<script" not in form.text
    own = {"Origin": "http://127.0.0.1:7860", **HTML}
    done = sign_in(client, **own)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert client.get("/", headers=HTML).status_code == 200


def test_the_session_is_a_cookie_that_scripts_and_other_sites_do_not_get(client: TestClient) -> None:
    done = sign_in(client)
    (cookie,) = done.headers.get_list("set-cookie")
    name, _, rest = cookie.partition("=")
    token, *attributes = (part.strip().lower() for part in rest.split(";"))
    assert name == "pullquote-session-7860"  # a server at another port has sessions of its own
    assert len(token) >= 43  # 256 bits
    assert {"httponly", "samesite=lax", "path=/"} <= set(attributes)
    assert done.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        (NAME, "wrong"),
        (NAME, ""),
        ("bob", PASSWORD),
        ("nobody", PASSWORD),
        ("", ""),
        (NAME.upper(), PASSWORD),
        (f"{NAME}\n", PASSWORD),
        ("<script>alert(1)</script>", PASSWORD),
        ("' or 1=1 --", PASSWORD),
        ("../users", PASSWORD),
        ("\x00", PASSWORD),
        ("x" * 10_000, PASSWORD),
        ("ann:scrypt", PASSWORD),
        ("ä" * 64, PASSWORD),
    ],
)
def test_whoever_is_not_right_is_told_no_more_than_that(client: TestClient, name: str, password: str) -> None:
    for headers in ({}, HTML):
        response = sign_in(client, name, password, **headers)
        assert response.status_code == 401
        assert "set-cookie" not in response.headers
        assert "The name or the password is not right." in response.text
        if len(name) > 5:
            assert name not in response.text
    assert client.get("/config").status_code == 401


def test_an_unknown_name_takes_the_way_of_a_known_one(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = counted_hashes(monkeypatch)
    responses = [sign_in(client, name, "wrong") for name in (NAME, "nobody")]
    assert len(hashed) == 2
    assert hashed[0] == hashed[1]
    assert responses[0].content == responses[1].content


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"username", b"a=1&" * 50, b"username=ann&password=" + b"x" * 20_000]
)
def test_a_broken_form_is_refused(client: TestClient, content: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/login", content=content, headers=headers).status_code in (401, 413)


def test_another_site_cannot_sign_somebody_in_or_out(client: TestClient) -> None:
    assert sign_in(client, Origin="https://evil.example").status_code == 403
    sign_in(client)
    assert client.post("/logout", headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.get("/logout").status_code == 200  # a link to it asks first
    assert client.get("/config").status_code == 200


def test_signing_out_ends_the_session_for_whoever_has_its_cookie(client: TestClient) -> None:
    sign_in(client)
    kept = dict(client.cookies)
    assert "signed in as ann" in client.get("/logout").text
    done = client.post("/logout")
    assert (done.status_code, done.headers["location"]) == (303, "/login")
    for name, value in kept.items():
        client.cookies.set(name, value)
    assert client.get("/config").status_code == 401


def test_a_session_ends_when_nobody_uses_it(app: FastAPI, file: Path) -> None:
    now = [1000.0]
    served = SignIn(app, Accounts(file), port=7860, clock=lambda: now[0])
    client = TestClient(served, base_url="http://127.0.0.1:7860")
    sign_in(client)
    for _ in range(3):
        now[0] += 11 * 60 * 60
        assert client.get("/config").status_code == 200
    now[0] += 13 * 60 * 60
    assert client.get("/config").status_code == 401


@pytest.mark.parametrize("basic", [False, True])
def test_a_changed_password_and_a_removed_user_count_at_once(client: TestClient, file: Path, basic: bool) -> None:
    if basic:
        client.auth = (NAME, PASSWORD)
    else:
        sign_in(client)
    assert client.get("/config").status_code == 200
    set_password(file, NAME, "another one")
    assert client.get("/config").status_code == 401
    if basic:
        client.auth = (NAME, "another one")
    else:
        sign_in(client, password="another one")
    assert client.get("/config").status_code == 200
    remove_user(file, NAME)
    assert client.get("/config").status_code == 401


def test_nobody_comes_in_without_the_file(client: TestClient, file: Path) -> None:
    sign_in(client)
    file.unlink()
    assert client.get("/config").status_code == 503
    assert sign_in(client).status_code == 503
    assert str(file) not in sign_in(client).text


@pytest.mark.parametrize("basic", [False, True])
def test_after_five_failures_even_the_right_password_has_to_wait(app: FastAPI, file: Path, basic: bool) -> None:
    now = [1000.0]
    served = SignIn(app, Accounts(file), port=7860, attempts=Attempts(clock=lambda: now[0]))
    client = TestClient(served, base_url="http://127.0.0.1:7860")

    def tried(name: str, password: str) -> int:
        if basic:
            return client.get("/config", auth=(name, password)).status_code
        return int(sign_in(client, name, password).status_code)

    assert [tried(NAME, f"wrong {number}") for number in range(6)] == [401] * 5 + [429]
    assert tried(NAME, PASSWORD) == 429
    assert tried("bob", "battery staple") == 200
    now[0] += 61
    assert tried(NAME, PASSWORD) == 200


def test_name_and_password_may_come_with_each_request_and_are_hashed_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = counted_hashes(monkeypatch)
    for _ in range(10):
        assert client.get("/config", auth=(NAME, PASSWORD)).json()["username"] == NAME
    assert len(hashed) == 1
    assert client.get("/config", auth=(NAME, f"{PASSWORD}x")).status_code == 401


@pytest.mark.parametrize(
    "value", ["Basic", "Basic !", "Basic YW5u", "Bearer x", "Basic " + "A" * 100_000, "Basic /w=="]
)
def test_a_broken_header_lets_nobody_in(client: TestClient, value: str) -> None:
    assert client.get("/config", headers={"Authorization": value}).status_code == 401


def test_a_program_is_told_how_and_a_browser_shows_no_window_for_it(client: TestClient) -> None:
    assert client.get("/config").headers["www-authenticate"].startswith("Basic")
    assert "www-authenticate" not in client.get("/config", headers={"Sec-Fetch-Site": "same-origin"}).headers


def test_the_toolkits_client_signs_in(address: str, assistant: Assistant) -> None:
    with pytest.raises(AuthenticationError):
        Client(address, verbose=False, analytics_enabled=False)
    with pytest.raises(AuthenticationError):
        Client(address, auth=(NAME, "wrong"), verbose=False, analytics_enabled=False)
    client = Client(address, auth=(NAME, PASSWORD), verbose=False, analytics_enabled=False)
    try:
        assert client.predict(QUESTION, api_name="/ask") == assistant.ask(QUESTION).to_dict()
    finally:
        client.close()


def test_rest_needs_a_user(address: str, assistant: Assistant) -> None:
    ask = f"{address}/gradio_api/call/v2/ask"
    assert httpx.post(ask, json={"question": QUESTION}).status_code == 401
    event = httpx.post(ask, json={"question": QUESTION}, auth=(NAME, PASSWORD)).json()["event_id"]
    assert httpx.get(f"{ask}/{event}").status_code == 401
    told = httpx.get(f"{ask}/{event}", auth=(NAME, PASSWORD), timeout=60).text
    assert SECRET in told


@needs_mcp
def test_assistants_need_a_user(address: str, assistant: Assistant) -> None:
    from mcp import ClientSession  # noqa: PLC0415  optional
    from mcp.client.streamable_http import streamablehttp_client  # noqa: PLC0415

    async def asked() -> Any:
        basic = httpx.BasicAuth(NAME, PASSWORD)
        async with (
            streamablehttp_client(f"{address}{PATH}", auth=basic) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await session.call_tool("ask", {"question": QUESTION})

    assert asyncio.run(asked()).structuredContent == assistant.ask(QUESTION).to_dict()
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert httpx.post(f"{address}{PATH}", json=body, headers={"Accept": "application/json"}).status_code == 401
