"""The file of a library: made, opened again, shared, and refused where it is none."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import LibraryError
from qa.library import Library, database, usual_path
from qa.library.schema import LATER_COLUMNS, TABLES, VERSION
from tests.conftest import PROJECT_ROOT
from tests.qa.library.samples import BOTH, STRUCK


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "folder" / "library.sqlite"


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_new_file_is_its_owners_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        with Library.open(path) as library:
            library.conversations.add("ann", "When?", STRUCK)
            modes = {one.name: one.stat().st_mode & 0o777 for one in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == {path.name: 0o600, path.name + "-wal": 0o600, path.name + "-shm": 0o600}


def test_what_was_kept_is_there_again(path: Path) -> None:
    with Library.open(path) as library:
        kept = library.conversations.add("ann", "When?", STRUCK)
        library.feedback.give("ann", kept.exchange_id, "right", note="ok")
        library.collections.add(None, "news", "folder")
        conversation = library.conversations.read("ann", kept.conversation_id)
        feedback, named = library.feedback.of_everybody(), library.collections.visible("ann")
    for _ in range(2):
        with Library.open(str(path), create=False) as library:
            assert library.conversations.read("ann", kept.conversation_id) == conversation
            assert library.feedback.of_everybody() == feedback
            assert library.collections.visible("ann") == named
            assert len(library.conversations.search("ann", "when")) == 1


def test_the_usual_place_is_the_users_and_can_be_another(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_DATA", str(path.parent))
    assert usual_path() == path.parent / "library.sqlite"
    monkeypatch.setenv("PULLQUOTE_DATA", "")
    assert usual_path().is_absolute()
    assert usual_path().parts[-2:] == ("pullquote", "library.sqlite") or os.name == "nt"


def test_a_closed_library_says_so(path: Path) -> None:
    library = Library.open(path)
    library.close()
    with pytest.raises(LibraryError, match="closed"):
        library.conversations.recent("ann")


def test_a_file_that_is_not_there_is_made_only_when_wanted(path: Path) -> None:
    with pytest.raises(LibraryError, match="no library at"):
        Library.open(path, create=False)
    assert not path.exists()


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE conversations (name TEXT)")


def later_version(path: Path) -> None:
    Library.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")


def truncated(path: Path, share: float) -> None:
    with Library.open(path) as library:
        for number in range(40):
            library.conversations.add("ann", f"When {number}?", BOTH)
    os.truncate(path, int(path.stat().st_size * share))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_bytes(b"x"), "is not a library"),
        (lambda path: path.write_text("dear diary\n" * 1000), "is not a library"),
        (lambda path: path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000), "library.sqlite"),
        (lambda path: path.write_bytes(b"SQLite format 3\x00"), "library.sqlite"),
        (other_database, "of another program"),
        (later_version, "later version"),
        (lambda path: truncated(path, 0.9), "damaged"),
        (lambda path: truncated(path, 0.5), "damaged"),
        (lambda path: truncated(path, 0.1), "library.sqlite"),
        (lambda path: path.mkdir(), "cannot be opened"),
    ],
    ids=["a byte", "text", "garbage", "header", "other", "later", "torn", "half", "stump", "folder"],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_and_left_alone(path: Path, make: Callable[[Path], object], said: str) -> None:
    path.parent.mkdir(parents=True)
    make(path)
    content = path.read_bytes() if path.is_file() else None
    with pytest.raises(LibraryError, match=said) as caught:
        Library.open(path)
    assert str(path) in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == content


def test_eight_threads_at_once_lose_nothing(path: Path) -> None:
    with Library.open(path) as library, ThreadPoolExecutor(8) as pool:
        shared = library.conversations.add("all", "first", STRUCK).conversation_id

        def write(worker: int) -> None:
            for number in range(8):
                kept = library.conversations.add(f"owner {worker}", f"own {number}", STRUCK)
                library.feedback.give(f"owner {worker}", kept.exchange_id, "right", note=str(number))
                library.conversations.add("all", f"{worker} {number}", BOTH, conversation_id=shared)
                library.conversations.search("all", f"{worker}")

        list(pool.map(write, range(8)))
        questions = [one.question for one in library.conversations.read("all", shared).exchanges]
        assert len(questions) == 65
        assert set(questions) == {"first", *(f"{worker} {number}" for worker in range(8) for number in range(8))}
        for worker in range(8):
            assert library.conversations.count(f"owner {worker}") == 8
            assert [one.note for one in library.feedback.of_owner(f"owner {worker}")] == [str(n) for n in range(8)]


WRITER = """
import sys
from qa.library import Library
with Library.open(sys.argv[1]) as library:
    for number in range(25):
        library.conversations.add(sys.argv[2], f"question {number}", problem="none")
"""


def test_two_processes_make_and_fill_one_file(path: Path) -> None:
    path.parent.mkdir(parents=True)
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), owner], cwd=PROJECT_ROOT, stderr=subprocess.PIPE)
        for owner in ("ann", "ben")
    ]
    with Library.open(path) as library:
        for process in running:
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 0, errors.decode()
        for owner in ("ann", "ben"):
            assert library.conversations.count(owner) == 25
            assert len(library.conversations.search(owner, "question")) == 25


def test_a_failed_write_leaves_nothing_half_done(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(path) as library:
        first = library.conversations.add("ann", "When?", STRUCK)
        monkeypatch.setattr("qa.library.conversations.kept_words", lambda texts: None)
        with pytest.raises(LibraryError):
            library.conversations.add("ann", "new", STRUCK)
        with pytest.raises(LibraryError):
            library.conversations.replace("ann", first.exchange_id, "other", STRUCK)
        assert library.conversations.count("ann") == 1
        assert library.conversations.read("ann", first.conversation_id).exchanges == (first,)


def test_a_program_without_full_text_search_shares_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(path) as library:
        library.conversations.add("ann", "ferry one", problem="x")
    with monkeypatch.context() as without:
        without.setattr(database, "has_fts5", lambda connection: False)
        with Library.open(path) as library:
            kept = library.conversations.search("ann", "one")[0].conversation
            library.conversations.add("ann", "ferry two", problem="x")
            library.conversations.delete("ann", kept.conversation_id)
            assert [hit.question for hit in library.conversations.search("ann", "ferry")] == ["ferry two"]
    with Library.open(path) as library:
        assert [hit.question for hit in library.conversations.search("ann", "ferry")] == ["ferry two"]
        assert library.conversations.search("ann", "one") == ()


def test_a_library_of_the_first_version_gets_the_columns_that_it_lacks(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, end = (
        TABLES.index(",", TABLES.index("words TEXT NOT NULL")),
        TABLES.index("\n);\nCREATE INDEX exchanges_conv"),
    )
    with monkeypatch.context() as earlier:
        earlier.setattr(database, "TABLES", TABLES[:begin] + TABLES[end:])
        earlier.setattr(database, "LATER_COLUMNS", {})
        with Library.open(path):
            pass
    with closing(sqlite3.connect(path)) as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(exchanges)")}
    assert not columns & set(LATER_COLUMNS)
    with Library.open(path) as library:
        kept = library.conversations.add("ann", "Hello!", reply="Hello.")
        assert library.conversations.read("ann", kept.conversation_id).exchanges == (kept,)
