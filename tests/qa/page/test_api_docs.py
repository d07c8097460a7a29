"""The examples of ``docs/api.md`` run as they stand, against a server of their own."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from qa.accounts import Accounts, set_password
from qa.assistant import Assistant
from qa.config import QAConfig
from qa.holdings import Holdings
from qa.library import Library
from qa.page.programs import ENDPOINTS, Programs
from qa.page.tools import PATH, build_tools
from qa.records import Answer
from qa.sample import sample_articles
from tests.conftest import PROJECT_ROOT
from tests.qa.page.serving import page_of, serving, small_assistant
from tests.qa.page.test_api import HAS_MCP, needs_mcp

QUESTION = "Who is Canada's trade minister?"
KEEPER = "The lighthouse keeper of Vinterholm is Torvald Aske."
TEXT = (PROJECT_ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with small_assistant(
        tmp_path_factory.mktemp("docs"), sample_articles()[:2], QAConfig(abstain_margin=float("-inf"))
    ) as made:
        yield made


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    programs = Programs(assistant)
    tools = build_tools(programs, at_once=2) if HAS_MCP else None
    with serving(page_of(assistant, programs), tools=tools) as url:
        yield url


def example(language: str, address: str, *, users: bool = False) -> str:
    """The one example in a language, for a server with users or for one without, asking our server."""
    before, after = TEXT.split("## Users")
    text = after if users else before
    (found,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert "http://127.0.0.1:7860" in found
    return str(found).replace("http://127.0.0.1:7860", address)


def test_the_python(address: str, assistant: Assistant) -> None:
    names: dict[str, Any] = {}
    exec(compile(example("python", address), "docs/api.md", "exec"), names)
    names["client"].close()
    assert names["answer"] == assistant.ask(QUESTION).to_dict()
    assert Answer.from_dict(names["answer"]).answered
    assert names["later"]["query"] != names["later"]["question"]
    assert len(names["passages"]["candidates"]) == 3
    assert names["article"]["article_id"] == names["listed"]["articles"][0]["article_id"]


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="no curl or no bash on this machine")
def test_the_curl(address: str, assistant: Assistant) -> None:
    run = subprocess.run(["bash", "-c", example("bash", address)], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert lines[0] == "event: complete"
    assert json.loads(lines[1].removeprefix("data: ")) == [assistant.ask(QUESTION).to_dict()]


@needs_mcp
def test_the_assistants_configuration(address: str) -> None:
    from mcp import ClientSession  # noqa: PLC0415  optional
    from mcp.client.streamable_http import streamablehttp_client  # noqa: PLC0415

    url = json.loads(example("json", address))["mcpServers"]["pullquote"]["url"]
    assert url == address + PATH

    async def listed() -> list[str]:
        async with streamablehttp_client(url) as (read, write, _), ClientSession(read, write) as session:
            await session.initialize()
            return [tool.name for tool in (await session.list_tools()).tools]

    assert asyncio.run(listed()) == list(ENDPOINTS)


def test_every_function_and_argument_is_named() -> None:
    table = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", TEXT, re.MULTILINE))
    assert tuple(table) == ENDPOINTS
    for name, arguments in table.items():
        told = re.findall(r"`(\w+)`", arguments)
        code = getattr(Programs, name).__wrapped__.__code__
        assert told == list(code.co_varnames[1 : code.co_argcount])


@pytest.fixture(scope="module")
def with_users(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that Ann signs in to, who has an article of her own, and Bob, who has none."""
    folder = tmp_path_factory.mktemp("users")
    for name in ("ann", "bob"):
        set_password(folder / "users", name, "a long password")
    with (
        Library.open(folder / "library.sqlite") as library,
        Holdings(library, assistant, folder / "collections") as holdings,
    ):
        holdings.add_text("ann", "", f"{KEEPER} He came in May.", title="Lighthouse")
        programs = Programs(assistant, holdings.named)
        tools = build_tools(programs, at_once=2) if HAS_MCP else None
        page = page_of(assistant, programs, holdings, library)
        with serving(page, accounts=Accounts(folder / "users"), tools=tools, library=library) as url:
            yield url


def test_the_python_that_asks_ones_own_collection(with_users: str) -> None:
    names: dict[str, Any] = {}
    exec(compile(example("python", with_users, users=True), "docs/api.md", "exec"), names)
    names["client"].close()
    assert names["answer"]["citations"][0]["sentence"] == KEEPER
    assert [article["title"] for article in names["listed"]["articles"]] == ["Lighthouse"]


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="no curl or no bash on this machine")
def test_the_curl_that_asks_ones_own_collection(with_users: str) -> None:
    script = example("bash", with_users, users=True)
    told = {
        name: subprocess.run(
            ["bash", "-c", script.replace("ann:", f"{name}:")], capture_output=True, text=True, timeout=60
        ).stdout
        for name in ("ann", "bob")
    }
    assert KEEPER in told["ann"]
    assert "event: error" in told["bob"]
    assert "there is no collection 'My articles'" in told["bob"]
    assert KEEPER not in told["bob"]


@needs_mcp
def test_an_assistant_asks_its_users_own_collection_alone(with_users: str) -> None:
    from mcp import ClientSession  # noqa: PLC0415  optional
    from mcp.client.streamable_http import streamablehttp_client  # noqa: PLC0415

    async def listed(name: str) -> Any:
        basic = httpx.BasicAuth(name, "a long password")
        async with (
            streamablehttp_client(f"{with_users}{PATH}", auth=basic) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await session.call_tool("sources", {"collection": "My articles"})

    found = asyncio.run(listed("ann"))
    assert [article["title"] for article in found.structuredContent["articles"]] == ["Lighthouse"]
    refused = asyncio.run(listed("bob"))
    assert refused.isError
    assert "there is no collection 'My articles'" in refused.content[0].text
