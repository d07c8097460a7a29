"""Drafts a question set from a collection: sentences with a gap where a name, a date or a figure stood.

A gap is no question that a person would ask, and finding its sentence is easy. It saves the work of choosing what to
ask about and of marking where the answer stands; the wording is a person's to change.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.records import Article, Sentence
from qa.english import names

GAP = "_____"
FEWEST_WORDS, MOST_WORDS = 8, 40
"""Of a sentence: shorter ones seldom say what they are about, longer ones ask too much of a reader."""

_FIGURE = re.compile(
    r"(?<![\w.,$€£])[$€£]?\d+(?:[.,]\d+)*(?:\s?%|\s(?:per cent|million|billion|years?|months?|days?|hours?|minutes?|"
    r"kilometres?|metres?|kilograms?|tonnes?|dollars|euros|pounds|crowns))?(?!\w)"
)
_DATE = re.compile(
    r"\b(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?: \d{1,2})?(?:,? \d{4})?\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:1\d{3}|20\d{2})\b"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence with a gap.

    Attributes:
        kind: what was taken out: ``name``, ``date`` or ``figure``.
        start_char, end_char: where it stands in the article.
    """

    article_id: str
    question: str
    answer: str
    kind: str
    start_char: int
    end_char: int

    def to_row(self) -> dict[str, Any]:
        """A line of a question set, marked as a draft."""
        return {
            "id": f"{self.article_id}:{self.start_char}-{self.end_char}",
            "question": self.question,
            "answers": [self.answer],
            "evidence": [{"article": self.article_id, "start": self.start_char, "end": self.end_char}],
            "draft": f"reword as a question; the gap was a {self.kind}",
        }


def draft_questions(
    articles: Sequence[tuple[Article, Sequence[Sentence]]], count: int, *, seed: int = 0
) -> list[Draft]:
    """Draft questions on as many articles as there are, and on names, dates and figures alike.

    Args:
        articles: each with its sentences.
        count: how many drafts at most; no sentence gets two.
        seed: fixes the choice.
    """
    chance = random.Random(seed)
    left = [list(_drafts(article, sentences)) for article, sentences in articles]
    for drafts in left:
        chance.shuffle(drafts)
    chance.shuffle(left)
    found: list[Draft] = []
    used: set[tuple[str, str]] = set()
    kinds = dict.fromkeys(("name", "date", "figure"), 0)
    while len(found) < count and any(left):
        for drafts in left:
            if not drafts or len(found) == count:
                continue
            drafts.sort(key=lambda draft: kinds[draft.kind])  # stable: the rarest kind so far comes first
            draft = drafts.pop(0)
            sentence = (draft.article_id, draft.question.replace(GAP, draft.answer, 1))
            if sentence not in used:
                used.add(sentence)
                kinds[draft.kind] += 1
                found.append(draft)
    return found


def _drafts(article: Article, sentences: Sequence[Sentence]) -> Iterator[Draft]:
    for sentence in sentences:
        text = article.text[sentence.start_char : sentence.end_char]
        if "\n" in text or not FEWEST_WORDS <= len(text.split()) <= MOST_WORDS:
            continue
        for kind, start, end in _gaps(text):
            yield Draft(
                article.article_id,
                f"{text[:start]}{GAP}{text[end:]}",
                text[start:end],
                kind,
                sentence.start_char + start,
                sentence.start_char + end,
            )


def _gaps(text: str) -> Iterator[tuple[str, int, int]]:
    """What may be taken out of a sentence: whole names, dates and figures that stand in it once."""
    dates = [match.span() for match in _DATE.finditer(text)]
    figures = [
        match.span()
        for match in _FIGURE.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in dates)
    ]
    said = [(name.start_char, name.start_char + len(name.text)) for name in names(text) if not name.doubtful]
    for kind, spans in (("date", dates), ("figure", figures), ("name", said)):
        for start, end in spans:
            if text.count(text[start:end]) == 1:
                yield kind, start, end
