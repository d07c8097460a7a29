"""Question in, cited answer out.

The public names are imported when they are first used, so that a program which needs one light name (the command line's
``--help``, a reader of answers) does not wait for the search libraries.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.config import BuildConfig, SearchConfig
    from index.errors import PullquoteError
    from index.records import Article, Candidate, Filter
    from qa.assistant import Assistant, ask
    from qa.citations import CitationCheck
    from qa.config import QAConfig
    from qa.pipeline import Explanation
    from qa.records import Answer, AnswerSpan, Citation, Place, Turn
    from qa.updates import UpdateReport

__all__ = [
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
]

_HOMES = {
    "index.config": ("BuildConfig", "SearchConfig"),
    "index.errors": ("PullquoteError",),
    "index.records": ("Article", "Candidate", "Filter"),
    "qa.assistant": ("Assistant", "ask"),
    "qa.citations": ("CitationCheck",),
    "qa.config": ("QAConfig",),
    "qa.pipeline": ("Explanation",),
    "qa.records": ("Answer", "AnswerSpan", "Citation", "Place", "Turn"),
    "qa.updates": ("UpdateReport",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name on its first use (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
