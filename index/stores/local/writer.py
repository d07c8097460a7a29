"""Changes to a local index: collected, written as one new segment, and published as one new generation."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Self

from filelock import BaseFileLock, FileLock, Timeout

from index.errors import ArticleError, ArticleNotFoundError, CollectionError, IndexLockedError
from index.manifest import Counts, Manifest, SegmentRecord, utc_now
from index.stores.base import ArticleSummary, PreparedArticle
from index.stores.checks import check_prepared
from index.stores.local.durable import sync_directory
from index.stores.local.generations import remove_superseded, remove_unfinished, switch_to
from index.stores.local.layout import Layout, segment_name
from index.stores.local.merge import merge_segments
from index.stores.local.segment import Segment, record_segment, write_segment

MAX_SEGMENTS = 8
"""A publish that would leave more segments merges all into one: every opening pays for each segment, while merging only
at every eighth publish keeps a small change cheap."""

MAX_DEAD_SHARE = 0.25
"""A publish that would leave a larger share of removed chunks merges, too: they take space on the disk and time at
opening. ``compact`` removes them at once."""


def lock_for_writing(layout: Layout) -> BaseFileLock:
    """Take the index's one writer's lock. The operating system lets go of it when the process ends, however it ends.

    Raises:
        IndexLockedError: another writer has it.
        CollectionError: the folder cannot be written to.
    """
    lock = FileLock(layout.lock, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexLockedError(
            f"another program is writing to the index {layout.root}; wait until it has finished, then try again"
        ) from error
    except OSError as error:
        raise CollectionError(f"the index {layout.root} cannot be written to: {error}") from error
    return lock


class LocalWriter:
    """A ``CollectionWriter`` on a local index. Added articles stay in memory until they are published.

    Args:
        layout: the index's folder.
        base: the generation to change; the new one has its number plus 1.
        lock: the writer's lock, already taken; let go of by ``close``.
        replacing: names of segments of an index that ``base`` replaces without sharing anything; None for a change.
    """

    def __init__(
        self, layout: Layout, base: Manifest, lock: BaseFileLock, *, replacing: Collection[str] | None = None
    ) -> None:
        self._layout = layout
        self._base = base
        self._lock = lock
        self._replacing = replacing
        self._usable = True
        self._summaries: dict[str, ArticleSummary] = {}
        self._segment_of: dict[str, str] = {}  # article id -> segment name
        for segment in self._segments(base.segments):
            for summary in _live_summaries(segment):
                self._summaries[summary.article_id] = summary
                self._segment_of[summary.article_id] = segment.record.name
        self._added: dict[str, PreparedArticle] = {}
        self._removed: set[str] = set()  # articles of the base that go, also those that are replaced
        self._known_terms: dict[str, str] = {}

    def summaries(self) -> Mapping[str, ArticleSummary]:
        """See ``CollectionWriter.summaries``."""
        return MappingProxyType(self._summaries)

    def add(self, article: PreparedArticle) -> None:
        """See ``CollectionWriter.add``."""
        self._check_usable()
        check_prepared(article, self._base.identity.dim)
        article_id = article.article.article_id
        # Equal terms are kept once: a tokenizer makes a new string for every word.
        known = self._known_terms
        terms = tuple(tuple(known.setdefault(term, term) for term in chunk) for chunk in article.terms)
        self._added[article_id] = replace(article, terms=terms, vectors=article.vectors.copy())
        if article_id in self._summaries:
            self._removed.add(article_id)

    def remove(self, article_ids: Collection[str]) -> None:
        """See ``CollectionWriter.remove``."""
        self._check_usable()
        if isinstance(article_ids, str):
            raise ArticleError(f"remove takes a collection of article ids, not the string {article_ids!r}")
        present = (self._summaries.keys() - self._removed) | self._added.keys()
        unknown = [article_id for article_id in article_ids if article_id not in present]
        if unknown:
            raise ArticleNotFoundError(
                f"the index {self._layout.root} has no article {', '.join(map(repr, unknown))}; nothing was removed"
            )
        for article_id in article_ids:
            self._added.pop(article_id, None)
            if article_id in self._summaries:
                self._removed.add(article_id)

    def publish(self, *, compact: bool = False) -> int:
        """See ``CollectionWriter.publish``.

        Args:
            compact: merge all segments into one and drop what was removed, also when neither is due.

        Raises:
            CollectionError: the disk refused; what was published before is still there.
        """
        self._check_usable()
        can_compact = len(self._base.segments) > 1 or any(segment.tombstones for segment in self._base.segments)
        if not (self._added or self._removed or self._replacing is not None or (compact and can_compact)):
            return self._base.generation
        self._usable = False  # whatever fails from here on: what is on the disk is for the next writer to look at
        generation = self._base.generation + 1
        try:
            summaries = self._summaries_after()
            counts = _counts(summaries.values())
            manifest = Manifest(
                generation=generation,
                identity=self._base.identity,
                created=utc_now(),
                segments=self._write(generation, counts, compact),
                counts=counts,
            )
            switch_to(self._layout, manifest)
        except (OSError, sqlite3.Error) as error:
            raise CollectionError(
                f"generation {generation} of the index {self._layout.root} could not be written: {error}; "
                "see to the disk, then try again: what was published before is still there"
            ) from error
        self._forget_superseded(manifest)
        self._begin_after(manifest, summaries)
        return generation

    def close(self) -> None:
        """Give up what was not published and let another writer in."""
        if self._lock.is_locked:
            if self._usable:
                remove_unfinished(self._layout, self._base.generation)
            self._lock.release()
        self._usable = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _check_usable(self) -> None:
        if not self._usable:
            raise CollectionError(
                f"this writer of the index {self._layout.root} is closed, or a publish of it failed; open a new one"
            )

    def _segments(self, records: Iterable[SegmentRecord]) -> list[Segment]:
        return [Segment(self._layout.segment(record.name), record) for record in records]

    def _write(self, generation: int, live: Counts, compact: bool) -> tuple[SegmentRecord, ...]:
        """Write the new segment, if one is needed; gives all segments of the new generation. ``live`` counts it."""
        kept = [record for record in map(self._with_tombstones, self._base.segments) if record is not None]
        name = segment_name(generation)
        made: list[SegmentRecord] = []
        work = self._layout.unpublished
        if self._added:
            write_segment(work / "added", self._added.values(), self._base.identity.dim)
            chunks = sum(len(article.chunks) for article in self._added.values())
            made = [record_segment(work / "added", name, articles=len(self._added), chunks=chunks)]
        if not (kept or made):
            return ()
        if not (compact or _compaction_is_due([*kept, *made], live)):
            if made:
                self._move_into_place(work / "added", name)
            return (*kept, *made)
        sources = self._segments(kept) + [Segment(work / "added", record) for record in made]
        rows = merge_segments(work / "merged", sources, self._base.identity.dim)
        merged = record_segment(work / "merged", name, articles=len(rows.articles), chunks=len(rows.chunk_ids))
        self._move_into_place(work / "merged", name)
        return (merged,)

    def _with_tombstones(self, record: SegmentRecord) -> SegmentRecord | None:
        """The base's segment with the removed articles among its tombstones; None when nothing of it is left."""
        removed = {article_id for article_id in self._removed if self._segment_of[article_id] == record.name}
        tombstones = tuple(sorted(removed.union(record.tombstones)))
        return None if len(tombstones) == record.articles else replace(record, tombstones=tombstones)

    def _move_into_place(self, folder: Path, name: str) -> None:
        self._layout.segments.mkdir(exist_ok=True)
        folder.rename(self._layout.segment(name))
        sync_directory(self._layout.segments)
        sync_directory(self._layout.root)

    def _summaries_after(self) -> dict[str, ArticleSummary]:
        """The live articles after this writer's changes."""
        kept = {name: summary for name, summary in self._summaries.items() if name not in self._removed}
        return kept | {name: article.summary for name, article in self._added.items()}

    def _forget_superseded(self, manifest: Manifest) -> None:
        """Remove what neither the new generation nor the one before it needs."""
        before = {segment.name for segment in self._base.segments} | set(self._replacing or ())
        now = {segment.name for segment in manifest.segments}
        remove_superseded(self._layout, {self._base.generation, manifest.generation}, before | now)
        remove_unfinished(self._layout, manifest.generation)

    def _begin_after(self, manifest: Manifest, summaries: dict[str, ArticleSummary]) -> None:
        """Go on from the generation that was just published."""
        names = {segment.name for segment in manifest.segments}
        carried = {
            article_id: segment
            for article_id, segment in self._segment_of.items()
            if article_id not in self._removed and segment in names
        }
        self._segment_of = dict.fromkeys(summaries, segment_name(manifest.generation)) | carried
        self._base, self._summaries = manifest, summaries
        self._added, self._removed, self._known_terms = {}, set(), {}
        self._replacing = None
        self._usable = True


def _live_summaries(segment: Segment) -> list[ArticleSummary]:
    with closing(segment.text()) as text:
        summaries = text.summaries()
    live = segment.live([summary.article_id for summary in summaries])
    return [summary for summary, alive in zip(summaries, live.tolist(), strict=True) if alive]


def _compaction_is_due(segments: Collection[SegmentRecord], live: Counts) -> bool:
    stored = sum(segment.chunks for segment in segments)
    return len(segments) > MAX_SEGMENTS or stored - live.chunks > MAX_DEAD_SHARE * stored


def _counts(summaries: Iterable[ArticleSummary]) -> Counts:
    listed = list(summaries)
    return Counts(
        articles=len(listed),
        sentences=sum(summary.sentences for summary in listed),
        chunks=sum(summary.chunks for summary in listed),
    )
