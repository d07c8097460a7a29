"""A citation as an entry of a bibliography, in BibTeX with the fields of biblatex. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from index.records import Article, derived_id
from qa.exports.wording import day_of, name_of, one_line, plain_address
from qa.records import Citation

_LATEX = {
    ord(character): written
    for character, written in {
        "\\": r"\textbackslash{}",
        # Not \{ and \}: BibTeX counts braces whatever stands before them.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        "`": r"\textasciigrave{}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
    }.items()
}
_NOT_IN_ADDRESS = re.compile(r"""[{}<>"|^`]""")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*\.?(?:[ '’-][^\W\d_]+\.?)*")
_KEY_CHARACTERS = 20


def latex_text(text: str) -> str:
    """``text`` on one line, with everything escaped that LaTeX or BibTeX would read; its braces are balanced."""
    return one_line(text).translate(_LATEX)


def citation_bibtex(citation: Citation, today: date, article: Article | None = None) -> str:
    """A citation as an ``@online`` entry, or ``@misc`` where it has no address.

    Args:
        today: the day on which the source was looked at, for ``urldate``.
        article: the cited article, which names its authors.
    """
    address = plain_address(citation)
    authors = article.authors if article and article.article_id == citation.article_id else ()
    day = day_of(citation.published)
    fields = {
        "author": " and ".join(_author(author) for author in authors if one_line(author)),
        # The inner braces keep a title's capitals as they are.
        "title": f"{{{latex_text(name_of(citation))}}}",
        "organization": latex_text(citation.outlet or ""),
        "date": day if _DAY.fullmatch(day) else "",
        "pages": str(citation.page) if citation.page else "",
        # An address is read as it stands, so that percent signs stay and what would end the field is encoded.
        "url": _NOT_IN_ADDRESS.sub(lambda found: f"%{ord(found.group()):02X}", address) if address else "",
        "urldate": today.isoformat() if address else "",
        "note": f"“{latex_text(citation.sentence)}”",
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{'online' if address else 'misc'}{{{citation_key(citation)},\n{''.join(lines)}}}\n"


def _author(name: str) -> str:
    """A name as it stands when it is plain words; in braces, which keep it in one piece, when commas, "and" or other
    characters could part it."""
    line = one_line(name)
    plain = _PLAIN_NAME.fullmatch(line) and "and" not in line.lower().split()
    return line if plain else f"{{{latex_text(line)}}}"


def citation_key(citation: Citation) -> str:
    """A key for the citation: outlet or title, year, and a hash of the place; the same each time, in plain ASCII."""
    day = day_of(citation.published)
    place = derived_id(citation.article_id, citation.start_char, citation.end_char)[:8]
    return "-".join(
        part
        for part in (
            _slug(citation.outlet or citation.title) or "source",
            day[:4] if _DAY.fullmatch(day) else "",
            place,
        )
        if part
    )


def _slug(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", decomposed).strip("-")[:_KEY_CHARACTERS].strip("-")
