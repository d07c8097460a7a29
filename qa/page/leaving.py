"""Answers to questions whose page was left, or reloaded, before they were given."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Literal

from qa.exchanges import Conversation

_MOST = 64
"""Questions that are remembered."""
_Question = tuple[str, str, str]
"""Who asked, in which conversation, and what."""


class LeftBehind:
    """Remembers which questions are being answered, and what came of the latest. Whether a page still waits is not
    known here: the toolkit may go on working for one that is gone. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[_Question, Conversation | None] = OrderedDict()

    def answered(
        self, owner: str, asked: str, so_far: Conversation, answer: Callable[[], Conversation]
    ) -> Conversation:
        """What ``answer`` gives, remembered for a page that did not wait."""
        key = (owner, so_far.conversation_id, asked)
        with self._lock:
            self._found[key] = None
            while len(self._found) > _MOST:
                self._found.popitem(last=False)
        try:
            now = answer()
        except BaseException:
            self.forget(owner, so_far.conversation_id, asked)
            raise
        with self._lock:
            if key in self._found:
                self._found[key] = now
        return now

    def forget(self, owner: str, conversation_id: str, asked: str) -> None:
        """The question is asked anew, or a page shows the answer."""
        with self._lock:
            self._found.pop((owner, conversation_id, asked), None)

    def find(self, owner: str, conversation_id: str, asked: str) -> Conversation | Literal["under way"] | None:
        """The conversation with a question's answer; None when nobody is answering it."""
        with self._lock:
            key = (owner, conversation_id, asked)
            return (self._found[key] or "under way") if key in self._found else None
