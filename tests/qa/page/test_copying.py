"""What is taken along of a citation."""

from __future__ import annotations

import json
from dataclasses import replace

from qa.addresses import quote_address
from qa.page.copying import takeaway
from tests.qa.page.samples import TODAY, cite_words, make_article

TWICE = "It struck Pier No. 4 at 7:40 a.m."


def test_a_sentence_that_stands_twice_is_named_with_its_own_context() -> None:
    first = cite_words(make_article(), "7:40 a.m.")
    article = make_article(f"{make_article().text}\n\nAt noon it was told again.\t{TWICE}\n\nNobody spoke.")
    start = article.text.rindex(TWICE)
    shift = start - first.start_char
    second = replace(
        first,
        start_char=start,
        end_char=first.end_char + shift,
        quote_start_char=first.quote_start_char + shift,
        quote_end_char=first.quote_end_char + shift,
        content_sha256=article.content_sha256,
    )
    taken = takeaway(second, TODAY, article)
    assert taken.address == quote_address(second.url, TWICE, article_text=article.text, start_char=start)
    assert taken.address != takeaway(second, TODAY).address
    assert all(str(taken.address) in taken.forms[name] for name in ("Markdown", "plain text"))
    quote, position = json.loads(taken.forms["Web Annotation"])["target"]["selector"]
    words = quote["prefix"] + quote["exact"] + quote["suffix"]
    assert article.text.count(words) == 1
    assert article.text.index(words) + len(quote["prefix"]) == position["start"]
