"""What a question demands of its answer: a month of "in which month", and what it does not say itself. Pure."""

from __future__ import annotations

import re
from typing import Final

from qa.english import ANY_MONTH, ASKING
from qa.readers.agreement import normalised_answer
from qa.readers.units import counts_something_else

_NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundreds? thousands? millions? billions? "
    "trillions? dozens? scores? half thirds? quarters? twice once double single sole only several many multiple multi "
    "various some few more most majority all both every none no nothing never pair couple countless any free first "
    "second fourth fifth sixth seventh eighth ninth tenth"
)
_NUMBER = rf"\d|\b(?:{'|'.join(_NUMBER_WORDS.split())})\b"
_MONTH = rf"\b{ANY_MONTH}\b"
_VERB = r"(?:is|are|was|were|do|does|did|will|would|should|can|could|has|have|had)"
_ASKING = re.compile(ASKING, re.IGNORECASE)
_DEMANDS = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(held, re.IGNORECASE))
    for asked, held in (
        (r"(?:what|which) months?\b", rf"{_MONTH}|\d[./-]\d|\b(?:this|last|next) month\b"),
        (
            r"(?:what|which) years?\b",
            r"\d|\byears?\b|\bcentury\b|\bdecade\b|\b(?:first|second|third|fourth|fifth|recent|last|next|this)\b",
        ),
        (
            rf"(?<!during )what time {_VERB}\b",
            rf"{_NUMBER}|\b(?:noon|midnight|midday|dawn|dusk|sunrise|sunset|mornings?|afternoons?|evenings?|nights?"
            r"|hours?|minutes?|early|late)\b",
        ),
        (r"how many\b", _NUMBER),
        (r"(?:what|which) (?:percent|percentage|per cent)\b", rf"{_NUMBER}|%|\bper ?cent"),
        (
            r"how much (?:money|cash)\b|how much (?:do|does|did|will|would) .+ (?:cost|pay|earn)\b",
            rf"{_NUMBER}|[$€£¥₹]",
        ),
    )
)
_ALTERNATIVES = re.compile(r"\bor\b", re.IGNORECASE)
_ASKS = re.compile(r"[?？؟][\s\"'”’»)\]]*\Z")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
"""What a follow-up leans on stands there (``qa.pronouns``), and may be its answer."""
REPEATED: Final = 0.8
"""A sentence that asks, with this share of a question's words, is taken for the question."""


def could_answer(question: str, sentence: str, start: int, end: int) -> bool:
    """Whether a span has what the question demands, and neither it nor its sentence just repeats the question.

    Args:
        sentence: the sentence that the span stands in.
        start, end: the span's half-open characters there.
    """
    span = sentence[start:end]
    return (
        meets_demand(question, span)
        and not counts_something_else(question, span, sentence[end:])
        and says_something_new(question, span)
        and not asks_the_same(question, sentence)
    )


def meets_demand(question: str, span: str) -> bool:
    """Whether a span has what the question's words demand of an answer; True where they demand nothing.

    Only the first question word counts: "Who knows how many there were?" asks for a person. Narrower than
    ``expected_answer_type``, and all but certain (docs/reading.md).
    """
    asking = _ASKING.search(question)
    if asking is None:
        return True
    return all(held.search(span) for asked, held in _DEMANDS if asked.match(question, asking.start()))


def says_something_new(question: str, span: str) -> bool:
    """Whether a span has a word that the question does not: "US" tells nothing to who asks "which US currency".

    True for every span where the question offers alternatives ("... or ...?"), and for one without words. What stands
    in brackets does not count as the question's.
    """
    words = normalised_answer(span).split()
    return not words or bool(_ALTERNATIVES.search(question)) or not set(words) <= _own_words(question)


def asks_the_same(question: str, sentence: str) -> bool:
    """Whether a sentence is the question, as a quiz, an interview or a page of questions and answers prints it.

    It asks, and has at least the share ``REPEATED`` of the question's different words. What it says is no answer.
    """
    words = _own_words(question)
    return bool(_ASKS.search(sentence)) and len(words & _words(sentence)) >= REPEATED * len(words) > 0


def _own_words(question: str) -> set[str]:
    return _words(_IN_BRACKETS.sub(" ", question))


def _words(text: str) -> set[str]:
    return set(normalised_answer(text).split())
