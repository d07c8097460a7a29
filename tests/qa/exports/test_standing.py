"""An exported conversation says what became of its sources."""

from __future__ import annotations

import json
from datetime import date

from qa.citations import Standing, standing
from qa.exchanges import Exchange
from qa.exports import conversation_from_dict, export_conversation
from tests.qa.page.samples import TEXT, answer_with, cite_words, make_article

ARTICLE = make_article()
ASKED = [Exchange("When?", answer_with([cite_words(ARTICLE, "7:40 a.m.")]))]
TODAY = date(2026, 11, 22)


def test_a_source_that_is_gone_or_has_changed_is_named() -> None:
    words: dict[Standing, str] = {"source removed": "has been removed", "changed since": "has changed since"}
    for became, said in words.items():
        for form in ("markdown", "html"):
            text = export_conversation(ASKED, form, TODAY, standing_of=lambda article_id, version, one=became: one)  # type: ignore[misc]
            assert said in text
            assert said not in export_conversation(ASKED, form, TODAY)
        values = json.loads(export_conversation(ASKED, "json", TODAY, standing_of=lambda a, v, one=became: one))  # type: ignore[misc]
        assert values["sources_since"] == {"ferry": became}
        assert conversation_from_dict(values) == tuple(ASKED)


def test_a_source_stands_while_it_is_the_version_that_was_cited() -> None:
    assert standing(ARTICLE.content_sha256, ARTICLE) == standing("", ARTICLE) == ""
    assert standing(ARTICLE.content_sha256, make_article(f"{TEXT} More.")) == "changed since"
    assert standing("", None) == "source removed"
