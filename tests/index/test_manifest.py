"""A manifest survives its file, and refuses what it cannot answer for."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.config import BuildConfig
from index.errors import IndexCorruptError, IndexMismatchError
from index.manifest import FORMAT_VERSION, Counts, FileRecord, IndexIdentity, Manifest, SegmentRecord

IDENTITY = IndexIdentity(
    build=BuildConfig(),
    embedder_name="name",
    embedder_sha256="ab" * 32,
    dim=384,
    tokenizer_version="1/words",
    splitter_version="1",
)
IDENTITIES = st.builds(
    IndexIdentity,
    build=st.builds(BuildConfig, chunk_words=st.integers(10, 1000), stem=st.booleans()),
    embedder_name=st.text(),
    embedder_sha256=st.text(),
    dim=st.integers(1),
    tokenizer_version=st.text(),
    splitter_version=st.text(),
)
FILES = st.dictionaries(st.text(), st.builds(FileRecord, sha256=st.text(), size=st.integers(0)))
SEGMENTS = st.builds(
    SegmentRecord,
    name=st.text(),
    articles=st.integers(0),
    chunks=st.integers(0),
    files=FILES,
    tombstones=st.lists(st.text()).map(tuple),
)
MANIFESTS = st.builds(
    Manifest,
    generation=st.integers(0),
    identity=IDENTITIES,
    created=st.text(),
    segments=st.lists(SEGMENTS).map(tuple),
    counts=st.builds(Counts, st.integers(0), st.integers(0), st.integers(0)),
)


@settings(max_examples=40, deadline=None)
@given(MANIFESTS)
def test_a_manifest_survives_its_file(manifest: Manifest) -> None:
    assert Manifest.from_json(manifest.to_json(), "here") == manifest


CHANGED: dict[str, Any] = {
    "build": BuildConfig(overlap_sentences=3),
    "embedder_name": "other",
    "embedder_sha256": "cd" * 32,
    "dim": 8,
    "tokenizer_version": "2/words",
    "splitter_version": "2",
    "format_version": FORMAT_VERSION + 1,
}


@pytest.mark.parametrize("name", [field.name for field in fields(IndexIdentity)])
def test_every_part_of_an_identity_counts(name: str) -> None:
    changed = replace(IDENTITY, **{name: CHANGED[name]})
    IDENTITY.require(replace(IDENTITY), "here")
    with pytest.raises(IndexMismatchError) as caught:
        IDENTITY.require(changed, "/my/index")
    message = str(caught.value)
    assert message.count("the index has") == 1
    assert "pullquote index PATH... --index /my/index" in message
    if name == "build":
        assert "build.overlap_sentences: the index has 1, wanted is 3" in message
    else:
        assert f"{name}: the index has {getattr(IDENTITY, name)!r}, wanted is {CHANGED[name]!r}" in message


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_an_unknown_format_is_refused_whatever_else_it_holds(version: Any) -> None:
    with pytest.raises(
        IndexMismatchError, match=rf"format {version}, .* reads format {FORMAT_VERSION}; .*--index here"
    ):
        Manifest.from_json(json.dumps({"format_version": version}).encode(), "here")


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"{}", b"null", b'{"format_version": 1}', b'{"format_version": 1, "identity": 3}']
)
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(IndexCorruptError, match="here"):
        Manifest.from_json(content, "here")
