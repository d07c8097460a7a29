"""The names that other programs build on."""

from __future__ import annotations

import inspect

import pytest

import qa
from index import embedder
from qa import Assistant, ask


def test_the_public_names_of_qa() -> None:
    assert qa.__all__ == sorted(qa.__all__)
    assert set(qa.__all__) == {
        "Answer",
        "AnswerSpan",
        "Article",
        "Assistant",
        "BuildConfig",
        "Candidate",
        "Citation",
        "CitationCheck",
        "Explanation",
        "Filter",
        "Place",
        "PullquoteError",
        "QAConfig",
        "SearchConfig",
        "Turn",
        "UpdateReport",
        "ask",
    }
    assert set(qa.__all__) <= set(dir(qa))


@pytest.mark.parametrize("name", qa.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert inspect.getdoc(getattr(qa, name))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        qa.nothing  # noqa: B018


def test_the_signatures_that_programs_call() -> None:
    assert list(inspect.signature(ask).parameters)[:2] == ["question", "articles"]
    asked = inspect.signature(Assistant.ask).parameters
    assert list(asked) == ["self", "question", "history", "where", "query", "today"]
    assert all(
        parameter.kind is parameter.KEYWORD_ONLY
        for name, parameter in asked.items()
        if name not in ("self", "question")
    )
    assert list(inspect.signature(Assistant.retrieve).parameters) == ["self", "query", "k", "where"]
    assert next(iter(inspect.signature(embedder.embed).parameters)) == "texts"
