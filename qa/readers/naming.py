"""A person who is asked for is named: of "Denver linebacker Von Miller" the name answers "who". Pure."""

from __future__ import annotations

import re

from qa.english import ASKING, is_function_word

_ASKING = re.compile(ASKING, re.IGNORECASE)
_PARTICLES = frozenset(
    {"de", "da", "di", "van", "von", "der", "den", "del", "al", "bin", "ibn", "abd", "ad", "el", "la"}
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
_DESCRIBED = re.compile(
    r"(?:[\w'’.-]+ )*?(?P<last>[a-zß-ÿ][\w-]*) "
    rf"(?P<name>{_CAPITAL}[\w'’.-]*(?: (?:{_CAPITAL}[\w'’.-]*|{'|'.join(sorted(_PARTICLES))}))* {_CAPITAL}[\w'’-]*"
    r"(?:,? [JS]r\.?)?)"
)
_HEDGES = frozenset({"perhaps", "maybe", "unlike", "except", "excluding", "including"})


def asked_name(question: str, span: str) -> tuple[int, int]:
    """The half-open characters of a name of two words or more at the end of a span, without the nouns before it that
    say who that is; those of the whole span, where no person is asked for or it is built otherwise.

    What joins, denies or doubts ("and", "not", "allegedly") stays.
    """
    whole = (0, len(span))
    asking = _ASKING.search(question)
    if asking is None or asking.group().lower() not in ("who", "whom"):
        return whole
    described = _DESCRIBED.fullmatch(span)
    if described is None:
        return whole
    last = described["last"]
    in_name = last in _PARTICLES or not last.islower()
    stays = in_name or is_function_word(last) or last.endswith("ly") or last in _HEDGES
    return whole if stays else described.span("name")
