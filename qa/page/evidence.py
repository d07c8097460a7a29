"""An article with its cited sentences highlighted, as HTML. Pure.

The text goes onto the page as slices of the stored text, cut at the offsets of the citations: nothing is searched for,
so that a highlight stands where the citation says, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from urllib.parse import quote

from index.records import Article, Sentence
from qa.addresses import web_address
from qa.citations import CitationCheck
from qa.page.exchanges import Pointer
from qa.page.markup import escape, isolated, link_out
from qa.page.wording import counted, date_words
from qa.records import Citation


@dataclass(frozen=True, slots=True)
class Highlight:
    """A citation to show in its article.

    Attributes:
        pointer: where it is in the conversation.
        check: whether it holds, found out just now.
    """

    citation: Citation
    pointer: Pointer
    check: CitationCheck


def nothing_shown() -> str:
    """The panel before anything is shown in it."""
    return _panel(
        "",
        '<div class="pq-nothing"><h2>Evidence</h2><p>Open a source, and its article stands here with the sentence '
        "highlighted.</p></div>",
    )


def source_missing(citation: Citation, pointer: Pointer, reason: str) -> str:
    """The panel for a citation whose article cannot be shown: what was cited, and why it is not highlighted.

    Args:
        reason: why, for a person to read.
    """
    return _panel(
        str(pointer),
        f'<h2 class="pq-headline" tabindex="-1">{isolated(citation.title or citation.article_id)}</h2>'
        f'{_warning(reason)}<p class="pq-small">When it was cited, this sentence stood there:</p>'
        f'<blockquote class="pq-quotation">{isolated(citation.sentence)}</blockquote>',
    )


def notice(words: str) -> str:
    """The panel with a message alone."""
    return _panel(
        "",
        f'<div class="pq-nothing"><h2 class="pq-headline" tabindex="-1">Evidence</h2>'
        f'<p class="pq-warning" role="alert">{isolated(words)}.</p></div>',
    )


def evidence(
    article: Article,
    shown: Highlight,
    others: Sequence[Highlight],
    sentences: Sequence[Sentence],
    citations: int,
    today: date,
    collection_id: str = "",
) -> str:
    """An article with a citation shown in it.

    Args:
        shown: the citation to scroll to.
        others: further citations of the same answer; those of other articles, or that do not hold, are left out.
        sentences: the article's.
        citations: how many the answer has, in all articles.
        today: the day that the article's age counts to.
        collection_id: where the article is held.
    """
    holding = [highlight for highlight in (shown, *others) if highlight.check.holds]
    highlights = [highlight for highlight in holding if highlight.citation.article_id == article.article_id]
    if not shown.check.holds:
        note = _warning(shown.check.reason)
    elif shown.pointer.kind == "closest":
        note = '<p class="pq-small">The marked sentence comes closest to the question. It is not an answer.</p>'
    else:
        note = ""
    return _article(
        article,
        str(shown.pointer),
        _steps(shown.pointer, citations) + note,
        highlighted(article.text, sentences, highlights, shown.pointer),
        shown.citation if shown.check.holds else None,
        sentences,
        today,
        collection_id,
    )


def whole_article(article: Article, sentences: Sequence[Sentence], today: date, collection_id: str = "") -> str:
    """An article to read, with nothing highlighted."""
    shown = f"article:{quote(article.article_id, safe='')}"
    return _article(article, shown, "", highlighted(article.text, sentences), None, sentences, today, collection_id)


def highlighted(
    text: str, sentences: Sequence[Sentence], highlights: Sequence[Highlight] = (), shown: Pointer | None = None
) -> str:
    """``text``, escaped, each of its sentences in a ``<span>``, with ``<mark>`` around cited sentences and quotes;
    without the tags it is ``text`` to the character.

    Cited sentences may overlap, where a quote crosses from one into the next; each piece between two borders is marked
    with all that covers it. The first piece of the citation ``shown`` has the attribute ``data-target``.
    """
    ends = {sentence.start_char: sentence.end_char for sentence in sentences}
    borders = {0, len(text), *ends.keys(), *ends.values()}
    for highlight in highlights:
        citation = highlight.citation
        borders |= {citation.start_char, citation.quote_start_char, citation.quote_end_char, citation.end_char}
    pieces = []
    numbered: set[str] = set()
    ending = None
    for start, end in pairwise(sorted(borders)):
        if start in ends:
            ending = ends[start]
            pieces.append(f'<span class="pq-one" data-at="{start}-{ending}">')
        covering = [each for each in highlights if each.citation.start_char <= start and end <= each.citation.end_char]
        piece = escape(text[start:end])
        pieces.append(_marked(piece, start, end, covering, shown, numbered) if covering else piece)
        if end == ending:
            pieces.append("</span>")
    return "".join(pieces)


def _steps(shown: Pointer, citations: int) -> str:
    """Where the citation stands among the answer's, and buttons to the one before and the next."""
    if citations < 2:
        return ""

    def button(words: str, name: str, place: int) -> str:
        if not 0 <= place < citations:
            return f'<button type="button" class="pq-link" disabled>{words}</button>'
        pointer = Pointer(shown.exchange, shown.kind, place)
        return f'<button type="button" class="pq-link" data-open="{pointer}" data-step="{name}">{words}</button>'

    return (
        f'<p class="pq-steps">{button("← Previous", "previous", shown.citation - 1)} '
        f"<span>{shown.citation + 1} of {citations}</span> {button('Next →', 'next', shown.citation + 1)}</p>"
    )


def _marked(
    piece: str, start: int, end: int, covering: Sequence[Highlight], shown: Pointer | None, numbered: set[str]
) -> str:
    """One piece in its ``<mark>``; ``numbered`` collects the pointers whose number stands at an earlier piece."""
    classes = ["pq-cited" if covering[0].pointer.kind == "cited" else "pq-closest"]
    attributes = ""
    for highlight in covering:
        citation, pointer = highlight.citation, highlight.pointer
        if pointer == shown and "pq-shown" not in classes:
            classes.append("pq-shown")
        in_quote = citation.quote_start_char <= start and end <= citation.quote_end_char
        if in_quote and pointer.kind == "cited" and "pq-span" not in classes:
            classes.append("pq-span")
        if str(pointer) not in numbered:
            numbered.add(str(pointer))
            # The number is drawn by the style sheet, so that whoever copies the text copies the text alone.
            attributes += f' data-number="{pointer.citation + 1}"' if "data-number" not in attributes else ""
            attributes += " data-target" if pointer == shown else ""
    return f'<mark class="{" ".join(classes)}"{attributes}>{piece}</mark>'


def _article(
    article: Article,
    shown: str,
    note: str,
    text: str,
    cited: Citation | None,
    sentences: Sequence[Sentence],
    today: date,
    collection_id: str,
) -> str:
    published = article.published.isoformat() if article.published else None
    particulars = [isolated(article.outlet)] if article.outlet else []
    particulars += [isolated(author) for author in article.authors]
    particulars += [f"<span>{escape(date_words(published, today))}</span>", counted(len(sentences), "sentence")]
    title = article.title or article.source_key or article.article_id
    quote_text, start_char = (cited.sentence, cited.start_char) if cited else ("", None)
    original = link_out(article.url, quote_text, article_text=article.text, start_char=start_char)
    return _panel(
        shown,
        f'<h2 class="pq-headline" tabindex="-1">{isolated(title)}</h2>'
        f'<p class="pq-particulars">{" · ".join(particulars)}</p>{note}'
        f'<div class="pq-text" dir="auto" data-article="{quote(article.article_id, safe="")}"'
        f' data-held-in="{escape(collection_id)}" data-version="{escape(article.content_sha256)}"'
        f' data-source="{escape(source_words(article))}">{text}</div>'
        f'<p class="pq-small pq-colophon">This is the stored copy, as it was indexed: it is the evidence. '
        f'<span id="pq-press">Press a sentence to copy it with its source.</span> {original}</p>',
    )


def source_words(article: Article) -> str:
    """What stands behind a copied sentence: title, outlet, date and address."""
    published = article.published.isoformat()[:10] if article.published else None
    named = (article.title or article.source_key or article.article_id, article.outlet, published)
    return ", ".join([*(one for one in named if one), *([address] if (address := web_address(article.url)) else [])])


def _panel(shown: str, content: str) -> str:
    return (
        f'<section class="pq-evidence" role="region" aria-label="Evidence" tabindex="0" data-shown="{escape(shown)}">'
        f'<button type="button" class="pq-close" data-close>← Back</button>{content}</section>'
    )


def _warning(reason: str) -> str:
    return f'<p class="pq-warning" role="alert"><strong>Not highlighted:</strong> {isolated(reason)}.</p>'
