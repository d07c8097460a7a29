"""How a click names a place in a conversation, or a sentence of an article."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, Self
from urllib.parse import unquote

from qa.exchanges import Conversation
from qa.records import Answer, Citation

_POINTER = re.compile(r"([0-9]{1,6}):(cited|closest):([0-9]{1,4})(?::([0-9]{1,6}))?", re.ASCII)

_RANGE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PressedSentence:
    """Names a sentence of an article that is open.

    Attributes:
        collection_id: the collection that the article was opened from.
        version: the ``content_sha256`` of the text that was shown.
    """

    collection_id: str
    article_id: str
    version: str
    start_char: int
    end_char: int

    @classmethod
    def parse(cls, sent: object) -> Self | None:
        """Read what a browser sent: anything at all; None when it names no sentence."""
        form = sent if isinstance(sent, dict) else {}
        collection, article, version, at = (form.get(name) for name in ("collection", "article", "version", "at"))
        match = _RANGE.fullmatch(at) if isinstance(at, str) else None
        if match is None or not isinstance(collection, str) or not isinstance(article, str):
            return None
        return cls(collection, unquote(article), str(version), int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True)
class Pointer:
    """Names a citation of a conversation, in a form that fits into an attribute: ``exchange:kind:citation[:place]``.

    Attributes:
        exchange: the exchange's position in the conversation, from 0.
        kind: ``cited`` for ``Answer.citations``, ``closest`` for ``Answer.closest``.
        citation: the citation's position there, from 0.
        place: the position in ``Citation.also_at`` of another place with the same sentence, from 0; None for the
            citation's own.
    """

    exchange: int
    kind: Literal["cited", "closest"]
    citation: int
    place: int | None = None

    def __str__(self) -> str:
        own = f"{self.exchange}:{self.kind}:{self.citation}"
        return own if self.place is None else f"{own}:{self.place}"

    @classmethod
    def parse(cls, text: object) -> Self | None:
        """Read a pointer that a browser sent; None when it is not one."""
        match = _POINTER.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            return None
        exchange, kind, citation, place = match.groups()
        return cls(
            int(exchange), "cited" if kind == "cited" else "closest", int(citation), int(place) if place else None
        )

    def find(self, conversation: Conversation) -> Citation | None:
        """The citation that this pointer names; None when the conversation has none there.

        For another place of a sentence it is a citation of that place, with the hash of the version left open (``""``),
        since ``Answer`` records the place alone.
        """
        if self.exchange >= len(conversation.exchanges):
            return None
        answer = conversation.exchanges[self.exchange].answer
        citations = cited(answer, self.kind) if answer else ()
        if self.citation >= len(citations):
            return None
        citation = citations[self.citation]
        if self.place is None:
            return citation
        if self.place >= len(citation.also_at):
            return None
        place = citation.also_at[self.place]
        shift = place.start_char - citation.start_char
        return replace(
            citation,
            article_id=place.article_id,
            title=place.title,
            outlet=place.outlet,
            url=place.url,
            published=place.published,
            page=place.page,
            start_char=place.start_char,
            end_char=place.end_char,
            quote_start_char=citation.quote_start_char + shift,
            quote_end_char=citation.quote_end_char + shift,
            before=None,
            after=None,
            also_at=(),
            content_sha256="",
        )


def cited(answer: Answer, kind: Literal["cited", "closest"]) -> tuple[Citation, ...]:
    """An answer's citations, or the closest sentences of an abstention."""
    return answer.citations if kind == "cited" else answer.closest
