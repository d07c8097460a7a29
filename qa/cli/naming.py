"""Articles as a person names them on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from index.errors import ArticleNotFoundError
from index.stores.base import ArticleSummary


def article_ids(names: Sequence[str], articles: Sequence[ArticleSummary]) -> tuple[str, ...]:
    """The ids of the articles that ``names`` name, each by its id or else by its source key, in the order given and
    each once.

    Raises:
        ArticleNotFoundError: names every name that stands for no article, or for several.
    """
    ids = {article.article_id for article in articles}
    by_source: dict[str, list[str]] = {}
    for article in articles:
        by_source.setdefault(article.source_key, []).append(article.article_id)
    found: dict[str, None] = {}  # a set that keeps its order
    problems = []
    for name in names:
        matches = [name] if name in ids else by_source.get(name, [])
        if len(matches) == 1:
            found[matches[0]] = None
        elif matches:
            problems.append(f"{name!r} is the source of several articles, name one by its id: {', '.join(matches)}")
        else:
            close = get_close_matches(name, [*ids, *by_source], n=3)
            hint = f"did you mean {' or '.join(map(repr, close))}?" if close else "pullquote list shows what there is"
            problems.append(f"no article has the id or source {name!r}; {hint}")
    if problems:
        raise ArticleNotFoundError("; ".join(problems))
    return tuple(found)
