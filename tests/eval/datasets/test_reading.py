"""Question sets: every format gives the same records, and what is malformed is refused with its place."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.datasets.reading import read_questions
from eval.datasets.records import Evidence, Question, QuestionSet
from index.errors import QuestionSetError
from qa.records import Turn

ROW = {
    "id": "1",
    "question": "What sank?",
    "answers": ["ferry", "the ferry"],
    "evidence": [{"article": "f", "start": 4, "end": 9}],
}
FULL = {
    **ROW,
    "history": [{"question": "Who?", "answer_text": "Ann", "titles": ["Ferry"]}, {"question": "Why?"}],
    "rewrite": "What sank off Skye?",
    "asked": "2023-02-03",
    "retrieved": ["f", "g"],
}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


class TestJsonLines:
    @pytest.mark.parametrize("name", ["q.jsonl", "q.jsonl.gz", "q.dev.jsonl.gz"])
    def test_everything_a_line_may_hold(self, tmp_path: Path, name: str) -> None:
        found = read_questions(write(tmp_path / name, "\ufeff" + lines(FULL) + "\n"))
        assert found.name == name
        assert found.questions == (
            Question(
                question_id="1",
                text="What sank?",
                answers=("ferry", "the ferry"),
                evidence=(Evidence("f", 4, 9),),
                history=(Turn("Who?", "Ann", ("Ferry",)), Turn("Why?", None)),
                rewrite="What sank off Skye?",
                asked=date(2023, 2, 3),
                retrieved=("f", "g"),
                cluster="f",
            ),
        )

    def test_no_answers_and_unknown_answers_are_not_the_same(self, tmp_path: Path) -> None:
        none = {"id": "a", "question": "Who?", "answers": []}
        unknown = {"id": "b", "question": "Who?"}
        found = read_questions(write(tmp_path / "q.jsonl", lines(none, unknown))).questions
        assert [(one.answers, one.answerable) for one in found] == [((), False), (None, None)]
        assert [one.cluster for one in found] == ["a", "b"]

    def test_a_line_separator_inside_a_text_ends_no_line(self, tmp_path: Path) -> None:
        row = {"id": "a", "question": "Who\u2028sank?"}
        written = json.dumps(row, ensure_ascii=False) + "\n"
        assert read_questions(write(tmp_path / "q.jsonl", written)).questions[0].text == "Who\u2028sank?"

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ({"id": None}, '"id" must be text, not None'),
            ({"question": " "}, "\"question\" must be text, not ' '"),
            ({"answers": "ferry"}, "\"answers\" must be a list of texts, not 'ferry'"),
            ({"answers": ["ferry", ""]}, '"answers" must be a list of texts'),
            ({"evidence": [{"article": "f", "start": 9, "end": 9}]}, "0 <= start < end, not 9 and 9"),
            ({"evidence": [{"article": "f", "start": -1, "end": 9}]}, "0 <= start < end, not -1 and 9"),
            ({"evidence": [{"article": "f", "start": True, "end": 9}]}, "0 <= start < end, not True and 9"),
            ({"evidence": [{"article": "f", "start": 3}]}, "0 <= start < end, not 3 and None"),
            ({"evidence": [{"start": 3, "end": 4}]}, '"evidence" must be'),
            ({"evidence": {}}, '"evidence" must be a list'),
            ({"asked": "yesterday"}, "\"asked\" must be a date as 2024-05-31, not 'yesterday'"),
            ({"history": [{"answer_text": "x"}]}, 'a turn of "history" must be'),
            ({"retrieved": "f"}, '"retrieved" must be a list of texts'),
        ],
    )
    def test_what_is_malformed_is_named_with_its_line(self, tmp_path: Path, change: dict[str, Any], named: str) -> None:
        path = write(tmp_path / "q.jsonl", lines(ROW) + "\n" + lines({**ROW, "id": "2", **change}))
        with pytest.raises(QuestionSetError) as caught:
            read_questions(path)
        assert str(caught.value).startswith("q.jsonl, line 3: ")
        assert named in str(caught.value)

    @pytest.mark.parametrize(("line", "named"), [("{", "is not JSON"), ("[1]", "is not a JSON object")])
    def test_what_is_no_object(self, tmp_path: Path, line: str, named: str) -> None:
        with pytest.raises(QuestionSetError, match=f"q.jsonl, line 2: {named}"):
            read_questions(write(tmp_path / "q.jsonl", lines(ROW) + line + "\n"))


class TestTable:
    def test_all_columns(self, tmp_path: Path) -> None:
        text = (
            "id,Question,answer,answer 2,article,start,end,asked\n"
            '7,"What sank, and ""why""?",ferry,the ferry,f,4,9,2023-02-03\n'
            ",Who paid?,,,,,,\n"
            "x,Where?,Skye,,f,,,\n"
        )
        found = read_questions(write(tmp_path / "q.csv", text)).questions
        assert [(one.question_id, one.text, one.answers, one.evidence, one.asked) for one in found] == [
            ("7", 'What sank, and "why"?', ("ferry", "the ferry"), (Evidence("f", 4, 9),), date(2023, 2, 3)),
            ("2", "Who paid?", (), (), None),
            ("x", "Where?", ("Skye",), (Evidence("f"),), None),
        ]

    @pytest.mark.parametrize("mark", [";", "\t", ","])
    def test_other_marks_between_columns(self, tmp_path: Path, mark: str) -> None:
        text = f"question{mark}answer\nWhat sank?{mark}ferry\n"
        (one,) = read_questions(write(tmp_path / "q.csv", text)).questions
        assert (one.text, one.answers) == ("What sank?", ("ferry",))

    def test_without_an_answer_column_only_the_ranking_is_known(self, tmp_path: Path) -> None:
        (one,) = read_questions(write(tmp_path / "q.csv", "question,article\nWhat sank?,f\n")).questions
        assert one.answers is None

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("answer\nx\n", 'line 1: there is no column "question"; the columns are: answer'),
            ("question,outlet\nx,y\n", "line 1: there is no use for a column 'outlet'"),
            ("question,answer,answer\nx,y,z\n", "line 1: a column is there twice"),
            ("question,answer\nx\n", "line 2: the row does not have the heading's 2 columns"),
            ("question,answer\nx,y,z\n", "line 2: the row does not have the heading's 2 columns"),
            ("question,answer\nx,y\n ,z\n", 'line 3: "question" must be text'),
            (
                "question,article,start,end\nx,f,a,9\n",
                "line 2: \"start\" and \"end\" must be whole numbers, not 'a' and '9'",
            ),
            ("question,article,start,end\nx,f,9,4\n", 'line 2: "start" and "end" must be characters'),
            ('question,answer\n"x,y\n', "is not CSV"),
        ],
    )
    def test_what_is_malformed_is_named_with_its_line(self, tmp_path: Path, text: str, named: str) -> None:
        with pytest.raises(QuestionSetError) as caught:
            read_questions(write(tmp_path / "q.csv", text))
        assert "q.csv" in str(caught.value)
        assert named in str(caught.value)


def squad(*paragraphs: tuple[str, list[dict[str, Any]]], title: str = "Fish_market") -> dict[str, Any]:
    return {"data": [{"title": title, "paragraphs": [{"context": text, "qas": asked} for text, asked in paragraphs]}]}


class TestSquad:
    def test_paragraphs_become_an_article_and_offsets_hold(self, tmp_path: Path) -> None:
        rose = {"id": "1", "question": " What rose? ", "answers": [{"text": "Cod", "answer_start": 0}] * 2}
        cost = {"id": "2", "question": "How much?", "answers": [{"text": "nine\r\npence", "answer_start": 9}]}
        none = {"id": "3", "question": "Who?", "is_impossible": True, "answers": [], "plausible_answers": []}
        content = squad(("Cod rose 👍🏽.", [rose]), ("Eel cost nine\r\npence.", [cost, none]))
        found = read_questions(write(tmp_path / "dev.json", json.dumps(content)))
        (article,) = found.articles
        assert (article.article_id, article.title) == ("Fish_market", "Fish market")
        assert article.text == "Cod rose 👍🏽.\n\nEel cost nine \npence."
        places = {one.question_id: one.evidence for one in found.questions}
        assert [article.text[e.start : e.end] for e in places["1"]] == ["Cod"]
        assert [article.text[e.start : e.end] for e in places["2"]] == ["nine \npence"]
        assert [(one.text, one.answers, one.cluster) for one in found.questions] == [
            ("What rose?", ("Cod",), "Fish_market"),
            ("How much?", ("nine\r\npence",), "Fish_market"),
            ("Who?", (), "Fish_market"),
        ]

    @pytest.mark.parametrize(
        ("content", "named"),
        [
            ([], "is not SQuAD's JSON"),
            ({"data": [{"title": "x"}]}, 'dev.json, data[0]: has no list "paragraphs"'),
            ({"data": [3]}, "data[0]: must be an object, not 3"),
            (
                squad(("Cod rose.", [{"id": "1", "question": "?"}])),
                'data[0].paragraphs[0].qas[0]: has no list "answers"',
            ),
            (
                squad(("Cod rose.", [{"id": "1", "question": "?", "answers": [{"text": "Eel", "answer_start": 0}]}])),
                "answers[0]: the answer 'Eel' does not stand at 0",
            ),
            (squad(("Cod rose.", [])), "holds no question"),
        ],
    )
    def test_what_is_malformed_is_named(self, tmp_path: Path, content: Any, named: str) -> None:
        with pytest.raises(QuestionSetError) as caught:
            read_questions(write(tmp_path / "dev.json", json.dumps(content)))
        assert named in str(caught.value)


class TestBeir:
    def folder(self, tmp_path: Path, qrels: str) -> Path:
        folder = tmp_path / "fish"
        write(
            folder / "corpus.jsonl",
            lines({"_id": "f", "title": "Ferry", "text": "It sank."}, {"_id": "g", "text": "No."}),
        )
        write(folder / "queries.jsonl", lines({"_id": "1", "text": "what sank"}, {"_id": "2", "text": "never judged"}))
        write(folder / "qrels" / "test.tsv", qrels)
        return folder

    def test_judged_queries_and_the_corpus(self, tmp_path: Path) -> None:
        found = read_questions(self.folder(tmp_path, "query-id\tcorpus-id\tscore\n1\tf\t2\n1\tg\t0\n"))
        assert [(one.question_id, one.text, one.answers, one.evidence) for one in found.questions] == [
            ("1", "what sank", None, (Evidence("f", grade=2),))
        ]
        assert [(one.article_id, one.title) for one in found.articles] == [("f", "Ferry"), ("g", "")]

    @pytest.mark.parametrize(
        ("qrels", "named"),
        [
            ("1\tx\t1\n", "test.tsv, line 1: the article 'x' is not in corpus.jsonl"),
            ("9\tf\t1\n", "the query '9' is not in queries.jsonl"),
            ("1\tf\t1\n1 f 1\n", "test.tsv, line 2: must be query, article and grade"),
        ],
    )
    def test_what_is_malformed_is_named(self, tmp_path: Path, qrels: str, named: str) -> None:
        with pytest.raises(QuestionSetError) as caught:
            read_questions(self.folder(tmp_path, qrels))
        assert named in str(caught.value)

    def test_another_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(QuestionSetError, match=r"is not a BEIR folder: it needs corpus.jsonl"):
            read_questions(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("q.txt", b"x", "is of no known format; question sets are JSON lines"),
        ("q.jsonl", b'{"id": "1", "question": "\xff"}', "is not UTF-8"),
        ("q.jsonl.gz", b"no gzip", "cannot be read"),
        ("q.jsonl", b"\n\n", "q.jsonl holds no question"),
        ("q.json", b"{", "q.json is not JSON"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, named: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(QuestionSetError, match=named):
        read_questions(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match=r"nowhere.jsonl cannot be read"):
        read_questions(tmp_path / "nowhere.jsonl")


def test_an_id_that_is_there_twice(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="the id '1' is there twice"):
        read_questions(write(tmp_path / "q.jsonl", lines(ROW, ROW)))


def test_the_hash_is_of_what_is_asked_and_not_of_the_file(tmp_path: Path) -> None:
    table = "id,question,answer,answer 2,article,start,end\n1,What sank?,ferry,the ferry,f,4,9\n"
    one = read_questions(write(tmp_path / "a.jsonl", lines(ROW)))
    other = read_questions(write(tmp_path / "b.csv", table))
    assert one.sha256 == other.sha256
    assert one.sha256 != read_questions(write(tmp_path / "c.jsonl", lines({**ROW, "answers": ["ferry"]}))).sha256
    assert QuestionSet("x", one.questions).sha256 == one.sha256


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["squad/questions.dev.jsonl.gz", "natural/questions.jsonl.gz", "news/questions.jsonl.gz"]
)
def test_the_real_sets(shared_dir: Path, name: str) -> None:
    found = read_questions(shared_dir / "data" / name)
    assert len(found.questions) > 500
    assert len({one.cluster for one in found.questions}) > 5
