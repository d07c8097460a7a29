"""The golden questions for the two articles of the product's owner, kept as offsets and hashes.

``owner_questions.json`` holds no text of the articles. It is a list of entries of two kinds::

    {"question": str, "history": [str], "accept": [{"article", "start", "end", "sha256", "text_sha256",
                                                    "quote_start", "quote_end"}]}
    {"question": str, "history": [str], "abstain": true}

``history`` (the questions asked before, oldest first) is left out where there is none. ``accept`` lists every sentence
of either article that answers the question: where the articles disagree, each of their answers is right. Offsets are
half-open, in code points, into the text decoded as UTF-8 with its line ends turned to LF. ``sha256`` is that of the
sentence and ``text_sha256`` that of the whole text, both in UTF-8.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

QUESTIONS_FILE = Path(__file__).with_name("owner_questions.json")


@dataclass(frozen=True)
class AcceptedSentence:
    """A sentence that answers a question, and the span in it that is the short answer.

    Offsets are half-open code point offsets into the article's stored text. ``article`` is the file's stem.
    """

    article: str
    start: int
    end: int
    sha256: str
    text_sha256: str
    quote_start: int
    quote_end: int


@dataclass(frozen=True)
class OwnerQuestion:
    """A question with the sentences that answer it; without any, the right answer is to abstain."""

    question: str
    history: tuple[str, ...]
    accept: tuple[AcceptedSentence, ...]

    @property
    def abstain(self) -> bool:
        """Whether the articles do not answer the question."""
        return not self.accept

    def find(self, article: str, start: int, end: int) -> AcceptedSentence | None:
        """Return the accepted sentence whose short answer lies in a cited sentence.

        The short answer is what has to be covered, not the whole sentence, so that another cut of a sentence (after a
        question mark inside a quotation, say) is not counted as a wrong citation.

        Args:
            article: the file stem of the cited article.
            start: where the cited sentence starts, in code points.
            end: where it ends, exclusive.

        Returns:
            The first accepted sentence of that article that overlaps the cited one and has its short answer inside
            it, or None.
        """
        for sentence in self.accept:
            if sentence.article == article and start <= sentence.quote_start and sentence.quote_end <= end:
                return sentence
        return None


def load_owner_questions(path: Path = QUESTIONS_FILE) -> tuple[OwnerQuestion, ...]:
    """Read the golden questions.

    Args:
        path: a file in the format described above.

    Returns:
        The questions in the order of the file.

    Raises:
        ValueError: an entry is both to be answered and to be abstained from, or neither.
    """
    questions = []
    for entry in json.loads(path.read_text(encoding="utf-8")):
        accept = tuple(AcceptedSentence(**sentence) for sentence in entry.get("accept", []))
        if bool(accept) == bool(entry.get("abstain", False)):
            raise ValueError(f"{path.name}: {entry['question']!r} needs either 'accept' or 'abstain': true")
        questions.append(OwnerQuestion(entry["question"], tuple(entry.get("history", [])), accept))
    return tuple(questions)


def read_owner_article(shared_dir: Path, article: str) -> str:
    """Return the stored text of an article: strict UTF-8, line ends as LF, nothing else changed.

    Args:
        shared_dir: the folder that holds ``articles/``.
        article: the file's stem.

    Returns:
        The text that the offsets of the golden questions refer to.
    """
    text = (shared_dir / "articles" / f"{article}.txt").read_bytes().decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return sha256(text.encode("utf-8")).hexdigest()
