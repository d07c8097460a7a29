"""What a person owns: conversations, feedback and the names of collections, in one SQLite file, owners apart."""

from qa.library.collections import Collections
from qa.library.conversations import Conversations
from qa.library.feedback import Verdicts
from qa.library.library import Library, usual_path
from qa.library.records import (
    VERDICTS,
    ConversationSummary,
    Correction,
    Feedback,
    KeptConversation,
    KeptExchange,
    NamedCollection,
    SearchHit,
    Verdict,
)

__all__ = [
    "VERDICTS",
    "Collections",
    "ConversationSummary",
    "Conversations",
    "Correction",
    "Feedback",
    "KeptConversation",
    "KeptExchange",
    "Library",
    "NamedCollection",
    "SearchHit",
    "Verdict",
    "Verdicts",
    "usual_path",
]
