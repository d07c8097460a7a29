"""The records of a library. No record names its owner: what is listed of everybody tells nobody's name or token."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self, get_args

from index.errors import LibraryError
from index.records import Filter
from qa.records import Answer, Turn

Verdict = Literal["right", "wrong answer", "wrong citation", "should have abstained"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationSummary:
    """A conversation in a list.

    Attributes:
        title: the one that it was given, or its first question, shortened at a word; empty when that is blank.
        collection: what it was about: the id or name that was given when it began; None when none was.
        started, changed: when its first and its last exchange were kept.
        exchanges: how many there are; at least 1.
    """

    conversation_id: str
    title: str
    collection: str | None
    started: datetime
    changed: datetime
    exchanges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptExchange:
    """A question and what came of it.

    Attributes:
        answer: None when there was a problem or small talk, or when the kept answer cannot be read by this program.
        problem: why there is no answer, for a person to read; empty when there is one.
        asked: when it was kept, with the offset of the time zone there: its ``date()`` is the day of asking.
        reply: what was said to small talk; empty for everything else.
        where: which articles were asked; None for all, and where that was not kept.
    """

    exchange_id: str
    conversation_id: str
    question: str
    answer: Answer | None
    problem: str
    asked: datetime
    reply: str = ""
    where: Filter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptConversation:
    """A conversation with its exchanges, oldest first."""

    summary: ConversationSummary
    exchanges: tuple[KeptExchange, ...]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers, oldest first: what a follow-up leans on."""
        return tuple(exchange.answer for exchange in self.exchanges if exchange.answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """An exchange that holds all words that were searched for.

    Attributes:
        conversation: the conversation that it belongs to.
        matched: what holds the most of the words: the question, the answer's text or a cited sentence, verbatim.
    """

    conversation: ConversationSummary
    exchange_id: str
    question: str
    matched: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A sentence that a person picked in an article as the right one, and maybe the answer inside it.

    Attributes:
        start_char, end_char: half-open characters of the article's text; ``article.text[start_char:end_char] == text``.
        content_sha256: the article's version that it was picked in.
        span_start_char, span_end_char: the answer, in the article's characters; both None where all of the sentence is.

    Raises:
        LibraryError: the numbers or the hash cannot be those of a sentence, or the span does not lie in it.
    """

    article_id: str
    start_char: int
    end_char: int
    text: str
    content_sha256: str
    span_start_char: int | None = None
    span_end_char: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.text, str) or not self.text.strip():
            raise LibraryError("a corrected sentence must have text: pick one in the article")
        start, end = self.span
        numbers = (self.start_char, start, end, self.end_char)
        if not all(isinstance(one, int) and not isinstance(one, bool) for one in numbers):
            raise LibraryError(f"the places of a corrected sentence must be whole numbers, not {numbers}")
        if not 0 <= self.start_char <= start < end <= self.end_char:
            raise LibraryError(
                f"a corrected sentence at {self.start_char}-{self.end_char} cannot have its answer at {start}-{end}"
            )
        if self.end_char - self.start_char != len(self.text):
            raise LibraryError(
                f"a corrected sentence at {self.start_char}-{self.end_char} cannot be {len(self.text)} characters long"
            )
        if not isinstance(self.article_id, str) or not self.article_id:
            raise LibraryError(f"a corrected sentence needs the id of its article, not {self.article_id!r}")
        if not isinstance(self.content_sha256, str) or not _SHA256.fullmatch(self.content_sha256):
            raise LibraryError(f"the version of a corrected sentence must be a SHA-256, not {self.content_sha256!r}")

    @property
    def span(self) -> tuple[int, int]:
        """Where the answer stands: the span that was picked, or the whole sentence."""
        start = self.start_char if self.span_start_char is None else self.span_start_char
        return start, self.end_char if self.span_end_char is None else self.span_end_char

    @property
    def answer(self) -> str:
        """The answer, verbatim: the span that was picked, or the whole sentence."""
        start, end = self.span
        return self.text[start - self.start_char : end - self.start_char]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read the JSON form back; unknown keys are passed over.

        Raises:
            LibraryError: a key is missing, or a value is not what it must be.
        """
        try:
            return cls(**{name: values[name] for name in cls.__slots__})
        except (KeyError, TypeError) as error:
            raise LibraryError(f"this is no corrected sentence: {error!r}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a person thinks of an answer, with all that was answered.

    Attributes:
        answer: what was judged; None when the kept answer cannot be read by this program.
        history: the earlier turns of its conversation, oldest first.
        collection: what the conversation was about.
        asked: when the question was asked; ``given``: when it was judged.
        citation: the position of the citation that was judged in ``answer.citations``, from 0; None for the answer as
            a whole.
        correction: the sentence that would have been right.
        note: in the person's own words; may be empty.
    """

    conversation_id: str
    exchange_id: str
    question: str
    answer: Answer | None
    history: tuple[Turn, ...]
    collection: str | None
    asked: datetime
    given: datetime
    verdict: Verdict
    citation: int | None
    correction: Correction | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCollection:
    """The name of an index folder.

    Attributes:
        collection_id: stays the same when the name changes.
        shared: whether all owners see it.
    """

    collection_id: str
    name: str
    folder: Path
    shared: bool
