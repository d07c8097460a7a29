"""Fits the weights of the sentence reader, and says how well they do on articles that they were not fitted on.

    python -m eval.benchmarks.fit_sentence_reader [--data DIR] [--cache FILE]

The model is a conditional logit in which the scores are the intercept plus the weighted evidence, and "no answer"
scores 0 (``qa.training.logit``).

Fitted on training questions alone. Each is asked of all articles, of all but its own (so that the right answer is
none), of three articles with its own among them, and of three others: whether to answer must not depend on how large a
collection is.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import mannwhitneyu

from eval.benchmarks.retrieval import Question, add_data_options, read_articles, read_questions, read_training_questions
from index.builder import Builder, index_identity
from index.config import BuildConfig
from index.embedder import load_embedder
from index.records import Article, Filter
from index.retriever import Retriever
from index.stores.local import EmbeddingCache, LocalStore
from index.tokenizer import Tokenizer
from qa.readers.evidence import Evidence
from qa.readers.sentence import NO_ANSWER_SCORE, sentence_evidence
from qa.training.logit import Bools, Floats, Weights, conditional_logit

SQUAD_QUESTIONS = 2_400
SMALL_COLLECTION = 3
PENALTY = 1e-3
SEED = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to a collection.

    Attributes:
        setting: which collection it was put to.
        held_out: whether the question is about one of the articles that are kept for measuring.
        evidence: shape ``(sentences, len(Evidence._fields))``.
        right: whether each sentence holds a whole evidence span, shape ``(sentences,)``.
    """

    setting: str
    held_out: bool
    evidence: Floats
    right: Bools


def fit(asked: Sequence[Asked], penalty: float = PENALTY) -> Weights:
    """The weights under which what is true is most probable: ``conditional_logit``."""
    return conditional_logit([one.evidence for one in asked], [one.right for one in asked], penalty)


def ask_all(articles: Sequence[Article], questions: Sequence[Question], cache_file: Path, *, name: str) -> list[Asked]:
    """Put each question to the four collections of the module's docstring."""
    build, embedder = BuildConfig(), load_embedder()
    terms = Tokenizer(stem=build.stem)
    asked = []
    with tempfile.TemporaryDirectory() as folder, EmbeddingCache(cache_file) as cache:
        store = LocalStore.create(Path(folder) / "index", index_identity(build, embedder))
        Builder(store, embedder, build, cache).add(articles)
        with store.reader() as collection:
            retriever = Retriever(collection, embedder)
            for question in questions:
                own = question.evidence[0][0]
                for setting, where in _settings(own, [article.article_id for article in articles]):
                    candidates = retriever.retrieve(question.text, where=where)
                    found = sentence_evidence(question.text, candidates, terms)
                    right = [
                        any(
                            article == sentence.article_id and sentence.start_char <= start and end <= sentence.end_char
                            for article, start, end in question.evidence
                        )
                        for sentence in found
                    ]
                    asked.append(
                        Asked(f"{name}, {setting}", _is_held_out(own), np.array(list(found.values())), np.array(right))
                    )
    return asked


def _settings(own: str, articles: Sequence[str]) -> Iterator[tuple[str, Filter]]:
    others = sorted((article for article in articles if article != own), key=lambda article: _digest(own + article))
    few = tuple(others[:SMALL_COLLECTION])
    yield "all articles", Filter()
    yield "its own left out", Filter(articles=tuple(others))
    yield "three articles", Filter(articles=(own, *few[1:]))
    yield "three others", Filter(articles=few)


def _is_held_out(article_id: str) -> bool:
    return _digest(article_id) % 2 == 1


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")


def report(asked: Sequence[Asked], fitted: Weights) -> str:
    """How the fit does on the held-out questions, as a Markdown table."""
    best: dict[str, list[float]] = {}
    hits: dict[str, list[bool]] = {}
    for one in asked:
        if one.held_out:
            scores = fitted.scores(one.evidence)
            best.setdefault(one.setting, []).append(float(scores.max()))
            hits.setdefault(one.setting, []).append(bool(one.right[scores.argmax()]))
    lines = [
        "| held-out questions | n | answered | first sentence right | AUROC with the next row |",
        "|---|---:|---:|---:|---:|",
    ]
    settings = list(best)
    for here, following in zip(settings, [*settings[1:], ""], strict=True):
        answerable = any(hits[here])
        area = (
            mannwhitneyu(best[here], best[following]).statistic / (len(best[here]) * len(best[following]))
            if answerable
            else None
        )
        lines.append(
            f"| {here} | {len(best[here])} | {np.mean(np.array(best[here]) > NO_ANSWER_SCORE):.3f} "
            f"| {f'{np.mean(hits[here]):.3f}' if answerable else '–'} | {f'{area:.3f}' if area is not None else '–'} |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Fit the weights of the sentence reader.")
    add_data_options(parser)
    options = parser.parse_args(arguments)
    options.cache.parent.mkdir(parents=True, exist_ok=True)
    squad = read_articles(options.data / "squad" / "articles.jsonl.gz")
    trained = read_training_questions(options.data / "training" / "squad.jsonl.gz", squad)
    drawn = np.random.default_rng(SEED).permutation(len(trained))[:SQUAD_QUESTIONS]
    natural = read_articles(options.data / "natural" / "articles.jsonl.gz")
    typed = [
        question
        for question in read_questions(options.data / "natural" / "questions.jsonl.gz")
        if question.evidence and _digest(f"natural {question.evidence[0][0]}") % 2
    ]
    asked = [
        *ask_all(squad, [trained[i] for i in drawn], options.cache, name="SQuAD"),
        *ask_all(natural, typed, options.cache, name="Natural Questions"),
    ]
    sys.stdout.write(report(asked, fit([one for one in asked if not one.held_out])) + "\n\n")
    fitted = fit(asked)
    for name, weight in zip(Evidence._fields, fitted.weights, strict=True):
        sys.stdout.write(f"{name}={weight:.2f}\n")
    sys.stdout.write(f"intercept={fitted.intercept:.2f}\n")


if __name__ == "__main__":
    main()
