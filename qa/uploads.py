"""What a person hands over through a browser: names made safe, sizes limited, files read into articles."""

from __future__ import annotations

import hashlib
import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.errors import LoadError
from index.loaders import SourceFile, load_file
from index.loaders.dates import parse_iso_date
from index.loaders.particulars import web_address
from index.loaders.titles import title_from_text
from index.records import Article

_MIB = 2**20
MAX_FILE_BYTES = 25 * _MIB
"""The largest file: a long book is 5 MiB as text, a scanned report 20 MiB as PDF."""
MAX_TEXT_CHARACTERS = 25 * _MIB
"""The most text of one file, so that a small file which unpacks to a huge one is refused."""
MAX_UPLOAD_BYTES = 250 * _MIB
"""The most that one request brings: ten of the largest files, or some ten thousand news articles."""
MAX_FILES = 1000
"""The most files at once: what the page's toolkit sends in one request."""

_PART_BYTES = 150  # of a name's part: file systems take 255, and a copy may add to it
_PARTS = 8
_DRIVE = re.compile(r"[A-Za-z]:")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_AT_END = re.compile(r"[\s.]+\Z")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_SUFFIXES = re.compile(r"(?:\.[A-Za-z0-9]{1,8}){1,2}\Z")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class _PassingError(LoadError):
    """What keeps a file out now may not do so the next time."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came.

    Attributes:
        path: its temporary place.
        name: what the person's own machine calls it, with the folders below the chosen one; anything at all.
    """

    path: Path
    name: str


Outcome = Literal["added", "replaced", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of a file.

    Attributes:
        name: its name, made safe.
        outcome: the best that happened to one of its articles; "failed" when none went in.
        articles: how many of its articles are in the collection now.
        problems: why it, or lines of it, did not go in.
        warnings: what went in with a doubt, such as a guessed encoding.
        may_pass: that it failed lay not in the file: the same file may go in when it is tried again.
    """

    name: str
    outcome: Outcome
    articles: int = 0
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    may_pass: bool = False


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read, and is not in the collection yet; the attributes are those of ``FileOutcome``."""

    name: str
    articles: tuple[Article, ...] = ()
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    may_pass: bool = False

    def became(self, added: Iterable[str], changed: Iterable[str]) -> FileOutcome:
        """Its outcome once its articles are in, by the ids of those that are new and of those that replaced others."""
        ids = {article.article_id for article in self.articles}
        outcome: Outcome = "failed" if not ids else "unchanged"
        if ids & set(changed):
            outcome = "replaced"
        elif ids & set(added):
            outcome = "added"
        return FileOutcome(self.name, outcome, len(ids), self.problems, self.warnings, self.may_pass and not ids)

    def failed(self, reason: str) -> FileOutcome:
        """Its outcome when its articles could not be added, though they could be read."""
        return FileOutcome(self.name, "failed", 0, (*self.problems, reason), self.warnings, may_pass=True)


def safe_name(name: str) -> str:
    """A name that is a relative path on every system, whatever was sent: what an article's id derives from.

    Folders that lead upwards, roots, drives, control characters and those that turn the writing direction are left
    out; what some file system refuses becomes ``_``; long parts are cut, and told apart by a hash.
    """
    text = "".join(
        character
        for character in name.encode("utf-8", "replace").decode("utf-8")
        if unicodedata.category(character) not in ("Cc", "Cn", "Co", "Zl", "Zp") and character not in _BIDI
    )
    text = unicodedata.normalize("NFC", text)  # some systems send letters and their accents apart
    parts = [_DRIVE.sub("", part, count=1) if _DRIVE.match(part) else part for part in re.split(r"[/\\]", text)]
    parts = [_AT_END.sub("", _NOT_IN_NAMES.sub("_", part)).lstrip() for part in parts]
    parts = [f"_{part}" if _DEVICE.fullmatch(part) else part for part in parts if part]
    return "/".join(_shortened(part) for part in parts[-_PARTS:]) or "unnamed"


def read_uploads(uploads: Sequence[Upload], staging: Path, room: int) -> Iterable[ReadFile]:
    """Read files one by one; nothing that is wrong with one of them stops the others.

    Args:
        staging: an empty folder; the files are moved there, under names made safe.
        room: how many bytes the person may still bring.
    """
    names: set[str] = set()
    holders: dict[str, str] = {}  # article id -> the file that has it
    for number, upload in enumerate(uploads):
        name = safe_name(upload.name)
        if number >= MAX_FILES:
            reason = f"more than {MAX_FILES} files at once: upload the others after these"
            yield ReadFile(name, problems=(reason,), may_pass=True)
        elif name in names:
            reason = "another file of this upload has the same name, and would be replaced by this one: rename one"
            yield ReadFile(name, problems=(reason,))
        else:
            names.add(name)
            try:
                staged = _staged(upload.path, staging / str(number), name, room)
            except LoadError as error:
                yield ReadFile(name, problems=(str(error),), may_pass=isinstance(error, _PassingError))
                continue
            room -= staged.stat().st_size
            yield _read(SourceFile(staged, name, named=True), holders)


def pasted_article(text: str, title: str, published: str, url: str) -> Article:
    """An article of a text that was typed or pasted. One of the same address, or else title, is the same article.

    Args:
        title: may be blank: taken from the text then.
        published: an ISO date such as 2025-10-31, or blank.
        url: a web address, or blank.

    Raises:
        LoadError: there is no text, or too much; the date or the address cannot be one.
        ArticleError: the text breaks a rule of the record.
    """
    if not text.strip():
        raise LoadError("there is no text: paste the article's text")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise _too_much_text(len(text))
    day = parse_iso_date(published.strip()) if published.strip() else None
    if published.strip() and day is None:
        raise LoadError(f"{published.strip()!r:.80} is no date: write it as 2025-10-31, or leave it empty")
    address = web_address(url.strip()) if url.strip() else None
    if url.strip() and address is None:
        raise LoadError(f"{url.strip()!r:.80} is no web address: begin it with https://, or leave it empty")
    called = " ".join(title.split()) or title_from_text(text, "Pasted text")
    return Article(
        text=text, title=called, source_key=address or f"pasted/{safe_name(called)}", url=address, published=day
    )


def _staged(path: Path, folder: Path, name: str, room: int) -> Path:
    """The file at a place of our own, under its own name.

    Raises:
        LoadError: it is too large, or not there.
    """
    try:
        if path.is_symlink() or not path.is_file():
            raise _PassingError("the upload is no longer there: upload it again")
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise LoadError(
                f"{size / _MIB:.1f} MiB is more than the limit of {MAX_FILE_BYTES // _MIB} MiB a file: split it, or "
                "take out what is not text"
            )
        if size > room:
            raise _PassingError(
                f"there is no room for it: {max(0, room) / _MIB:.1f} MiB are left of what one person may keep; delete "
                "articles or collections first"
            )
        folder.mkdir(mode=0o700)
        staged = folder / name.rpartition("/")[2]
        shutil.move(path, staged)
    except OSError as error:
        raise _PassingError(f"the upload cannot be read: {error.strerror or error}; upload it again") from error
    return staged


def _read(source: SourceFile, holders: dict[str, str]) -> ReadFile:
    result = load_file(source)
    problems = [
        f"line {failure.line}: {failure.reason}" if failure.line else failure.reason for failure in result.failures
    ]
    characters = sum(len(article.text) for article in result.articles)
    if characters > MAX_TEXT_CHARACTERS:
        return ReadFile(source.source_key, problems=(str(_too_much_text(characters)),))
    kept: dict[str, Article] = {}
    for article in result.articles:
        holder = holders.setdefault(article.article_id, source.source_key)
        if holder != source.source_key or article.article_id in kept:
            problems.append(f"the article id {article.article_id!r:.80} comes twice: it is in {holder} already")
        else:
            kept[article.article_id] = article
    return ReadFile(source.source_key, tuple(kept.values()), tuple(problems), result.warnings)


def _too_much_text(characters: int) -> LoadError:
    return LoadError(f"{characters:,} characters are more than the limit of {MAX_TEXT_CHARACTERS:,}: split it")


def _shortened(part: str) -> str:
    encoded = part.encode("utf-8")
    if len(encoded) <= _PART_BYTES:
        return part
    found = _SUFFIXES.search(part)
    suffix = found[0] if found else ""
    mark = hashlib.sha256(encoded).hexdigest()[:12]
    return f"{encoded[: _PART_BYTES - 40].decode('utf-8', 'ignore')}~{mark}{suffix}"
