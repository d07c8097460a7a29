"""What a person takes along of a citation: a link to its original and its forms to copy, and their menu as HTML."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from index.errors import PullquoteError
from index.records import Article
from qa.exports import CitationForm, export_citation
from qa.exports.wording import sentence_address
from qa.page.markup import escape
from qa.records import Citation

_FORMS: Mapping[CitationForm, str] = {
    "markdown": "Markdown",
    "text": "plain text",
    "bibtex": "BibTeX",
    "jsonld": "Web Annotation",
}
_KEPT = 1024
"""Citations whose forms are kept; some 4 KB each."""


@dataclass(frozen=True, slots=True)
class Takeaway:
    """What can be taken along of a citation.

    Attributes:
        address: that of the original, at the cited sentence; None where no link may lead there.
        forms: the name of a form that a person reads -> what is copied.
    """

    address: str | None
    forms: Mapping[str, str]


TakeawayOf = Callable[[Citation], Takeaway]
"""What can be taken along of a citation, made with its article."""


def takeaway(citation: Citation, today: date, article: Article | None = None) -> Takeaway:
    """Made with the cited article, which tells the sentence from another one of the same words, and names authors."""
    return Takeaway(
        sentence_address(citation, article),
        {name: export_citation(citation, form, today, article).rstrip("\n") for form, name in _FORMS.items()},
    )


class Takeaways:
    """Keeps what was made for the latest citations: a conversation is shown anew with each question, and its articles
    are not read anew for that. May be used from any thread; its memory is bounded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[object, Takeaway] = OrderedDict()

    def of(
        self, citation: Citation, today: date, version: tuple[str, int], article_of: Callable[[str], Article]
    ) -> Takeaway:
        """What can be taken along of a citation.

        Args:
            version: names the collection and its generation.
            article_of: gives an article of it.
        """
        key = (version, today, citation)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        try:
            article = article_of(citation.article_id)
        except PullquoteError:  # deleted meanwhile
            article = None
        made = takeaway(citation, today, article)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


def copy_menu(forms: Mapping[str, str]) -> str:
    """A closed menu with a button for each form; the script puts what a button holds on the clipboard.

    Args:
        forms: those of a ``Takeaway``.
    """
    buttons = "".join(
        f'<li><button type="button" class="pq-link" data-copy="{_attribute(text)}">{escape(name)}</button></li>'
        for name, text in forms.items()
    )
    return f'<details class="pq-copy"><summary>Copy citation</summary><ul>{buttons}</ul></details>'


def _attribute(text: str) -> str:
    # A browser reads line ends in attributes as they are, but for a carriage return, which it makes a line feed.
    return escape(text).replace("\n", "&#10;").replace("\r", "&#13;")
