"""The list of sources and the choice of what is asked, as HTML. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import quote

from index.loaders.collect import LOADERS
from index.stores.base import ArticleSummary
from qa.holdings import Holding
from qa.page.labels import article_button
from qa.page.markup import alert, escape, isolated
from qa.page.scope import Scope, outlets_of
from qa.page.wording import counted
from qa.served import SERVED
from qa.uploads import MAX_FILE_BYTES

SHOWN_AT_MOST = 200
"""More rows than this are no list to read, and slow on a phone; the words to find narrow it down."""
_OUTLETS_AT_MOST = 100

KINDS = ", ".join(LOADERS)
SORTS: dict[str, tuple[Callable[[ArticleSummary], object], bool]] = {
    "Newest first": (lambda summary: summary.published or "", True),
    "Oldest first": (lambda summary: summary.published or "9999", False),
    "By title": (lambda summary: (summary.title or summary.source_key).casefold(), False),
    "By outlet": (lambda summary: (not summary.outlet, (summary.outlet or "").casefold()), False),
    "Longest first": (lambda summary: summary.sentences, True),
}
"""The orders of the list, by name: what is compared, and whether the largest comes first."""
NEWEST = next(iter(SORTS))


def matching(summaries: Sequence[ArticleSummary], words: str, sort: str = NEWEST) -> list[ArticleSummary]:
    """The articles whose title, outlet, date, address or file holds each of the ``words``, in one of the ``SORTS``;
    those without a date or outlet come last."""
    wanted = words.casefold().split()
    found = [summary for summary in summaries if all(word in _searchable(summary) for word in wanted)]
    key, backwards = SORTS.get(sort, SORTS[NEWEST])
    found.sort(key=lambda summary: summary.article_id)
    found.sort(key=key, reverse=backwards)  # type: ignore[arg-type]  # each order compares values of one kind
    return found


def source_list(
    summaries: Sequence[ArticleSummary],
    words: str,
    today: date,
    *,
    sort: str = NEWEST,
    scope: Scope | None = None,
    own: bool = False,
) -> str:
    """The articles that match ``words``, each with a button that opens it.

    Args:
        summaries: all articles of the collection.
        words: what to narrow the list by; empty for all.
        today: the day that ages count to.
        sort: one of the ``SORTS``.
        scope: what is asked: each row then has a tick, and tells whether it is asked; None for the list alone.
        own: whether the person may delete them.
    """
    found = matching(summaries, words, sort)
    shown = found[:SHOWN_AT_MOST]
    if not summaries and not words.strip():
        return _nothing_yet(own or scope is not None)
    if not found:
        count = f"No article matches {isolated(words, 'q')}."
    elif len(shown) < len(found):
        count = f"The {_first(sort)} {len(shown)} of {counted(len(found), 'article')}; narrow the list to see others."
    else:
        count = f"{counted(len(found), 'article')}, {sort.casefold()}."
    rows = "".join(_row(summary, today, scope, own) for summary in shown)
    return (
        f'<div class="pq-sources"><p class="pq-small" role="status">{count}</p>'
        f'{_delete_ticked(summaries, shown, scope, own)}<ul class="pq-offers">{rows}</ul></div>'
    )


def collection_switch(holdings: Sequence[Holding], chosen: str, problem: str = "") -> str:
    """The collections to choose from, and what can be done with the chosen one.

    Args:
        problem: why something could not be done.
    """
    own = next((one for one in holdings if one.collection_id == chosen and not one.shared), None)
    change = ""
    if own:
        change = (
            '<details class="pq-more"><summary>Rename or delete</summary><p><label>Name '
            f'<input type="text" name="rename" maxlength="200" value="{escape(own.name)}"></label> '
            '<button type="button" class="pq-link" data-do="rename">Rename</button></p>'
            '<p><button type="button" class="pq-link" data-do="delete_collection">Delete '
            f"{isolated(own.name)} with {counted(own.articles or 0, 'article')} for good</button></p></details>"
        )
    return (
        f'<div class="pq-collections"><h2 class="pq-unseen">Collections</h2>{_buttons(holdings, chosen)}'
        '<details class="pq-more"><summary>New collection</summary><p><label>Name '
        '<input type="text" name="create" maxlength="200"></label> '
        f'<button type="button" class="pq-link" data-do="create">Create</button></p></details>{change}'
        f"{alert(problem)}</div>"
    )


def asking(holdings: Sequence[Holding], summaries: Sequence[ArticleSummary], scope: Scope, problem: str = "") -> str:
    """What is asked, in a line that opens to change it.

    Args:
        summaries: all articles of the chosen collection.
        problem: why a choice could not be taken; the control is open then.
    """
    name = next((one.name for one in holdings if one.collection_id == scope.collection), "")
    asked = sum(scope.accepts(summary) for summary in summaries)
    if not summaries:
        says = f"{isolated(name)} has no articles yet: add some under Sources"
    elif scope.where is None:
        says = f"Asking all {counted(len(summaries), 'article')}" if len(summaries) > 1 else "Asking the one article"
        says += f" of {isolated(name)}" if len(holdings) > 1 else ""
    else:
        says = f"Asking {asked:,} of {counted(len(summaries), 'article')} of {isolated(name)}"
    outlets = outlets_of(summaries)[:_OUTLETS_AT_MOST]
    chosen = {outlet.casefold() for outlet in scope.outlets}
    boxes = "".join(
        f'<label><input type="checkbox" name="outlet" value="{quote(outlet, safe="")}"'
        f"{' checked' if outlet.casefold() in chosen else ''}> {isolated(outlet)}</label>"
        for outlet in outlets
    )
    return (
        f'<details class="pq-asking" data-scope="{escape(scope.to_json())}"{" open" if problem else ""}>'
        f'<summary><span role="status">{says}</span></summary>'
        f"{_buttons(holdings, scope.collection) if len(holdings) > 1 else ''}{alert(problem)}"
        f"<fieldset><legend>Published</legend>{_date('since', 'from', scope.since)} {_date('until', 'to', scope.until)}"
        "</fieldset>"
        + (f"<fieldset><legend>Outlets (none ticked: all)</legend>{boxes}</fieldset>" if boxes else "")
        + f'<p><label><input type="checkbox" name="ticked"{" checked" if scope.only_ticked else ""}> Only the sources '
        f"ticked in the list ({sum(one.article_id in scope.ticked for one in summaries)})</label></p>"
        '<p><button type="button" class="pq-link" data-do="narrow">Ask these</button> '
        '<button type="button" class="pq-link" data-do="ask_all">Ask all</button></p></details>'
    )


def _row(summary: ArticleSummary, today: date, scope: Scope | None, own: bool) -> str:
    if scope is None:
        return f"<li>{article_button(summary, today)}</li>"
    code = quote(summary.article_id, safe="")
    name = isolated(summary.title or summary.source_key or "Untitled")
    delete = (
        '<details class="pq-more"><summary>Delete<span class="pq-unseen"> '
        f'{name}</span></summary><button type="button" class="pq-link" data-delete="{code}">Delete it for good</button>'
        "</details>"
        if own
        else ""
    )
    return (
        f'<li class="pq-row"><input type="checkbox" data-tick="{code}" id="pq-tick-{code}"'
        f"{' checked' if summary.article_id in scope.ticked else ''}>"
        f'<label class="pq-unseen" for="pq-tick-{code}">Tick {name}</label>{article_button(summary, today)}'
        f'<span class="pq-small pq-state">{"is" if scope.accepts(summary) else "is not"} asked</span>{delete}</li>'
    )


def _delete_ticked(
    summaries: Sequence[ArticleSummary], shown: Sequence[ArticleSummary], scope: Scope | None, own: bool
) -> str:
    """The button that deletes what is ticked. The script counts on as rows are ticked; how many of the ticked are not
    shown changes with the list alone."""
    if scope is None or not own:
        return ""
    ticked = sum(summary.article_id in scope.ticked for summary in summaries)
    unseen = ticked - sum(summary.article_id in scope.ticked for summary in shown)
    return (
        '<details class="pq-more"><summary>Delete the ticked</summary>'
        f'<button type="button" class="pq-link" data-delete-ticked data-unseen="{unseen}"'
        f'{"" if ticked else " disabled"}>Delete <span class="pq-count">{ticked}</span> ticked for good'
        f"{f', {unseen} of them not shown' if unseen else ''}</button></details>"
    )


def _buttons(holdings: Sequence[Holding], chosen: str) -> str:
    buttons = "".join(
        f'<button type="button" class="pq-collection" data-collection="{escape(one.collection_id)}" '
        f'aria-pressed="{"true" if one.collection_id == chosen else "false"}">{isolated(one.name)} '
        f'<span class="pq-small">{_size(one)}</span></button>'
        for one in holdings
    )
    return f'<div class="pq-choices" role="group" aria-label="Collection">{buttons}</div>'


def _size(one: Holding) -> str:
    size = "cannot be opened" if one.articles is None else f"{one.articles:,}"
    return f"{size}, read only" if one.shared and one.collection_id != SERVED else size


def _date(name: str, label: str, value: date | None) -> str:
    return f'<label>{label} <input type="date" name="{name}" value="{value.isoformat() if value else ""}"></label>'


def _nothing_yet(can_bring: bool) -> str:
    if not can_bring:
        return '<div class="pq-sources"><p class="pq-small" role="status">There are no articles yet.</p></div>'
    return (
        '<div class="pq-sources"><p role="status">There are no articles here yet.</p><p class="pq-small">Drop files or '
        "a folder above, choose them there, or paste a text. Then ask about them under Ask. What can be read: "
        f"{escape(KINDS)}, also with .gz; at most {MAX_FILE_BYTES // 2**20} MiB a file.</p></div>"
    )


def _first(sort: str) -> str:
    return {"Newest first": "newest", "Oldest first": "oldest", "Longest first": "longest"}.get(sort, "first")


def _searchable(summary: ArticleSummary) -> str:
    parts = (summary.title, summary.outlet, summary.published, summary.url, summary.source_key)
    return "\n".join(part for part in parts if part).casefold()
