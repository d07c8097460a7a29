"""A served page asked by programs, over REST and MCP, each with a client that others use."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from gradio_client import Client

from index.errors import MissingDependencyError
from qa.assistant import Assistant
from qa.page.programs import ENDPOINTS, Programs
from qa.page.tools import PATH, build_tools
from tests.qa.page.serving import ARTICLES, QUESTION, page_of, serving, small_assistant

try:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    HAS_MCP = True
except ImportError:
    HAS_MCP = False

needs_mcp = pytest.mark.skipif(not HAS_MCP, reason="the package mcp is not installed: pip install 'pullquote[mcp]'")
FOLLOW_UP = "Who is the captain of it?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with small_assistant(tmp_path_factory.mktemp("api")) as made:
        yield made


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    programs = Programs(assistant)
    tools = build_tools(programs, at_once=2) if HAS_MCP else None
    with serving(page_of(assistant, programs), tools=tools) as url:
        yield url


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[Client]:
    made = Client(address, verbose=False, analytics_enabled=False)
    yield made
    made.close()


def call(address: str, name: str, body: Any) -> httpx.Response:
    return httpx.post(f"{address}/gradio_api/call/v2/{name}", json=body, timeout=60)


def result(address: str, name: str, body: Any) -> tuple[str, Any]:
    """What a call without a client of the toolkit's gives: the event's name and its JSON."""
    event_id = call(address, name, body).raise_for_status().json()["event_id"]
    told = httpx.get(f"{address}/gradio_api/call/v2/{name}/{event_id}", timeout=60).text
    lines = [line.partition(": ")[2] for line in told.splitlines() if line and "heartbeat" not in told]
    return lines[0], json.loads(lines[1])


def test_every_function_gives_what_it_gives_here(client: Client, assistant: Assistant) -> None:
    programs = Programs(assistant)
    first = client.predict(QUESTION, api_name="/ask")
    assert first == assistant.ask(QUESTION).to_dict()
    later = client.predict(FOLLOW_UP, history=[first], outlets=["Courier"], today="2025-10-07", api_name="/ask")
    assert later == programs.ask(FOLLOW_UP, history=[first], outlets=["Courier"], today="2025-10-07")
    assert later["query"] != FOLLOW_UP
    assert client.predict("ferry", k=2, api_name="/retrieve") == programs.retrieve("ferry", k=2)
    assert client.predict(api_name="/sources") == programs.sources()
    assert client.predict("tram", 0, 1, api_name="/sources") == programs.sources("tram", 0, 1)
    for article in ARTICLES:
        assert client.predict(article.article_id, api_name="/source") == programs.source(article.article_id)


def test_only_these_functions_have_names_and_each_argument_has_its_type(client: Client) -> None:
    told = client.view_api(return_format="dict", print_info=False)
    assert isinstance(told, dict)
    assert set(told["named_endpoints"]) == {f"/{name}" for name in ENDPOINTS}
    assert told["unnamed_endpoints"] == {}
    parameters = {each["parameter_name"]: each for each in told["named_endpoints"]["/ask"]["parameters"]}
    assert parameters["question"]["python_type"]["type"] == "str"
    assert not parameters["question"]["parameter_has_default"]
    assert all(each["parameter_has_default"] for name, each in parameters.items() if name != "question")
    assert told["named_endpoints"]["/ask"]["returns"][0]["python_type"]["type"].startswith("dict")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"question": "", "api_name": "/ask"}, "the question is empty"),
        ({"question": "x" * 2001, "api_name": "/ask"}, "at most 2000"),
        ({"question": "x", "history": 5, "api_name": "/ask"}, "history must be a list"),
        ({"query": "x", "k": 51, "api_name": "/retrieve"}, "k is 51"),
        ({"limit": 0, "api_name": "/sources"}, "limit is 0"),
        ({"article_id": "nix", "api_name": "/source"}, "nix"),
    ],
)
def test_what_is_wrong_is_told_to_the_client_alone(
    client: Client, capfd: pytest.CaptureFixture[str], given: dict[str, Any], said: str
) -> None:
    with pytest.raises(Exception, match=said) as told:
        client.predict(**given)
    assert "Traceback" not in str(told.value)
    assert "Traceback" not in capfd.readouterr().err


def test_a_fault_of_the_program_is_not_told(
    address: str, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant, "ask", lambda *_, **__: 1 / 0)
    event, told = result(address, "ask", {"question": QUESTION})
    assert event == "error"
    assert "log" in told["error"]
    assert "division" not in json.dumps(told)


def test_plain_requests_give_the_same(address: str, assistant: Assistant) -> None:
    assert result(address, "ask", {"question": QUESTION}) == ("complete", [assistant.ask(QUESTION).to_dict()])
    event, told = result(address, "ask", {"question": " "})
    assert (event, told["error"][:21]) == ("error", "the question is empty")


@pytest.mark.parametrize(
    ("body", "said"), [({}, "question"), ({"question": "x", "quest": "y"}, "quest"), ([], "dictionary")]
)
def test_wrong_arguments_are_no_fault_of_the_server(address: str, body: Any, said: str) -> None:
    response = call(address, "ask", body)
    assert response.status_code == 422
    assert said in response.text


@pytest.mark.parametrize("path", ["/etc/passwd", "/no/such/file"])
def test_no_file_of_the_server_is_looked_at(address: str, path: str) -> None:
    """The toolkit takes an object of this form for a file that was uploaded."""
    file = {"path": path, "meta": {"_type": "gradio.FileData"}, "orig_name": "x"}
    event, told = result(address, "ask", {"question": "x", "history": [file]})
    assert event == "error"
    assert "history[0] has an unknown key" in told["error"]
    assert path not in json.dumps(told)


def private_names(address: str) -> list[str]:
    config = httpx.get(f"{address}/config").json()
    return [each["api_name"] for each in config["dependencies"] if each["api_visibility"] == "private"]


def test_the_pages_own_events_have_no_door(address: str) -> None:
    names = private_names(address)
    assert len(names) > 5
    assert not set(names) & set(ENDPOINTS)
    for name in names:
        for path in (f"call/{name}", f"call/v2/{name}", f"run/{name}", f"api/{name}"):
            body = {"data": [], "session_hash": "x"}
            assert httpx.post(f"{address}/gradio_api/{path}", json=body).status_code == 404, path


def with_tools(address: str, work: Callable[[Any], Any]) -> Any:
    """What ``work`` gives with a session of an assistant's."""

    async def inside() -> Any:
        async with (
            streamablehttp_client(f"{address}{PATH}") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await work(session)

    return asyncio.run(inside())


@needs_mcp
def test_an_assistant_finds_four_documented_tools_that_only_read(address: str) -> None:
    tools = with_tools(address, lambda session: session.list_tools()).tools
    assert [tool.name for tool in tools] == list(ENDPOINTS)
    for tool in tools:
        assert tool.annotations.readOnlyHint
        assert len(tool.description) > 80
        assert all(f"{name}: " in tool.description for name in tool.inputSchema["properties"])


@needs_mcp
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("ask", {"question": QUESTION}),
        ("ask", {"question": FOLLOW_UP, "history": [{"question": QUESTION, "titles": ["Ferry accident"]}]}),
        ("retrieve", {"query": "ferry", "k": 2}),
        ("sources", {"limit": 1}),
        ("source", {"article_id": "ferry"}),
    ],
)
def test_a_tool_gives_what_the_function_gives(
    address: str, assistant: Assistant, name: str, given: dict[str, Any]
) -> None:
    told = with_tools(address, lambda session: session.call_tool(name, given))
    assert not told.isError
    assert told.structuredContent == getattr(Programs(assistant), name)(**given)
    assert json.loads(told.content[0].text) == told.structuredContent


@needs_mcp
def test_a_tool_says_what_is_wrong(address: str) -> None:
    told = with_tools(address, lambda session: session.call_tool("ask", {"question": " "}))
    assert told.isError
    assert "the question is empty" in told.content[0].text


@needs_mcp
@pytest.mark.parametrize(("method", "status"), [("GET", 405), ("DELETE", 405), ("PUT", 405)])
def test_tools_are_called_with_post_only(address: str, method: str, status: int) -> None:
    assert httpx.request(method, f"{address}{PATH}").status_code == status


@needs_mcp
def test_another_site_cannot_use_the_tools(address: str) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    assert httpx.post(f"{address}{PATH}", json=body, headers=accept).status_code == 200
    evil = {**accept, "Origin": "https://evil.example"}
    assert httpx.post(f"{address}{PATH}", json=body, headers=evil).status_code == 403
    rebound = {**accept, "Host": "evil.example"}
    assert httpx.post(f"{address}{PATH}", json=body, headers=rebound).status_code == 421


def test_without_being_asked_for_there_are_no_tools(assistant: Assistant) -> None:
    with serving(page_of(assistant)) as url:
        assert httpx.post(f"{url}{PATH}", json={}).status_code == 404
        assert httpx.get(f"{url}{PATH}").status_code == 404


def test_tools_without_their_package_say_what_to_install(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.fastmcp", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'pullquote\[mcp\]'"):
        build_tools(Programs(assistant), at_once=2)
