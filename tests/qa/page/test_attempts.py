"""How often somebody may try to sign in."""

from __future__ import annotations

from qa.page.attempts import _KEYS, Attempts


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_five_failures_a_minute_for_a_name_from_an_address() -> None:
    clock = Clock()
    attempts = Attempts(clock=clock)
    assert [attempts.begin("ann", "10.0.0.1") for _ in range(7)] == [True] * 5 + [False] * 2
    assert attempts.begin("bob", "10.0.0.1")  # another name
    assert attempts.begin("ann", "10.0.0.2")  # another address: nobody shuts others out
    clock.now += 59
    assert not attempts.begin("ann", "10.0.0.1")
    clock.now += 2
    assert attempts.begin("ann", "10.0.0.1")


def test_what_succeeds_does_not_count() -> None:
    attempts = Attempts(clock=Clock())
    for _ in range(50):
        assert attempts.begin("ann", "10.0.0.1")
        attempts.succeeded("ann", "10.0.0.1")


def test_an_address_has_twenty_whatever_the_names() -> None:
    attempts = Attempts(clock=Clock())
    assert sum(attempts.begin(f"user{number}", "10.0.0.1") for number in range(100)) == 20


def test_a_network_of_version_6_is_one_address() -> None:
    attempts = Attempts(clock=Clock())
    assert sum(attempts.begin("ann", f"2001:db8::{number:x}") for number in range(100)) == 5
    assert attempts.begin("ann", "2001:db8:0:1::1")


def test_memory_is_bounded() -> None:
    attempts = Attempts(clock=Clock())
    for number in range(3 * _KEYS):
        attempts.begin("ann", f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(attempts) <= _KEYS


def test_a_flood_of_names_from_one_address_is_not_kept_and_frees_nobody() -> None:
    attempts = Attempts(clock=Clock())
    for _ in range(5):
        attempts.begin("ann", "10.0.0.2")
    for number in range(2 * _KEYS):
        attempts.begin(f"user{number}", "10.0.0.1")
    assert len(attempts) <= 2 + 21
    assert not attempts.begin("ann", "10.0.0.2")
