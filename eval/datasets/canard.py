"""Conversations of CANARD as a question set: follow-up questions with a person's stand-alone wording of each (Elgohary
et al. 2019, "Can You Unpack That? Learning to Rewrite Questions-in-Context").

Each line is a turn: ``{"dialog", "turn", "history", "question", "rewrite"}``, where ``history`` holds the title of a
page, the section of it that the conversation is about, and then the earlier questions and answers in turn. A turn's
answer stands in the history of the next, and the last turn's nowhere.

The page itself is not there. An article is made of each conversation: under the page's title the section, and then the
answers, a paragraph each. A turn's evidence is its answer's place. Turns whose answer is not known are not asked; in
the history of later ones they were asked, and not answered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.datasets.fields import Row, json_rows
from eval.datasets.records import Evidence, Question
from index.records import Article
from qa.records import Turn

_KEYS = frozenset({"dialog", "turn", "history", "question", "rewrite"})
_NOT_KNOWN = frozenset({"i don't know", "cannotanswer"})
_BETWEEN = "\n\n"


def is_canard(lines: Sequence[str]) -> bool:
    """Whether the first line that is not blank is a turn of CANARD."""
    first = next((line for line in lines if line.strip()), "")
    try:
        values = json.loads(first)
    except (json.JSONDecodeError, RecursionError):
        return False
    return isinstance(values, dict) and values.keys() >= _KEYS


def read_canard(path: Path, lines: Sequence[str]) -> tuple[list[Question], list[Article]]:
    """The turns whose answers are known, and an article for each conversation that has some.

    Raises:
        QuestionSetError: a line is no turn, or does not go on where its conversation's last line ended.
    """
    conversations: dict[str, list[Row]] = {}
    for row in json_rows(path, lines):
        turns = conversations.setdefault(row.text("dialog"), [])
        _require_turn(row, turns[-1] if turns else None)
        turns.append(row)
    questions: list[Question] = []
    articles: list[Article] = []
    for dialog, turns in conversations.items():
        article, places = _article(dialog, turns)
        asked = [_question(row, article, places[number]) for number, row in enumerate(turns) if number in places]
        if asked:
            questions += asked
            articles.append(article)
    return questions, articles


def _require_turn(row: Row, before: Row | None) -> None:
    """Refuse a line that is no turn, or not the next of its conversation."""
    for key in ("question", "rewrite"):
        row.text(key)
    history, turn = row.texts("history"), row.values.get("turn")
    last = before.values["turn"] if before else 0
    if isinstance(turn, bool) or turn != last + 1:
        raise row.error(f'"turn" must be {last + 1}, the next of its conversation, not {turn!r}')
    if len(history) != 2 * turn:
        raise row.error(
            f'"history" must be title, section, and each earlier question with its answer: {2 * turn} texts for turn '
            f"{turn}, not {len(history)}"
        )
    if before and list(history[:-1]) != [*before.values["history"], before.values["question"]]:
        raise row.error('"history" does not go on from the turn before it')


def _article(dialog: str, turns: Sequence[Row]) -> tuple[Article, dict[int, tuple[int, int]]]:
    """A conversation's article, and for each turn with a known answer the answer's place in it."""
    title, section = (_clean(text) for text in turns[0].values["history"])
    text, places = section, dict[int, tuple[int, int]]()
    for number, following in enumerate(turns[1:]):
        answer = _known(following.values["history"][-1])
        if answer is not None:
            text += _BETWEEN
            places[number] = (len(text), len(text) + len(answer))
            text += answer
    return Article(article_id=dialog, title=title, text=text), places


def _question(row: Row, article: Article, place: tuple[int, int]) -> Question:
    turn, (start, end) = row.values["turn"], place
    said = row.values["history"][2:]
    history = tuple(_turn(asked, told, article.title) for asked, told in zip(said[::2], said[1::2], strict=True))
    return Question(
        question_id=f"{article.article_id}-{turn}",
        text=row.text("question").strip(),
        answers=(article.text[start:end],),
        evidence=(Evidence(article.article_id, start, end),),
        history=history,
        rewrite=row.text("rewrite").strip() if history else None,  # the first question leans on nothing
        cluster=article.article_id,
        where=row.where,
    )


def _turn(asked: str, told: str, title: str) -> Turn:
    """An earlier turn as an answer over this collection would have left it: one that abstained cites nothing."""
    answer = _known(told)
    return Turn(asked, answer, (title,) if answer is not None else ())


def _known(answer: str) -> str | None:
    """The answer's words; None where it says that there is none."""
    clean = _clean(answer)
    return None if clean.rstrip(".").lower() in _NOT_KNOWN else clean


def _clean(text: Any) -> str:
    return str(text).strip().replace("\r\n", "\n").replace("\r", "\n")
