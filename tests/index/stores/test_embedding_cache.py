"""The kept vectors: what was put stays, and what is damaged is never given out."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import CollectionError
from index.records import Vector
from index.stores.local.embedding_cache import EmbeddingCache
from tests.conftest import PROJECT_ROOT


def key(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def some_vectors(numbers: range, dim: int = 24) -> dict[str, Vector]:
    return {key(number): np.random.default_rng(number).standard_normal(dim).astype(np.float32) for number in numbers}


def assert_same(found: dict[str, Vector], wanted: dict[str, Vector]) -> None:
    assert found.keys() == wanted.keys()
    for name, vector in wanted.items():
        assert found[name].dtype == np.float32
        assert found[name].tobytes() == vector.tobytes()


def test_vectors_come_back_bit_for_bit(tmp_path: Path) -> None:
    vectors = some_vectors(range(1200))  # more than one query's worth of keys
    odd = {"special": np.array([0.0, -0.0, np.inf, -np.inf, 1e-45], dtype=np.float32), "empty": np.empty(0, np.float32)}
    with EmbeddingCache(tmp_path / "kept") as cache:
        assert cache.get_many(list(vectors)) == {}
        cache.put_many(vectors)
        cache.put_many(odd)
        cache.put_many({})
        assert_same(cache.get_many([*vectors, *odd, "unknown", key(0)]), vectors | odd)
    with EmbeddingCache(tmp_path / "kept") as cache:
        assert_same(cache.get_many([key(7), key(5000)]), {key(7): vectors[key(7)]})
        cache.put_many({key(7): vectors[key(8)]})
        assert_same(cache.get_many([key(7)]), {key(7): vectors[key(8)]})


def test_what_was_put_outlives_a_kill(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from index.stores.local.embedding_cache import EmbeddingCache\n"
        "from tests.index.stores.test_embedding_cache import some_vectors\n"
        "cache = EmbeddingCache(sys.argv[1])\n"
        "for first in range(0, 100, 10): cache.put_many(some_vectors(range(first, first + 10)))\n"
        "os._exit(9)\n"
    )
    path = tmp_path / "kept"
    assert subprocess.run([sys.executable, "-c", script, str(path)], cwd=PROJECT_ROOT, check=False).returncode == 9
    with EmbeddingCache(path) as cache:
        assert_same(cache.get_many([key(number) for number in range(100)]), some_vectors(range(100)))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=st.floats(0, 1, exclude_max=True), change=st.binary(min_size=1, max_size=60))
def test_damage_gives_no_wrong_vector(tmp_path: Path, place: float, change: bytes) -> None:
    path = tmp_path / "kept"
    path.unlink(missing_ok=True)
    vectors = some_vectors(range(60))
    with EmbeddingCache(path) as cache:
        cache.put_many(vectors)
    content = bytearray(path.read_bytes())
    start = int(place * len(content))
    content[start : start + len(change)] = change
    path.write_bytes(content)
    with EmbeddingCache(path) as cache:
        for name, vector in cache.get_many(list(vectors)).items():
            assert vector.tobytes() == vectors[name].tobytes()
        cache.put_many(vectors)  # as a builder does with what it had to make again
        for name, vector in cache.get_many(list(vectors)).items():
            assert vector.tobytes() == vectors[name].tobytes()


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kept"
    path.write_bytes(content)
    vectors = some_vectors(range(3))
    with EmbeddingCache(path) as cache:
        assert cache.get_many(list(vectors)) == {}
        cache.put_many(vectors)
        assert_same(cache.get_many(list(vectors)), vectors)


def test_another_programs_database_is_begun_anew(tmp_path: Path) -> None:
    vectors = some_vectors(range(3))
    with EmbeddingCache(tmp_path / "kept") as cache:
        cache.put_many(vectors)
    content = (tmp_path / "kept").read_bytes()
    (tmp_path / "kept").write_bytes(content.replace(b"checksum", b"checkers"))
    with EmbeddingCache(tmp_path / "kept") as cache:
        assert cache.get_many(list(vectors)) == {}
        cache.put_many(vectors)
        assert_same(cache.get_many(list(vectors)), vectors)


def test_a_place_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="missing"):
        EmbeddingCache(tmp_path / "missing" / "kept")
    (tmp_path / "folder").mkdir()
    with pytest.raises(CollectionError, match="folder"):
        EmbeddingCache(tmp_path / "folder")
    assert list((tmp_path / "folder").iterdir()) == []


def test_many_threads_and_two_programs_share_it(tmp_path: Path) -> None:
    with EmbeddingCache(tmp_path / "kept") as one, EmbeddingCache(tmp_path / "kept") as two:

        def put_and_get(number: int) -> None:
            cache = (one, two)[number % 2]
            vectors = some_vectors(range(number * 5, number * 5 + 5))
            cache.put_many(vectors)
            assert_same(cache.get_many(list(vectors)), vectors)

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(put_and_get, range(24)))
        assert len(two.get_many([key(number) for number in range(120)])) == 120
