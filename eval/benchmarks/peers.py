"""Pullquote beside other libraries: how well and how fast they find, and what they take, in one run.

    pip install 'pullquote[peers]'
    python -m eval.benchmarks.peers [--system NAME]... [--news N] [--questions N] [--rounds N]
        [--data DIR] [--cache FILE]

Every system gets the same chunks, the same embedder and the same questions, in a process of its own. They are built
one after the other; then they search in turns, some questions each, so that a slow moment of the machine falls on all.
A system whose library is missing is left out, and the output says so.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from eval.benchmarks.corpora import DrawnEmbedder, Written, write_corpus
from eval.benchmarks.peer_tables import Costs, Measured, PeersReport, Quality, Speed
from eval.benchmarks.retrieval import Question, add_data_options, json_lines, read_articles, read_questions
from eval.benchmarks.systems.base import RESULTS
from eval.datasets.records import Evidence
from eval.measures.rankings import ranked_ids, ranking_measures, relevance
from index.embedder import Embedder, load_embedder
from index.records import chunk_place
from index.stores.local import EmbeddingCache


@dataclass(frozen=True, slots=True)
class Peer:
    """A system.

    Attributes:
        file: of ``eval.benchmarks.systems``.
        library: what it imports, and ``distribution``, what pip calls that; its version is told.
    """

    title: str
    file: str
    library: str
    distribution: str


PEERS = (
    Peer("Pullquote", "pullquote", "index", "pullquote"),
    Peer("rank-bm25", "plain_bm25", "rank_bm25", "rank-bm25"),
    Peer("FAISS, dense", "plain_faiss", "faiss", "faiss-cpu"),
    Peer("txtai, hybrid", "txtai_hybrid", "txtai", "txtai"),
    Peer("Haystack, hybrid", "haystack_hybrid", "haystack", "haystack-ai"),
)
AT_ONCE = 5
"""How many questions a system is asked before it is the next one's turn."""
SAMPLE = 60
"""How many texts are embedded to see what that takes."""
ENVIRONMENT = {"HAYSTACK_TELEMETRY_ENABLED": "False", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
"""Nothing leaves the machine: Haystack would report its use."""


class Process:
    """A system in its own process.

    Raises:
        RuntimeError: the process ended before it answered; what it printed stands above.
    """

    def __init__(self, peer: Peer, corpus: Path, folder: Path, *, drawn: bool, cache: Path | None) -> None:
        self.peer = peer
        arguments = [peer.file, str(corpus), str(folder), *(["--drawn"] if drawn else [])]
        arguments += ["--cache", str(cache)] if cache else []
        self._running = subprocess.Popen(
            [sys.executable, "-m", "eval.benchmarks.peer_process", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, **ENVIRONMENT},
        )
        self.built = self._answer("built")

    def ask(self, questions: Sequence[str], vectors: Path | None = None) -> list[dict[str, Any]]:
        """For each question the chunks' ids, and the seconds that it took: ``wall`` and ``cpu``.

        Args:
            vectors: a file of the questions' vectors; None has them embedded.
        """
        self._send({"questions": list(questions), "k": RESULTS, **({"vectors": str(vectors)} if vectors else {})})
        found: list[dict[str, Any]] = self._answer("found")
        return found

    def end(self) -> int:
        """Let it go; gives the most memory that it took, in bytes."""
        self._send({"end": True})
        return int(self._answer("memory") or 0)

    def close(self) -> None:
        for pipe in (self._running.stdin, self._running.stdout):
            if pipe:
                pipe.close()  # at the end of its input it ends by itself
        self._running.wait()

    def _send(self, request: Mapping[str, Any]) -> None:
        assert self._running.stdin
        self._running.stdin.write(json.dumps(request) + "\n")
        self._running.stdin.flush()

    def _answer(self, key: str) -> Any:
        assert self._running.stdout
        line = self._running.stdout.readline()
        if not line:
            raise RuntimeError(f"the process of {self.peer.title} ended with {self._running.wait()}")
        return json.loads(line)[key]


@contextmanager
def built(
    peers: Sequence[Peer], corpus: Written, folder: Path, *, drawn: bool, cache: Path | None
) -> Iterator[list[Process]]:
    """The systems' processes, built one after the other."""
    with ExitStack() as stack:
        running = []
        for peer in peers:
            _note(f"building {peer.title} on {corpus.chunks:,} chunks")
            process = Process(peer, corpus.folder, folder / peer.file, drawn=drawn, cache=cache)
            stack.callback(process.close)
            running.append(process)
        yield running


def quality(process: Process, questions: Sequence[Question], vectors: Path) -> Quality:
    """Every measure of every question.

    Args:
        vectors: a file of the questions' vectors.
    """
    evidence = {str(number): [Evidence(*span) for span in one.evidence] for number, one in enumerate(questions)}
    _note(f"asking {process.peer.title} {len(questions):,} questions")
    found = process.ask([question.text for question in questions], vectors)
    rankings = {
        number: ranked_ids([chunk_place(name) for name in one["ids"]], evidence[number])
        for number, one in zip(evidence, found, strict=True)
    }
    values = ranking_measures(rankings, {number: relevance(places) for number, places in evidence.items()})
    return Quality({name: [values[number][name] for number in evidence] for name in Quality.MEASURES})


def in_turns(running: Sequence[Process], questions: Sequence[str], rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Time every question in every system, some at a time, another system first each time; by the system's title."""
    times: dict[str, list[dict[str, Any]]] = {process.peer.title: [] for process in running}
    turn = 0
    for _ in range(rounds):
        for start in range(0, len(questions), AT_ONCE):
            first = turn % len(running)
            for process in (*running[first:], *running[:first]):
                times[process.peer.title] += process.ask(questions[start : start + AT_ONCE])
            turn += 1
    return times


def costs_of(embedder: Embedder, corpus: Written) -> Costs:
    """What it takes to embed a chunk, and a sentence as Pullquote embeds it: of a sample, in turns.

    Returns:
        Seconds: ``chunk`` and ``row``, by wall clock and by processor time.
    """
    chance = random.Random(0)
    chunks, rows = (chance.sample(texts, min(SAMPLE, len(texts))) for texts in (corpus.texts, corpus.rows))
    embedder.embed_chunks(chunks[:2])
    seconds = {"chunk": [0.0, 0.0], "row": [0.0, 0.0]}
    for start in range(0, SAMPLE, AT_ONCE):
        for name, texts in (("chunk", chunks), ("row", rows)):
            wall, cpu = time.perf_counter(), time.process_time()
            embedder.embed_chunks(texts[start : start + AT_ONCE])
            seconds[name][0] += (time.perf_counter() - wall) / len(texts)
            seconds[name][1] += (time.process_time() - cpu) / len(texts)
    return Costs(chunk=(seconds["chunk"][0], seconds["chunk"][1]), row=(seconds["row"][0], seconds["row"][1]))


def speeds(
    running: Sequence[Process], times: Mapping[str, list[dict[str, Any]]], costs: Costs, chunks: int
) -> list[Speed]:
    """What each system took; its process ends with this."""
    return [
        Speed.of(
            process.peer.title,
            process.built,
            times[process.peer.title],
            process.end(),
            costs.row if process.peer.file == "pullquote" else costs.chunk,
            chunks,
        )
        for process in running
    ]


def installed(peers: Sequence[Peer]) -> tuple[list[Peer], list[str]]:
    """The systems that can run, and a line for each that cannot."""
    there = [peer for peer in peers if find_spec(peer.library)]
    missing = [
        f"{peer.title} is left out: it is not installed; run: pip install {peer.distribution}"
        for peer in peers
        if peer not in there
    ]
    return there, missing


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Pullquote beside other libraries, as Markdown.")
    parser.add_argument("--system", action="append", choices=[peer.file for peer in PEERS], help="only these")
    parser.add_argument("--news", type=int, default=500, help="how many news articles the larger collection has")
    parser.add_argument("--questions", type=int, default=20, help="how many questions are timed in each round")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed")
    add_data_options(parser)
    options = parser.parse_args(arguments)
    peers, missing = installed([peer for peer in PEERS if not options.system or peer.file in options.system])
    options.cache.parent.mkdir(parents=True, exist_ok=True)
    embedder = load_embedder()
    asked = read_questions(options.data / "squad" / "questions.dev.jsonl.gz")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with EmbeddingCache(options.cache) as known:
            articles = read_articles(options.data / "squad" / "articles.jsonl.gz")
            small = write_corpus(articles, folder / "squad", embedder, known)
        costs = costs_of(embedder, small)
        sample = [one.text for one in random.Random(0).sample(asked, min(options.questions, len(asked)))]
        with built(peers, small, folder / "of-squad", drawn=False, cache=options.cache) as running:
            times = in_turns(running, sample, options.rounds)
            vectors = folder / "questions.npy"
            np.save(vectors, embedder.embed_queries([one.text for one in asked]))
            found = {process.peer.title: quality(process, asked, vectors) for process in running}
            measured = [Measured("squad", small, speeds(running, times, costs, small.chunks))]
        if options.news:
            news = read_articles(options.data / "news" / "articles.jsonl.gz")[: options.news]
            large = write_corpus(news, folder / "news", DrawnEmbedder(embedder), None)
            rows = list(json_lines(options.data / "news" / "questions.jsonl.gz"))
            texts = [str(row["question"]) for row in random.Random(0).sample(rows, min(options.questions, len(rows)))]
            costs = costs_of(embedder, large)
            with built(peers, large, folder / "of-news", drawn=True, cache=None) as running:
                times = in_turns(running, texts, options.rounds)
                measured.append(Measured("news", large, speeds(running, times, costs, large.chunks)))
    clusters = [one.evidence[0][0] for one in asked]
    report = PeersReport({peer.title: peer.distribution for peer in peers}, found, clusters, measured, missing)
    sys.stdout.write(report.to_markdown() + "\n")


def _note(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main()
