"""Training examples: each question with the chunk that it was written for and others that look like it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.chunks import chunk_article
from index.config import BuildConfig
from index.embedder import Embedder
from index.records import Chunk
from index.sentences import split_article
from qa.training.config import SourceConfig
from qa.training.mining import Miner
from qa.training.sources import Source, Span, TrainingQuestion
from qa.training.split import is_kept_aside

DEPTH = 24
NEGATIVES = 8
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Passage:
    """What is read: a chunk's text under its article's title."""

    article_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the places of its chunks in the list of all passages.

    Attributes:
        own: the chunk that the question was written for.
        answers: half-open characters of the own chunk's text; empty when the question has no answer.
        negatives: chunks that look like the answer and do not hold it, hardest first.
    """

    source: str
    article_id: str
    question: str
    own: int
    answers: tuple[Span, ...]
    negatives: tuple[int, ...]


def build_examples(source: Source, config: SourceConfig, embedder: Embedder) -> tuple[list[Passage], list[Example]]:
    """The passages of a data set, and an example for each question on an article that is not kept aside."""
    build = BuildConfig()
    chunks: list[Chunk] = []
    of_article: dict[str, list[int]] = defaultdict(list)
    titles = {article.article_id: article.title for article in source.articles}
    texts = {article.article_id: article.text for article in source.articles}
    for article in source.articles:
        if is_kept_aside(article.article_id, config.kept_aside):
            continue
        for chunk in chunk_article(
            article,
            split_article(article),
            chunk_words=build.chunk_words,
            overlap_sentences=build.overlap_sentences,
            count_tokens=embedder.count_tokens,
            max_tokens=embedder.max_tokens,
        ):
            of_article[article.article_id].append(len(chunks))
            chunks.append(chunk)
    questions = [asked for asked in source.questions if asked.article_id in of_article]
    miner = Miner(chunks, list(dict.fromkeys(asked.question for asked in questions)))
    examples = []
    for asked in questions:
        own = _own_chunk(asked, chunks, of_article[asked.article_id])
        if own is None:
            continue
        examples.append(
            Example(
                source.name,
                asked.article_id,
                asked.question,
                own,
                _answers_within(asked, chunks[own]),
                tuple(_negatives(asked, texts[asked.article_id], chunks, miner)),
            )
        )
    return [Passage(chunk.article_id, titles[chunk.article_id], chunk.text) for chunk in chunks], examples


def _own_chunk(asked: TrainingQuestion, chunks: Sequence[Chunk], places: Sequence[int]) -> int | None:
    """The chunk that holds most of the answers whole, or, without answers, most of the paragraph."""

    def fit(place: int) -> tuple[int, int]:
        chunk = chunks[place]
        overlap = min(chunk.end_char, asked.paragraph[1]) - max(chunk.start_char, asked.paragraph[0])
        return len(_answers_within(asked, chunk)), overlap

    best = max(places, key=fit)
    held, overlap = fit(best)
    return best if (held if asked.answers else overlap > 0) else None


def _answers_within(asked: TrainingQuestion, chunk: Chunk) -> tuple[Span, ...]:
    return tuple(
        (start - chunk.start_char, end - chunk.start_char)
        for start, end in asked.answers
        if chunk.start_char <= start and end <= chunk.end_char
    )


def _negatives(asked: TrainingQuestion, text: str, chunks: Sequence[Chunk], miner: Miner) -> Iterator[int]:
    """The best-ranked chunks off the question's paragraph that do not hold the words of an answer: one that does might
    answer."""
    answers = {" ".join(_WORD.findall(text[start:end].lower())) for start, end in asked.answers}
    found = 0
    for place in miner.ranked(asked.question, DEPTH):
        chunk = chunks[place]
        same_paragraph = (
            chunk.article_id == asked.article_id
            and chunk.start_char < asked.paragraph[1]
            and asked.paragraph[0] < chunk.end_char
        )
        words = f" {' '.join(_WORD.findall(chunk.text.lower()))} "
        if same_paragraph or any(f" {answer} " in words for answer in answers):
            continue
        yield place
        found += 1
        if found == NEGATIVES:
            return


def write_examples(folder: Path, name: str, passages: Iterable[Passage], examples: Iterable[Example]) -> None:
    """Write a data set's examples as JSON lines; the examples last, so that their file says that both are whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, rows in (("passages", passages), ("examples", examples)):
        partial = folder / f"{name}.{kind}.partial"
        with partial.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)
        partial.replace(folder / f"{name}.{kind}.jsonl")


def read_examples(folder: Path, name: str) -> tuple[list[Passage], list[Example]]:
    """What ``write_examples`` wrote."""
    with (folder / f"{name}.passages.jsonl").open(encoding="utf-8") as lines:
        passages = [Passage(**json.loads(line)) for line in lines]
    with (folder / f"{name}.examples.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return passages, [
        Example(**{**row, "answers": tuple(map(tuple, row["answers"])), "negatives": tuple(row["negatives"])})
        for row in rows
    ]
