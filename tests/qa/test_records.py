"""The answer's JSON form."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SchemaError
from qa.records import Answer, AnswerSpan, Citation, Place

SCHEMA = json.loads(files("qa").joinpath("answer.schema.json").read_text(encoding="utf-8"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
OPTIONAL = st.none() | TEXTS
OFFSETS = st.integers(0, 10**9)
SHA = st.text("0123456789abcdef", min_size=64, max_size=64)
PAGES = st.none() | st.integers(1, 999)
SPANS = st.builds(AnswerSpan, TEXTS, TEXTS, OFFSETS, OFFSETS, st.floats(-1e6, 1e6))
PLACES = st.builds(Place, TEXTS, TEXTS, OPTIONAL, OPTIONAL, OPTIONAL, PAGES, OFFSETS, OFFSETS)
CITATIONS = st.builds(
    Citation,
    article_id=TEXTS,
    title=TEXTS,
    outlet=OPTIONAL,
    url=OPTIONAL,
    published=OPTIONAL,
    page=PAGES,
    sentence=TEXTS,
    start_char=OFFSETS,
    end_char=OFFSETS,
    quote=TEXTS,
    quote_start_char=OFFSETS,
    quote_end_char=OFFSETS,
    before=OPTIONAL,
    after=OPTIONAL,
    also_at=st.lists(PLACES, max_size=2).map(tuple),
    content_sha256=SHA,
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    answered = draw(st.booleans())
    some = 1 if answered else 0
    return Answer(
        question=draw(TEXTS),
        query=draw(TEXTS),
        answered=answered,
        spans=tuple(draw(st.lists(SPANS, min_size=some, max_size=3 * some))),
        best=draw(st.none() | SPANS),
        confidence=draw(st.none() | st.floats(0, 1)),
        citations=tuple(draw(st.lists(CITATIONS, min_size=some, max_size=2 * some))),
        closest=tuple(draw(st.lists(CITATIONS, max_size=2))),
        agreement=draw(st.sampled_from([None, "single", "agree", "updated", "disagree"])),
        notes=tuple(draw(st.lists(TEXTS, max_size=2))),
        index_generation=draw(OFFSETS),
        models=draw(st.dictionaries(TEXTS, TEXTS, max_size=2)),
    )


def add_unknown_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {**{key: add_unknown_keys(inner) for key, inner in value.items()}, "zz_later": [1]}
    return [add_unknown_keys(inner) for inner in value] if isinstance(value, list) else value


@given(answers())
def test_the_json_form_fits_the_schema_and_comes_back_equal(answer: Answer) -> None:
    written = json.loads(json.dumps(answer.to_dict()))
    jsonschema.validate(written, SCHEMA)
    assert Answer.from_dict(written) == answer
    assert written["text"] == answer.text


@given(answers())
def test_keys_of_a_later_minor_version_are_passed_over(answer: Answer) -> None:
    later = add_unknown_keys(answer.to_dict())
    later["models"] = dict(answer.models)
    later["schema_version"] = "1.99"
    read = Answer.from_dict(later)
    assert read.to_dict() == {**answer.to_dict(), "schema_version": "1.99"}


EXAMPLE = Answer(
    question="Who?",
    query="Who?",
    answered=False,
    spans=(),
    best=None,
    confidence=None,
    citations=(),
    closest=(),
)


@pytest.mark.parametrize("version", ["2.0", "0.9", "", None, 1])
def test_another_major_version_is_refused_by_name(version: object) -> None:
    with pytest.raises(SchemaError, match="schema version"):
        Answer.from_dict({**EXAMPLE.to_dict(), "schema_version": version})


@pytest.mark.parametrize("key", [key for key in SCHEMA["required"] if key not in ("schema_version", "text")])
def test_a_missing_key_is_named(key: str) -> None:
    values = EXAMPLE.to_dict()
    del values[key]
    with pytest.raises(SchemaError, match=key):
        Answer.from_dict(values)


@pytest.mark.parametrize("wrong", [{"spans": None}, {"best": 3}, {"answered": True}, {"citations": [7]}, {"models": 1}])
def test_a_value_of_the_wrong_kind_is_a_schema_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(SchemaError):
        Answer.from_dict({**EXAMPLE.to_dict(), **wrong})


def test_the_schema_names_exactly_the_keys_that_are_written() -> None:
    assert set(SCHEMA["properties"]) == set(EXAMPLE.to_dict())
    assert set(SCHEMA["$defs"]["Citation"]["properties"]) == set(Citation.__slots__)
    assert set(SCHEMA["$defs"]["Place"]["properties"]) == set(Place.__slots__)
    assert set(SCHEMA["$defs"]["AnswerSpan"]["properties"]) == set(AnswerSpan.__slots__)


def test_an_answer_cannot_claim_without_a_citation() -> None:
    span = AnswerSpan("a", "x", 0, 1, 1.0)
    with pytest.raises(ValueError, match="exactly when"):
        Answer(
            question="q",
            query="q",
            answered=True,
            spans=(span,),
            best=span,
            confidence=None,
            citations=(),
            closest=(),
        )
