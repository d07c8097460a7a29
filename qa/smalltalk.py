"""Greetings, thanks and requests for help: what to answer where there is no question about the articles. Pure.

A text is small talk only when the whole of it is one of a few forms; whoever asks about anything gets an answer from
the articles. The page and the chat use this; ``Assistant.ask`` does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

SmallTalk = Literal["greeting", "thanks", "help"]

_CHARACTERS = 80
"""A longer text is not looked at."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def _either(forms: str) -> str:
    """A pattern for one of the forms, which stand one a line."""
    return "(?:" + "|".join(line.strip() for line in forms.strip().splitlines()) + ")"


_GREETING = _either(
    """
    h(?:i|ello|ey|iya|owdy|allo)(?: (?:again|there|everyone|everybody|all|you|pullquote))*
    (?:a )?(?:very )?good (?:morning|afternoon|evening|day)(?: (?:to you|everyone|all|pullquote))?
    greetings
    welcome back
    how are you(?: (?:doing|today|doing today))?
    how do you do
    how's it going
    nice to meet you
    """
)
_THANKS = _either(
    """
    (?:many |ok |okay |great |no )?thanks(?: (?:again|a lot|a million|so much|very much|for that|pullquote))*
    (?:many )?thanks for (?:the|your|that) (?:help|answer)
    thank you(?: (?:again|so much|very much|kindly|for that|pullquote))*
    thank you(?: (?:so|very) much)? for (?:the|your|that) (?:help|answer)
    thx
    cheers
    (?:that's |that is )?(?:great|perfect|very helpful|helpful) (?:thanks|thank you)
    much appreciated
    """
)
_HELP = _either(
    """
    help(?: me)?(?: please)?
    please help(?: me)?
    can you help(?: me)?
    (?:who|what) are you
    what is pullquote
    what's pullquote
    what is this
    what(?: else)? can (?:you|i|pullquote|this) (?:do|answer|ask)(?: (?:here|you|for me|about))*
    what do you (?:do|know)
    what (?:kind of |sort of |kinds of |sorts of )?questions can i ask(?: (?:here|you))?
    what should i ask(?: you)?
    what are you able to do
    how (?:do|can) i (?:use|start)(?: (?:this|it|pullquote|you))?
    how does (?:this|it|pullquote) work
    how do you work
    """
)
_FORMS: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = (
    ("help", re.compile(f"(?:{_GREETING} )?{_HELP}")),
    ("thanks", re.compile(f"(?:{_GREETING} )?{_THANKS}")),
    ("greeting", re.compile(f"{_GREETING}(?: {_GREETING})?")),
)


def kind_of(question: str) -> SmallTalk | None:
    """What kind of small talk a text is; None for everything else.

    Case, punctuation and emoji do not count.

    Args:
        question: as it was typed.
    """
    if len(question) > _CHARACTERS:
        return None
    said = " ".join(_WORD.findall(question.replace("’", "'").lower()))
    return next((kind for kind, form in _FORMS if form.fullmatch(said)), None)


def reply(
    kind: SmallTalk, articles: int, oldest: date | None = None, newest: date | None = None, examples: Sequence[str] = ()
) -> str:
    """What to answer to small talk: plain text, without a line break, to be escaped like any other.

    Args:
        articles: how many the collection has.
        oldest, newest: the first and last day on which an article was published; None where none has a date.
        examples: questions to start with; the first two are named.
    """
    if kind == "thanks":
        return "You are welcome. Ask on whenever you like."
    if articles == 0:
        opening = "Hello. " if kind == "greeting" else ""
        return f"{opening}There are no articles here yet, so there is nothing to ask about. Index some first."
    collection = f"the {articles:,} article{'s' if articles > 1 else ''} of this collection{_period(oldest, newest)}"
    if kind == "greeting":
        words = f"Hello. Ask a question about {collection}, and the answer is quoted from there, with its place."
    else:
        words = (
            f"Pullquote answers questions from {collection}. An answer is a sentence as it stands there, word for "
            "word, with its source; where the articles do not answer, you are told so. Nothing is made up, summed up "
            "or computed. You may ask on: “Why?” or “And when?” goes on from the last question."
        )
    named = " or ".join(f"“{question}”" for question in examples[:2])
    return f"{words} For example: {named}" if named else words


def _period(oldest: date | None, newest: date | None) -> str:
    days = [day.isoformat() for day in (oldest, newest) if day]
    if not days:
        return ""
    return f", dated {days[0]}" if days[0] == days[-1] else f", dated {days[0]} to {days[-1]}"
