"""Where the server listens."""

from __future__ import annotations

import socket

import pytest

from index.errors import ConfigError
from qa.page.server import is_loopback, listening


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "::1"])
def test_loopback_addresses_are_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "", "no such host"])
def test_every_other_address_is_open_to_others(host: str) -> None:
    assert not is_loopback(host)


def test_a_free_port_is_taken_and_accepts_connections() -> None:
    with listening("127.0.0.1", 0) as listener:
        address = listener.getsockname()
        assert address[0] == "127.0.0.1"
        with socket.create_connection(address, timeout=5):
            pass


def test_a_port_in_use_is_an_error_that_names_it() -> None:
    with listening("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ConfigError, match=f"127.0.0.1, port {port}.*--port"):
            listening("127.0.0.1", port)


def test_an_address_of_another_machine_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"192\.0\.2\.1, port 0"):
        listening("192.0.2.1", 0)
