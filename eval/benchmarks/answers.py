"""How often the first cited sentence is right, and how well it is known when there is no answer.

    python -m eval.benchmarks.answers [--data DIR] [--cache FILE] [--limit N]

All articles make one collection. A citation is right when its sentence holds the whole of some evidence span. Each
answerable question is asked a second time with its own article left out: then the right answer is to abstain. The
unanswerable questions are SQuAD 2.0's, written to look like answerable ones.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from eval.benchmarks.retrieval import Question, add_data_options, read_articles, read_questions, read_unanswerable
from eval.measures.abstention import auroc
from index.builder import Builder, index_identity
from index.config import BuildConfig
from index.embedder import load_embedder
from index.records import Article, Filter
from index.stores.local import EmbeddingCache, LocalStore
from index.tokenizer import Tokenizer
from qa.config import QAConfig
from qa.pipeline import Pipeline
from qa.readers.sentence import SentenceReader
from qa.records import Answer


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``total``."""

    name: str
    hits: int
    total: int

    def __str__(self) -> str:
        """The share with its 95 % interval (Wilson 1927)."""
        if not self.total:
            return f"| {self.name} | none |"
        share, z = self.hits / self.total, 1.96
        centre = share + z * z / (2 * self.total)
        half = z * math.sqrt(share * (1 - share) / self.total + z * z / (4 * self.total**2))
        scale = 1 + z * z / self.total
        return f"| {self.name} | {share:.3f} [{(centre - half) / scale:.3f}, {(centre + half) / scale:.3f}] |"


def cites_evidence(answer: Answer, question: Question, among: int) -> bool:
    """Whether one of the first sentences, cited or shown as closest, holds the whole of some evidence span."""
    return any(
        citation.article_id == article_id and citation.start_char <= start and end <= citation.end_char
        for citation in (answer.citations or answer.closest)[:among]
        for article_id, start, end in question.evidence
    )


def measure(
    pipeline: Pipeline, articles: Sequence[Article], answerable: Sequence[Question], unanswerable: Sequence[Question]
) -> list[str]:
    """Ask everything; gives the lines of a Markdown table."""
    seconds: list[float] = []

    def ask(question: Question, where: Filter | None = None) -> Answer:
        start = time.perf_counter()
        answer = pipeline.ask(question.text, where=where)
        seconds.append(time.perf_counter() - start)
        return answer

    def without(question: Question) -> Filter:
        own = {article_id for article_id, _, _ in question.evidence}
        return Filter(articles=tuple(article.article_id for article in articles if article.article_id not in own))

    there = [ask(question) for question in answerable]
    gone = [ask(question, without(question)) for question in answerable]
    none = [ask(question) for question in unanswerable]
    right = [cites_evidence(answer, question, 1) for answer, question in zip(there, answerable, strict=True)]
    near = [cites_evidence(answer, question, 3) for answer, question in zip(there, answerable, strict=True)]
    answered = [answer.answered for answer in there]
    scores = [[_score(answer) for answer in answers] for answers in (there, gone, none)]
    shares = [
        Share("first sentence right, abstentions' closest counted", sum(right), len(right)),
        Share("one of the first three right", sum(near), len(near)),
        Share("answered, of the answerable", sum(answered), len(answered)),
        Share("first citation right, of those answered", _both(right, answered), sum(answered)),
        Share("abstained, question's own article left out", sum(not a.answered for a in gone), len(gone)),
        Share("abstained, SQuAD 2.0's unanswerable", sum(not a.answered for a in none), len(none)),
    ]
    return [
        "| measure | share [95 % interval] |",
        "|---|---|",
        *map(str, shares),
        "",
        f"AUROC of the best sentence's score, article there against left out: {auroc(scores[0], scores[1]):.3f}; "
        f"answerable against SQuAD 2.0's unanswerable: {auroc(scores[0], scores[2]):.3f}. "
        f"{len(answerable):,} answerable, {len(unanswerable):,} unanswerable questions over {len(articles)} articles; "
        f"median time of an answer {1000 * median(seconds):.0f} ms.",
    ]


def _both(left: Sequence[bool], right: Sequence[bool]) -> int:
    return sum(a and b for a, b in zip(left, right, strict=True))


def _score(answer: Answer) -> float:
    return answer.best.reader_score if answer.best else -math.inf


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Citations and abstentions on SQuAD articles, as a Markdown table.")
    add_data_options(parser)
    parser.add_argument("--limit", type=int, default=None, help="ask a random sample of so many questions of each kind")
    options = parser.parse_args(arguments)
    articles = read_articles(options.data / "squad" / "articles.jsonl.gz")
    questions_file = options.data / "squad" / "questions.dev.jsonl.gz"
    kinds = [read_questions(questions_file), read_unanswerable(questions_file)]
    if options.limit:
        kinds = [random.Random(1).sample(kind, min(options.limit, len(kind))) for kind in kinds]
    embedder, config = load_embedder(), BuildConfig()
    options.cache.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore.create(Path(folder) / "index", index_identity(config, embedder))
        with EmbeddingCache(options.cache) as cache:
            Builder(store, embedder, config, cache).add(articles)
        with store.reader() as collection:
            pipeline = Pipeline(collection, embedder, SentenceReader(Tokenizer(stem=config.stem)), QAConfig())
            sys.stdout.write("\n".join(measure(pipeline, articles, *kinds)) + "\n")


if __name__ == "__main__":
    main()
