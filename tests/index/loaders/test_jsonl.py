from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.loaders import jsonl
from index.loaders.base import SourceFile
from index.loaders.jsonl import load_jsonl
from tests.index.loaders.conftest import Load

SOURCE = SourceFile(Path("folder/a.jsonl"), "a.jsonl")


def line(**keys: Any) -> str:
    return json.dumps({"text": "A text."} | keys) + "\n"


def test_all_keys(load: Load) -> None:
    content = line(
        id="x1",
        title="The bridge",
        url="https://example.org/1",
        published="2025-10-07",
        text="It is\r\nshut.",
        outlet="Courier",
        authors=["Ann Lee", "Bo Ek"],
        language="en-US",
        section="roads",
        rank=3,
    )
    result = load("a.jsonl", content)
    (article,) = result.articles
    assert (article.article_id, article.title, article.text) == ("x1", "The bridge", "It is\nshut.")
    assert (article.url, article.outlet, article.language) == ("https://example.org/1", "Courier", "en")
    assert article.published == date(2025, 10, 7)
    assert article.authors == ("Ann Lee", "Bo Ek")
    assert article.metadata == {"section": "roads", "rank": 3}
    assert (result.warnings, result.failures, result.lines) == ((), (), (1,))


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: not text.isspace()), st.booleans()
)
def test_any_text_comes_back_as_it_was_written(text: str, ascii_only: bool) -> None:
    content = json.dumps({"id": "a", "text": text}, ensure_ascii=ascii_only).encode() + b"\n"
    (article,) = load_jsonl(content * 1, SOURCE, None).articles
    assert article.text == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{not json}", "not JSON: Expecting property name"),
        ("[1, 2]", "not a JSON object but [1, 2]"),
        ('{"title": "no text"}', 'key "text" is missing'),
        ('{"text": 5}', 'key "text" must be a string, not 5'),
        ('{"text": " "}', 'key "text" is empty'),
        ('{"id": ["a"], "text": "x"}', 'key "id" must be a string, not ["a"]'),
        ('{"text": "\\ud800 x"}', "lone surrogate"),
        ('{"text": "x", "note": ["\\udc00"]}', "lone surrogate"),
        ('{"text": "x", "n": ' + "9" * 5000 + "}", "not JSON that can be read"),
        ('{"text": "x", "n": ' + "[" * 100_000 + "}", "not JSON that can be read"),
    ],
)
def test_a_bad_line_is_one_failure_and_the_others_go_in(load: Load, bad: str, reason: str) -> None:
    result = load("a.jsonl", line(id="1") + bad + "\n\n" + line(id="2"))
    assert [article.article_id for article in result.articles] == ["1", "2"]
    assert result.lines == (1, 4)
    (failure,) = result.failures
    assert failure.line == 2
    assert reason in failure.reason
    assert "a.jsonl, line 2: " in str(failure)


def test_a_line_with_a_damaged_byte_is_one_failure(load: Load) -> None:
    lines = [line(id=str(number), text="café").encode() for number in range(5)]
    lines[2] = '{"id": "2", "text": "café"}\n'.encode("latin-1")
    lines[3] = '{"id": "3", "text": "“café” – “naïve”"}\n'.encode()
    result = load("a.jsonl", b"".join(lines))
    assert [article.article_id for article in result.articles] == ["0", "1", "3", "4"]
    assert (result.failures[0].line, result.encoding) == (3, "utf-8")
    assert "byte 0xE9" in result.failures[0].reason


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("published", "7 October 2025", "an ISO date"),
        ("published", 1759795200, "an ISO date"),
        ("url", "javascript:alert(1)", "a web address"),
        ("title", 5, "a string"),
        ("authors", [1], "a list of names"),
        ("language", "the English one", "a language tag"),
    ],
)
def test_a_value_that_does_not_fit_is_kept_as_metadata_with_a_warning(
    load: Load, key: str, value: Any, wanted: str
) -> None:
    result = load("a.jsonl", line(id="1") + line(id="2", **{key: value}))
    assert len(result.articles) == 2
    assert not getattr(result.articles[1], key) or key == "title"
    assert result.articles[1].metadata == {key: value}
    (warning,) = result.warnings
    assert "line 2" in warning
    assert f'"{key}"' in warning
    assert wanted in warning
    assert json.dumps(value) in warning


def test_nothing_known_is_nothing_wrong(load: Load) -> None:
    result = load("a.jsonl", '{"id": 7, "title": NaN, "url": null, "published": null, "outlet": "", "text": "A text."}')
    (article,) = result.articles
    assert (article.article_id, article.title, article.url, article.published) == ("7", "A text", None, None)
    assert result.warnings == ()


def test_ids_without_id(load: Load) -> None:
    first, second, third = line(url="https://example.org/1"), line(title="A"), line(title="B")
    straight = load("a.jsonl", first + second + third)
    turned = load("a.jsonl", third + "\n" + first + second)
    ids = {article.article_id for article in straight.articles}
    assert len(ids) == 3
    assert {article.article_id for article in turned.articles} == ids
    assert (
        len({load("a.jsonl", line(text=f"One.{end}Two.")).articles[0].article_id for end in ("\n", "\r\n", "\r")}) == 1
    )
    elsewhere = load("b.jsonl", first + second)
    assert elsewhere.articles[0].article_id == straight.articles[0].article_id  # the address is the identity
    assert elsewhere.articles[1].article_id != straight.articles[1].article_id


def test_line_separators_in_a_string_do_not_end_a_line(load: Load) -> None:
    result = load("a.jsonl", '{"text": "one\u2028two\x85three"}\n')
    assert result.articles[0].text == "one\u2028two\x85three"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "shift_jis"])
def test_encodings(load: Load, encoding: str) -> None:
    content = "".join(
        json.dumps({"text": f"{number} 政府は火曜日、来年度の予算案を"}, ensure_ascii=False) + "\r\n"
        for number in range(3)
    )
    result = load("a.jsonl", content.encode(encoding))
    assert [article.text[0] for article in result.articles] == ["0", "1", "2"]
    assert result.articles[2].text.endswith("予算案を")
    assert result.encoding_guessed == (encoding == "shift_jis")


def test_gzip(load: Load) -> None:
    assert load("a.jsonl.gz", gzip.compress(line().encode())).articles[0].text == "A text."
    assert "damaged gzip file" in load("a.jsonl.gz", gzip.compress(line().encode())[:-9]).failures[0].reason
    assert "damaged gzip file" in load("a.jsonl.gz", line()).failures[0].reason


@pytest.mark.parametrize("content", ["[\n" + line(), '{\n  "text": "A text."\n}\n'])
def test_json_over_several_lines_is_one_failure(load: Load, content: str) -> None:
    (failure,) = load("a.jsonl", content).failures
    assert "one object a line" in failure.reason
    assert failure.line is None


def test_a_line_over_the_limit(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", 100)
    result = load("a.jsonl", line(text="x" * 200) + line())
    assert len(result.articles) == 1
    assert "limit" in result.failures[0].reason


def test_an_empty_file(load: Load) -> None:
    assert "no articles" in load("a.jsonl", "\n \n").failures[0].reason
