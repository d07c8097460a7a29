"""The sample's index is built once, kept, and never trusted blindly."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

import qa.sample
from qa.assistant import Assistant
from qa.sample import open_sample, sample_articles

TINY = (
    {"id": "mayor", "title": "Tarn elects a mayor", "text": "Odalys Brenn was elected mayor of Tarn on Sunday."},
    {"id": "mill", "title": "The mill burns", "text": "A fire destroyed the paper mill of Tarn on Friday."},
)


def test_the_sample_articles_are_those_of_the_file() -> None:
    lines = files("qa.sample").joinpath("articles.jsonl").read_text(encoding="utf-8").split("\n")
    records = [json.loads(line) for line in lines if line]
    keys = ("id", "title", "outlet", "url", "text")
    assert [
        (article.article_id, article.title, article.outlet, article.url, article.text) for article in sample_articles()
    ] == [tuple(record[key] for key in keys) for record in records]


class Told:
    """Counts how often a build says how far it is."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, done: int, total: int) -> None:
        self.times += 1


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, and a sample of two articles, which is built in no time."""
    set_articles(tmp_path / "articles.jsonl", monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "pullquote"


def set_articles(path: Path, monkeypatch: pytest.MonkeyPatch, *, count: int = 2) -> None:
    path.write_text("".join(json.dumps(article) + "\n" for article in TINY[:count]))
    monkeypatch.setattr(qa.sample, "_ARTICLES", path)


def ids(assistant: Assistant) -> list[str]:
    with assistant:
        return [article.article_id for article in assistant.articles()]


def folders(cache: Path) -> list[Path]:
    return [path for path in cache.iterdir() if path.is_dir()]


def test_the_index_is_built_once_and_kept(cache: Path) -> None:
    told = Told()
    assert ids(open_sample(progress=told)) == ["mayor", "mill"]
    assert told.times > 0
    assert len(folders(cache)) == 1
    told.times = 0
    assert ids(open_sample(progress=told)) == ["mayor", "mill"]
    assert told.times == 0


@pytest.mark.parametrize("harm", ["damaged", "emptied"])
def test_an_index_that_cannot_be_used_is_built_again(cache: Path, harm: str) -> None:
    open_sample().close()
    [kept] = folders(cache)
    for path in [path for path in kept.rglob("*") if path.is_file()]:
        path.write_bytes(b"harm") if harm == "damaged" else path.unlink()
    told = Told()
    assert ids(open_sample(progress=told)) == ["mayor", "mill"]
    assert told.times > 0
    assert folders(cache) == [kept]
    told.times = 0
    assert ids(open_sample(progress=told)) == ["mayor", "mill"]
    assert told.times == 0


def test_other_articles_are_another_index(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_sample().close()
    set_articles(tmp_path / "other.jsonl", monkeypatch, count=1)
    assert ids(open_sample()) == ["mayor"]
    assert len(folders(cache)) == 2


def test_a_cache_that_cannot_be_written_to_is_done_without(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    assistant = open_sample()
    assert set(tmp_path.iterdir()) > before
    assert ids(assistant) == ["mayor", "mill"]
    assert set(tmp_path.iterdir()) == before
