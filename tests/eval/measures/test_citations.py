"""What is shown stands where the citation says, or the measure says no: for every field that could be wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from eval.datasets.records import Evidence
from eval.measures.citations import any_holds, citation_precision, citation_recall, first_holds, is_verbatim
from index.records import Article
from index.sentences import split_article
from qa.citations import cite
from qa.records import Answer, AnswerSpan, Citation, Place

FERRY = Article(article_id="ferry", title="Ferry", text="Rain fell. The ferry sank off Skye. Nobody died. It was old.")
COPY = Article(article_id="copy", title="Copy", text="The ferry sank off Skye. More soon.")
STORED = {"ferry": FERRY, "copy": COPY}


def cited(words: str) -> Citation:
    start = FERRY.text.index(words)
    return cite(FERRY, split_article(FERRY), start, start + len(words))


SKYE = cited("Skye")
WHERE_ELSE = Place("copy", "Copy", None, None, None, None, 0, len(SKYE.sentence))
SPAN = AnswerSpan("Skye", "ferry", SKYE.quote_start_char, SKYE.quote_end_char, 1.0)


def answer(citation: Citation = SKYE, span: AnswerSpan = SPAN, *, answered: bool = True) -> Answer:
    return Answer(
        question="Where?",
        query="Where?",
        answered=answered,
        spans=(span,) if answered else (),
        best=span,
        confidence=0.5,
        citations=(citation,) if answered else (),
        closest=() if answered else (citation,),
    )


def test_what_stands_there_is_verbatim() -> None:
    assert is_verbatim(answer(), STORED.__getitem__)
    assert is_verbatim(answer(replace(SKYE, also_at=(WHERE_ELSE,))), STORED.__getitem__)
    assert is_verbatim(answer(cited("Rain")), STORED.__getitem__)  # nothing stands before it
    assert is_verbatim(answer(cited("old"), answered=False), STORED.__getitem__)


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize(
    "wrong",
    [
        lambda one: replace(one, sentence=one.sentence.replace("sank", "sang")),
        lambda one: replace(one, start_char=one.start_char + 1),
        lambda one: replace(one, end_char=one.end_char - 1),
        lambda one: replace(one, quote="Mull"),
        lambda one: replace(one, quote_start_char=one.quote_start_char - 1),
        lambda one: replace(
            one, quote="Rain", quote_start_char=0, quote_end_char=4
        ),  # stands there, in another sentence
        lambda one: replace(one, before="Sun shone."),
        lambda one: replace(one, after="It was old."),  # not the next one
        lambda one: replace(one, also_at=(replace(WHERE_ELSE, start_char=1),)),
        lambda one: replace(one, content_sha256="0" * 64),
        lambda one: replace(one, article_id="copy"),
    ],
)
def test_each_field_that_is_wrong_is_found(wrong: Callable[[Citation], Citation], answered: bool) -> None:
    assert not is_verbatim(answer(wrong(SKYE), answered=answered), STORED.__getitem__)


@pytest.mark.parametrize("wrong", [replace(SPAN, text="Mull"), replace(SPAN, start_char=SPAN.start_char - 1)])
def test_a_span_that_is_wrong_is_found_also_where_it_is_held_back(wrong: AnswerSpan) -> None:
    assert not is_verbatim(answer(span=wrong), STORED.__getitem__)
    assert not is_verbatim(answer(span=wrong, answered=False), STORED.__getitem__)


def test_first_any_precision_and_recall_by_hand() -> None:
    first, second = cited("Rain"), SKYE
    place = Evidence("ferry", SKYE.quote_start_char, SKYE.quote_end_char)
    nobody = FERRY.text.index("Nobody")
    missing = Evidence("ferry", nobody, nobody + 6)
    assert not first_holds([first, second], [place])
    assert first_holds([second, first], [place])
    assert any_holds([first, second], [place])
    assert not any_holds([first, second], [missing])
    assert not any_holds([second], [Evidence("ferry", SKYE.start_char - 1, SKYE.end_char)])  # not the whole of it
    assert citation_precision([first, second], [place]) == 0.5
    assert citation_recall([first, second], [place, missing]) == 0.5
    assert citation_precision([], [place]) == citation_recall([], [place]) == 0
