"""A process for one system, so that its time and memory are its own.

    python -m eval.benchmarks.peer_process SYSTEM CORPUS_FOLDER INDEX_FOLDER [--drawn] [--cache FILE]

It builds, tells what that took, and then answers the lines of its input: ``{"questions": [...], "k": 20}``, where need
be with ``"vectors"``, a file of the questions' vectors, so that nothing is embedded; and ``{"end": true}``.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import numpy as np

from eval.benchmarks.corpora import DrawnEmbedder, read_corpus
from eval.benchmarks.systems.base import Searcher
from eval.resources import folder_size, peak_memory
from index.embedder import Embedder, load_embedder
from index.records import Vector
from index.stores.local import EmbeddingCache

NO_EMBEDDER = "plain_bm25"
"""The one system that needs no vectors: its memory shall not hold an embedder."""


class Remembering:
    """Another embedder that looks a query up first.

    Attributes:
        known: vectors by query.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.sha256 = embedder.name, embedder.sha256
        self.dim, self.max_tokens = embedder.dim, embedder.max_tokens
        self.count_tokens, self.embed_chunks = embedder.count_tokens, embedder.embed_chunks
        self._embed_queries = embedder.embed_queries
        self.known: dict[str, Vector] = {}

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        if all(text in self.known for text in texts):
            return np.stack([self.known[text] for text in texts])
        return self._embed_queries(texts)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("system")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--drawn", action="store_true", help="draw the vectors of chunks instead of embedding them")
    parser.add_argument("--cache", type=Path, help="vectors made before")
    options = parser.parse_args(arguments)
    with _own_output() as answers:
        system: Searcher = import_module(f"eval.benchmarks.systems.{options.system}").System()
        embedder = None if options.system == NO_EMBEDDER else Remembering(load_embedder())
        if embedder:
            embedder.embed_queries(["a first query, which loads what later ones use"])
        _write(answers, {"built": _build(system, options, embedder)})
        for line in sys.stdin:
            request = json.loads(line)
            if request.get("end"):
                _write(answers, {"memory": peak_memory()})
                return
            questions = request["questions"]
            if embedder:
                vectors = np.load(request["vectors"]) if "vectors" in request else ()
                embedder.known = dict(zip(questions, vectors, strict=False))
            _write(answers, {"found": [_ask(system, embedder, one, request["k"]) for one in questions]})


def _build(system: Searcher, options: argparse.Namespace, embedder: Embedder | None) -> dict[str, Any]:
    for_chunks: Embedder | None = DrawnEmbedder(embedder) if embedder and options.drawn else embedder
    known = EmbeddingCache(options.cache) if options.cache else None
    corpus = read_corpus(options.corpus, for_chunks, known)
    options.folder.mkdir(parents=True)
    before = peak_memory()
    wall, cpu = time.perf_counter(), time.process_time()
    built = system.build(corpus, options.folder)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    del corpus
    gc.collect()
    return {
        "embedded": built.embedded,
        "wall": wall - built.embed_wall,
        "cpu": cpu - built.embed_cpu,
        "bytes": folder_size(options.folder),
        "memory_before": before,
    }


def _ask(system: Searcher, embedder: Embedder | None, question: str, k: int) -> dict[str, Any]:
    """Search for a question, its embedding in the time."""
    wall, cpu = time.perf_counter(), time.process_time()
    vector = embedder.embed_queries([question])[0] if embedder and system.takes_vectors else None
    ids = system.search(question, vector, k)
    return {"ids": ids, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


@contextmanager
def _own_output() -> Iterator[IO[str]]:
    """The standard output for the answers alone: what libraries print goes to the standard error."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        yield answers


def _write(answers: IO[str], values: dict[str, Any]) -> None:
    answers.write(json.dumps(values) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
