"""Example questions of every collection, made in the background and kept until the collection changes."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from index.errors import PullquoteError

_KEPT = 256
"""Collections whose examples are remembered."""
_WAITING = 16
"""Collections that wait for their turn, each held open meanwhile; one more has to come again."""
_log = logging.getLogger(__name__)


class Versioned(Protocol):
    """A collection that tells when it has changed."""

    @property
    def generation(self) -> int: ...


Held = TypeVar("Held", bound=Versioned)


class Offers(Generic[Held]):
    """Gives a collection's examples at once, or starts making them. May be used from any thread.

    One thread makes them, one collection after the other, and ends when nothing is left to do: a page never waits for
    it, and questions lose at most one core to it.

    Args:
        make: gives a collection's examples; may take seconds.
    """

    def __init__(self, make: Callable[[Held], tuple[str, ...]]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._ready: OrderedDict[tuple[str, int], tuple[str, ...]] = OrderedDict()
        self._waiting: OrderedDict[tuple[str, int], Held] = OrderedDict()
        self._worker: threading.Thread | None = None

    def of(self, collection_id: str, collection: Held) -> tuple[str, ...] | None:
        """The examples of a collection as it is now; None while they are being made."""
        key = (collection_id, collection.generation)
        with self._lock:
            if key in self._ready:
                self._ready.move_to_end(key)
                return self._ready[key]
            if key not in self._waiting and len(self._waiting) < _WAITING:
                self._waiting[key] = collection
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="pullquote-examples", daemon=True)
                self._worker.start()
        return None

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._worker = None
                    return
                key, collection = next(iter(self._waiting.items()))
            made = self._made(collection)
            del collection
            with self._lock:
                del self._waiting[key]
                self._ready[key] = made
                while len(self._ready) > _KEPT:
                    self._ready.popitem(last=False)

    def _made(self, collection: Held) -> tuple[str, ...]:
        try:
            return self._make(collection)
        except (PullquoteError, OSError):  # deleted meanwhile, or changed while it was read
            return ()
        except Exception:
            _log.exception("no example questions could be made")
            return ()
