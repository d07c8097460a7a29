"""BEIR folders: what is judged is asked, and a line that is wrong is named with its file and number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.datasets.reading import read_questions
from eval.datasets.records import Evidence
from index.errors import QuestionSetError
from tests.eval.datasets.test_reading import lines, write


def folder_of(tmp_path: Path, qrels: str) -> Path:
    folder = tmp_path / "fish"
    write(
        folder / "corpus.jsonl",
        lines({"_id": "f", "title": "Ferry", "text": "It sank."}, {"_id": "g", "text": "No."}),
    )
    write(folder / "queries.jsonl", lines({"_id": "1", "text": "what sank"}, {"_id": "2", "text": "never judged"}))
    write(folder / "qrels" / "test.tsv", qrels)
    return folder


def test_judged_queries_and_the_corpus(tmp_path: Path) -> None:
    found = read_questions(folder_of(tmp_path, "query-id\tcorpus-id\tscore\n1\tf\t2\n1\tg\t0\n"))
    assert [(one.question_id, one.text, one.answers, one.evidence) for one in found.questions] == [
        ("1", "what sank", None, (Evidence("f", grade=2),))
    ]
    assert [(one.article_id, one.title) for one in found.articles] == [("f", "Ferry"), ("g", "")]


def test_lines_may_end_as_windows_ends_them(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "query-id\tcorpus-id\tscore\n1\tf\t2\n")
    plain = read_questions(folder)
    for name in ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv"):
        raw = (folder / name).read_bytes()
        (folder / name).write_bytes(b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n"))
    assert read_questions(folder) == plain


@pytest.mark.parametrize("text", [{"text": ""}, {"text": " "}, {"text": None}, {}])
def test_a_title_alone_is_an_article(tmp_path: Path, text: dict[str, Any]) -> None:
    folder = folder_of(tmp_path, "1\tf\t1\n")
    write(folder / "corpus.jsonl", lines({"_id": "f", "title": "The ferry sank", **text}))
    (article,) = read_questions(folder).articles
    assert (article.title, article.text) == ("The ferry sank", "The ferry sank")


@pytest.mark.parametrize(
    ("name", "added", "named"),
    [
        ("corpus.jsonl", b'{"_id": "h", "title": " ", "text": ""}', 'line 3: "text" and "title" are both empty'),
        ("corpus.jsonl", b'{"_id": "h", "text": 3}', 'line 3: "text" must be text, not 3'),
        ("corpus.jsonl", b'{"_id": "h", "title": ["x"], "text": "y"}', "line 3: \"title\" must be text, not ['x']"),
        ("corpus.jsonl", b'{"_id": "f", "text": "x"}', "line 3: the \"_id\" 'f' is there twice, first in corpus"),
        ("corpus.jsonl", b'{"_id": "h", "text": "\xff"}', "line 3: is not UTF-8: invalid start byte at byte 22"),
        ("corpus.jsonl", b'{"_id": "h", "text": "\\ud800"}', "line 3: article 'h': "),
        ("corpus.jsonl", b'{"text": "x"}', 'line 3: "_id" must be text, not None'),
        ("queries.jsonl", b'{"_id": "1", "text": "x"}', "line 3: the \"_id\" '1' is there twice, first in queries"),
        ("queries.jsonl", b'{"_id": "3", "text": "\xe9t\xe9"}', "line 3: is not UTF-8"),
        ("queries.jsonl", b"{", "line 3: is not JSON"),
        ("qrels/test.tsv", b"1\t\xff\t1", "test.tsv, line 2: is not UTF-8"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, name: str, added: bytes, named: str) -> None:
    folder = folder_of(tmp_path, "1\tf\t1\n")
    with (folder / name).open("ab") as file:
        file.write(added + b"\n")
    with pytest.raises(QuestionSetError) as caught:
        read_questions(folder)
    assert str(caught.value).startswith(Path(name).name)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("qrels", "named"),
    [
        ("1\tx\t1\n", "test.tsv, line 1: the article 'x' is not in corpus.jsonl"),
        ("9\tf\t1\n", "test.tsv, line 1: the query '9' is not in queries.jsonl"),
        ("1\tf\t1\n1 f 1\n", "test.tsv, line 2: must be query, article and grade"),
    ],
)
def test_what_is_malformed_is_named(tmp_path: Path, qrels: str, named: str) -> None:
    with pytest.raises(QuestionSetError) as caught:
        read_questions(folder_of(tmp_path, qrels))
    assert named in str(caught.value)


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match=r"is not a BEIR folder: it needs corpus.jsonl"):
        read_questions(tmp_path)
