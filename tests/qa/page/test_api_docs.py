"""The examples of ``docs/api.md`` run as they stand, against a server of their own."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from qa.assistant import Assistant
from qa.config import QAConfig
from qa.page.programs import ENDPOINTS, Programs
from qa.page.tools import PATH, build_tools
from qa.records import Answer
from qa.sample import sample_articles
from tests.conftest import PROJECT_ROOT
from tests.qa.page.serving import page_of, serving, small_assistant
from tests.qa.page.test_api import HAS_MCP, needs_mcp

QUESTION = "Who is Canada's trade minister?"
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


def example(language: str, address: str) -> str:
    """The one example in a language, asking our server."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
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
