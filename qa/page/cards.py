"""The conversation as HTML: questions, answer cards, abstentions, problems. Pure: records in, a string out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from qa.citations import StandingOf
from qa.exchanges import Conversation, Exchange
from qa.exports.phrases import confidence_words
from qa.library import Feedback
from qa.page.copying import TakeawayOf, copy_menu, takeaway
from qa.page.exchanges import Pointer
from qa.page.feedback import feedback_row
from qa.page.labels import particulars
from qa.page.markup import escape, isolated, link_to
from qa.page.wording import as_of, place_words
from qa.records import Answer, Citation, Place

_AGREEMENT_WORDS = {
    "agree": "The sources agree.",
    "updated": "Newer sources give a newer fact; look at the dates.",
    "disagree": "The sources disagree; read each of them.",
}


Gone = Literal["removed", "elsewhere"]
"""Why the collection of a conversation is not there: it was removed, or the server was started with another one."""
_GONE: Mapping[Gone, str] = {
    "removed": "The collection of this conversation was removed.",
    "elsewhere": "This conversation is about another collection than the one that is served now.",
}
_CANNOT_GO_ON: Mapping[Gone, str] = {
    "removed": "Their articles cannot be opened any more, and the conversation cannot go on.",
    "elsewhere": "Their articles can be opened, and the conversation can go on, where that collection is served.",
}
_STORED: Mapping[Gone, str] = {
    "removed": "As it was stored: its collection was removed.",
    "elsewhere": "As it was stored: its collection is not served now.",
}


@dataclass(frozen=True, slots=True)
class _Sources:
    """How sources are shown.

    Attributes:
        today: the day that ages count to.
        standing_of: what became of the cited articles.
        takeaway_of: what can be copied of a citation.
    """

    today: date
    standing_of: StandingOf
    takeaway_of: TakeawayOf


def conversation_log(
    conversation: Conversation,
    today: date,
    *,
    pending: str | None = None,
    before: int | None = None,
    awaited: bool = False,
    welcome: str = "",
    verdicts: Mapping[str, Feedback] | None = None,
    gone: Gone | None = None,
    standing_of: StandingOf = lambda article_id, content_sha256: "",
    takeaway_of: TakeawayOf | None = None,
) -> str:
    """The whole conversation, oldest first.

    Args:
        today: the day that ages count to.
        pending: a question that is being answered now.
        before: how many questions wait before it; None when it waits no longer.
        awaited: that it was asked before the page was reloaded: the page looks for its answer.
        welcome: what stands there before the first question, as HTML.
        verdicts: what was thought of the answers, by exchange.
        gone: why the collection which was asked is not there: the conversation can be read, not continued.
        standing_of: what became of the cited articles.
        takeaway_of: None makes what can be copied from the citations alone.
    """
    # Nothing is asked again while a question is being answered: one of the two would be lost from view.
    last = len(conversation.exchanges) - 1 if pending is None else None
    sources = _Sources(today, standing_of, takeaway_of or (lambda citation: takeaway(citation, today)))
    parts = [
        _exchange(
            exchange, number, sources, (verdicts or {}).get(exchange.exchange_id), last=number == last, stored=gone
        )
        for number, exchange in enumerate(conversation.exchanges)
    ]
    if gone:
        parts.append(_gone(gone))
    if pending is not None:
        waiting = f'<p class="pq-pending" aria-live="polite">{escape(place_words(before))}</p>'
        parts.append(_asked(pending, len(conversation.exchanges), waiting))
    # The log is there before its first entry, so that a screen reader hears that entry come.
    return (
        '<div class="pq-log" role="log" aria-label="Conversation"'
        f' data-conversation="{escape(conversation.conversation_id)}" data-pending="{escape(pending or "")}"'
        f"{' data-awaited' if awaited else ''}>"
        f"{''.join(parts) or welcome}</div>"
    )


def _exchange(
    exchange: Exchange, number: int, sources: _Sources, given: Feedback | None, *, last: bool, stored: Gone | None
) -> str:
    if exchange.answer is not None:
        shown = _answer if exchange.answer.answered else _abstention
        kept = f'<p class="pq-small pq-stored">{_STORED[stored]}</p>' if stored else ""
        end = kept + feedback_row(exchange, number, given)
        card = shown(exchange.answer, number, sources, end, last=last and not stored)
    elif exchange.reply:
        card = f'<div class="pq-card pq-reply"><p>{isolated(exchange.reply)}</p></div>'
    else:
        card = _problem(exchange.problem)
    return _asked(exchange.question, number, card)


def _gone(why: Gone) -> str:
    return (
        f'<div class="pq-card pq-gone" role="status"><p class="pq-verdict">{_GONE[why]}</p>'
        f"<p>The answers stand here as they were stored. {_CANNOT_GO_ON[why]}</p>"
        '<p><button type="button" class="pq-link" data-begin>Start a new conversation</button> on the '
        "collection that is named above the question box.</p></div>"
    )


def _asked(question: str, number: int, card: str) -> str:
    return (
        f'<section class="pq-exchange" id="pq-exchange-{number}" aria-label="Question {number + 1}">'
        f'<h2 class="pq-question"><span class="pq-unseen">You asked: </span>{isolated(question)}</h2>{card}</section>'
    )


def _answer(answer: Answer, number: int, sources: _Sources, end: str, *, last: bool) -> str:
    first, further = answer.citations[0], answer.citations[1:]
    return (
        '<div class="pq-card pq-answered">'
        f"{_remarks(answer, number, last)}"
        f'<blockquote class="pq-quotation" dir="auto">{_in_context(first, _quoted(first))}</blockquote>'
        f"{_source(first, Pointer(number, 'cited', 0), sources)}"
        f"{_list('Further sentences', further, number, 1, sources)}"
        f'<p class="pq-small">{escape(as_of([one.published for one in answer.citations], sources.today))} '
        f"{escape(confidence_words(answer.confidence))}</p>{end}</div>"
    )


def _abstention(answer: Answer, number: int, sources: _Sources, end: str, *, last: bool) -> str:
    if answer.closest:
        items = "".join(
            f'<li><p class="pq-sentence">{_in_context(citation, isolated(citation.sentence))}</p>'
            f"{_source(citation, Pointer(number, 'closest', position), sources)}</li>"
            for position, citation in enumerate(answer.closest)
        )
        closest = (
            "<p>These sentences come closest. They are not answers.</p>"
            f'<ol class="pq-sentences" aria-label="Closest sentences">{items}</ol>'
        )
    else:
        closest = "<p>No sentence comes close to the question.</p>"
    return (
        '<div class="pq-card pq-abstained">'
        f'{_remarks(answer, number, last)}<p class="pq-verdict">The articles do not answer this.</p>'
        f"{closest}{end}</div>"
    )


def _problem(problem: str) -> str:
    return (
        '<div class="pq-card pq-problem" role="alert"><p class="pq-verdict">This could not be asked.</p>'
        f"<p>{isolated(problem)}</p></div>"
    )


def _remarks(answer: Answer, number: int, last: bool) -> str:
    remarks = [escape(note) for note in answer.notes]
    if answer.agreement in _AGREEMENT_WORDS:
        remarks.append(_AGREEMENT_WORDS[answer.agreement])
    if answer.query != answer.question:
        # Later questions lean on what was answered: only the last one can be searched anew.
        undo = (
            f' <button type="button" class="pq-link" data-as-typed="{number}">Search for my words as typed</button>'
            if last
            else ""
        )
        remarks.append(f"Searched for: {isolated(answer.query, 'q')}{undo}")
    return "".join(f'<p class="pq-small">{remark}</p>' for remark in remarks)


def _list(heading: str, citations: Sequence[Citation], number: int, offset: int, sources: _Sources) -> str:
    if not citations:
        return ""
    items = "".join(
        f'<li><p class="pq-sentence">{_in_context(citation, _quoted(citation))}</p>'
        f"{_source(citation, Pointer(number, 'cited', position), sources)}</li>"
        for position, citation in enumerate(citations, start=offset)
    )
    return f'<h3>{heading}</h3><ol class="pq-sentences" start="{offset + 1}">{items}</ol>'


def _quoted(citation: Citation) -> str:
    """The sentence with its span marked: three slices of the one string. A span that is the whole sentence, which is
    what a reader of sentences gives, is bold like any other, on a lighter ground."""
    start = citation.quote_start_char - citation.start_char
    end = citation.quote_end_char - citation.start_char
    sentence = citation.sentence
    whole = ' class="pq-whole"' if citation.quote == sentence else ""
    return (
        f'<bdi dir="auto">{escape(sentence[:start])}<mark{whole}>{escape(sentence[start:end])}</mark>'
        f"{escape(sentence[end:])}</bdi>"
    )


def _in_context(citation: Citation, sentence: str) -> str:
    """The cited sentence, as HTML, between its neighbours, which are dimmed."""
    before, after = (
        isolated(neighbour, css_class="pq-neighbour") if neighbour else ""
        for neighbour in (citation.before, citation.after)
    )
    return " ".join(part for part in (before, sentence, after) if part)


def _source(citation: Citation, pointer: Pointer, sources: _Sources) -> str:
    taken = sources.takeaway_of(citation)
    others = "".join(
        f"<li>{_chip(place, Pointer(pointer.exchange, pointer.kind, pointer.citation, position), sources)}</li>"
        for position, place in enumerate(citation.also_at)
    )
    also = f'<p class="pq-small">The same sentence stands in:</p><ul class="pq-also">{others}</ul>' if others else ""
    return (
        f'<p class="pq-source">{_chip(citation, pointer, sources)} {link_to(taken.address)}</p>{also}'
        f"{copy_menu(taken.forms)}"
    )


def _chip(source: Citation | Place, pointer: Pointer, sources: _Sources) -> str:
    standing = sources.standing_of(source.article_id, source.content_sha256 if isinstance(source, Citation) else "")
    mark = f'<span class="pq-standing">{escape(standing)}</span> ' if standing else ""
    number = f'<span class="pq-number">{pointer.citation + 1}</span> ' if pointer.place is None else ""
    return (
        f'<button type="button" class="pq-chip" data-open="{pointer}">{number}<span class="pq-chip-words">'
        f'<span class="pq-chip-title">{isolated(source.title or source.article_id)}</span> '
        f'{mark}<span class="pq-particulars">'
        f"{particulars(source.outlet, source.published, source.page, sources.today)}</span>"
        '<span class="pq-unseen">: show it in the article</span></span></button>'
    )
