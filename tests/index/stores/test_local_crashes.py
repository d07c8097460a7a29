"""A writer may die at any moment: readers find the old generation or the new one, and the next writer goes on."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.errors import CollectionError, IndexCorruptError
from index.manifest import FileRecord
from index.stores.base import CollectionReader
from index.stores.local import segment as segment_module
from index.stores.local.durable import verify_file
from index.stores.local.generations import with_current
from index.stores.local.layout import Layout
from index.stores.local.segment import Segment
from index.stores.local.snapshot import Snapshot
from index.stores.local.store import LocalStore
from tests.conftest import PROJECT_ROOT
from tests.index.stores.made_up import DIM, IDENTITY, prepared, query_of
from tests.index.stores.test_local_history import build

OLD = [prepared(f"a{number}", ["Cod prices rose.", f"Boat {number} left."]) for number in range(6)]
NEW = [prepared("new", ["The mayor spoke."]), prepared("a1", ["Something else."])]
NUMBER_QUERY = query_of("Number 1 boat")
AFTERWARDS = [*(article for article in OLD if article.article.article_id not in ("a1", "a2")), *NEW]


def answers(reader: CollectionReader) -> object:
    """Enough of what a reader says to tell apart any two states of the index."""
    names = [summary.article_id for summary in reader.articles()]
    searches = (reader.search_dense(NUMBER_QUERY, 100), reader.search_lexical(NUMBER_QUERY, 100))
    return [(reader.article(name), reader.sentences(name)) for name in names], searches


class Killed(BaseException):
    """Stands for the end of the process."""


STEPS = ((os, "fsync"), (os, "rename"), (os, "replace"), (os, "mkdir"), (os, "unlink"), (shutil, "rmtree"))


def die_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Let the ``step``-th call of the system (from 0) and all after it fail; gives a counter of the calls."""
    calls = 0

    def dying(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > step:
                raise Killed
            return function(*args, **kwargs)

        return call

    for module, name in STEPS:
        monkeypatch.setattr(module, name, dying(getattr(module, name)))
    return lambda: calls


def change(store: LocalStore, compact: bool) -> None:
    """Publish what makes ``OLD`` into ``AFTERWARDS``; after an exception the disk is as the exception found it."""
    writer = store.writer()
    try:
        for article in NEW:
            writer.add(article)
        writer.remove(["a2"])
        writer.publish(compact=compact)
    finally:
        writer.close()  # after a failed publish this only lets go of the lock, as the system does for a dead process


@pytest.mark.parametrize("compact", [False, True])
def test_a_writer_dies_between_any_two_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compact: bool) -> None:
    build(tmp_path / "old", OLD)
    with LocalStore.open(tmp_path / "old").reader() as reader, build(tmp_path / "new", AFTERWARDS).reader() as wanted:
        old, new = answers(reader), answers(wanted)
    seen = []
    step = 0
    while True:
        folder = tmp_path / f"step-{step}"
        shutil.copytree(tmp_path / "old", folder)
        store = LocalStore.open(folder)
        with monkeypatch.context() as patch:
            died = False
            die_at(step, patch)
            try:
                change(store, compact)
            except Killed:
                died = True
        with store.reader() as reader:
            found = answers(reader)
            assert found == (new if reader.generation == 2 else old)
            seen.append(reader.generation)
        if reader.generation == 1:
            change(store, compact)
        with LocalStore.open(folder).reader() as reader:
            assert answers(reader) == new
        with store.writer() as writer:
            writer.add(prepared("later", ["Goes on."]))
            assert writer.publish() == 3
        assert not (folder / "unpublished").exists()
        assert {path.stem for path in (folder / "manifests").iterdir()} == {"000002", "000003"}
        if not died:
            break
        step += 1
    assert step > 15, step
    assert seen == sorted(seen)
    assert set(seen) == {1, 2}


def test_a_disk_that_refuses_is_an_error_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = build(tmp_path / "index", OLD)
    with store.reader() as reader:
        old = answers(reader)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, store.writer() as writer:
        writer.add(NEW[0])
        patch.setattr(os, "fsync", full)
        with pytest.raises(CollectionError, match="No space left"):
            writer.publish()
        with pytest.raises(CollectionError, match="failed"):
            writer.publish()
    with store.reader() as reader:
        assert answers(reader) == old
    change(store, compact=False)
    with store.reader() as reader:
        assert reader.generation == 2


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be synchronised on Windows")
def test_everything_is_on_the_disk_before_it_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut loses what was not synchronised: at the switch nothing of the new generation may be such."""
    store = build(tmp_path / "index", OLD)
    folder = store.path
    synchronised: dict[int, tuple[int, int]] = {}  # inode -> size and time of change when it was synchronised
    log: list[str] = []
    fsync, replace = os.fsync, os.replace

    def state(path: Path) -> tuple[int, int]:
        return path.stat().st_size, path.stat().st_mtime_ns

    def recording_fsync(descriptor: int) -> None:
        fsync(descriptor)
        status = os.fstat(descriptor)
        synchronised[status.st_ino] = (status.st_size, status.st_mtime_ns)
        if status.st_ino == folder.stat().st_ino:
            log.append("folder synchronised")

    def checking_replace(source: Path, target: Path) -> None:
        if Path(target).name == "CURRENT":
            manifest = folder / "manifests" / Path(source).read_text().split()[0]
            segments = json.loads(manifest.read_text())["segments"]
            new = [segment["name"] for segment in segments if segment["name"] != "000001"]
            files = [path for name in new for path in (folder / "segments" / name).iterdir()]
            folders = [folder / "segments", folder / "manifests", *(folder / "segments" / name for name in new)]
            assert files
            for path in [Path(source), manifest, *files, *folders]:
                assert synchronised.get(path.stat().st_ino) == state(path), path
            log.append("switched")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", recording_fsync)
    monkeypatch.setattr(os, "replace", checking_replace)
    change(store, compact=True)
    change_back = store.writer()
    with change_back:
        change_back.add(OLD[2])
        change_back.publish()
    assert log.count("switched") == 2
    assert log[-1] == "folder synchronised"


CHILD = """
import sys
from index.stores.local.store import LocalStore
from tests.index.stores.made_up import prepared
store = LocalStore.open(sys.argv[1])
with store.writer() as writer:
    while True:
        generation = max((int(name) for name in writer.summaries()), default=0) + 1
        writer.add(prepared(str(generation), [f"Number {generation}."]))
        if generation > 3:
            writer.remove([str(generation - 3)])
        assert writer.publish() == generation
        print(generation, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_writer_is_killed_at_any_moment(tmp_path: Path) -> None:
    moments = random.Random(5)
    store = LocalStore.create(tmp_path / "index", IDENTITY)
    last = 0
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(store.path)], stdout=subprocess.PIPE, text=True, cwd=PROJECT_ROOT
        )
        assert child.stdout is not None
        with child.stdout:
            assert int(child.stdout.readline()) > last
            time.sleep(moments.uniform(0.0, 0.3))
            child.kill()
            child.wait()
        with store.reader() as reader:
            last = reader.generation
            wanted = sorted(str(number) for number in range(max(1, last - 2), last + 1))
            assert [summary.article_id for summary in reader.articles()] == wanted
            assert [reader.article(name).text for name in wanted] == [f"Number {name}." for name in wanted]
            assert len(reader.search_dense(NUMBER_QUERY, 10)) == len(wanted)
    with store.writer():  # the dead writer's lock is gone, and what it left behind too
        assert not (store.path / "unpublished").exists()


def test_readers_see_whole_generations_while_a_writer_goes_on(tmp_path: Path) -> None:
    store = LocalStore.create(tmp_path / "index", IDENTITY)
    finished = threading.Event()
    seen: set[int] = set()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not finished.is_set():
                with store.reader() as reader:
                    articles = list(reader.articles())
                    assert [summary.article_id for summary in articles] == (["a", "b"] if reader.generation else [])
                    for summary in articles:
                        assert reader.article(summary.article_id).text == f"Generation {reader.generation}."
                    seen.add(reader.generation)
        except BaseException as error:  # handed to the test's own thread
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in readers:
        thread.start()
    try:
        with store.writer() as writer:
            generation = 0
            while not failures and (generation < 20 or (len(seen) < 5 and generation < 1000)):
                generation += 1
                writer.add(prepared("a", [f"Generation {generation}."]))
                writer.add(prepared("b", [f"Generation {generation}."]))
                assert writer.publish(compact=generation % 2 == 0) == generation
    finally:
        finished.set()
        for thread in readers:
            thread.join()
    assert not failures, failures[0]
    assert len(seen) >= 5


@pytest.mark.parametrize("read", [Segment.text, lambda segment: segment.vectors(DIM), Segment.postings])
def test_a_file_removed_between_check_and_use_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Segment], object]
) -> None:
    """Which makes a reader look whether another generation is current, as for any other missing file."""
    store = build(tmp_path / "index", OLD)
    record = with_current(Layout(store.path), lambda manifest: manifest).segments[0]

    def verify_and_lose(path: Path, recorded: FileRecord) -> Path:
        verify_file(path, recorded)
        path.unlink()
        return path

    monkeypatch.setattr(segment_module, "verify_file", verify_and_lose)
    with pytest.raises(IndexCorruptError, match="missing"):
        read(Segment(Layout(store.path).segment(record.name), record))


def test_a_generation_removed_while_it_is_opened_is_opened_anew(tmp_path: Path) -> None:
    store = build(tmp_path / "index", OLD)
    layout = Layout(store.path)
    opened: list[int] = []

    def open_slowly(manifest: Any) -> Snapshot:
        opened.append(manifest.generation)
        if len(opened) == 1:
            change(store, compact=True)
            with store.writer() as writer:
                writer.add(OLD[2])
                writer.publish(compact=True)
        return Snapshot(layout, manifest)

    with with_current(layout, open_slowly) as reader:
        assert opened == [1, 3]
        assert reader.generation == 3
    shutil.rmtree(layout.segment("000003"))
    with pytest.raises(IndexCorruptError, match="missing"):
        with_current(layout, open_slowly)
    assert opened == [1, 3, 3]
