from __future__ import annotations

import gzip
import json
import os
import random
from pathlib import Path

import pytest

import index.loaders
from index.errors import LoadError
from index.loaders import FileResult, SourceFile, base, load_file, load_paths
from tests.index.loaders.conftest import Load
from tests.index.loaders.pdf_writer import make_pdf


def reasons(results: list[FileResult]) -> dict[str, str]:
    return {result.path.name: str(failure) for result in results for failure in result.failures}


def test_public_names() -> None:
    assert index.loaders.__all__ == sorted(index.loaders.__all__)
    assert all(hasattr(index.loaders, name) for name in index.loaders.__all__)


def test_bad_files_among_good_ones(tmp_path: Path) -> None:
    good = {
        "a.txt": b"A text.",
        "b.MD": b"# A heading\n\nA text.",
        "c.jsonl": b'{"text": "A text."}',
        "d.html": b"<html><body><p>A text of some length, for the sake of it.</p></body></html>",
        "e.pdf": make_pdf([["A text."]]),
        "f.txt.gz": gzip.compress(b"A text."),
    }
    bad = {
        "a-empty.txt": (b"", "empty"),
        "b-binary.md": (random.Random(1).randbytes(2000), "binary"),
        "c-bad.jsonl": (b"{", "one object a line"),
        "d-empty.html": (b"<html></html>", "no article text"),
        "e-cut.pdf": (make_pdf([["A text."]])[:100], "damaged"),
        "f-bad.txt.gz": (b"not gzip", "damaged gzip"),
    }
    for name, content in good.items():
        (tmp_path / name).write_bytes(content)
    for name, (content, _) in bad.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    results = list(load_paths([tmp_path]))
    assert {result.path.name for result in results if result.articles} == set(good)
    found = reasons(results)
    assert set(found) == set(bad)
    for name, (_, reason) in bad.items():
        assert reason in found[name]
        assert str(tmp_path / name) in found[name]
    assert {result.path.name: result.skipped for result in results if result.skipped}.keys() == {"picture.png"}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_unknown_format_is_skipped_in_a_folder_and_a_failure_when_named(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"PK\x03\x04")
    (found,) = load_paths([tmp_path])
    assert found.failures == ()
    assert ".docx" in (found.skipped or "")
    (named,) = load_paths([path])
    assert named.skipped is None
    assert ".docx" in str(named.failures[0])
    assert ".txt" in str(named.failures[0])


def test_a_path_that_does_not_exist_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no such file or folder"):
        load_paths([tmp_path / "nowhere"])


def jsonl(path: Path, *articles: dict[str, str]) -> None:
    path.write_text("".join(json.dumps(article) + "\n" for article in articles))


def test_an_id_is_given_once(tmp_path: Path) -> None:
    jsonl(tmp_path / "a.jsonl", {"id": "1", "text": "One."}, {"id": "2", "text": "Two."}, {"id": "1", "text": "One."})
    jsonl(tmp_path / "b.jsonl", {"id": "2", "text": "Another two."}, {"id": "3", "text": "Three."})
    first, second = load_paths([tmp_path])
    assert [(article.article_id, line) for article, line in zip(first.articles, first.lines, strict=True)] == [
        ("1", 1),
        ("2", 2),
    ]
    assert first.failures == ()
    assert first.warnings == (
        f"{tmp_path / 'a.jsonl'}, line 3: the same article as in {tmp_path / 'a.jsonl'}, line 1; taken once",
    )
    assert [article.article_id for article in second.articles] == ["3"]
    assert second.lines == (2,)
    (failure,) = second.failures
    assert failure.line == 1
    assert "'2'" in failure.reason
    assert f"{tmp_path / 'a.jsonl'}, line 2" in failure.reason


def test_runs_do_not_share_what_they_saw(tmp_path: Path) -> None:
    jsonl(tmp_path / "a.jsonl", {"id": "1", "text": "One."})
    assert [len(result.articles) for _ in range(2) for result in load_paths([tmp_path])] == [1, 1]


def test_equal_texts_under_two_ids_are_two_articles(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "b.txt").write_text("One.")
    assert len({article.article_id for result in load_paths([tmp_path]) for article in result.articles}) == 2


def test_the_encoding_is_for_all_text_files(tmp_path: Path) -> None:
    for name in ("a.txt", "b.md"):
        (tmp_path / name).write_bytes("Das Fährgeld".encode("cp850"))
    (tmp_path / "c.pdf").write_bytes(make_pdf([["Das Fährgeld"]]))
    results = list(load_paths([tmp_path], encoding="cp850"))
    assert [article.text for result in results for article in result.articles] == ["Das Fährgeld"] * 3
    assert [result.encoding for result in results] == ["cp850", "cp850", None]
    assert all(
        "unknown text encoding 'klingon'" in reason
        for reason in reasons(list(load_paths([tmp_path], encoding="klingon"))).values()
    )


def test_what_is_not_a_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes on this system")
    os.mkfifo(tmp_path / "a.txt")
    (result,) = load_paths([tmp_path])
    assert "not a regular file" in str(result.failures[0])


def test_a_read_error_is_a_failure() -> None:
    path = Path("/proc/self/mem")  # a regular file whose first byte cannot be read
    if not path.exists():
        pytest.skip("needs /proc")
    with pytest.raises(LoadError, match="cannot be read: "):
        base.read_bytes(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_may_not_be_read_is_a_failure(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("A text.")
    path.chmod(0)
    assert "cannot be read: Permission denied" in str(load_file(SourceFile(path, "a.txt")).failures[0])


def test_the_limit_on_size(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 2000)
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"x" * 2_000_000))
    assert len(base.read_bytes(tmp_path / "a.txt", limit=2000)) == 2000
    for name in ("a.txt", "a.txt.gz"):
        with pytest.raises(LoadError, match="larger than the limit"):
            base.read_bytes(tmp_path / name, limit=1999)
