"""What kind of answer a question asks for, and whether a sentence holds one: weak evidence, by patterns. Pure."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from qa.english import DAYS, MONTHS, Name, names, words


class AnswerType(Enum):
    """The kinds of answers that patterns can tell."""

    PERSON = "person"
    TIME = "time"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    PLACE = "place"


_ASKS_FOR = (
    (AnswerType.PERSON, r"\b(?:who|whom|whose)\b"),
    (AnswerType.TIME, r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century|time)\b|\bhow long ago\b"),
    (AnswerType.PERCENT, r"\b(?:what|which) (?:percent|percentage|share|proportion)\b|\bwhat per cent\b"),
    (
        AnswerType.MONEY,
        r"\bhow much\b.*\b(?:cost|pay|paid|worth|spend|spent|money|price|dollars?|earn|earned|raised?)\b"
        r"|\b(?:what|which) (?:price|cost|sum)\b|\bamount of money\b",
    ),
    (
        AnswerType.NUMBER,
        r"\bhow (?:many|much|long|old|far|tall|high|big|large|often|deep|wide|fast|heavy|hot|cold)\b"
        r"|\b(?:what|which) (?:number|amount|population|age|size|speed|temperature|rate)\b",
    ),
    (
        AnswerType.PLACE,
        r"\bwhere\b|\b(?:what|which) (?:city|country|state|place|town|village|location|region|continent|county|nation"
        r"|area|river|street|province)\b",
    ),
)
_ASKS_FOR_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for kind, pattern in _ASKS_FOR)

_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands "
    "million millions billion billions trillion dozen dozens half third quarter twice once double several"
)
_NUMBER = re.compile(rf"\d+(?:[.,]\d+)*|\b(?:{'|'.join(_NUMBER_WORDS.split())})\b", re.IGNORECASE)
_MONEY = re.compile(r"[$€£¥₹]|\b(?:dollars?|euros?|pounds?|yen|cents?|rupees?)\b", re.IGNORECASE)
_PERCENT = re.compile(r"%|\bper ?cent\b|\bpercentage\b", re.IGNORECASE)
_TIME = re.compile(
    rf"\b1\d\d\d(?:s\b)?|\b20\d\d(?:s\b)?|\b(?:{'|'.join(sorted((*DAYS, *MONTHS), key=len, reverse=True)).title()})\b"
    r"|\b\d{1,2}(?:st|nd|rd|th) century\b|\b(?:today|yesterday|tomorrow|tonight)\b"
    r"|\b(?:last|next|this) (?:week|month|year|spring|summer|fall|autumn|winter|night)\b|\b(?:BCE?|AD)\b|\d[ap]m\b",
)
_LOOK_BACK = 40  # characters; a preposition, an article and an adjective
_AFTER_PLACE_PREPOSITION = re.compile(
    r"\b(?:in|at|from|near|to|of|into|across|through|on|outside)\s+(?:the\s+)?(?:\w+\s+)?$"
)


def expected_answer_type(question: str) -> AnswerType | None:
    """The kind of answer that a question's words ask for; None when they do not tell."""
    return next((kind for kind, pattern in _ASKS_FOR_PATTERNS if pattern.search(question)), None)


def holds_answer_of_type(kind: AnswerType, sentence: str, question: str) -> bool:
    """Whether ``sentence`` holds something of that kind which the question does not name itself."""
    if kind is AnswerType.MONEY:
        return _MONEY.search(sentence) is not None
    if kind is AnswerType.PERCENT:
        return _PERCENT.search(sentence) is not None
    asked = question.lower()
    if kind is AnswerType.NUMBER:
        return any(match.group().lower() not in asked for match in _NUMBER.finditer(sentence))
    if kind is AnswerType.TIME:
        return any(match.group().lower() not in asked for match in _TIME.finditer(sentence))
    new_names = _new_names(sentence, question)
    if kind is AnswerType.PERSON:
        return bool(new_names)
    return any(
        _AFTER_PLACE_PREPOSITION.search(sentence, max(0, name.start_char - _LOOK_BACK), name.start_char)
        for name in new_names
    )


def is_of_type(kind: AnswerType, span: str, question: str) -> bool:
    """Whether a span of a few words is an answer of that kind: of a place, its name is enough."""
    return bool(_new_names(span, question)) if kind is AnswerType.PLACE else holds_answer_of_type(kind, span, question)


def _new_names(text: str, question: str) -> list[Name]:
    """The names in a text of which the question lacks a word."""
    asked = question.lower()
    return [name for name in _names_of(text) if any(word.lower() not in asked for word in words(name.text))]


_names_of = lru_cache(maxsize=4096)(names)
"""The sentences of a collection that are found for one question are found for many, and take longer to look through
than anything else that is done with them."""
