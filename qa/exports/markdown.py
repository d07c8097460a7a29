"""Citations and conversations as Markdown (CommonMark) and plain text. Pure.

Everything from articles and questions is escaped, so that it reads as itself and starts no link, picture, heading,
list, table, formula or HTML. Line breaks inside it become spaces, which is how Markdown shows them anyway.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlsplit

from index.records import Article
from qa.citations import StandingOf
from qa.exchanges import Exchange
from qa.exports.phrases import ABSTAINED, EXPORTED, HEADING, NO_ANSWER, STANDINGS, remarks, shown_citations
from qa.exports.wording import name_of, one_line, particulars, parts, sentence_address, whereabouts
from qa.records import Citation, Place

_MEANING = re.compile(
    r"[\\`*_{}\[\]<>#|~^$&@]"  # anywhere
    r"|^[-+=:]"  # at the start of a line: lists, rules, underlined headings, definitions
    r"|:(?=//)|(?<=www)\.",  # addresses that some readers of Markdown turn into links by themselves
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^([0-9]{1,9})([.)])")  # lists
_BORDERS = re.compile(r"\A([\s\x00-\x20\x7f-\x9f]*)(.*?)([\s\x00-\x20\x7f-\x9f]*)\Z", re.DOTALL)


def markdown_text(text: str) -> str:
    """``text`` on one line, with everything escaped that Markdown or HTML would read."""
    return _escaped(one_line(text))


def citation_markdown(citation: Citation, article: Article | None = None) -> str:
    """A citation as a block quotation, the answer in bold, with its source, date and a link to the original.

    Args:
        article: the cited article, which makes the link more exact.
    """
    lines = [_quotation(citation), "", f"— {_source(citation)}{_link(citation, article)}"]
    return "".join(f"> {line}".rstrip() + "\n" for line in lines)


def citation_plain(citation: Citation, article: Article | None = None) -> str:
    """A citation as plain text: the sentence in quotation marks, source and date, and the original's address.

    Args:
        article: the cited article, which makes the address more exact.
    """
    lines = [f"“{one_line(citation.sentence)}”", f"— {', '.join([name_of(citation), *particulars(citation)])}"]
    address = sentence_address(citation, article)
    return "\n".join([*lines, *([address] if address else [])]) + "\n"


def conversation_markdown(
    exchanges: Sequence[Exchange],
    today: date,
    articles: Mapping[str, Article] | None = None,
    standing_of: StandingOf = lambda article_id, content_sha256: "",
) -> str:
    """A conversation with its evidence.

    Args:
        exchanges: oldest first.
        today: the day of the export.
        articles: cited articles by id, which make the links more exact; need not be complete.
        standing_of: what became of the cited articles since.
    """
    held = articles or {}
    blocks = [f"# {HEADING}", EXPORTED.format(day=today.isoformat())]
    for exchange in exchanges:
        blocks += [f"## {markdown_text(exchange.question)}", *_exchange(exchange, held, standing_of)]
    return "\n\n".join(block.rstrip("\n") for block in blocks) + "\n"


def _exchange(exchange: Exchange, articles: Mapping[str, Article], standing_of: StandingOf) -> list[str]:
    answer = exchange.answer
    if answer is None:
        return [f"**{NO_ANSWER}** {markdown_text(exchange.problem)}"]
    blocks = [] if answer.answered else [f"**{ABSTAINED}**"]
    for number, citation in enumerate(shown_citations(answer), start=1):
        blocks.append(f"**{number}**")
        blocks.append(citation_markdown(citation, articles.get(citation.article_id)))
        standing = standing_of(citation.article_id, citation.content_sha256)
        blocks += [f"**{STANDINGS[standing]}**"] if standing else []
        blocks.append(_escaped(whereabouts(citation)) + ".")
        if citation.also_at:
            places = "\n".join(f"- {_source(place)}" for place in citation.also_at)
            blocks.append(f"The same sentence stands in:\n\n{places}")
    return [*blocks, *(markdown_text(remark) for remark in remarks(answer))]


def _quotation(citation: Citation) -> str:
    before, quote, after = parts(citation)
    # White space at the borders stays outside of the emphasis, which it would keep from beginning.
    lead, core, trail = _BORDERS.fullmatch(quote).groups()  # type: ignore[union-attr]  # it matches any text
    if not core or one_line(quote) == one_line(citation.sentence):
        return markdown_text(citation.sentence)
    left, right = _inner(before + lead), _inner(trail + after)
    opening, closing = ("**", "**") if _can_mark(left, core, right) else ("<strong>", "</strong>")
    return f"{_escaped(left.lstrip(' '))}{opening}{markdown_text(core)}{closing}{_escaped(right.rstrip(' '))}"


def _inner(text: str) -> str:
    """``text`` on one line, with a space where it began or ended with white space."""
    return one_line(f"|{text}|")[1:-1]


def _can_mark(left: str, core: str, right: str) -> bool:
    """Whether asterisks begin and end an emphasis there, by CommonMark's rules on what stands at either side."""
    sides = ((core[0], left[-1:]), (core[-1], right[:1]))
    return all(
        unicodedata.category(inside)[0] not in "PSZ" or not outside or unicodedata.category(outside)[0] in "PZ"
        for inside, outside in sides
    )


def _source(source: Citation | Place) -> str:
    return ", ".join([f"“{_escaped(name_of(source))}”", *map(_escaped, particulars(source))])


def _link(citation: Citation, article: Article | None) -> str:
    address = sentence_address(citation, article)
    if address is None:
        return ""
    host = urlsplit(address).hostname or ""
    target = address.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E")
    return f", [{_escaped(one_line(host))}](<{target}>)"


def _escaped(line: str) -> str:
    return _NUMBERED.sub(r"\1\\\2", _MEANING.sub(r"\\\g<0>", line))
