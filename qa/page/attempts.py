"""How often somebody may try to sign in."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

_WINDOW_SECONDS = 60.0
_KEYS = 4096


class Attempts:
    """Counts the failed attempts of the last minute, for each name from one address and for each address. May be used
    from any thread; its memory is bounded.

    An attempt counts when it begins, so that many at once are no way around; ``succeeded`` takes it back.

    Args:
        per_name: how many may fail a minute for one name from one address.
        per_address: how many may fail a minute from one address, whatever the name.
        clock: gives seconds that only go up.
    """

    def __init__(
        self, *, per_name: int = 5, per_address: int = 20, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = (per_name, per_address)
        self._clock = clock
        self._lock = threading.Lock()
        self._begun: OrderedDict[tuple[str, ...], deque[float]] = OrderedDict()

    def begin(self, name: str, address: str) -> bool:
        """Whether somebody at ``address`` may try to sign in as ``name`` now."""
        now, keys = self._clock(), _keys(name, address)
        with self._lock:
            counts = [self._recent(key, now) for key in keys]
            if any(len(count) >= most for count, most in zip(counts, self._most, strict=True)):
                return False  # and nothing is kept of it: a flood of names must not push others' counts out
            for key, count in zip(keys, counts, strict=True):
                count.append(now)
                self._begun[key] = count
                self._begun.move_to_end(key)
            while len(self._begun) > _KEYS:
                self._begun.popitem(last=False)
            return True

    def succeeded(self, name: str, address: str) -> None:
        """The attempt that was begun last was none of a stranger."""
        with self._lock:
            for key in _keys(name, address):
                if self._begun.get(key):
                    self._begun[key].pop()

    def __len__(self) -> int:
        return len(self._begun)

    def _recent(self, key: tuple[str, ...], now: float) -> deque[float]:
        count = self._begun.get(key, deque())
        while count and count[0] <= now - _WINDOW_SECONDS:
            count.popleft()
        return count


def _keys(name: str, address: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        pass
    else:
        if parsed.version == 6:  # whoever has one address of a /64 network has them all
            address = str(ipaddress.ip_network((parsed, 64), strict=False))
    return (address, name), (address,)
