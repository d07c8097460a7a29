"""Turns an answerable question into one that its chunk does not answer, by changing a name or a year in it."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from qa.english import names

_YEAR = re.compile(r"\b1\d{3}\b|\b20\d{2}\b")


def changed_question(question: str, chunk: str, title: str, others: Sequence[str], chance: random.Random) -> str | None:
    """The question with one name or year that its chunk holds put in place by another that it does not.

    SQuAD 2.0's crowd workers made many of their unanswerable questions so (Rajpurkar et al. 2018, table 2: entity
    swap). A name that the title holds stays: it tells what the question is about.

    Args:
        others: texts of the same article, from which the other name is taken.

    Returns:
        None when the question names nothing that its chunk holds, or no other name of as many words is at hand.
    """
    years = [match.group() for match in _YEAR.finditer(question) if match.group() in chunk]
    if years:
        year = chance.choice(years)
        other = str(int(year) + chance.choice((-31, -12, -7, -3, -2, 2, 3, 5, 11, 24)))
        return None if other in chunk else question.replace(year, other)
    held = chunk.lower()
    told = title.lower()
    swappable = [
        name.text
        for name in names(question)
        if not name.doubtful and name.text.lower() in held and name.text.lower() not in told and len(name.text) > 2
    ]
    if not swappable:
        return None
    name = chance.choice(swappable)
    pool = {
        other.text
        for text in others
        for other in names(text)
        if not other.doubtful and len(other.text.split()) == len(name.split())
    }
    fitting = sorted(
        other
        for other in pool
        if other.lower() not in held and other.lower() not in question.lower() and other.lower() not in told
    )
    return question.replace(name, chance.choice(fitting)) if fitting else None
