"""Greetings, thanks, requests for help, and what the collection is about: what to answer where no article could. Pure.

A text is small talk only when the whole of it is one of a few forms; whoever asks about anything gets an answer from
the articles. The page and ``pullquote chat`` use this; ``Assistant.ask`` does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from index.stores.base import ArticleSummary

SmallTalk = Literal["greeting", "thanks", "help", "overview"]

TITLES_NAMED = 5
_NO_SUMMARY = "Pullquote does not sum them up: it answers a question about something in them, in their own words."
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
_ASKING = "(?:please |can you |could you |would you |can i have |i want |i would like |i'd like )*"
_THESE = "(?:all )?(?:of )?(?:the |these |those |this |my |your |our |it |them )?(?:all )?"
_PILE = "(?:articles?|documents?|docs?|files?|sources?|texts?|collection|news|headlines|titles|stories|library|here)"
_OVERVIEW = _either(
    rf"""
    what (?:is|are) {_THESE}{_PILE} (?:all )?about
    what's {_THESE}{_PILE} about
    what(?: is|'s) this (?:all )?about
    what(?:'s| is| do you have)? in (?:{_THESE}{_PILE}|here)
    what (?:kind of |sort of )?{_PILE} (?:are there|are here|are in here|do you have|have you got|have you|are these)
    what (?:topics|subjects) (?:are there|are covered|do (?:you|they|{_THESE}{_PILE}) cover)
    which {_PILE} (?:are there|are here|are in here|do you have|have you got)
    how many {_PILE} (?:are there|are here|are in here|do you have|have you got|have you)(?: here)?
    (?:list|show)(?: me)? {_THESE}{_PILE}
    {_ASKING}(?:summari[sz]e|sum up)(?: {_THESE}{_PILE}| everything| it| this| them)?(?: for me)?(?: please)?
    {_ASKING}(?:give me )?(?:an? |the )?(?:short |brief )?(?:summary|overview)(?: of {_THESE}{_PILE})?(?: please)?
    tl ?dr
    """
)
_FORMS: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = (
    ("help", re.compile(f"(?:{_GREETING} )?{_HELP}")),
    ("overview", re.compile(f"(?:{_GREETING} )?{_OVERVIEW}")),
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
    kind: SmallTalk,
    articles: Sequence[ArticleSummary],
    examples: Sequence[str] = (),
    *,
    first: str = "Index some first.",
) -> str:
    """What to answer to small talk: plain text, without a line break, to be escaped like any other.

    Args:
        articles: all of the collection.
        examples: questions to start with; the first two are named.
        first: what to do where there are no articles.
    """
    if kind == "thanks":
        return "You are welcome. Ask on whenever you like."
    if not articles:
        opening = "Hello. " if kind == "greeting" else ""
        return f"{opening}There are no articles here yet, so there is nothing to ask about. {first}"
    count = f"{len(articles):,} article{'s' if len(articles) > 1 else ''}"
    period = _period(sorted(one.published[:10] for one in articles if one.published))
    if kind == "overview":
        return f"This collection has {count}{period}.{_headed(articles)} {_NO_SUMMARY}"
    collection = f"the {count} of this collection{period}"
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


def _headed(articles: Sequence[ArticleSummary]) -> str:
    """The titles of the newest articles: a summary would be words that no article says."""
    ordered = sorted(articles, key=lambda one: one.article_id)
    ordered.sort(key=lambda one: one.published or "", reverse=True)
    titles = [" ".join(one.title.split()) for one in ordered if one.title.strip()][:TITLES_NAMED]
    if not titles:
        return ""
    named = "; ".join(f"“{title}”" for title in titles)
    more = len(articles) - len(titles)
    return f" {'They are' if len(articles) > 1 else 'It is'} headed {named}{f'; and {more:,} more' if more else ''}."


def _period(days: Sequence[str]) -> str:
    """When the articles were published; empty where none has a date.

    Args:
        days: ISO dates, the earliest first.
    """
    if not days:
        return ""
    return f", dated {days[0]}" if days[0] == days[-1] else f", dated {days[0]} to {days[-1]}"
