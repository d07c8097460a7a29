"""Questions from feedback: what people said of answers, as a question set that ``pullquote eval`` runs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from index.records import Article
from qa.dates import spell_out_dates
from qa.library import Feedback
from qa.records import Citation

CONTRADICTION = "what was said of this question is contradictory"
"""Why feedback is left out that is right or wrong depending on whom one asks."""

Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Feedback that makes no question, and why, for a person to read."""

    feedback: Feedback
    reason: str


@dataclass(frozen=True, slots=True)
class FeedbackQuestions:
    """A question set's rows, and what did not get into it.

    Attributes:
        rows: as JSON lines hold them; one a question, whoever asked it.
        left_out: in the order in which it was given.
    """

    rows: tuple[dict[str, Any], ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class _Quote:
    """A stretch of an article that somebody saw: the version of the article, and what stood where."""

    article_id: str
    start_char: int
    end_char: int
    text: str
    content_sha256: str

    @property
    def place(self) -> Place:
        return self.article_id, self.start_char, self.end_char


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a person says is right.

    Attributes:
        answer: None where abstaining is right.
        evidence: where it stands, any of which will do; for an abstention, what it is resampled with.
    """

    feedback: Feedback
    answer: str | None
    evidence: tuple[_Quote, ...]


def questions_from_feedback(
    feedback: Sequence[Feedback], article_of: Callable[[str], Article | None] | None = None
) -> FeedbackQuestions:
    """Turn feedback into questions with what is right.

    "Right" gives the answer and its place, or, of an abstention, no answer; "should have abstained" no answer; a
    corrected sentence gives itself, or the answer that was picked in it. Feedback on the same question, with the same
    history and collection, makes one question, any of whose answers will do; where it is contradictory, it makes none.

    Args:
        feedback: in the order in which it was given.
        article_of: gives an article as it is stored now, or None where it is no longer there; with it, feedback is left
            out whose evidence does not stand any more where it stood, in the version of the article that it stood in.
    """
    groups: dict[object, list[Feedback]] = {}
    for one in feedback:
        groups.setdefault(_asked_alike(one), []).append(one)
    rows, left_out = [], []
    for group in groups.values():
        claims: list[_Claim] = []
        for one in group:
            claim = _claim(one)
            if isinstance(claim, _Claim) and article_of:
                claim = _still_holding(claim, article_of)
            if isinstance(claim, str):
                left_out.append(LeftOut(one, claim))
            else:
                claims.append(claim)
        if claims and _contradictory(group, claims):
            left_out += [LeftOut(claim.feedback, CONTRADICTION) for claim in claims]
        elif claims:
            rows.append(_row(claims, _denied_places(group)))
    place = {id(one): number for number, one in enumerate(feedback)}
    return FeedbackQuestions(tuple(rows), tuple(sorted(left_out, key=lambda one: place[id(one.feedback)])))


def _asked_alike(one: Feedback) -> object:
    """The same for the same question: in other spacing or case, and on another day unless it says "yesterday"."""
    return _folded(spell_out_dates(one.question, one.asked.date())), one.history, one.collection


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _claim(one: Feedback) -> _Claim | str:
    """What a person says is right; or why that is not known."""
    answer = one.answer
    if answer is None:
        return "the answer that was kept cannot be read by this program"
    if not one.question.strip():
        return "the question is blank"
    if one.correction:
        start, end = one.correction.span
        quote = _Quote(one.correction.article_id, start, end, one.correction.answer, one.correction.content_sha256)
        return _claimed(one, (quote,))
    if one.verdict == "should have abstained" or (one.verdict == "right" and not answer.answered):
        about = (answer.citations or answer.closest)[:1]
        return _Claim(one, None, tuple(map(_quote, about)))
    if one.verdict != "right":
        return f"{one.verdict}, and nobody said which sentence is right"
    if one.citation is not None:
        return _claimed(one, (_quote(answer.citations[one.citation]),))
    said = [citation for citation in answer.citations if _folded(citation.quote) == _folded(answer.text or "")]
    return _claimed(one, tuple(map(_quote, said or answer.citations[:1])))


def _claimed(one: Feedback, evidence: tuple[_Quote, ...]) -> _Claim | str:
    return _Claim(one, evidence[0].text, evidence) if evidence[0].text.strip() else "the answer is blank"


def _quote(citation: Citation) -> _Quote:
    start, end = citation.quote_start_char, citation.quote_end_char
    return _Quote(citation.article_id, start, end, citation.quote, citation.content_sha256)


def _still_holding(claim: _Claim, article_of: Callable[[str], Article | None]) -> _Claim | str:
    """The claim with the evidence that still holds; or why none does."""
    checked = [(quote, _why_not(quote, article_of(quote.article_id))) for quote in claim.evidence]
    holding = tuple(quote for quote, reason in checked if not reason)
    return _Claim(claim.feedback, claim.answer, holding) if holding or not checked else checked[0][1]


def _why_not(quote: _Quote, article: Article | None) -> str:
    if article is None:
        return "the source is no longer in the collection"
    if article.text[quote.start_char : quote.end_char] != quote.text:
        return "the stored article does not hold these words at this place"
    if article.content_sha256 != quote.content_sha256:
        return "the stored article has changed since"
    return ""


def _contradictory(group: Sequence[Feedback], claims: Sequence[_Claim]) -> bool:
    """Whether a claim is denied by another one, or by feedback that makes no claim of its own."""
    said = {_folded(claim.answer) for claim in claims if claim.answer is not None}
    abstentions = any(claim.answer is None for claim in claims)
    denied = {_folded(text) for one in group for text in _denied_answers(one)}
    abstaining_denied = any(
        one.verdict == "wrong answer" and one.answer is not None and not one.answer.answered for one in group
    )
    answering_denied = any(one.verdict == "should have abstained" for one in group)
    if (abstentions and (said or abstaining_denied)) or (said and answering_denied) or said & denied:
        return True
    denied_places = _denied_places(group)
    return any(
        claim.answer is not None and all(quote.place in denied_places for quote in claim.evidence) for claim in claims
    )


def _denied_answers(one: Feedback) -> list[str]:
    """The answer that was called wrong."""
    if one.verdict != "wrong answer" or one.answer is None or not one.answer.answered:
        return []
    return [one.answer.text or ""] if one.citation is None else [one.answer.citations[one.citation].quote]


def _denied_places(group: Sequence[Feedback]) -> set[Place]:
    """The places of the citations that were called wrong; of an answer as a whole, that of its first."""
    return {
        _quote(one.answer.citations[one.citation or 0]).place
        for one in group
        if one.verdict == "wrong citation" and one.answer is not None
    }


def _row(claims: Sequence[_Claim], denied: set[Place]) -> dict[str, Any]:
    """One line of a question set; the wording and the day are those of who was the first to judge."""
    first = claims[0].feedback
    quotes = [quote for claim in claims for quote in claim.evidence]
    if claims[0].answer is None:
        evidence: list[dict[str, Any]] = [{"article": one} for one in dict.fromkeys(one.article_id for one in quotes)]
    else:
        places = dict.fromkeys(quote.place for quote in quotes if quote.place not in denied)
        evidence = [{"article": article, "start": start, "end": end} for article, start, end in places]
    history = [
        {"question": turn.question, "answer_text": turn.answer_text, "titles": list(turn.titles)}
        for turn in first.history
    ]
    return {
        "id": first.exchange_id,
        "question": first.question,
        "answers": list(dict.fromkeys(claim.answer for claim in claims if claim.answer is not None)),
        "evidence": evidence,
        **({"history": history} if history else {}),
        "asked": first.asked.date().isoformat(),
    }
