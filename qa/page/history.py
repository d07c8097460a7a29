"""The list of conversations as HTML. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from qa.library import ConversationSummary, SearchHit
from qa.page.markup import escape, isolated
from qa.page.wording import counted, date_words

Elsewhere = Callable[[str | None], bool]
_FORMS = {"html": "HTML", "md": "Markdown", "json": "JSON"}


def conversation_list(
    summaries: Sequence[ConversationSummary], total: int, today: date, elsewhere: Elsewhere = lambda kept: False
) -> str:
    """Conversations, each with what can be done with it.

    Args:
        summaries: those that are shown, the latest first.
        total: how many there are.
        today: the day that ages count to.
        elsewhere: whether a kept collection is one that is not served now.
    """
    if not summaries:
        return _list('<p class="pq-small" role="status">There are no conversations yet.</p>', "")
    count = counted(total, "conversation") if len(summaries) == total else f"The latest {len(summaries)} of {total:,}"
    rows = "".join(f"<li>{_row(summary, today, elsewhere)}</li>" for summary in summaries)
    return _list(f'<p class="pq-small" role="status">{count}.</p>', rows)


def hit_list(
    hits: Sequence[SearchHit],
    words: str,
    today: date,
    elsewhere: Elsewhere = lambda kept: False,
    *,
    more: bool = False,
) -> str:
    """What a search found: the exchanges, each with the text that holds the words.

    Args:
        words: what was searched for.
        today, elsewhere: as for ``conversation_list``.
        more: whether more was found than is shown.
    """
    if not hits:
        return _list(f'<p class="pq-small" role="status">Nothing was found for {isolated(words, "q")}.</p>', "")
    rows = "".join(
        f'<li>{_opener(hit.conversation, today, elsewhere)}<p class="pq-small">{isolated(hit.question)}</p>'
        f"{_matched(hit)}</li>"
        for hit in hits
    )
    found = counted(len(hits), "question")
    count = f"The latest {found} that hold these words; add words to see others." if more else f"{found} found."
    return _list(f'<p class="pq-small" role="status">{count}</p>', rows)


def _matched(hit: SearchHit) -> str:
    return f'<p class="pq-sentence">{isolated(hit.matched)}</p>' if hit.matched != hit.question else ""


def _list(status: str, rows: str) -> str:
    return f'<div class="pq-history">{status}<ul class="pq-offers">{rows}</ul></div>'


def _opener(summary: ConversationSummary, today: date, elsewhere: Elsewhere) -> str:
    when = date_words(summary.changed.date().isoformat(), today)
    other = " · about another collection than the one that is served now" if elsewhere(summary.collection) else ""
    return (
        f'<button type="button" class="pq-article" data-resume="{escape(summary.conversation_id)}">'
        f'<span class="pq-article-title">{isolated(summary.title or "Untitled")}</span> '
        f'<span class="pq-particulars"><span>{escape(when)}</span> · '
        f"{counted(summary.exchanges, 'question')}{other}</span></button>"
    )


def _row(summary: ConversationSummary, today: date, elsewhere: Elsewhere) -> str:
    name = escape(summary.conversation_id)
    links = "".join(
        f'<li><a class="pq-link" href="/pullquote/conversations/{name}.{suffix}" download>{form}</a></li>'
        for suffix, form in _FORMS.items()
    )
    return (
        f'{_opener(summary, today, elsewhere)}<details class="pq-more"><summary>Rename, export, delete'
        f'<span class="pq-unseen">: {isolated(summary.title or "Untitled")}</span></summary>'
        f'<p><input type="text" class="pq-title" maxlength="200" aria-label="Title" value="{escape(summary.title)}"> '
        f'<button type="button" class="pq-link" data-rename="{name}">Rename</button></p>'
        f'<ul class="pq-forms" aria-label="Export with all evidence"><li>Export with all evidence:</li>{links}</ul>'
        f'<details><summary>Delete</summary><p><button type="button" class="pq-link" data-delete="{name}">'
        "Delete it for good</button></p></details></details>"
    )
