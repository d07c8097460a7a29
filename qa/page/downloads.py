"""A kept conversation as a file: ``/pullquote/conversations/ID.html``, ``.md`` or ``.json``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from index.errors import PullquoteError
from index.records import Article
from qa.citations import Standing, standing
from qa.exchanges import Exchange
from qa.exports import CONVERSATION_FORMS, MEDIA_TYPES, SUFFIXES, export_conversation
from qa.library import Library
from qa.page.collection import CollectionOf
from qa.page.owners import OWNER
from qa.served import ELSEWHERE, shown_as

_FORMS = {SUFFIXES[form].removeprefix("."): form for form in CONVERSATION_FORMS}


def conversation_downloads(
    library: Library, collection_of: CollectionOf, today: Callable[[], date] = date.today, served: str = ""
) -> Route:
    """The route; somebody else's conversation is not there.

    Args:
        collection_of: gives the cited articles, which make the links more exact; those that are gone are left out.
        served: the ``index_name`` of the collection that is served.
    """

    def answer(request: Request) -> Response:
        owner, conversation_id = request.scope.get(OWNER), request.path_params["conversation_id"]
        form = _FORMS.get(request.path_params["suffix"])
        if form is None or not isinstance(owner, str):
            return PlainTextResponse("There is nothing here.", 404)
        try:
            kept = library.conversations.read(owner, conversation_id)
        except PullquoteError as error:
            return PlainTextResponse(f"{error}\n", 404)
        # Small talk is no evidence.
        exchanges = [Exchange(one.question, one.answer, one.problem) for one in kept.exchanges if not one.reply]
        collection_id = shown_as(kept.summary.collection, served)
        articles = _cited_articles(exchanges, collection_of, owner, collection_id)

        def standing_of(article_id: str, content_sha256: str) -> Standing:
            # Of an index that is not served now, nothing is known.
            return "" if collection_id == ELSEWHERE else standing(content_sha256, articles.get(article_id))

        return Response(
            export_conversation(exchanges, form, today(), articles, standing_of),
            media_type=MEDIA_TYPES[form],
            headers={
                "Content-Disposition": f'attachment; filename="conversation-{today().isoformat()}{SUFFIXES[form]}"',
                "Cache-Control": "no-store",
            },
        )

    return Route("/pullquote/conversations/{conversation_id:str}.{suffix:str}", answer)


def _cited_articles(
    exchanges: list[Exchange], collection_of: CollectionOf, owner: str, collection_id: str
) -> dict[str, Article]:
    found: dict[str, Article] = {}
    try:
        collection = collection_of(owner, collection_id)
    except PullquoteError:
        return found
    for exchange in exchanges:
        for citation in (*exchange.answer.citations, *exchange.answer.closest) if exchange.answer else ():
            if citation.article_id not in found:
                try:
                    found[citation.article_id] = collection.article(citation.article_id)
                except PullquoteError:
                    continue
    return found
