"""What a person thinks of an answer, as HTML: buttons, and the sentence that would have been right. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from qa.exchanges import Exchange
from qa.library import Feedback, Verdict
from qa.page.markup import isolated

_OF_ANSWERS: Mapping[Verdict, str] = {
    "right": "Right",
    "wrong answer": "Wrong answer",
    "wrong citation": "Wrong sentence cited",
    "should have abstained": "The articles do not answer this",
}
_OF_ABSTENTIONS: Mapping[Verdict, str] = {
    "right": "Right, it is not there",
    "wrong answer": "The articles do answer this",
}


def feedback_row(exchange: Exchange, number: int, given: Feedback | None) -> str:
    """Buttons to judge an answer by, and to name the right sentence; empty for what is not kept.

    Args:
        number: the exchange's position in the conversation.
        given: what was thought of it before.
    """
    if exchange.answer is None or not exchange.exchange_id:
        return ""
    verdicts = _OF_ANSWERS if exchange.answer.answered else _OF_ABSTENTIONS
    buttons = "".join(
        f'<li><button type="button" class="pq-link" data-verdict="{verdict}" data-exchange="{number}"'
        f' aria-pressed="{"true" if given is not None and given.verdict == verdict else "false"}">{words}</button></li>'
        for verdict, words in verdicts.items()
    )
    return (
        f'<div class="pq-feedback" role="group" aria-label="Is this right?"><p class="pq-small">Is this right?</p>'
        f"<ul>{buttons}</ul>{_correction(number, given)}</div>"
    )


def _correction(number: int, given: Feedback | None) -> str:
    if given is None or given.verdict not in ("wrong answer", "wrong citation"):
        return ""
    named = ""
    if given.correction is not None:
        named = f'<p class="pq-small">Right would have been: {isolated(given.correction.text, "q")}</p>'
    words = "Choose another sentence" if named else "Choose the right sentence in an article"
    return (
        f'{named}<p><button type="button" class="pq-link" data-choose="{number}" aria-pressed="false">{words}'
        "</button></p>"
    )
