"""The words of our own in an exported conversation, and what of an answer is shown there. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from qa.citations import Standing
from qa.records import Answer, Citation

HEADING = "Questions and answers"
EXPORTED = (
    "Exported on {day}. Each quotation is the article's own words; its place counts characters of the text that was "
    "indexed."
)
ABSTAINED = (
    "The articles do not answer this, as far as the reader can tell. These sentences come closest; they are no answers."
)
NO_ANSWER = "There was a problem:"

STANDINGS: Mapping[Standing, str] = {
    "source removed": "The source has been removed from the collection since.",
    "changed since": "The source has changed since it was cited.",
}
_AGREEMENT = {
    "agree": "The sources agree.",
    "updated": "Newer sources give a newer fact; look at the dates.",
    "disagree": "The sources disagree; read each of them.",
}


def shown_citations(answer: Answer) -> tuple[Citation, ...]:
    """The citations of an answer, or the closest sentences of an abstention."""
    return answer.citations if answer.answered else answer.closest


def confidence_words(confidence: float | None) -> str:
    """What a confidence means.

    Args:
        confidence: the calibrated probability that the best span is right; None where no calibration exists.
    """
    if confidence is None:
        return "How sure: not calibrated for this reader."
    tenths = round(10 * confidence)
    if tenths == 10:
        share = "Nearly all"
    elif tenths == 0:
        share = "Almost none"
    else:
        share = f"About {tenths} in 10"
    return (
        f"{share} answers like this one were right on our development questions; run an evaluation for yours "
        "(pullquote eval)."
    )


def remarks(answer: Answer) -> list[str]:
    """What else the answer says of itself: query, confidence, agreement of its sources, notes, index and models."""
    found = [f"Searched for: {answer.query}"] if answer.query != answer.question else []
    if answer.answered:
        found.append(confidence_words(answer.confidence))
    if answer.agreement in _AGREEMENT:
        found.append(_AGREEMENT[answer.agreement])
    found += answer.notes
    models = ", ".join(f"{part} {name}" for part, name in sorted(answer.models.items()))
    return [*found, f"Generation {answer.index_generation} of the index{f'; {models}' if models else ''}"]
