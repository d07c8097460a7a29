"""Who is asking: browsers that are kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

import gradio as gr
import httpx
import pytest
from gradio.events import api
from starlette.requests import Request as ServerRequest

from qa.page.owners import owner
from tests.qa.page.serving import serving


def told() -> gr.Blocks:
    """A page whose one function says who asks."""

    def ask(request: gr.Request) -> str:
        return owner(request)

    page = gr.Blocks(analytics_enabled=False)
    with page:
        api(ask, api_name="ask")
        api(ask, api_name="source", queue=False)
    page.queue(api_open=False)
    return page


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(told()) as url:
        yield url


def who(client: httpx.Client, name: str = "ask") -> str:
    event = client.post(f"/gradio_api/call/v2/{name}", json={}).raise_for_status().json()["event_id"]
    line = client.get(f"/gradio_api/call/v2/{name}/{event}").text
    found = re.search(r'data: \["([^"]+)"\]', line)
    assert found, line
    return found[1]


def test_two_browsers_are_two_and_each_stays_itself(address: str) -> None:
    with httpx.Client(base_url=address) as one, httpx.Client(base_url=address) as other:
        one.get("/")
        other.get("/")
        first = who(one)
        assert re.fullmatch(r"browser:[A-Za-z0-9_-]{22}", first)  # 128 bits
        assert who(other) != first
        one.get("/")  # a reload
        one.get("/pullquote/script.js")
        assert who(one) == first
        assert len(one.cookies) == 1


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(address: str) -> None:
    response = httpx.get(address)
    (cookie,) = response.headers.get_list("set-cookie")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= attributes
    assert "secure" not in attributes  # it would not come back over http
    assert response.headers["cache-control"] == "no-store"
    secured = httpx.get(address, headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.1"})
    assert "secure" in secured.headers["set-cookie"].lower()


def test_a_visit_from_another_site_does_not_take_a_browsers_cookie_away(address: str) -> None:
    """The cookie does not come with such a visit, though the browser has it."""
    linked = {"Sec-Fetch-Site": "cross-site"}
    assert "set-cookie" not in httpx.get(address, headers=linked).headers
    own = {"Sec-Fetch-Site": "same-origin"}
    assert "set-cookie" in httpx.get(f"{address}/pullquote/script.js", headers=own).headers
    with httpx.Client(base_url=address) as known:
        known.get("/")
        assert "set-cookie" not in known.get("/pullquote/script.js", headers=own).headers


@pytest.mark.parametrize("value", ["", "x", "a" * 21, "a" * 23, "a" * 21 + "/", "../../../../etc/passwd"])
def test_a_token_of_another_form_is_not_taken(address: str, value: str) -> None:
    with httpx.Client(base_url=address, headers={"Cookie": f"pullquote-browser={value}"}) as client:
        assert re.fullmatch(r"browser:[A-Za-z0-9_-]{22}", who(client))
        assert who(client) != f"browser:{value}"


def test_a_broken_cookie_of_somebody_else_hides_none(address: str) -> None:
    token = "a" * 22
    header = {"Cookie": f"bad[name=x; pullquote-browser={token}; other={{}}"}
    with httpx.Client(base_url=address, headers=header) as client:
        assert who(client) == f"browser:{token}"


def test_a_program_without_cookies_is_nobodys_double(address: str) -> None:
    with httpx.Client(base_url=address) as client:
        assert who(client) != who(client)


def test_a_page_that_is_served_otherwise_is_told_so() -> None:
    request = ServerRequest({"type": "http", "headers": []})
    with pytest.raises(LookupError, match="wrapper"):
        owner(gr.Request(request))
