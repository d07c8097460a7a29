"""Follow-up questions: a question that leans on earlier turns becomes a stand-alone query. Pure; no model.

Nothing is generated: the query is the question as it was typed, and behind it names and words of the history. What is
carried is decided by rules; their numbers were set on one half of the conversations of CANARD (Elgohary et al. 2019, "Can
You Unpack That? Learning to Rewrite Questions-in-Context") and measured on the other half.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.english import is_function_word, names, words
from qa.records import Answer, Turn

HISTORY_TURNS = 4
"""How many of the latest turns are looked at."""

MAX_NAMES = 3
MIN_WEIGHT = 0.3
MIN_SHARE = 0.5
WHO_BOOST = 1.0
PERSON_FIT = 1.0
CONTENT = -1
LAST = 0.0
AGE_DECAY = 0.6
TITLE_WORDS = 5
"""A title of at most so many words is taken for the name of what the article is about, a longer one for a headline."""

_ASKS_WHO = re.compile(r"\W*who(?:m|se)?\b", re.IGNORECASE)
_PERSON_NAME = re.compile(r"[A-Z][^\W\d_]*\.?(?: [A-Z][^\W\d_]*[a-z]\.?)+")
_PERSON = frozenset("he she him his her hers himself herself".split())
_GROUP = frozenset("they them their theirs themselves".split())
_THING = frozenset("it its itself this that these those there then here one ones".split())
_ELLIPTIC_START = re.compile(r"\W*(?:and|but|or|so|also|then|what about|how about|what of|anything|any)\b", re.IGNORECASE)
_MORE = re.compile(r"\b(?:else|other|others|another|more|again|too|also|besides|next|after that|afterwards?)\b", re.IGNORECASE)
_NOT_POINTING = re.compile(
    r"\b(?:is|are|was|were|be|been|will|would|has|have|had|did|does|do) there\b|\bthere (?:is|are|was|were|will|has|have)\b"
    r"|\bthis (?:year|month|week|morning|afternoon|evening|summer|winter|spring|autumn|fall|century|time)\b"
    r"|\bwhat time is it\b|\bis it (?:true|possible|likely|legal|known)\b",
    re.IGNORECASE,
)
_DEFINITE = re.compile(r"\bthe ([^\W\d_]+)(?: ([^\W\d_]+))?", re.IGNORECASE)

_WEIGHTS = {
    #          query  title  answer  sentence
    "person": (0.64, 0.90, 0.40, 0.30),
    "group": (0.58, 0.68, 0.36, 0.30),
    "thing": (0.76, 0.52, 0.42, 0.30),
    "none": (0.60, 0.64, 0.30, 0.20),
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is searched for a question.

    Attributes:
        query: the question, followed by what is carried over; the question itself when it stands alone.
        carried: what was carried over, most fitting first; each stands word for word in the history.
        articles: ids of the articles cited in the latest turn that cited any, when the question leans on the history.
    """

    query: str
    carried: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Earlier:
    query: str
    question: str
    answer: str
    sentence: str
    titles: tuple[str, ...]


def standalone_query(question: str, history: Sequence[Turn | Answer]) -> FollowUp:
    latest = list(history[-HISTORY_TURNS:])
    earlier: list[_Earlier] = []
    for turn in latest:
        earlier.append(_earlier(turn, _carried(turn.question, earlier)))
    carried = _carried(question, earlier)
    if carried is None:
        return FollowUp(question)
    return FollowUp(_joined(question, carried), carried, carried_articles(latest))


def carried_articles(history: Sequence[Turn | Answer]) -> tuple[str, ...]:
    for turn in reversed(history):
        if isinstance(turn, Answer) and turn.citations:
            return tuple(dict.fromkeys(citation.article_id for citation in turn.citations))
    return ()


def _joined(question: str, carried: Sequence[str]) -> str:
    return f"{question.rstrip()} {', '.join(carried)}" if carried else question


def _earlier(turn: Turn | Answer, carried: tuple[str, ...] | None) -> _Earlier:
    if isinstance(turn, Turn):
        return _Earlier(_joined(turn.question, carried or ()), turn.question, turn.answer_text or "", "", turn.titles)
    first = turn.citations[:1]
    return _Earlier(turn.query, turn.question, turn.text or "", first[0].sentence if first else "", tuple(c.title for c in first))


def _carried(question: str, earlier: Sequence[_Earlier]) -> tuple[str, ...] | None:
    """What to carry over; None when the question stands alone."""
    kind = _leaning(question, earlier)
    if kind is None:
        return None
    asked = {word.lower() for word in words(question)}
    weights: dict[str, float] = {}
    spelling: dict[str, str] = {}
    for name, weight in _weighted_names(kind, earlier):
        new = {word.lower() for word in words(name)} - asked
        if all(is_function_word(word) for word in new):
            continue
        key = name.lower()
        spelling.setdefault(key, name)
        weights[key] = max(weights.get(key, 0.0), weight)
    chosen: list[str] = []
    best = max(weights.values(), default=0.0)
    for key in sorted(weights, key=lambda key: -weights[key]):
        if weights[key] < max(MIN_WEIGHT, MIN_SHARE * best) or len(chosen) == MAX_NAMES:
            break
        parts = set(key.split())
        if any(parts <= set(other.lower().split()) for other in chosen):
            continue
        chosen.append(spelling[key])
    content = [word for word in words(question) if not is_function_word(word)]
    if kind != "person" and len(content) <= CONTENT:
        taken = asked | {w.lower() for c in chosen for w in words(c)}
        more = [w for w in words(earlier[-1].question) if not is_function_word(w) and w.lower() not in taken]
        if more:
            chosen.append(" ".join(more))
    return tuple(chosen)


def _leaning(question: str, earlier: Sequence[_Earlier]) -> str | None:
    if not earlier:
        return None
    found = list(words(question))
    own = [name for name in names(question) if not name.doubtful]
    pointing = [word.lower() for word in words(_NOT_POINTING.sub(" ", question))]
    first_name = words(question[: own[0].start_char]) if own else found
    before_name = {word.lower() for word in first_name}
    for kind, pronouns in (("person", _PERSON), ("group", _GROUP), ("thing", _THING)):
        if any(word in pronouns and (not own or word in before_name) for word in pointing):
            return kind
    if _ELLIPTIC_START.match(question):
        return "none"
    content = [word for word in found if not is_function_word(word)]
    if not own and (len(content) <= 2 or _MORE.search(question)):
        return "none"
    if not own:
        recent = {w.lower() for t in earlier[-2:] for w in words(f"{t.query} {t.answer} {t.sentence}")}
        if any(
            word.lower() in recent and not is_function_word(word)
            for match in _DEFINITE.finditer(question)
            for word in match.groups("")
        ):
            return "none"
    return None


def _weighted_names(kind: str, earlier: Sequence[_Earlier]) -> Iterator[tuple[str, float]]:
    for age, turn in enumerate(reversed(earlier)):
        decay = AGE_DECAY**age
        query, title, answer, sentence = (weight * decay for weight in _WEIGHTS[kind])
        if kind == "person" and _ASKS_WHO.match(turn.question):
            answer *= WHO_BOOST
        for text, weight in ((turn.query, query), (turn.answer, answer), (turn.sentence, sentence)):
            for name in names(text):
                if not name.doubtful:
                    fit = PERSON_FIT if kind == "person" and _PERSON_NAME.fullmatch(name.text) else 1.0
                    yield name.text, weight * fit
        for heading in turn.titles:
            short = re.sub(r"\s*\(.*\)$", "", heading)
            if 0 < len(words(short)) <= TITLE_WORDS:
                yield short, title
            else:
                for name in names(heading):
                    yield name.text, sentence
