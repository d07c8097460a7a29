"""Whatever happens to an index's files, it is noticed before anything is made of them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.config import BuildConfig
from index.errors import CollectionError, IndexCorruptError, IndexMismatchError, IndexNotFoundError
from index.stores.local.store import LocalStore
from tests.index.stores.made_up import IDENTITY, prepared, query_of

LONG_TEXT = [f"Sentence number {number} of a text that fills several pages of the database." for number in range(400)]


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two segments with a tombstone. Not to be changed."""
    folder = tmp_path_factory.mktemp("pristine") / "index"
    store = LocalStore.create(folder, IDENTITY)
    with store.writer() as writer:
        for number in range(12):
            writer.add(prepared(f"a{number}", ["Cod prices rose.", "Boats left."], metadata={"number": number}))
        writer.publish()
        writer.add(prepared("long", LONG_TEXT, per_chunk=50))
        writer.remove(["a3"])
        writer.publish()
    return folder


@pytest.fixture
def folder(pristine: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "index"
    shutil.copytree(pristine, copy)
    return copy


def files_of_current_generation(folder: Path) -> list[Path]:
    manifest_name = (folder / "CURRENT").read_text().split()[0]
    manifest = folder / "manifests" / manifest_name
    segments = json.loads(manifest.read_text())["segments"]
    parts = [folder / "segments" / segment["name"] / name for segment in segments for name in segment["files"]]
    return [folder / "CURRENT", manifest, *parts]


def open_wholly(folder: Path) -> None:
    LocalStore.open(folder, IDENTITY).reader().close()


def rewrite_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the current manifest as a program of another version would have written it."""
    manifest = files_of_current_generation(folder)[1]
    values = json.loads(manifest.read_text())
    change(values)
    manifest.write_text(json.dumps(values))
    (folder / "CURRENT").write_text(f"{manifest.name} {hashlib.sha256(manifest.read_bytes()).hexdigest()}\n")


def test_every_file_belongs_to_a_generation(pristine: Path) -> None:
    found = {path for path in pristine.rglob("*") if path.is_file()}
    before = pristine / "manifests" / "000001.json"  # the generation before, all of whose segments are still in use
    assert found == {*files_of_current_generation(pristine), before, pristine / "write.lock"}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(choice=st.data())
def test_a_flipped_bit_anywhere_is_refused(pristine: Path, choice: st.DataObject) -> None:
    path = choice.draw(st.sampled_from(files_of_current_generation(pristine)))
    content = path.read_bytes()
    place = choice.draw(st.integers(0, len(content) - 1))
    flipped = bytearray(content)
    flipped[place] ^= 1 << choice.draw(st.integers(0, 7))
    open_wholly(pristine)
    path.write_bytes(flipped)
    try:
        with pytest.raises(IndexCorruptError, match=path.parent.name):
            open_wholly(pristine)
    finally:
        path.write_bytes(content)


def test_any_flipped_bit_of_current_is_refused(folder: Path) -> None:
    current = folder / "CURRENT"
    content = current.read_bytes()
    for bit in range(8 * len(content)):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        current.write_bytes(flipped)
        with pytest.raises(IndexCorruptError):
            open_wholly(folder)


@pytest.mark.parametrize("change", [lambda content: content[:-1], lambda content: content + b"\n", lambda content: b""])
def test_a_file_of_another_length_is_refused(folder: Path, change: Callable[[bytes], bytes]) -> None:
    for path in files_of_current_generation(folder):
        content = path.read_bytes()
        path.write_bytes(change(content))
        with pytest.raises(IndexCorruptError):
            open_wholly(folder)
        path.write_bytes(content)
    open_wholly(folder)


def test_a_changed_file_is_named_with_both_hashes(folder: Path) -> None:
    vectors = folder / "segments" / "000001" / "vectors.npy"
    recorded = hashlib.sha256(vectors.read_bytes()).hexdigest()
    vectors.write_bytes(b"something else")
    found = hashlib.sha256(b"something else").hexdigest()
    with pytest.raises(IndexCorruptError) as caught:
        open_wholly(folder)
    assert all(part in str(caught.value) for part in (str(vectors), recorded, found))


def test_a_missing_file_is_named(folder: Path) -> None:
    for path in files_of_current_generation(folder)[1:]:
        aside = path.rename(path.with_name("aside"))
        with pytest.raises(IndexCorruptError) as caught:
            open_wholly(folder)
        assert str(path) in str(caught.value)
        assert "missing" in str(caught.value)
        aside.rename(path)
    open_wholly(folder)


def test_nothing_is_written_onto_a_damaged_index(folder: Path) -> None:
    text = folder / "segments" / "000001" / "text.sqlite"
    text.write_bytes(text.read_bytes().replace(b"Cod prices", b"Cod  rices"))
    store = LocalStore.open(folder, IDENTITY)
    for _ in range(2):  # the failed attempt lets go of the lock
        with pytest.raises(IndexCorruptError, match=r"text\.sqlite"):
            store.writer()


def test_text_that_changes_while_a_reader_is_open_is_noticed(folder: Path) -> None:
    text = folder / "segments" / "000002" / "text.sqlite"
    with LocalStore.open(folder, IDENTITY).reader() as reader:
        chunk_id = reader.search_lexical(query_of("Sentence number 200"), 1)[0].chunk_id
        content = text.read_bytes()
        assert content.count(b"number 200 of") == 1
        with text.open("r+b") as file:
            file.seek(content.index(b"number 200 of"))
            file.write(b"number 201")
        for read in (lambda: reader.article("long"), lambda: reader.get([chunk_id])):
            with pytest.raises(IndexCorruptError, match="'long'"):
                read()


def test_a_closed_reader_says_so(folder: Path) -> None:
    reader = LocalStore.open(folder, IDENTITY).reader()
    reader.close()
    with pytest.raises(CollectionError, match="closed"):
        reader.article("long")


def test_what_is_missing_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match="no folder"):
        LocalStore.open(tmp_path / "nowhere")
    with pytest.raises(IndexNotFoundError, match="is a file"):
        LocalStore.open(folder / "CURRENT")
    (folder / "CURRENT").unlink()
    with pytest.raises(IndexNotFoundError, match="no file CURRENT"):
        LocalStore.open(folder)


def test_another_format_is_refused(folder: Path) -> None:
    rewrite_manifest(folder, lambda values: values.update(format_version=99))
    with pytest.raises(IndexMismatchError, match=r"format 99.*format 1;.*pullquote index") as caught:
        LocalStore.open(folder)
    assert f"--index {folder}" in str(caught.value)


def test_settings_that_are_not_known_are_refused(folder: Path) -> None:
    rewrite_manifest(folder, lambda values: values["identity"]["build"].update(sparkle=True))
    with pytest.raises(IndexMismatchError, match="sparkle"):
        LocalStore.open(folder)


def test_another_tokenizer_is_refused(folder: Path) -> None:
    rewrite_manifest(folder, lambda values: values["identity"].update(tokenizer_version="0/older"))
    with pytest.raises(IndexMismatchError, match="0/older"):
        LocalStore.open(folder)


def test_a_manifest_that_is_none_is_refused(folder: Path) -> None:
    rewrite_manifest(folder, lambda values: values.pop("segments"))
    with pytest.raises(IndexCorruptError, match="segments"):
        LocalStore.open(folder)


def test_tombstones_of_articles_that_are_not_there_are_refused(folder: Path) -> None:
    rewrite_manifest(folder, lambda values: values["segments"][0]["tombstones"].append("ghost"))
    with pytest.raises(IndexCorruptError, match="ghost"):
        LocalStore.open(folder).reader()


def test_every_differing_setting_is_named_with_both_values(folder: Path) -> None:
    wanted = replace(IDENTITY, build=BuildConfig(chunk_words=90), embedder_sha256="f" * 64)
    with pytest.raises(IndexMismatchError) as caught:
        LocalStore.open(folder, wanted)
    message = str(caught.value)
    assert "build.chunk_words: the index has 120, wanted is 90" in message
    assert f"embedder_sha256: the index has '{'0' * 64}', wanted is '{'f' * 64}'" in message
    assert "stem" not in message
    assert "dim" not in message
