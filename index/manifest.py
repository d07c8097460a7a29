"""What an index was built with, and what one generation of it consists of; an index of another making is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any, Self

from index.config import BuildConfig
from index.errors import ConfigError, IndexCorruptError, IndexMismatchError

FORMAT_VERSION = 1
"""Raised by every change of the files' layout or meaning after which older programs would read them wrongly."""


def utc_now() -> str:
    """Now, as a manifest records it: ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def rebuild_advice(where: str) -> str:
    """What to do about an index that cannot be used."""
    return f"build it anew: pullquote index PATH... --index {where} --rebuild"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexIdentity:
    """Everything that shapes an index's answers: two indexes of the same articles and identity answer alike.

    Attributes:
        build: the settings it was built with.
        embedder_name: the embedder's name, for people.
        embedder_sha256: the SHA-256 of the embedder's files, as 64 hexadecimal digits: its version.
        dim: the length of its vectors.
        tokenizer_version: the version of the BM25 tokenizer.
        splitter_version: the version of the rules that make sentences and chunks.
        format_version: the version of the files' format.
    """

    build: BuildConfig
    embedder_name: str
    embedder_sha256: str
    dim: int
    tokenizer_version: str
    splitter_version: str
    format_version: int = FORMAT_VERSION

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "build": self.build.to_dict()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], where: str) -> Self:
        """Read what ``to_dict`` gave; ``where`` names the index in messages.

        Raises:
            IndexMismatchError: it names a build setting that this program does not have, or a value it does not take.
        """
        try:
            build = BuildConfig.from_dict(values["build"])
        except ConfigError as error:
            raise IndexMismatchError(
                f"{where} was built by another version of Pullquote: {error}; {rebuild_advice(where)}"
            ) from error
        return cls(**{field.name: values[field.name] for field in fields(cls) if field.name != "build"}, build=build)

    def require(self, expected: IndexIdentity, where: str) -> None:
        """Refuse an index whose identity, ``self``, is not the expected one.

        Raises:
            IndexMismatchError: names every setting that differs, with both values.
        """
        mine, wanted = _flat(self.to_dict()), _flat(expected.to_dict())
        differing = [
            f"{name}: the index has {mine.get(name)!r}, wanted is {wanted.get(name)!r}"
            for name in sorted(mine.keys() | wanted.keys())
            if mine.get(name) != wanted.get(name)
        ]
        if differing:
            raise IndexMismatchError(
                f"{where} was built with other settings ({'; '.join(differing)}); "
                f"use the settings it was built with, or {rebuild_advice(where)}"
            )


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file's content as it was written: its SHA-256 as 64 hexadecimal digits, and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRecord:
    """One segment as one generation sees it.

    Attributes:
        name: the segment's folder.
        articles, chunks: how many it holds, tombstones included.
        files: what it consists of, by file name.
        tombstones: the ids of its articles that this generation no longer has, ascending.
    """

    name: str
    articles: int
    chunks: int
    files: Mapping[str, FileRecord]
    tombstones: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        return cls(
            name=values["name"],
            articles=values["articles"],
            chunks=values["chunks"],
            files={name: FileRecord(**record) for name, record in values["files"].items()},
            tombstones=tuple(values["tombstones"]),
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many articles, sentences and chunks of a collection are live."""

    articles: int = 0
    sentences: int = 0
    chunks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One generation of an index.

    Attributes:
        generation: its number; 0 is the empty collection that every index begins with.
        identity: what it was built with.
        created: when it was published, ISO 8601 in UTC.
        segments: what it consists of, oldest first.
        counts: what is live in it.
    """

    generation: int
    identity: IndexIdentity
    created: str
    segments: tuple[SegmentRecord, ...] = ()
    counts: Counts = Counts()

    def to_json(self) -> bytes:
        values = {**asdict(self), "identity": self.identity.to_dict(), "format_version": self.identity.format_version}
        return (json.dumps(values, indent=1, sort_keys=True) + "\n").encode("ascii")

    @classmethod
    def from_json(cls, content: bytes, where: str) -> Self:
        """Read what ``to_json`` gave; ``where`` names the index in messages.

        Raises:
            IndexMismatchError: it is of another format, or was built with settings that this program does not have.
            IndexCorruptError: it is no manifest.
        """
        try:
            values = json.loads(content)
            version = values["format_version"]
            if version != FORMAT_VERSION:
                raise IndexMismatchError(
                    f"{where} is of format {version}, and this version of Pullquote reads format {FORMAT_VERSION}; "
                    + rebuild_advice(where)
                )
            return cls(
                generation=values["generation"],
                identity=IndexIdentity.from_dict(values["identity"], where),
                created=values["created"],
                segments=tuple(SegmentRecord.from_dict(segment) for segment in values["segments"]),
                counts=Counts(**values["counts"]),
            )
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise IndexCorruptError(
                f"{where} has a manifest that cannot be read ({type(error).__name__}: {error}); {rebuild_advice(where)}"
            ) from error


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """``{"build": {"stem": True}, "dim": 8}`` as ``{"build.stem": True, "dim": 8}``."""
    flat = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat.update({f"{name}.{inner}": inner_value for inner, inner_value in value.items()})
        else:
            flat[name] = value
    return flat
