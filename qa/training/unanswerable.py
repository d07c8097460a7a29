"""Turns an answerable question into one that its chunk does not answer, by changing a name, year or other word."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache

from qa.english import names
from qa.training.examples import Passage

YEAR = re.compile(r"\b(?:1\d{3}|20\d{2})\b")
_YEARS_AWAY = (-31, -12, -7, -3, -2, 2, 3, 5, 11, 24)
_PAIRS = """
    first last | largest smallest | biggest smallest | highest lowest | most least | before after | oldest youngest
    older younger | north south | northern southern | east west | eastern western | early late | earliest latest
    begin end | began ended | begins ends | start finish | started finished | opened closed | win lose | won lost
    winner loser | increase decrease | increased decreased | rise fall | rose fell | male female | men women | man woman
    father mother | son daughter | sons daughters | brother sister | husband wife | king queen | good bad | best worst
    better worse | strong weak | strongest weakest | positive negative | high low | higher lower | large small
    larger smaller | long short | longest shortest | longer shorter | fast slow | fastest slowest | rich poor
    maximum minimum | majority minority | inside outside | above below | allowed forbidden | accepted rejected
    support oppose | supported opposed | supporters opponents | agree disagree | agreed disagreed | buy sell
    bought sold | birth death | created destroyed | built destroyed | gain loss | advantage disadvantage
    advantages disadvantages | common rare | public private | internal external | major minor | winter summer
    day night | modern ancient | hot cold | warm cool | dry wet | hard soft | heavy light | similar different
    always never | include exclude | legal illegal | formal informal | direct indirect | visible invisible
    import export | imports exports | enemy ally | enemies allies | attack defend | attacked defended | success failure
    successful unsuccessful | love hate | loved hated | top bottom | upper lower | natural artificial | active inactive
    joined left | arrived departed | employer employee | teacher student | teachers students | victory defeat
    accept refuse | accepted refused | raise lower | raised lowered | gained lost | entered left | urban rural
    complex simple | majority minority | expensive cheap | dangerous safe | permanent temporary | domestic foreign
"""


def _opposites() -> dict[str, tuple[str, ...]]:
    of: dict[str, dict[str, None]] = defaultdict(dict)
    for pair in _PAIRS.replace("\n", " | ").split("|"):
        if pair.strip():
            one, other = pair.split()
            of[one][other] = None
            of[other][one] = None
    return {word: tuple(others) for word, others in of.items()}


OPPOSITES = _opposites()


class QuestionChanger:
    """Changes questions on the chunks of one data set.

    SQuAD 2.0's crowd workers made half of their unanswerable questions so (Rajpurkar et al. 2018, table 2: entity
    swap, antonym). Their negations are left out: among questions that people ask, those with "not" are no less often
    answerable than others.

    Args:
        passages: all chunks; another name is taken from another chunk of the same article.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._of_article: dict[str, list[int]] = defaultdict(list)
        for place, passage in enumerate(passages):
            self._of_article[passage.article_id].append(place)
        self._names = cache(self._names_of)

    def changed(self, question: str, place: int, chance: random.Random) -> str | None:
        """The question with one word, year or name that its chunk holds put in place by another that it does not.

        A name that the title holds stays: it tells what the question is about. Of the ways that are open, each is as
        likely.

        Args:
            place: where the chunk that answers the question stands among the passages.

        Returns:
            None when nothing in the question can be changed so.
        """
        passage = self._passages[place]
        ways = [_other_years(question, passage.text), _opposite_words(question, passage.text)]
        ways.append(self._other_names(question, place))
        open_ways = [way for way in ways if way]
        if not open_ways:
            return None
        found, replacements = chance.choice(chance.choice(open_ways))
        return _replaced(question, found, chance.choice(replacements))

    def _other_names(self, question: str, place: int) -> list[tuple[str, list[str]]]:
        chunk, title = self._passages[place].text, self._passages[place].title
        ways = []
        for name in names(question):
            if name.doubtful or len(name.text) < 3 or not holds(chunk, name.text) or holds(title, name.text):
                continue
            size = len(name.text.split())
            others = [
                other
                for other in self._article_names(self._passages[place].article_id, place)
                if len(other.split()) == size and not any(holds(text, other) for text in (chunk, question, title))
            ]
            if others:
                ways.append((name.text, others))
        return ways

    def _article_names(self, article_id: str, place: int) -> list[str]:
        """The names in an article's other chunks; in two at least, since those in one are often no whole names."""
        found = Counter(
            name for other in self._of_article[article_id] if other != place for name in set(self._names(other))
        )
        return sorted(name for name, chunks in found.items() if chunks > 1)

    def _names_of(self, place: int) -> tuple[str, ...]:
        return tuple(name.text for name in names(self._passages[place].text) if not name.doubtful)


def _other_years(question: str, chunk: str) -> list[tuple[str, list[str]]]:
    ways = []
    for year in YEAR.findall(question):
        others = [other for away in _YEARS_AWAY if not holds(chunk, other := str(int(year) + away))]
        if holds(chunk, year) and others:
            ways.append((year, others))
    return ways


def _opposite_words(question: str, chunk: str) -> list[tuple[str, list[str]]]:
    ways = []
    for word in dict.fromkeys(re.findall(r"[a-z]+", question)):
        others = [other for other in OPPOSITES.get(word, ()) if not holds(chunk, other)]
        if others:
            ways.append((word, others))
    return ways


def holds(text: str, phrase: str) -> bool:
    """Whether a text holds a phrase as whole words, in any case."""
    return phrase.lower() in text.lower() and bool(re.search(whole(phrase), text, re.IGNORECASE))


def _replaced(question: str, found: str, other: str) -> str:
    return re.sub(whole(found), lambda _: other, question)


def whole(phrase: str) -> str:
    """A pattern that finds a phrase as whole words."""
    return rf"(?<!\w){re.escape(phrase)}(?!\w)"
