"""``Assistant`` and ``ask`` on real files, with the real model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.config import BuildConfig
from index.errors import (
    ArticleNotFoundError,
    IndexCorruptError,
    IndexMismatchError,
    IndexNotFoundError,
    LoadError,
)
from index.records import Article
from qa import Answer, Assistant, ask

FERRY = "Ferry accident\n\nFourteen people were hurt when the ferry Aurora hit the quay in Lindhaven on Monday.\n"
TRAM = "Tram line\n\nThe new tram line in Ostwick will cost 94 million crowns, mayor Ida Brandt said.\n"
QUESTION = "How many people were hurt when the ferry hit the quay?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "ferry.txt").write_text(FERRY, encoding="utf-8")
    (articles / "tram.txt").write_text(TRAM, encoding="utf-8")
    return articles


@pytest.fixture
def assistant(folder: Path, tmp_path: Path) -> Iterator[Assistant]:
    with Assistant.build(folder, tmp_path / "index") as built:
        yield built


def by_source(assistant: Assistant) -> dict[str, str]:
    return {summary.source_key: summary.article_id for summary in assistant.articles()}


def test_an_answer_is_the_same_built_opened_and_asked_in_one_call(
    assistant: Assistant, folder: Path, tmp_path: Path
) -> None:
    built = assistant.ask(QUESTION)
    assert built.answered
    assert built.text is not None
    assert built.text.startswith("Fourteen")
    assert FERRY[built.spans[0].start_char : built.spans[0].end_char] == built.text
    with Assistant.open(tmp_path / "index") as opened:
        assert opened.ask(QUESTION) == built
    assert ask(QUESTION, folder) == built
    assert ask(QUESTION, [folder / "tram.txt", str(folder / "ferry.txt")]) == built
    assert Answer.from_dict(built.to_dict()) == built


def test_a_temporary_index_leaves_nothing_behind(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    ask(QUESTION, folder)
    assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["articles", "scratch"]


def test_a_removed_article_no_longer_answers_and_can_come_back(assistant: Assistant, folder: Path) -> None:
    first = assistant.ask(QUESTION)
    gone = by_source(assistant)["ferry.txt"]
    assistant.remove([gone])
    assert all(citation.article_id != gone for citation in assistant.ask(QUESTION).closest)
    assert not assistant.ask(QUESTION).answered
    assert not assistant.check(first.citations[0]).holds
    with pytest.raises(ArticleNotFoundError, match=gone):
        assistant.remove([gone])
    assert (folder / "ferry.txt").read_text(encoding="utf-8") == FERRY
    report = assistant.add(folder)
    assert (report.build.added, report.build.embedded) == ((gone,), 0)
    assert replace(assistant.ask(QUESTION), index_generation=0) == replace(first, index_generation=0)


def test_a_changed_file_is_replaced_and_its_old_citation_does_not_hold(assistant: Assistant, folder: Path) -> None:
    old = assistant.ask(QUESTION).citations[0]
    (folder / "ferry.txt").write_text(FERRY.replace("Fourteen", "Seventeen"), encoding="utf-8")
    report = assistant.add(folder / "ferry.txt")
    assert report.build.changed == (old.article_id,)
    assert (assistant.ask(QUESTION).text or "").startswith("Seventeen")
    assert not assistant.check(old).holds


def test_one_bad_file_does_not_stop_the_others_and_removes_nothing(folder: Path, tmp_path: Path) -> None:
    Assistant.build(folder, tmp_path / "index").close()
    (folder / "tram.txt").write_bytes(b"")
    (folder / "ferry.txt").unlink()
    (folder / "new.txt").write_text("The school in Ostwick opens on Friday, the council said.", encoding="utf-8")
    with Assistant.build(folder, tmp_path / "index") as again:
        assert again.last_update is not None
        assert [failure.path.name for failure in again.last_update.failures] == ["tram.txt"]
        assert any("nothing was removed" in warning for warning in again.last_update.warnings)
        assert set(by_source(again)) == {"ferry.txt", "tram.txt", "new.txt"}


def test_a_build_brings_an_index_up_to_date(folder: Path, tmp_path: Path) -> None:
    Assistant.build(folder, tmp_path / "index").close()
    (folder / "tram.txt").unlink()
    with Assistant.build(folder, tmp_path / "index") as again:
        assert again.last_update is not None
        assert len(again.last_update.build.removed) == len(again.last_update.build.unchanged) == 1


def test_an_index_of_other_settings_or_damaged_is_refused_until_it_is_rebuilt(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    Assistant.build(folder, index, build=BuildConfig(chunk_words=50)).close()
    with pytest.raises(IndexMismatchError, match=r"chunk_words.*--rebuild"):
        Assistant.build(folder, index)
    with Assistant.build(folder, index, rebuild=True) as rebuilt:
        expected = rebuilt.ask(QUESTION)
        assert expected.answered
    for vectors in index.rglob("vectors.npy"):
        content = bytearray(vectors.read_bytes())
        content[-1] ^= 1
        vectors.write_bytes(content)
    with pytest.raises(IndexCorruptError, match=r"vectors\.npy"):
        Assistant.open(index)
    with Assistant.build(folder, index, rebuild=True) as rebuilt:
        assert rebuilt.ask(QUESTION).citations == expected.citations
    with Assistant.build(folder, tmp_path / "fresh", rebuild=True) as fresh:
        assert fresh.ask(QUESTION).citations == expected.citations


def test_what_is_not_there_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match="nowhere"):
        Assistant.open(tmp_path / "nowhere")
    with pytest.raises(LoadError, match="nowhere"):
        Assistant.build(tmp_path / "nowhere")
    (tmp_path / "empty.txt").touch()
    with pytest.raises(LoadError, match=r"empty\.txt"):
        Assistant.build(tmp_path / "empty.txt")


def test_records_are_taken_as_they_are() -> None:
    article = Article(article_id="x", title="Ferry accident", text=FERRY)
    with Assistant.build(article) as assistant:
        assert assistant.article("x") == article
        assert [summary.article_id for summary in assistant.articles()] == ["x"]
        assert len(assistant.sentences("x")) == 2


def test_an_empty_collection_abstains() -> None:
    with Assistant.build([]) as assistant:
        answer = assistant.ask(QUESTION)
        assert (answer.answered, answer.best, answer.closest) == (False, None, ())
