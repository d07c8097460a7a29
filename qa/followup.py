"""Follow-up questions: a question that leans on earlier turns becomes a stand-alone query. Pure; no model.

Nothing is generated: the query is the question as it was typed, followed by names and words of the history. What is
carried is decided by rules. Their numbers were set on one half of the conversations of CANARD (Elgohary et al. 2019,
"Can You Unpack That? Learning to Rewrite Questions-in-Context"), by the words that people added to the same questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.records import Filter
from qa.english import bare, is_function_word, names, without_ending, words
from qa.pronouns import NOT_POINTING, OBJECT_PRONOUNS, PRONOUNS, Leaning, with_names
from qa.records import Answer, Turn

HISTORY_TURNS = 3
"""How many of the latest turns are looked at."""

_MAX_NAMES = 3
_MIN_WEIGHT = 0.3
_MIN_SHARE_OF_BEST = 0.6
_AGE_DECAY = 0.6  # of a name's weight, for each turn that it is older
_LATER_NAME = 0.5  # of the weight of the first name that an answer adds to its question, for its other names
_WHO_FACTOR = 1.7  # on the names of an answer to the question who
_NAME_WORDS = 5  # a longer title is a headline, not the name of what the article is about
_SHORT_TITLE_WORDS = 3  # of a title that is not all in capitals, such as "Amazon rainforest"
_NAME_CHARACTERS = 80  # a longer run of capitalised words is no name
_SUBJECT_WORDS = 12
_TEXT_CHARACTERS = 2_000  # of a text of the history; names further on are not what is talked about


# How often a name of each source was one that people added (the share of its words), for each way of leaning. The names
# of a headline count as those of the cited sentence around the answer.
#                      query, title, answer, sentence
_WEIGHTS = {
    Leaning.PERSON: (0.64, 0.90, 0.40, 0.30),
    Leaning.GROUP: (0.58, 0.68, 0.36, 0.30),
    Leaning.THING: (0.76, 0.52, 0.42, 0.30),
    Leaning.SUBJECT: (0.60, 0.64, 0.30, 0.20),
    Leaning.DEFINITE: (0.60, 0.64, 0.30, 0.20),
}

_CONTINUES = re.compile(r"\W*(?:and|but|or|what about|how about|what of)\b", re.IGNORECASE)
_CONTINUES_WITHOUT_NAME = re.compile(
    r"\W*(?:so|also|then|any|anything|anyone)\b|.*\b(?:else|others?|another|more|again|too|also|besides|next|afterwards?)\b",
    re.IGNORECASE | re.DOTALL,
)
_ASKS_WHO = re.compile(r"\W*who(?:m|se)?\b", re.IGNORECASE)
_ASKS_FOR_MEANING = re.compile(r"\W*(?:what|who)(?:['’]s| is| are| was| were)\s+(?!the\b)\S", re.IGNORECASE)
_DEFINITE = re.compile(r"\bthe ([^\W\d_]+)(?: ([^\W\d_]+))?", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is searched for a question.

    Attributes:
        query: the question, followed by what is carried over; exactly the question when it stands alone.
        carried: names and words carried over, the most fitting first; every word stands in the history.
        articles: ids of the articles cited last, best first, when the question leans on the history.
        read: the question as the reader takes it: what is carried over stands where the question points to it. Empty
            where that is the query.
    """

    query: str
    carried: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    read: str = ""


@dataclass(frozen=True, slots=True)
class _Carried:
    """What a question leans on: names, the most fitting first, and words of a subject that it leaves out."""

    names: tuple[str, ...]
    left_out: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.names, self.left_out) if self.left_out else self.names


@dataclass(frozen=True, slots=True)
class _Earlier:
    """An earlier turn: the question as typed, the query as searched, the answer, and the sentence and titles cited."""

    question: str
    query: str
    answer: str
    sentence: str
    titles: tuple[str, ...]


def standalone_query(question: str, history: Sequence[Turn | Answer]) -> FollowUp:
    """Make a question that leans on the history stand alone.

    A question leans on the history when it holds a pronoun or demonstrative without a name before it, when it leaves
    its subject out ("Why?", "And in 2020?", "What about Mexico?"), or when it names nobody and speaks of "the minister"
    where the last turns spoke of a minister.

    Args:
        question: as it was typed.
        history: the earlier turns, oldest first; only the latest count.
    """
    latest = list(history[-HISTORY_TURNS:])
    earlier: list[_Earlier] = []
    for turn in latest:
        earlier.append(_earlier(turn, earlier))
    leaning = _leaning(question, earlier)
    if leaning is None:
        return FollowUp(question)
    carried = _carried(question, leaning, earlier)
    if leaning is Leaning.DEFINITE and not carried.left_out:
        read = question  # "the money" says itself what it is about
    else:
        read = with_names(question, carried.all, in_brackets=bool(carried.names and carried.left_out))
    return FollowUp(_joined(question, carried.all), carried.all, carried_articles(latest), read)


def carried_articles(history: Sequence[Turn | Answer]) -> tuple[str, ...]:
    """Ids of the articles that the latest answer with citations cited, best first; a ``Turn`` names none."""
    for turn in reversed(history):
        if isinstance(turn, Answer) and turn.citations:
            return tuple(dict.fromkeys(citation.article_id for citation in turn.citations))
    return ()


def within_articles(where: Filter | None, articles: Sequence[str]) -> Filter | None:
    """The filter for a search in ``articles`` alone that ``where`` allows; None when it allows none of them."""
    if where is None or where.articles is None:
        allowed = tuple(articles)
    else:
        allowed = tuple(article for article in articles if article in where.articles)
    return replace(where or Filter(), articles=allowed) if allowed else None


def _earlier(turn: Turn | Answer, before: Sequence[_Earlier]) -> _Earlier:
    if isinstance(turn, Answer):
        cited = turn.citations[:1]
        return _Earlier(
            question=turn.question,
            query=turn.query,
            answer=turn.text or "",
            sentence=cited[0].sentence if cited else "",
            titles=tuple(citation.title for citation in cited),
        )
    leaning = _leaning(turn.question, before)
    carried = _carried(turn.question, leaning, before).all if leaning else ()
    return _Earlier(turn.question, _joined(turn.question, carried), turn.answer_text or "", "", tuple(turn.titles))


def _joined(question: str, carried: Sequence[str]) -> str:
    """Commas keep the names apart, so that they are found again when the query is part of a history."""
    return f"{question.rstrip()} {', '.join(carried)}" if carried else question


def _leaning(question: str, earlier: Sequence[_Earlier]) -> Leaning | None:
    """What the question leans on the history for; None when it stands alone."""
    if not earlier:
        return None
    own = [name for name in names(question[:_TEXT_CHARACTERS]) if not name.doubtful]
    up_to_name = question[: own[0].start_char] if own else question
    pointing = {bare(word) for word in words(NOT_POINTING.sub(" ", up_to_name))}
    for leaning, pronouns in PRONOUNS.items():
        if pointing & pronouns:
            return leaning
    if len(own) == 1 and (object_pronouns := OBJECT_PRONOUNS.search(question)):
        return Leaning.PERSON if object_pronouns.group().lower() == "him" else Leaning.GROUP
    if _CONTINUES.match(question):
        return Leaning.SUBJECT
    if own:
        return None
    subject_left_out = len(_content_words(question)) <= 1 and not _ASKS_FOR_MEANING.match(question)
    definite = {bare(word) for found in _DEFINITE.findall(question) for word in found if not is_function_word(word)}
    if subject_left_out or _CONTINUES_WITHOUT_NAME.match(question):
        return Leaning.SUBJECT
    return Leaning.DEFINITE if definite & _talked_about(earlier) else None


def _talked_about(earlier: Sequence[_Earlier]) -> set[str]:
    """The bare words of the last two turns."""
    return {
        word for turn in earlier[-2:] for text in (turn.query, turn.answer, turn.sentence) for word in _bare_words(text)
    }


def _carried(question: str, leaning: Leaning, earlier: Sequence[_Earlier]) -> _Carried:
    """What to carry over."""
    last = earlier[-1]
    asked = _bare_words(question)
    replaced = _replaced_name(question, last)
    if replaced:
        chosen = _best_names(((name, 1.0) for name in _sure_names(last.query) if name != replaced), asked)
    else:
        chosen = _best_names(_weighted_names(leaning, earlier), asked)
    own_names = _bare_words(" ".join(_sure_names(question)))
    subject_left_out = len({bare(word) for word in _content_words(question)} - own_names) <= 1
    if subject_left_out and leaning is not Leaning.PERSON:
        taken = asked | _bare_words(" ".join((*chosen, *_sure_names(last.query))))
        left_out = [without_ending(word) for word in _content_words(last.query) if bare(word) not in taken]
        return _Carried(chosen, " ".join(left_out[:_SUBJECT_WORDS]))
    return _Carried(chosen)


def _best_names(weighted: Iterable[tuple[str, float]], asked: set[str]) -> tuple[str, ...]:
    """The names with the largest weights, of equal ones the first; none that ``asked`` or a better name holds whole."""
    weights: dict[str, float] = {}
    spelling: dict[str, str] = {}
    for name, weight in weighted:
        key = name.lower()
        weights[key] = max(weights.get(key, 0.0), weight)
        spelling.setdefault(key, name)
    held = set(asked)
    chosen: list[str] = []
    best = 0.0
    for key in sorted(weights, key=lambda key: -weights[key]):
        parts = {bare(word) for word in words(key) if not is_function_word(word)}
        if parts <= held:
            continue
        best = max(best, weights[key])
        if len(chosen) == _MAX_NAMES or weights[key] < max(_MIN_WEIGHT, _MIN_SHARE_OF_BEST * best):
            break
        chosen.append(spelling[key])
        held |= parts
    return tuple(chosen)


def _replaced_name(question: str, last: _Earlier) -> str:
    """The name of the last question that a name of this one takes the place of; empty if none.

    "What is unemployment in Canada?", then "What about Mexico?": the last name is what the question turns on.
    """
    if not (_CONTINUES.match(question) and _sure_names(question)):
        return ""
    replaceable = _sure_names(last.question) or _sure_names(last.query)
    return replaceable[-1] if replaceable else ""


def _weighted_names(leaning: Leaning, earlier: Sequence[_Earlier]) -> Iterator[tuple[str, float]]:
    """The names of the earlier turns, those of the latest turn first, with how much speaks for carrying each."""
    for age, turn in enumerate(reversed(earlier)):
        query, title, answer, sentence = (weight * _AGE_DECAY**age for weight in _WEIGHTS[leaning])
        if _ASKS_WHO.match(turn.question):
            answer *= _WHO_FACTOR
        for name in _sure_names(turn.query):
            yield name, query
        told = [name for name in _sure_names(turn.answer) if not _bare_words(name) <= _bare_words(turn.query)]
        for place, name in enumerate(told):
            yield name, answer * (_LATER_NAME if place else 1.0)
        for heading in turn.titles:
            subject = _subject_of_title(heading)
            if subject:
                yield subject, title
        for text in (turn.sentence, *turn.titles):
            for name in _sure_names(text):
                yield name, sentence


def _subject_of_title(title: str) -> str:
    """The title without what stands in parentheses at its end, if it names what the article is about; empty for a
    headline."""
    subject = _PARENTHESIS.sub("", title[:_TEXT_CHARACTERS]).strip()
    content = _content_words(subject)
    capitals = all(word[0].isupper() or word[0].isdigit() for word in content)
    short = len(words(subject)) <= (_NAME_WORDS if capitals else _SHORT_TITLE_WORDS)
    return subject if content and short else ""


def _sure_names(text: str) -> list[str]:
    found = names(text[:_TEXT_CHARACTERS])
    return [name.text for name in found if not name.doubtful and len(name.text) <= _NAME_CHARACTERS]


def _bare_words(text: str) -> set[str]:
    return {bare(word) for word in words(text[:_TEXT_CHARACTERS])}


def _content_words(text: str) -> list[str]:
    return [word for word in words(text[:_TEXT_CHARACTERS]) if not is_function_word(word)]
