"""What a follow-up points back with, and names put in its place. Pure.

A name in the place of a pronoun makes the question that a reader was trained to read. It is never shown: what is
searched, and told to have been searched, are the words as they were typed and the names behind them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from qa.english import names


class Leaning(Enum):
    """What a question leans on the history for."""

    PERSON = "he, she"
    GROUP = "they"
    THING = "it, this, there"
    SUBJECT = "a question that leaves its subject out"
    DEFINITE = "the minister, the money"


PRONOUNS = {
    Leaning.PERSON: frozenset({"he", "she", "him", "his", "her", "hers", "himself", "herself"}),
    Leaning.GROUP: frozenset({"they", "them", "their", "theirs", "themselves"}),
    Leaning.THING: frozenset({"it", "its", "itself", "this", "that", "these", "those", "there", "then", "here"}),
}
NOT_POINTING = re.compile(
    r"(?i:\b(?:is|are|was|were|be|been|being|will|would|has|have|had|did|does|do|can|could) there\b"
    r"|\bthere (?:is|are|was|were|will|has|have|be)\b"
    r"|\bthis (?:year|month|week|morning|afternoon|evening|spring|summer|autumn|fall|winter|century)\b"
    r"|\bis it (?:true|possible|likely|legal|known)\b|\bwhat time is it\b)"
    r"|\bthat (?=[A-Z])"  # before a name it joins clauses
)
OBJECT_PRONOUNS = re.compile(r"\b(?:him|them)\b", re.IGNORECASE)  # never mean the subject of their own clause
_REPLACED = re.compile(r"\b(?:he|she|they|it|him|them|his|hers|her|theirs|their|its)\b", re.IGNORECASE)
_EMPTY_SUBJECT = re.compile(r"\bit (?:cost|take|mean|matter)s? to\b", re.IGNORECASE)
"""Whose "it" means nothing where another pronoun follows: "What would it cost to bury it?"."""
_POSSESSIVE = frozenset({"his", "hers", "their", "theirs", "its"})
_AFTER_OBJECT = re.compile(
    r"\s*(?:[^\w\s]|$|(?:in|on|at|to|for|from|with|by|of|and|or|as|when|while|after|before|during|because|if|that)\b)",
    re.IGNORECASE,
)
"""What follows the "her" of "Who met her in 2020?", and not that of "Who met her brother?"."""
_QUESTION_MARKS = re.compile(r"[\s?]*$")


def with_names(question: str, carried: Sequence[str], *, in_brackets: bool = False) -> str:
    """A follow-up with what it leans on: in the place of its first pronoun the best name, and where no pronoun can give
    way to one, all of it in brackets before the question mark.

    Args:
        question: as it was typed.
        carried: names and words of the history, the most fitting first; with none the question stays as it is.
        in_brackets: leave pronouns where they are, as for "When was it?", whose pronoun may mean any of it.
    """
    if not carried:
        return question
    found = None if in_brackets else _pronoun(question)
    if found is None:
        return f"{_QUESTION_MARKS.sub('', question)} ({', '.join(carried)})?"
    before, after = question[: found.start()], question[found.end() :]
    possessive = "'s" if _owns(found.group().lower(), after) else ""
    return f"{before}{carried[0]}{possessive}{after}"


def _pronoun(question: str) -> re.Match[str] | None:
    """The first pronoun that points back: before any name of the question's own, or an object after one."""
    own = [name for name in names(question) if not name.doubtful]
    until = own[0].start_char if own else len(question)
    pointing = NOT_POINTING.sub(_blank, question)
    return (
        _REPLACED.search(_EMPTY_SUBJECT.sub(_blank, pointing), 0, until)
        or _REPLACED.search(pointing, 0, until)
        or (OBJECT_PRONOUNS.search(pointing, until) if own else None)
    )


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _owns(pronoun: str, rest: str) -> bool:
    return pronoun in _POSSESSIVE or (pronoun == "her" and not _AFTER_OBJECT.match(rest))
