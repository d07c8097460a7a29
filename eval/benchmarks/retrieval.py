"""How often the evidence is among the first candidates: BM25 alone, dense alone, and both fused.

    python -m eval.benchmarks.retrieval [--questions dev|training] [--data DIR] [--cache FILE]

All articles make one collection. A question counts as found at k when some candidate among the first k holds the whole
of some evidence span: Success@k. The settings were chosen on the training questions; the dev questions only measure.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from platformdirs import user_cache_path

from eval.bounded_mean import bounded_mean
from index.builder import Builder, index_identity
from index.chunks import chunk_article
from index.config import BuildConfig, SearchConfig
from index.embedder import Embedder, load_embedder
from index.records import Article, Candidate, Chunk, Vector
from index.retriever import Retriever
from index.sentences import split_article
from index.stores.local import EmbeddingCache, LocalStore

CUTOFFS = (1, 5, 20)
MODES: Mapping[str, Literal["lexical", "dense", "rrf", "convex"]] = {
    "BM25 alone": "lexical",
    "dense alone": "dense",
    "reciprocal rank fusion": "rrf",
    "convex combination (default)": "convex",
}

Span = tuple[str, int, int]
"""Article id, start and end offset."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the places that answer it, any of which will do."""

    text: str
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way of searching, measured.

    Attributes:
        ranks: for each question the rank of the first candidate that holds a whole evidence span; None without one.
        milliseconds: the mean time of a search, its query's embedding left out.
    """

    name: str
    ranks: tuple[int | None, ...]
    milliseconds: float

    def successes(self, k: int) -> list[float]:
        """For each question 1 when its evidence is among the first ``k`` candidates, else 0."""
        return [float(rank is not None and rank <= k) for rank in self.ranks]


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured, on what.

    Attributes:
        about: for each question the article that its evidence stands in.
    """

    about: tuple[str, ...]
    articles: int
    chunks: int
    chunk_words: float  # mean
    outcomes: tuple[Outcome, ...]

    def to_markdown(self) -> str:
        lines = [
            f"| | {' | '.join(f'Success@{k}' for k in CUTOFFS)} | ms |",
            f"|---|{'---:|' * (len(CUTOFFS) + 1)}",
            *(
                f"| {outcome.name} | {' | '.join(interval(self.about, outcome.successes(k)) for k in CUTOFFS)} "
                f"| {outcome.milliseconds:.0f} |"
                for outcome in self.outcomes
            ),
            "",
            f"{len(self.about):,} questions about {len(set(self.about))} of {self.articles} articles, "
            f"{self.chunks:,} chunks of {self.chunk_words:.0f} words on average. [95 % interval over the "
            "articles asked about]; ms is the mean time of a search, its embedding left out.",
        ]
        return "\n".join(lines)


class _KnownQueries:
    """An embedder that has embedded all queries before, so that a search is timed without it."""

    def __init__(self, embedder: Embedder, queries: Sequence[str]) -> None:
        self.name, self.sha256 = embedder.name, embedder.sha256
        self.dim, self.max_tokens = embedder.dim, embedder.max_tokens
        self.count_tokens, self.embed_chunks = embedder.count_tokens, embedder.embed_chunks
        self._vectors = dict(zip(queries, embedder.embed_queries(queries), strict=True))

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        return np.stack([self._vectors[text] for text in texts])


def first_rank(candidates: Sequence[Candidate], evidence: Sequence[Span]) -> int | None:
    """The rank of the first candidate whose chunk holds the whole of some evidence span; None without one."""
    for candidate in candidates:
        chunk = candidate.chunk
        for article_id, start, end in evidence:
            if chunk.article_id == article_id and chunk.start_char <= start and end <= chunk.end_char:
                return candidate.rank
    return None


def measure(
    articles: Sequence[Article],
    questions: Sequence[Question],
    *,
    embedder: Embedder,
    cache_file: Path,
    build: BuildConfig | None = None,
    search: SearchConfig | None = None,
) -> Report:
    """Index the articles in a temporary folder, and search for every question in every mode.

    Args:
        questions: each with evidence, one at least.
        cache_file: where vectors are kept from one measurement to the next.
    """
    build = build or BuildConfig()
    search = replace(search or SearchConfig(), candidates=max(CUTOFFS))
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore.create(Path(folder) / "index", index_identity(build, embedder))
        with EmbeddingCache(cache_file) as cache:
            Builder(store, embedder, build, cache).add(articles)
        with store.reader() as collection:
            texts = [question.text for question in questions]
            retriever = Retriever(collection, _KnownQueries(embedder, texts))
            outcomes = [
                _outcome(name, retriever, questions, replace(search, mode=mode)) for name, mode in MODES.items()
            ]
    words = [len(chunk.text.split()) for article in articles for chunk in _chunks(article, build, embedder)]
    about = tuple(question.evidence[0][0] for question in questions)
    return Report(about, len(articles), len(words), sum(words) / len(words), tuple(outcomes))


def _outcome(name: str, retriever: Retriever, questions: Sequence[Question], search: SearchConfig) -> Outcome:
    ranks = []
    seconds = 0.0
    for question in questions:
        start = time.perf_counter()
        candidates = retriever.retrieve(question.text, search)
        seconds += time.perf_counter() - start
        ranks.append(first_rank(candidates, question.evidence))
    return Outcome(name, tuple(ranks), 1_000 * seconds / len(questions))


def _chunks(article: Article, build: BuildConfig, embedder: Embedder) -> tuple[Chunk, ...]:
    return chunk_article(
        article,
        split_article(article),
        chunk_words=build.chunk_words,
        overlap_sentences=build.overlap_sentences,
        count_tokens=embedder.count_tokens,
        max_tokens=embedder.max_tokens,
    )


def interval(articles: Sequence[str], values: Sequence[float]) -> str:
    """The mean of values with its 95 % interval over the articles that they are about."""
    found = bounded_mean(values, articles)
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


def read_articles(path: Path) -> list[Article]:
    """Articles from gzipped JSON lines."""
    return [
        Article(article_id=row["id"], title=row["title"], url=row["url"], text=row["text"]) for row in json_lines(path)
    ]


def read_questions(path: Path) -> list[Question]:
    """The questions of gzipped JSON lines that the articles answer."""
    return [
        Question(row["question"], tuple((place["article"], place["start"], place["end"]) for place in row["evidence"]))
        for row in json_lines(path)
        if row["answers"]
    ]


def read_unanswerable(path: Path) -> list[Question]:
    """The questions of gzipped JSON lines that the articles do not answer."""
    return [Question(row["question"], ()) for row in json_lines(path) if not row["answers"]]


def read_training_questions(path: Path, articles: Sequence[Article]) -> list[Question]:
    """The answered questions of training paragraphs, each found in the article of its title."""
    by_title = {article.title: article for article in articles}
    questions = []
    for row in json_lines(path):
        article = by_title[row["title"]]
        offset = article.text.index(row["context"])
        for asked in row["qas"]:
            starts = [(offset + answer["answer_start"], answer["text"]) for answer in asked["answers"]]
            evidence = tuple((article.article_id, start, start + len(text)) for start, text in starts)
            if evidence:
                questions.append(Question(asked["question"], evidence))
    return questions


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """``--data`` and ``--cache``, which all benchmarks take."""
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="the folder with squad/ and training/"
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=user_cache_path("pullquote") / "benchmark-vectors.sqlite",
        help="keeps the vectors",
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Success@k of retrieval on SQuAD articles, as a Markdown table.")
    parser.add_argument("--questions", choices=("dev", "training"), default="dev", help="which questions to ask")
    add_data_options(parser)
    options = parser.parse_args(arguments)
    articles = read_articles(options.data / "squad" / "articles.jsonl.gz")
    if options.questions == "dev":
        questions = read_questions(options.data / "squad" / "questions.dev.jsonl.gz")
    else:
        questions = read_training_questions(options.data / "training" / "squad.jsonl.gz", articles)
    options.cache.parent.mkdir(parents=True, exist_ok=True)
    report = measure(articles, questions, embedder=load_embedder(), cache_file=options.cache)
    sys.stdout.write(report.to_markdown() + "\n")


if __name__ == "__main__":
    main()
