"""BibTeX, read back: braces are balanced, fields are what went in."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given

from index.records import Article
from qa.exports import citation_bibtex
from qa.exports.bibtex import citation_key, latex_text
from qa.records import Citation
from tests.qa.exports.made_up import as_shown, citations, hostile
from tests.qa.page.samples import TODAY, cite_words, make_article

ARTICLE = make_article(authors=("Ann Lee", "Smith, Jones and Co", "J. R. O’Neil"))
TIME = cite_words(ARTICLE, "7:40 a.m.")

COMMANDS = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textasciigrave": "`",
}


def entry(bibtex: str) -> tuple[str, str, dict[str, str]]:
    """Type, key and fields of one entry, as BibTeX reads it: a value ends where its braces are balanced again."""
    head = re.match(r"@([a-z]+)\{([^,\s]+),\s*", bibtex)
    assert head
    fields: dict[str, str] = {}
    place = head.end()
    while bibtex[place] != "}":
        name = re.compile(r"([a-z]+) = \{").match(bibtex, place)
        assert name, bibtex[place:]
        depth, end = 1, name.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(bibtex[end], 0)
            end += 1
        assert name[1] not in fields
        fields[name[1]] = bibtex[name.end() : end - 1]
        gap = re.compile(r",?\s*").match(bibtex, end)
        assert gap
        place = gap.end()
    assert bibtex[place:].strip() == "}"
    return head[1], head[2], fields


def typeset(latex: str) -> str:
    """What LaTeX prints for a text; fails at any command or special character that is not one of ours."""

    def printed(found: re.Match[str]) -> str:
        if found["command"]:
            return COMMANDS[found["command"]]
        assert found["character"], f"{found.group()!r} would be read by LaTeX"
        return found["character"]

    return re.sub(r"\\(?P<command>[a-z]+)\{\}|\\(?P<character>[&%$#_])|[\\{}&%$#_~^]", printed, latex)


@given(hostile)
def test_latex_prints_a_text_as_itself(text: str) -> None:
    assert typeset(latex_text(text)) == as_shown(text)


@given(citations())
def test_an_entry_reads_back(drawn: tuple[Citation, Article]) -> None:
    citation, article = drawn
    kind, key, fields = entry(citation_bibtex(citation, TODAY, article))
    assert re.fullmatch(r"[a-z0-9-]+", key)
    assert typeset(fields["note"]) == f"“{as_shown(citation.sentence)}”"
    assert fields["title"][0] + fields["title"][-1] == "{}"
    assert typeset(fields["title"][1:-1]) == (as_shown(citation.title) or as_shown(citation.article_id))
    assert typeset(fields.get("organization", "")) == as_shown(citation.outlet or "")
    linked = bool(citation.url and citation.url.startswith("http"))
    assert kind == ("online" if linked else "misc")
    assert ("url" in fields, "urldate" in fields) == (linked, linked)
    assert not set(fields.get("url", "")) & set('{}<>"|^`\\ ')


def test_an_entry_in_full() -> None:
    assert entry(citation_bibtex(replace(TIME, page=3), TODAY, ARTICLE))[2] == {
        "author": "Ann Lee and {Smith, Jones and Co} and J. R. O’Neil",
        "title": "{Ferry hits pier}",
        "organization": "Courier",
        "date": "2025-10-06",
        "pages": "3",
        "url": "https://news.example/ferry",
        "urldate": "2026-11-22",
        "note": "“It struck Pier No. 4 at 7:40 a.m.”",
    }


def test_nothing_is_said_that_is_not_known() -> None:
    bare = replace(TIME, outlet=None, url=None, published=None)
    assert set(entry(citation_bibtex(bare, TODAY))[2]) == {"title", "note"}


def test_keys_are_stable_and_tell_places_apart() -> None:
    other = cite_words(ARTICLE, "Ruth Aldersey")
    assert citation_key(TIME) == citation_key(replace(TIME, title="Renamed")) != citation_key(other)
    assert citation_key(TIME).startswith("courier-2025-")
    assert re.fullmatch(r"source-[0-9a-f]{8}", citation_key(replace(TIME, outlet="日本", published=None)))
