"""Whether a reader tells a question from its twin, and a paragraph from its twin (``qa.training.twins``).

    python -m eval.benchmarks.twins [--model FOLDER]... [--data DIR] [--limit N]

A question and the paragraph that answers it, and both with a name, year or word exchanged: each paragraph answers its
own question and not the other. Of the four scores, those of a question with its own paragraph should be the higher
ones, whether the question is held fixed or the paragraph; guessing has .5. The questions are answerable training
questions of SQuAD and new Wikipedia that no reader was trained on.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.benchmarks.readers import TRAINED_WITH
from eval.benchmarks.retrieval import interval
from index.sentences import sentence_spans
from qa.readers.passages import Passage
from qa.readers.span import MODEL_FOLDER, SpanNetwork
from qa.training.config import TrainingConfig
from qa.training.kin import WordKin
from qa.training.sources import read_source
from qa.training.split import is_kept_aside
from qa.training.twins import Exchange, ExchangeFinder

SETS = ("squad", "new-wiki")
SEED = 6


@dataclass(frozen=True, slots=True)
class Twins:
    """A question and its paragraph with an exchange of both.

    Attributes:
        way: what kind of exchange it is.
    """

    article: str
    title: str
    question: str
    paragraph: str
    way: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Told:
    """How often the right one of two has the higher score, each from 0 to 1; two that score alike count half.

    Attributes:
        paragraph: of a paragraph and its twin, for a question.
        question: of a question and its twin, for a paragraph.
    """

    twins: Twins
    paragraph: float
    question: float


def make_twins(data: Path) -> list[Twins]:
    """One exchange for each way that is open, of every question."""
    chance = random.Random(SEED)
    found = []
    for name in SETS:
        source, kept = read_source(data, name), TrainingConfig.from_file(TRAINED_WITH).sources[name].kept_aside
        articles = {article.article_id: article for article in source.articles}
        asked = [one for one in source.questions if one.answers and is_kept_aside(one.article_id, kept)]
        spans = list(dict.fromkeys((one.article_id, one.paragraph) for one in asked))
        texts = [articles[article].text[start:end] for article, (start, end) in spans]
        places = {span: place for place, span in enumerate(spans)}
        finder = ExchangeFinder(texts, WordKin.of_texts(article.text for article in source.articles))
        for one in asked:
            place, article = places[one.article_id, one.paragraph], articles[one.article_id]
            answers = [article.text[start:end] for start, end in one.answers]
            for way, exchanges in finder.open_ways(one.question, place, answers).items():
                this, others = chance.choice(exchanges)
                exchange = Exchange(this, chance.choice(others))
                found.append(Twins(article.article_id, article.title, one.question, texts[place], way, exchange))
    return found


def tell(network: SpanNetwork, twins: Sequence[Twins]) -> list[Told]:
    """Read both paragraphs for both questions of each."""
    rows = []
    for one in twins:
        questions = (one.question, one.exchange.of(one.question))
        paragraphs = [(one.title, one.paragraph), (one.exchange.of(one.title), one.exchange.of(one.paragraph))]
        scores = [[_score(network, question, *paragraph) for paragraph in paragraphs] for question in questions]
        (own, wrong), (twin_wrong, twin_own) = scores
        rows.append(
            Told(
                one,
                paragraph=(_higher(own, wrong) + _higher(twin_own, twin_wrong)) / 2,
                question=(_higher(own, twin_wrong) + _higher(twin_own, wrong)) / 2,
            )
        )
    return rows


def table(name: str, rows: Sequence[Told]) -> list[str]:
    """The lines of a Markdown table: a row for each way, and one for all."""
    by_way: dict[str, list[Told]] = defaultdict(list)
    for row in rows:
        by_way[row.twins.way].append(row)
    lines = [
        f"### {name}",
        "",
        "| exchanged | questions | the right paragraph scores higher [95 % interval] | the right question |",
        "|---|---|---|---|",
    ]
    for way, of_way in [*sorted(by_way.items()), ("all", list(rows))]:
        articles = [row.twins.article for row in of_way]
        paragraph = interval(articles, [row.paragraph for row in of_way])
        question = interval(articles, [row.question for row in of_way])
        lines.append(f"| {way} | {len(of_way):,} | {paragraph} | {question} |")
    return [*lines, ""]


def _score(network: SpanNetwork, question: str, title: str, paragraph: str) -> float:
    starts = tuple(start for start, _ in sentence_spans(paragraph))
    (spans,) = network.find(question, [Passage(title, paragraph, starts)])
    return spans[0].span if spans else -np.inf


def _higher(right: float, wrong: float) -> float:
    return 0.5 if right == wrong else float(right > wrong)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Questions and paragraphs against their twins, as Markdown tables.")
    parser.add_argument("--model", type=Path, action="append", help="a folder with model.onnx; the shipped one without")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder with training/")
    parser.add_argument("--limit", type=int, help="a random sample of so many pairs of twins")
    options = parser.parse_args(arguments)
    twins = make_twins(options.data)
    if options.limit:
        twins = random.Random(SEED).sample(twins, min(options.limit, len(twins)))
    for folder in options.model or [MODEL_FOLDER]:
        sys.stdout.write("\n".join(table(folder.name, tell(SpanNetwork(folder), twins))) + "\n")


if __name__ == "__main__":
    main()
