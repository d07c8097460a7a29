"""A small page in a process of its own, which can be killed and started again at the same port."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from index.stores.local import LocalStore
from qa.assistant import Assistant
from qa.holdings import Holdings
from qa.library import Library
from qa.page.server import listening, run
from qa.page.uploading import private_folder
from qa.records import Answer
from tests.conftest import PROJECT_ROOT
from tests.fakes import WordEmbedder
from tests.qa.page.serving import page_of, small_assistant

SLOWLY = "Slowly: "
"""A question that begins with this is answered after as many seconds as a test needs to kill the server."""


class _Slow(Assistant):
    def ask(self, question: str, **given: Any) -> Answer:
        if question.startswith(SLOWLY):
            time.sleep(6)
        return super().ask(question, **given)


@contextmanager
def started(folder: Path, port: int = 0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server's process and its address; killed at the end, if it still runs."""
    command = [sys.executable, "-m", "tests.e2e.restarted", str(folder), str(port)]
    server = subprocess.Popen(
        command, cwd=PROJECT_ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout
        address = server.stdout.readline().strip()
        assert address.startswith("http://"), address
        yield server, address
    finally:
        server.kill()
        server.wait()


def main(folder: Path, port: int) -> None:
    if not (folder / "index").exists():
        with small_assistant(folder):
            pass
    with (
        listening("127.0.0.1", port) as listener,
        private_folder(),
        _Slow(LocalStore.open(folder / "index"), WordEmbedder(), reader="sentence") as served,
        Library.open(folder / "library.sqlite") as library,
        Holdings(library, served, folder / "collections") as holdings,
    ):
        page = page_of(served, holdings=holdings, library=library)
        run(page, listener, ready=lambda address: typer.echo(address), uploads=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
