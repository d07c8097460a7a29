"""What the local store does with its folder, beyond the contract of all stores."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from index.config import BuildConfig
from index.errors import (
    CollectionError,
    IndexExistsError,
    IndexLockedError,
    IndexMismatchError,
    IndexNotFoundError,
)
from index.manifest import Manifest, SegmentRecord
from index.stores.local.store import LocalStore
from index.stores.local.writer import MAX_DEAD_SHARE, MAX_SEGMENTS
from index.tokenizer import Tokenizer
from tests.index.stores.made_up import IDENTITY, prepared, query_of
from tests.index.stores.test_local_history import answers, build

SMALL = [prepared(f"a{number}", [f"Boat {number} left the harbour.", "It rained."]) for number in range(8)]


def manifest_of(store: LocalStore) -> Manifest:
    name = (store.path / "CURRENT").read_text().split()[0]
    return Manifest.from_json((store.path / "manifests" / name).read_bytes(), "the index")


def publish(store: LocalStore, *numbers: int, remove: tuple[str, ...] = ()) -> None:
    with store.writer() as writer:
        for number in numbers:
            writer.add(SMALL[number])
        writer.remove(remove)
        writer.publish()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestCreate:
    @pytest.mark.parametrize("name", ["plain", "with space", "ünïcödé", "percent %41?#'\"", "file:x?mode=ro"])
    def test_any_folder_name_will_do(self, tmp_path: Path, name: str) -> None:
        store = build(tmp_path / "deeper" / name, SMALL)
        with LocalStore.open(str(store.path), IDENTITY).reader() as reader:
            assert reader.article("a3") == SMALL[3].article

    def test_a_relative_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        store = build(Path("here"), SMALL)
        store.compact()
        with store.reader() as reader:
            assert reader.article("a3") == SMALL[3].article

    def test_an_empty_folder_will_do(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert LocalStore.create(tmp_path / "empty", IDENTITY).identity == IDENTITY

    def test_an_index_is_not_overwritten(self, tmp_path: Path) -> None:
        store = build(tmp_path / "index", SMALL)
        before = contents(store.path)
        with pytest.raises(IndexExistsError, match="index already"):
            LocalStore.create(store.path, IDENTITY)
        assert contents(store.path) == before

    def test_a_damaged_index_is_not_overwritten(self, tmp_path: Path) -> None:
        store = build(tmp_path / "index", SMALL)
        (store.path / "CURRENT").unlink()
        before = contents(store.path)
        with pytest.raises(CollectionError, match="segments"):
            LocalStore.create(store.path, IDENTITY)
        assert contents(store.path) == before

    def test_a_folder_of_other_files_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "holiday.jpg").write_bytes(b"precious")
        with pytest.raises(CollectionError, match=r"holiday\.jpg") as caught:
            LocalStore.create(tmp_path, IDENTITY)
        assert not isinstance(caught.value, IndexExistsError)  # whoever replaces indexes must not replace this
        assert contents(tmp_path) == {"holiday.jpg": b"precious"}

    def test_a_file_is_no_folder(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"precious")
        with pytest.raises(CollectionError, match="file"):
            LocalStore.create(tmp_path / "file", IDENTITY)
        assert (tmp_path / "file").read_bytes() == b"precious"

    def test_a_creation_that_was_interrupted_can_be_repeated(self, tmp_path: Path) -> None:
        store = LocalStore.create(tmp_path / "index", IDENTITY)
        (store.path / "CURRENT").rename(store.path / "CURRENT.tmp")
        store.embedding_cache_path.write_bytes(b"kept")
        LocalStore.create(store.path, IDENTITY)
        assert LocalStore.open(store.path, IDENTITY).identity == IDENTITY

    def test_strangers_files_in_an_index_survive_everything(self, tmp_path: Path) -> None:
        store = build(tmp_path / "index", SMALL)
        mine = [
            store.path / "notes.txt",
            store.path / "segments" / "notes.txt",
            store.path / "manifests" / "notes.json",
        ]
        for path in mine:
            path.write_text("mine")
        publish(store, 1, remove=("a2",))
        store.compact()
        publish(store, 2)
        assert [path.read_text() for path in mine] == ["mine"] * 3


class TestCompaction:
    def test_segments_are_merged_when_there_are_too_many(self, tmp_path: Path) -> None:
        store = LocalStore.create(tmp_path / "index", IDENTITY)
        counts = []
        for number in range(2 * MAX_SEGMENTS + 1):
            with store.writer() as writer:
                writer.add(prepared(f"n{number}", [f"Text {number}."]))
                writer.publish()
            counts.append(len(manifest_of(store).segments))
        once = list(range(1, MAX_SEGMENTS + 1))
        assert counts == [*once, *once, 1]
        with store.reader() as reader:
            assert reader.count == 2 * MAX_SEGMENTS + 1

    def test_segments_are_merged_when_too_much_of_them_is_dead(self, tmp_path: Path) -> None:
        store = build(tmp_path / "index", SMALL)
        removable = int(MAX_DEAD_SHARE * len(SMALL))
        publish(store, remove=tuple(f"a{number}" for number in range(removable)))
        (segment,) = manifest_of(store).segments
        assert segment.tombstones == ("a0", "a1")
        publish(store, remove=(f"a{removable}",))
        (segment,) = manifest_of(store).segments
        assert segment.tombstones == ()
        assert segment.articles == len(SMALL) - removable - 1

    def test_a_segment_of_which_nothing_lives_is_dropped(self, tmp_path: Path) -> None:
        store = build(tmp_path / "index", SMALL[:6])
        publish(store, 6)
        publish(store, remove=("a6",))
        assert [segment.name for segment in manifest_of(store).segments] == ["000001"]
        assert manifest_of(store).segments[0].tombstones == ()

    def test_a_compacted_index_is_a_fresh_build_file_by_file(self, tmp_path: Path) -> None:
        fresh = build(tmp_path / "fresh", SMALL)
        changed = build(tmp_path / "changed", SMALL[4:])
        publish(changed, 2, 1)
        publish(changed, 3, remove=("a5",))
        publish(changed, 0, 5)
        changed.compact()

        def arrays(store: LocalStore) -> dict[str, object]:
            (segment,) = manifest_of(store).segments
            return {name: record for name, record in segment.files.items() if name.endswith(".npy")}

        assert len(arrays(fresh)) == 5
        assert arrays(changed) == arrays(fresh)
        with fresh.reader() as one, changed.reader() as two:
            assert answers(one) == answers(two)

    def test_compacting_twice_changes_nothing(self, tmp_path: Path) -> None:
        store = build(tmp_path / "index", SMALL[:4])
        assert store.compact() == 1
        publish(store, 4)
        assert store.compact() == 3
        assert store.compact() == 3

    def test_removed_text_leaves_the_disk(self, tmp_path: Path) -> None:
        secret = prepared("secret", ["Xylophones were smuggled."])
        store = build(tmp_path / "index", [*SMALL, secret])
        publish(store, remove=("secret",))
        assert any(b"Xylophones" in content for content in contents(store.path).values())
        store.compact()
        publish(store, remove=("a1",))  # the generation before the compaction goes when the next is published
        assert not any(b"Xylophones" in content for content in contents(store.path).values())

    def test_two_generations_are_kept(self, tmp_path: Path) -> None:
        store = build(tmp_path / "index", SMALL[:3])
        for number in range(3, 7):
            publish(store, number)
            store.compact()
        generation = manifest_of(store).generation
        names = {f"{generation - 1:06d}", f"{generation:06d}"}
        assert {path.stem for path in (store.path / "manifests").iterdir()} == names
        previous = json.loads((store.path / "manifests" / f"{generation - 1:06d}.json").read_text())
        wanted = {segment["name"] for segment in previous["segments"]} | {f"{generation:06d}"}
        assert {path.name for path in (store.path / "segments").iterdir()} == wanted


class TestRebuild:
    OTHER = replace(
        IDENTITY,
        build=BuildConfig(stem=False, chunk_words=50),
        tokenizer_version=Tokenizer(stem=False).version,
    )

    def test_another_identity_replaces_the_old_in_one_step(self, tmp_path: Path) -> None:
        store = build(tmp_path / "index", SMALL)
        with store.reader() as old:
            before = answers(old)
            with LocalStore.rebuild(store.path, self.OTHER) as writer:
                assert dict(writer.summaries()) == {}
                writer.add(SMALL[5])
                with store.reader() as still:
                    assert answers(still) == before
                assert writer.publish() == 2
            assert answers(old) == before
        with pytest.raises(IndexMismatchError, match=r"build\.stem"):
            store.reader()
        with pytest.raises(IndexMismatchError, match=r"build\.stem"):
            store.writer()
        with LocalStore.open(store.path, self.OTHER).reader() as reader:
            assert [summary.article_id for summary in reader.articles()] == ["a5"]

    @pytest.mark.parametrize("damaged", ["CURRENT", "manifests/000001.json", "segments/000001/text.sqlite"])
    def test_a_damaged_index_can_be_rebuilt(self, tmp_path: Path, damaged: str) -> None:
        store = build(tmp_path / "index", SMALL)
        (store.path / damaged).write_bytes(b"damaged")
        with LocalStore.rebuild(store.path, IDENTITY) as writer:
            for article in SMALL:
                writer.add(article)
            writer.publish()
        with (
            LocalStore.open(store.path, IDENTITY).reader() as reader,
            build(tmp_path / "new", SMALL).reader() as wanted,
        ):
            assert answers(reader) == answers(wanted)

    def test_an_empty_rebuild_is_a_new_generation(self, tmp_path: Path) -> None:
        store = build(tmp_path / "index", SMALL)
        with LocalStore.rebuild(store.path, IDENTITY) as writer:
            assert writer.publish() == 2
            assert writer.publish() == 2
        with store.reader() as reader:
            assert reader.count == 0

    def test_a_rebuild_that_is_given_up_changes_nothing(self, tmp_path: Path) -> None:
        store = build(tmp_path / "index", SMALL)
        with LocalStore.rebuild(store.path, self.OTHER) as writer:
            writer.add(SMALL[0])
        with LocalStore.open(store.path, IDENTITY).reader() as reader:
            assert len(list(reader.articles())) == len(SMALL)

    def test_there_must_be_an_index(self, tmp_path: Path) -> None:
        (tmp_path / "holiday.jpg").write_bytes(b"precious")
        with pytest.raises(IndexNotFoundError):
            LocalStore.rebuild(tmp_path, IDENTITY)
        assert contents(tmp_path) == {"holiday.jpg": b"precious"}


def test_another_programs_lock_is_respected(tmp_path: Path) -> None:
    store = build(tmp_path / "index", SMALL)
    with FileLock(store.path / "write.lock"):
        for begin in (store.writer, lambda: LocalStore.rebuild(store.path, IDENTITY), store.compact):
            with pytest.raises(IndexLockedError, match="another program"):
                begin()
        with store.reader() as reader:  # readers do not wait for writers
            assert reader.count == 8 * 2
    publish(store, 1)


def test_a_writer_that_is_closed_says_so(tmp_path: Path) -> None:
    store = build(tmp_path / "index", SMALL)
    writer = store.writer()
    writer.close()
    writer.close()
    for change in (lambda: writer.add(SMALL[0]), lambda: writer.remove(["a1"]), writer.publish):
        with pytest.raises(CollectionError, match="closed"):
            change()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a system that refuses to write")
def test_an_index_can_be_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    store = build(tmp_path / "index", SMALL)
    folders = [store.path, *(path for path in store.path.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        with LocalStore.open(store.path, IDENTITY).reader() as reader:
            assert reader.search_lexical(query_of("harbour"), 3)
        (store.path / "write.lock").chmod(0o400)
        with pytest.raises(CollectionError, match="cannot be written"):
            store.writer()
    finally:
        for folder in folders:
            folder.chmod(0o700)


def test_the_manifest_counts_what_is_live(tmp_path: Path) -> None:
    store = build(tmp_path / "index", SMALL)
    publish(store, remove=("a0",))
    manifest = manifest_of(store)
    assert (manifest.counts.articles, manifest.counts.sentences, manifest.counts.chunks) == (7, 14, 14)
    assert manifest.segments[0].articles == 8
    assert isinstance(manifest.segments[0], SegmentRecord)
