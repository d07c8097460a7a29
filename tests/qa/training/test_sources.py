"""The training files' reader: every offset holds, and a wrong one is refused."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.training.sources import NATURAL, PARAGRAPH_FILES, Source, read_source, share_of

Row = dict[str, Any]


def write(data: Path, name: str, rows: list[Row]) -> None:
    path = data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def paragraph(title: str, context: str, *asked: tuple[str, list[tuple[str, int]]]) -> Row:
    return {
        "title": title,
        "context": context,
        "qas": [
            {
                "id": f"{title}-{context[:3]}-{number}",
                "question": question,
                "answers": [{"text": text, "answer_start": start} for text, start in answers],
            }
            for number, (question, answers) in enumerate(asked)
        ],
    }


def quotes(source: Source) -> dict[str, list[str]]:
    """Each question's answers as its article's text has them."""
    texts = {article.article_id: article.text for article in source.articles}
    return {
        asked.question: [texts[asked.article_id][start:end] for start, end in asked.answers]
        for asked in source.questions
    }


class TestParagraphs:
    def test_paragraphs_of_a_title_make_an_article(self, tmp_path: Path) -> None:
        first = paragraph("Fish_market", "Crab café 👍🏽 opened.", (" What opened? ", [("Crab café 👍🏽", 0)]))
        other = paragraph("Boats", "Boats sank.", ("What sank?", [("Boats", 0)]))
        second = paragraph(
            "Fish_market", "Cod cost nine pence.", ("How much?", [("nine pence", 9), ("nine", 9), ("nine pence", 9)])
        )
        write(tmp_path, PARAGRAPH_FILES["squad"], [first, other, second])
        source = read_source(tmp_path, "squad")
        assert source.name == "squad"
        market, boats = source.articles
        assert (market.title, boats.title) == ("Fish market", "Boats")
        assert market.text == "Crab café 👍🏽 opened.\n\nCod cost nine pence."
        assert quotes(source) == {
            "What opened?": ["Crab café 👍🏽"],
            "How much?": ["nine pence", "nine"],
            "What sank?": ["Boats"],
        }
        paragraphs = {asked.question: asked.paragraph for asked in source.questions}
        start, end = paragraphs["How much?"]
        assert market.text[start:end] == "Cod cost nine pence."
        assert {asked.article_id for asked in source.questions} == {market.article_id, boats.article_id}

    def test_a_paragraph_without_a_title_is_an_article(self, tmp_path: Path) -> None:
        rows = [paragraph("", "Cod rose.", ("What?", [("Cod", 0)])), paragraph("", "Eel fell.", ("Who?", [("Eel", 0)]))]
        write(tmp_path, PARAGRAPH_FILES["qamr"], rows)
        source = read_source(tmp_path, "qamr")
        assert [(article.title, article.text) for article in source.articles] == [("", "Cod rose."), ("", "Eel fell.")]
        assert quotes(source) == {"What?": ["Cod"], "Who?": ["Eel"]}

    def test_no_answer(self, tmp_path: Path) -> None:
        write(tmp_path, PARAGRAPH_FILES["squad"], [paragraph("Boats", "Boats sank.", ("Who swam?", []))])
        assert quotes(read_source(tmp_path, "squad")) == {"Who swam?": []}

    def test_carriage_returns_move_no_offset(self, tmp_path: Path) -> None:
        row = paragraph("Boats", "A\r\nB\rboat sank\r\nhere.", ("What?", [("boat sank\r\nhere", 5)]))
        write(tmp_path, PARAGRAPH_FILES["reddit"], [row, paragraph("Boats", "It rose.", ("Which?", [("rose", 3)]))])
        source = read_source(tmp_path, "reddit")
        assert "\r" not in source.articles[0].text
        assert quotes(source) == {"What?": ["boat sank \nhere"], "Which?": ["rose"]}

    @pytest.mark.parametrize("start", [0, 2, 4, 400])
    def test_an_answer_that_is_not_there_is_refused(self, tmp_path: Path, start: int) -> None:
        write(tmp_path, PARAGRAPH_FILES["squad"], [paragraph("Boats", "A boat sank.", ("What?", [("oat", start)]))])
        with pytest.raises(ValueError, match=rf"squad\.jsonl\.gz: answer 'oat' of Boats-A b-0 is not at {start}"):
            read_source(tmp_path, "squad")

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match="fairytaleqa"):
            read_source(tmp_path, "stories")


def test_natural_questions(tmp_path: Path) -> None:
    text = "Cod cost nine pence . It had been ten ."
    write(tmp_path, "natural/articles.jsonl.gz", [{"id": "q1", "title": "Cod", "url": "", "text": text}])
    places = [{"article": "q1", "start": 9, "end": 19}, {"article": "q1", "start": 34, "end": 37}]
    asked = {"id": "a", "question": "price of cod ", "answers": ["ten", "nine pence"], "evidence": places}
    write(tmp_path, "natural/questions.jsonl.gz", [asked])
    source = read_source(tmp_path, NATURAL)
    assert quotes(source) == {"price of cod": ["nine pence", "ten"]}
    assert source.questions[0].paragraph == (0, len(text))
    assert source.articles[0].title == "Cod"


def test_a_natural_answer_that_is_not_there_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "natural/articles.jsonl.gz", [{"id": "q1", "title": "Cod", "url": "", "text": "Cod was ten ."}])
    place = {"article": "q1", "start": 7, "end": 10}
    asked = {"id": "a", "question": "price of cod", "answers": ["ten"], "evidence": [place]}
    write(tmp_path, "natural/questions.jsonl.gz", [asked])
    with pytest.raises(ValueError, match="7 to 10 of natural/q1 is no answer of a"):
        read_source(tmp_path, NATURAL)


class TestShareOf:
    @settings(deadline=None)
    @given(st.text())
    def test_is_a_share(self, article_id: str) -> None:
        assert 0 <= share_of(article_id) < 1

    def test_is_spread_evenly_and_fixed(self) -> None:
        shares = [share_of(f"squad/{number}") for number in range(4000)]
        for tenth in range(10):
            assert 300 < sum(tenth / 10 <= share < (tenth + 1) / 10 for share in shares) < 500
        assert share_of("") == pytest.approx(0xE3B0C442 / 2**32)  # the SHA-256 of nothing begins so


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PARAGRAPH_FILES, NATURAL])
def test_the_real_files(shared_dir: Path, name: str) -> None:
    source = read_source(shared_dir / "data", name)
    texts = {article.article_id: article.text for article in source.articles}
    assert len(texts) == len(source.articles)
    assert len(source.questions) > 500
    for asked in source.questions:
        text = texts[asked.article_id]
        assert 0 <= asked.paragraph[0] < asked.paragraph[1] <= len(text)
        assert asked.question
        for start, end in asked.answers:
            assert asked.paragraph[0] <= start < end <= asked.paragraph[1]
            assert text[start:end].strip()
