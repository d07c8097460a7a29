"""Which questions a few words cannot answer: what is right is a statement, told by its whole sentence. Pure."""

from __future__ import annotations

import re

from qa.english import ASKING

_FIRST = r"\A(?:(?:and|so|but|also|then|well|ok|okay),?\s+)*"
_AUXILIARY = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n['’]?t)?"
)
_WHETHER = re.compile(rf"{_FIRST}(?:{_AUXILIARY}\b|any(?:thing|one|body)?\b)", re.IGNORECASE)
_WHAT_HAPPENED = re.compile(
    rf"{_FIRST}what(?:['’]s)?(?:\s+(?:else|has|have|had|is|was))*\s+happen(?:s|ed|ing)?\b", re.IGNORECASE
)
_ALTERNATIVES = re.compile(r"\bor\b", re.IGNORECASE)
_POLITE = re.compile(
    rf"{_FIRST}(?:{_AUXILIARY}\s+(?:you|we|i|anyone|anybody|someone|somebody)\s+(?:please\s+)?"
    rf"(?:know|tell|say|explain|show|name|list|find|have)\b|any(?:one|body)?\b|(?:will|may)\b).*{ASKING}",
    re.IGNORECASE | re.DOTALL,
)
"""Will and May are names, too: "Will Smith played which part?"."""


def asks_for_a_statement(question: str) -> bool:
    """Whether a question asks if something is so ("Did he win anything in 1985?"), or what happened.

    A few words may turn the meaning of their sentence round ("a profit" of "did not make a profit"), so that such a
    question is answered by the sentence. One that offers alternatives ("... or ...?") is answered by one of them, and
    one that is only polite ("Can you tell me who won?") by what it asks for.
    """
    question = question.strip()
    if _WHAT_HAPPENED.search(question):
        return True
    return bool(_WHETHER.search(question)) and not _ALTERNATIVES.search(question) and not _POLITE.search(question)
