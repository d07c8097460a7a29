"""A question answered with the network refused: what ``pullquote doctor`` runs in a process of its own.

Run as ``python -m qa.cli.offline``; prints one JSON object: ``answer``, ``article``, ``citation_holds`` and
``refused``, the network calls that were tried.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from index.records import Article
from qa.assistant import Assistant

QUESTION = "Who repaired the clock of Ostrava Mill?"
EXPECTED_ARTICLE = "clock"
ARTICLES = (
    Article(
        article_id=EXPECTED_ARTICLE,
        title="The clock of Ostrava Mill runs again",
        text="Ines Bellweather repaired the clock of Ostrava Mill. The work took her eleven weeks.",
    ),
    Article(
        article_id="bees",
        title="A late spring for the bees",
        text="Beekeepers on the Lorn plateau expect half of last year's honey. The frost lasted until May.",
    ),
    Article(
        article_id="bridge",
        title="The harbour bridge closes for a week",
        text="The harbour bridge will be closed to lorries in August. Buses go by the ring road.",
    ),
)
_NETWORK_EVENTS = frozenset(
    {
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.getnameinfo",
    }
)


class NetworkRefusedError(OSError):
    """The network was called, and nothing here may call it."""


def refuse_network(refused: list[str]) -> None:
    """Make every use of the network by this process fail, and note it in ``refused``: libraries swallow errors.

    It is done by an audit hook (PEP 578), below all Python code that uses sockets; there is no way back.
    """

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _NETWORK_EVENTS:
            return
        address = arguments[-1] if event in ("socket.connect", "socket.sendto", "socket.sendmsg") else arguments[0]
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg") and not isinstance(address, tuple):
            return  # a socket of this machine (AF_UNIX), or one that is connected already
        refused.append(f"{event} {address}")
        raise NetworkRefusedError(f"{event} {address}: refused by the offline check")

    sys.addaudithook(hook)


def main() -> None:
    """Build a tiny collection, ask it, check the citation, and print what came of it."""
    refused: list[str] = []
    refuse_network(refused)
    with Assistant.build(ARTICLES) as assistant:
        answer = assistant.ask(QUESTION)
        cited = answer.citations or answer.closest
        outcome = {
            "answer": answer.text,
            "article": cited[0].article_id if cited else None,
            "citation_holds": bool(cited) and assistant.check(cited[0]).holds,
            "refused": refused,
        }
    sys.stdout.write(json.dumps(outcome) + "\n")


if __name__ == "__main__":
    main()
