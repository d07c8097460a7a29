"""From paths to articles: the right loader for each file, and no file stopping another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from index.errors import PullquoteError, UnsupportedFormatError
from index.loaders.base import FileResult, Loader, LoadFailure, SourceFile, place_name, read_bytes
from index.loaders.folder import find_files
from index.loaders.jsonl import load_jsonl
from index.loaders.markdown import load_markdown
from index.loaders.pdf import load_pdf
from index.loaders.text import load_text
from index.loaders.webpage import load_webpage
from index.records import Article

LOADERS: Mapping[str, Loader] = MappingProxyType(
    {
        ".htm": load_webpage,
        ".html": load_webpage,
        ".jsonl": load_jsonl,
        ".markdown": load_markdown,
        ".md": load_markdown,
        ".ndjson": load_jsonl,
        ".pdf": load_pdf,
        ".text": load_text,
        ".txt": load_text,
        ".xhtml": load_webpage,
    }
)
"""The loader for each suffix, in lower case. A further ``.gz`` says that the file is to be unpacked first."""


def load_file(source: SourceFile, *, encoding: str | None = None) -> FileResult:
    """What a file gives. Never raises for what is wrong with the file: that is in the result's failures.

    Args:
        encoding: the encoding of text files, which overrules what they say and look like; None to find it.
    """
    if source.problem is not None:
        return _failed(source, source.problem)
    try:
        loader = _loader_for(source.path)
    except UnsupportedFormatError as error:
        return _failed(source, str(error)) if source.named else FileResult(source=source, skipped=str(error))
    try:
        return loader(read_bytes(source.path), source, encoding)
    except PullquoteError as error:
        return _failed(source, str(error))
    except MemoryError:
        return _failed(source, "needs more memory than there is")


def load_files(sources: Iterable[SourceFile], *, encoding: str | None = None) -> Iterator[FileResult]:
    """One result for each file, in their order, as `load_file` gives it, but an article's id is given once.

    An article that comes again with the same text is left out with a warning; with another text it is a failure that
    names both places.
    """
    seen: dict[str, tuple[str, str]] = {}  # article id -> (SHA-256 of its text, its place)
    for source in sources:
        yield _without_repeats(load_file(source, encoding=encoding), seen)


def load_paths(paths: Sequence[Path], *, encoding: str | None = None) -> Iterator[FileResult]:
    """The files of ``paths``, found by `find_files` and loaded by `load_files`.

    Raises:
        LoadError: one of ``paths`` does not exist. At once, before any result.
    """
    return load_files(find_files(paths), encoding=encoding)


def _loader_for(path: Path) -> Loader:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    suffix = suffixes[-1] if suffixes else ""
    if suffix not in LOADERS:
        raise UnsupportedFormatError(
            f"no loader for files of the kind {suffix!r}: known are {', '.join(LOADERS)} and .gz of them"
        )
    return LOADERS[suffix]


def _failed(source: SourceFile, reason: str) -> FileResult:
    return FileResult(source=source, failures=(LoadFailure(source.path, reason),))


def _without_repeats(result: FileResult, seen: dict[str, tuple[str, str]]) -> FileResult:
    """``result`` without the articles whose ids are in ``seen``, to which those of the others are added."""
    kept: list[tuple[Article, int | None]] = []
    failures, warnings = list(result.failures), list(result.warnings)
    lines: Sequence[int | None] = result.lines or [None] * len(result.articles)
    for article, line in zip(result.articles, lines, strict=True):
        place = place_name(result.path, line)
        first = seen.setdefault(article.article_id, (article.content_sha256, place))
        if first[1] == place:
            kept.append((article, line))
        elif first[0] == article.content_sha256:
            warnings.append(f"{place}: the same article as in {first[1]}; taken once")
        else:
            reason = (
                f"article id {article.article_id!r} is that of another text in {first[1]}: give one of them another id"
            )
            failures.append(LoadFailure(result.path, reason, line))
    return replace(
        result,
        articles=tuple(article for article, _ in kept),
        lines=tuple(line for _, line in kept if line is not None),
        failures=tuple(failures),
        warnings=tuple(warnings),
    )
