"""What a browser's tab remembers of its page and sends with every event. The server forgets an open page after some
hours, and when it is started anew; what the tab remembers then says which conversation and which articles are meant.
Pure."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from qa.exchanges import Conversation
from qa.page.scope import Scope
from qa.served import SERVED


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a tab remembers.

    Attributes:
        conversation_id: of the conversation that it shows; empty for one that is not kept.
        scope: what is asked, as the page says above the question box; None where it says nothing.
        question: what was asked and has not been answered, as far as the tab knows; empty for nothing.
    """

    conversation_id: str = ""
    scope: Scope | None = None
    question: str = ""

    @classmethod
    def parse(cls, sent: object) -> Self:
        """Read what a browser sent: anything at all."""
        try:
            values = json.loads(sent) if isinstance(sent, str) else None
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            return cls()
        conversation_id, scope, question = (_text(values.get(name)) for name in ("conversation", "scope", "question"))
        return cls(conversation_id, Scope.from_json(scope), question)


def scope_meant(scope: Scope | None, remembered: object) -> Scope:
    """What a page asks: what the server keeps, or else what the tab remembers."""
    return scope or Remembered.parse(remembered).scope or Scope()


def meant(
    conversation: Conversation | None,
    scope: Scope | None,
    remembered: object,
    restored: Callable[[str], Conversation | None],
) -> tuple[Conversation, Scope]:
    """The conversation that a page shows and what it asks: what the server keeps, or else what the tab remembers.

    Args:
        restored: gives the conversation of an id, where one was kept.
    """
    if conversation is not None and scope is not None:
        return conversation, scope
    tab = Remembered.parse(remembered)
    conversation = conversation or restored(tab.conversation_id)
    scope = scope or tab.scope or Scope(collection=conversation.collection_id if conversation else SERVED)
    return conversation or Conversation(collection_id=scope.collection), scope


def _text(value: object) -> str:
    """Text that can be sent back: a browser's may hold half of a character."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""
