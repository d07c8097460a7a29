"""Sentences of an article -> questions that they answer, to start with where nobody has asked anything yet. Pure.

Few sentences lend themselves to it, and that is as it should be: the patterns are strict, so that what they make reads
as if a person had asked it. Whether the collection answers a question well is for whoever asks it to find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.records import Article, Sentence
from qa.english import names
from qa.proposals.parts import (
    Source,
    is_named,
    is_person,
    is_subject,
    is_whole,
    mid_sentence,
    plain_question,
    plain_sentence,
)
from qa.proposals.patterns import PATTERNS, Pattern, office
from qa.proposals.words import LEADING, POINTING, TAKES_ARTICLE, TITLES

TEXT_CHARACTERS = 20_000
"""Of an article; what stands further on gives no question."""
_FIRST_SENTENCES = 2
_FEWEST_WORDS = {"count": 5, "who": 3}
"""Of the words that are taken over behind the verb."""
_JOINERS = frozenset({"and", "for", "lt", "co"})
_OF_PERSONS = frozenset({"died", "born", "resigned", "arrested", "executed", "assassinated", "crowned", "buried"})
_PAST = re.compile(
    r"\b(?:1\d{3}|20\d\d|former|late|then|when|predecessor|died|ex|once|deputy|acting|interim|had)\b", re.IGNORECASE
)
_PRESENT = re.compile(r"\b(?:said|says|is|will|has)\b")
_NO_CLAUSE = re.compile(
    r"\b(?:along|when|while|because|which|who|where|as|but|and|or|if|after|before|than|with|on|since|every|until|over|"
    r"during|again)\b"
)
_WITH_NAME = re.compile(
    r"(?:the |an? )?(?:[a-z’'-]+ ){0,8}?(?:(?:of|in|at|for|to|on|from|against|by) (?:the )?)?[^\W\d_a-z].*"
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question, and what should answer it.

    Attributes:
        kind: how it asks, such as ``office``: several of one kind are dull.
        about: the words in it that name somebody or something, as the article spells them.
        sentence: what it was made of.
        start_char, end_char: the expected answer, in the article.
    """

    question: str
    kind: str
    about: str
    sentence: Sentence
    start_char: int
    end_char: int


def proposals(article: Article, sentences: Sequence[Sentence]) -> Iterator[Proposal]:
    """The questions that an article's sentences lend themselves to, in the order of the text.

    Args:
        sentences: the article's, in order.
    """
    body = article.text[:TEXT_CHARACTERS]
    known = {name.text for name in names(body) if not name.doubtful}
    for sentence in sentences:
        text = body[sentence.start_char : sentence.end_char]
        if sentence.end_char > len(body) or not plain_sentence(text):
            continue
        dated = article.published is not None
        source = Source(text, sentence.position, article.title, body, known, dated)
        for pattern in PATTERNS:
            for found in _everywhere(pattern.shape, text):
                proposal = _proposal(pattern, found, source, sentence)
                if proposal:
                    yield proposal
                    break


def _everywhere(shape: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches from every place on, overlapping ones too: the first to match is often a part of a longer name."""
    at = 0
    while found := shape.search(text, at):
        yield found
        at = found.start() + 1


def _proposal(pattern: Pattern, found: re.Match[str], source: Source, sentence: Sentence) -> Proposal | None:
    given = {group: value for group, value in found.groupdict().items() if value is not None}
    if not all(_fits(group, found, source) for group in given) or not _fits_together(pattern.kind, given, source):
        return None
    asked = {group: found[group] or "" for group in found.groupdict()}
    for group, change in pattern.wording.items():
        asked[group] = change(asked[group])
    if "head" in asked:
        asked["office"] = office(asked["place"], asked["head"])
    if "subject" in asked:
        asked["subject"] = mid_sentence(asked["subject"])
    if "title" in asked:
        asked["title"] = _as_written(asked["title"], source.body)
    question = pattern.frame.format(**asked)
    about = next(
        (
            given[group].removeprefix("The ")
            for group in ("subject", "name", "place", "title", "letters", "clause", "person")
            if group in given and group != pattern.answer
        ),
    )
    if not plain_question(question):
        return None
    at = sentence.start_char
    return Proposal(
        question, pattern.kind, about, sentence, at + found.start(pattern.answer), at + found.end(pattern.answer)
    )


def _as_written(title: str, body: str) -> str:
    """The subject of the first sentence as it is written inside others: with a small letter unless it is a name."""
    small = title[0].lower() + title[1:]
    return small if re.search(rf"\w {re.escape(small)}\b", body) else title


def _fits(group: str, found: re.Match[str], source: Source) -> bool:
    value, start = found[group], found.start(group)
    match group:
        case "person":
            return is_person(source, start, value)
        case "agent":  # it, or a run of titles with it, is all that stands before the verb
            before = source.text[:start].split()
            return (
                is_person(source, start, value)
                and all(word.lower().strip(".") in TITLES for word in before[-1:])
                and all(word[0].isupper() for word in before)
            )
        case "name":
            stands_behind_the = source.text[:start].lower().endswith("the ")
            needs_the = stands_behind_the or value.split()[-1].lower() in TAKES_ARTICLE
            has_the = bool(found.groupdict().get("the"))
            return is_named(value, source.known) and is_whole(source, start, value) and needs_the == has_the
        case "place":
            joined = source.text[:start].endswith(("-", "& ", "and "))
            other = any(word.lower().strip(".") in TITLES | LEADING | _JOINERS for word in value.split())
            begins = any(one.start_char == start for one in source.names)
            known = {*source.known, value} if start else source.known
            return is_named(value, known) and begins and not joined and not other
        case "subject":
            return is_subject(source, start, value)
        case "title":
            return source.position < _FIRST_SENTENCES and value.lower() == source.title.lower()
        case "clause":
            inside = [one.text for one in names(value)]
            return (
                bool(_WITH_NAME.fullmatch(value))
                and not _NO_CLAUSE.search(value)
                and any(is_named(one, {*source.known, one}) for one in inside)
            )
        case "answer" | "more":
            return not POINTING.search(value.split(" that ")[0]) and not re.search(
                r"\b(?:he|she|we|I|his|her|their)\b", value
            )
    return True


def _fits_together(kind: str, given: dict[str, str], source: Source) -> bool:
    """What no part tells alone."""
    if len(given.get("clause", "").split()) < _FEWEST_WORDS.get(kind, 0) and "clause" in given:
        return False
    match kind:
        case "office":
            return not _PAST.search(source.text) and (source.dated or bool(_PRESENT.search(source.text)))
        case "person":  # somebody who is named only once matters little, and "of" may join the name to another
            surname = given["person"].split()[-1]
            before = source.text[: source.text.index(given["person"])]
            return source.body.count(surname) > 1 and not before.endswith(" of ")
        case "who" if "clause" in given:
            return given["clause"].startswith("the ") or given["clause"][0].isupper()
        case "what" if " " not in given["name"]:  # the end of a longer name that a small word joins: "House of Ferrum"
            return not any(given["name"] in longer.split()[1:] for longer in source.known)
        case "where" if not names(given["answer"]):
            return False
        case "when" | "where":
            return given.get("verb") not in _OF_PERSONS or " " in given["subject"]
    return True
