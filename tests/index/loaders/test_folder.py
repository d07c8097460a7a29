from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from index.errors import LoadError
from index.loaders import SourceFile, find_files, load_file


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"The text of {name}.")


def keys(*paths: Path) -> list[str]:
    return [file.source_key for file in find_files(paths)]


def test_keys_are_paths_below_the_folder_sorted(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a/z.txt", "a/b/c.md", ".hidden.txt", ".git/config.txt", "picture.png")
    assert keys(tmp_path) == ["a/b/c.md", "a/z.txt", "b.txt", "picture.png"]
    assert [file.named for file in find_files([tmp_path, tmp_path / "b.txt"])] == [False, False, True, False]


def test_a_folder_keeps_its_keys_when_it_moves(tmp_path: Path) -> None:
    write(tmp_path / "here", "a/b.txt")
    before = keys(tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    assert keys(tmp_path / "there") == before == ["a/b.txt"]


def test_a_file_is_named_by_its_name(tmp_path: Path) -> None:
    write(tmp_path, "deep/down/a.txt", ".hidden/.b.txt")
    assert find_files([tmp_path / "deep/down/a.txt"]) == [SourceFile(tmp_path / "deep/down/a.txt", "a.txt", named=True)]
    assert keys(tmp_path / ".hidden/.b.txt") == [".b.txt"]  # named, so it is wanted
    assert keys(tmp_path / ".hidden") == []


def test_equal_names_from_different_folders_get_longer_keys(tmp_path: Path) -> None:
    write(tmp_path, "x/report.txt", "y/report.txt", "x/other.txt", "1/sub/report.txt", "2/sub/report.txt")
    paths = [tmp_path / "x/report.txt", tmp_path / "y/report.txt", tmp_path / "x/other.txt"]
    for order in itertools.permutations(paths):
        assert keys(*order) == ["other.txt", "x/report.txt", "y/report.txt"]
    assert keys(tmp_path / "1", tmp_path / "2") == ["1/sub/report.txt", "2/sub/report.txt"]
    # a longer key must not be another's
    assert keys(tmp_path / "1/sub/report.txt", tmp_path / "x/report.txt", tmp_path / "1") == [
        "report.txt",
        "sub/report.txt",
    ]


def test_a_file_reached_twice_counts_once(tmp_path: Path) -> None:
    write(tmp_path, "a/b.txt")
    (tmp_path / "a/link.txt").symlink_to("b.txt")
    (tmp_path / "0-linked").symlink_to("a")
    assert keys(tmp_path) == ["a/b.txt"]
    assert keys(tmp_path, tmp_path / "a", tmp_path / "a/b.txt", tmp_path) == ["a/b.txt"]


def test_links_out_of_the_folder_are_followed_and_loops_end(tmp_path: Path) -> None:
    write(tmp_path, "in/a.txt", "out/b.txt")
    (tmp_path / "in/out").symlink_to(tmp_path / "out")
    (tmp_path / "in/up").symlink_to(tmp_path)
    (tmp_path / "in/loop").symlink_to("loop")
    assert [key for key in keys(tmp_path / "in") if key.endswith("txt")] == ["a.txt", "out/b.txt"]


def test_a_broken_link_is_a_failure_not_an_end(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to("gone.txt")
    results = [load_file(file) for file in find_files([tmp_path])]
    assert [bool(result.articles) for result in results] == [True, False]
    assert "link to a file that does not exist" in str(results[1].failures[0])
    assert len(find_files([tmp_path / "b.txt"])) == 1


def test_a_folder_named_like_a_file_is_searched(tmp_path: Path) -> None:
    write(tmp_path, "x.txt/a.txt")
    assert keys(tmp_path) == ["x.txt/a.txt"]
    assert keys(tmp_path / "x.txt") == ["a.txt"]


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"nowhere: no such file or folder"):
        find_files([tmp_path, tmp_path / "nowhere"])


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    try:
        Path(path).write_text("---")
    except OSError:
        pytest.skip("this file system refuses such names")
    (file,) = find_files([tmp_path])
    (article,) = load_file(file).articles
    assert article.source_key == r"caf\xe9.txt"
    assert article.title == r"Caf\xe9"
    str(load_file(SourceFile(Path(path), "x", problem="none")).failures[0]).encode("utf-8")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_searched_is_a_failure(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "shut/b.txt")
    (tmp_path / "shut").chmod(0)
    try:
        results = [load_file(file) for file in find_files([tmp_path])]
    finally:
        (tmp_path / "shut").chmod(0o700)
    assert [bool(result.articles) for result in results] == [True, False]
    assert "cannot be searched: Permission denied" in str(results[1].failures[0])
