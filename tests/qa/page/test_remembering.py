"""What a tab remembers stands in for what the server has forgotten."""

from __future__ import annotations

import json

import pytest

from qa.exchanges import Conversation, Exchange
from qa.page.remembering import Remembered, meant, scope_meant
from qa.page.scope import Scope

KEPT = Conversation((Exchange("When?", problem="x"),), "kept", "mine")
SENT = json.dumps({"conversation": "kept", "scope": Scope("mine", only_ticked=True).to_json(), "question": "Who?"})


def restored(conversation_id: str) -> Conversation | None:
    return KEPT if conversation_id == "kept" else None


def test_what_the_server_keeps_counts() -> None:
    conversation, scope = Conversation(), Scope()
    assert meant(conversation, scope, SENT, restored) == (conversation, scope)
    assert scope_meant(scope, SENT) is scope


def test_what_it_has_forgotten_is_what_the_tab_remembers() -> None:
    conversation, scope = meant(None, None, SENT, restored)
    assert conversation is KEPT
    assert (scope.collection, scope.only_ticked) == ("mine", True)
    other = Conversation()
    assert meant(other, None, SENT, restored)[0] is other
    assert scope_meant(None, SENT).collection == "mine"
    assert Remembered.parse(SENT).question == "Who?"


def test_a_conversation_that_was_not_kept_begins_anew_on_what_is_asked() -> None:
    conversation, _ = meant(None, None, SENT.replace("kept", "other"), restored)
    assert conversation.exchanges == ()
    assert conversation.collection_id == "mine"


def test_a_conversation_alone_says_what_is_asked() -> None:
    assert meant(None, None, '{"conversation": "kept"}', restored)[1].collection == "mine"


@pytest.mark.parametrize("sent", [None, "", "x", "[]", "7", '{"conversation": 7, "scope": [], "question": {}}'])
def test_anything_else_is_a_first_visit(sent: object) -> None:
    conversation, scope = meant(None, None, sent, restored)
    assert (conversation.conversation_id, conversation.collection_id, scope.to_json()) == ("", "", Scope().to_json())


def test_half_of_a_character_is_not_sent_back() -> None:
    Remembered.parse('{"question": "\\ud800"}').question.encode("utf-8")
