"""Examples: the own chunk answers, the others do not, and what is kept aside is never seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.embedder import load_embedder
from index.records import Article, Chunk
from qa.training import examples as examples_module
from qa.training.config import SourceConfig
from qa.training.examples import (
    NEGATIVES,
    Example,
    Passage,
    build_examples,
    read_examples,
    write_examples,
)
from qa.training.mining import Miner
from qa.training.sources import Source, TrainingQuestion
from qa.training.split import is_kept_aside

FILLER = " ".join(f"The {word} was mended by the quay and sold again before winter." for word in (
    "mast", "net", "rope", "keel", "rudder", "anchor", "lamp", "sail", "oar", "hull", "deck", "bell", "flag", "crate",
))  # fmt: skip
PARAGRAPHS = {
    "tests/harbour": [
        "In 1934 the trawler of Ada Brook sank off Larkmouth with a load of herring.",
        FILLER,
        "The herring of Larkmouth was sold in Port Amble for nine pence a stone.",
        FILLER,
        "Mabel Finch bought herring at Larkmouth; she paid Nine-Pence for it in all.",
    ],
    "tests/mill": [
        "The mill of West Quay ground corn until the fire, and Tom Hale was its miller.",
        FILLER,
        "A sack of corn was nine shillings at the mill, which Tom Hale called a robbery.",
    ],
    "tests/school": ["The school at Larkmouth opened with twelve pupils and one teacher, Jane Moss.", FILLER],
}
TEXTS = {article_id: "\n\n".join(paragraphs) for article_id, paragraphs in PARAGRAPHS.items()}
ARTICLES = tuple(
    Article(article_id=article_id, title=article_id.removeprefix("tests/").title(), text=text)
    for article_id, text in TEXTS.items()
)


def question(article_id: str, paragraph: int, asked: str, *answers: str) -> TrainingQuestion:
    text, own = TEXTS[article_id], PARAGRAPHS[article_id][paragraph]
    begin = text.index(own)
    places = [begin + own.index(answer) for answer in answers]
    spans = tuple((start, start + len(answer)) for start, answer in zip(places, answers, strict=True))
    return TrainingQuestion(asked, asked, article_id, spans, (begin, begin + len(own)))


QUESTIONS = (
    question("tests/harbour", 0, "When did the trawler of Ada Brook sink?", "1934", "In 1934"),
    question("tests/harbour", 2, "What did herring cost in Port Amble?", "nine pence", "nine pence a stone"),
    question("tests/harbour", 2, "What did Ada Brook sell in West Quay?"),
    question("tests/mill", 0, "Who was the miller of West Quay?", "Tom Hale"),
    question("tests/school", 0, "Who taught at Larkmouth?", "Jane Moss"),
)
SOURCE = Source("tests", ARTICLES, QUESTIONS)
Built = tuple[list[Passage], dict[str, Example]]


class EveryChunk:
    """A miner that takes all chunks for hard, the last first: what is left out, the examples left out."""

    def __init__(self, chunks: Sequence[Chunk], questions: Sequence[str]) -> None:
        self._chunks = len(chunks)
        self._questions = set(questions)

    def ranked(self, question: str, depth: int) -> list[int]:
        assert question in self._questions
        return list(reversed(range(self._chunks)))[:depth]


@pytest.fixture(scope="module", autouse=True)
def _no_search() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examples_module, "Miner", EveryChunk)
        yield


def build(config: SourceConfig) -> Built:
    passages, examples = build_examples(SOURCE, config, load_embedder())
    assert len({example.question for example in examples}) == len(examples)
    return passages, {example.question: example for example in examples}


@pytest.fixture(scope="module")
def built() -> Built:
    return build(SourceConfig(epochs=1, negatives=1))


def bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def test_there_is_an_example_for_each_question(built: Built) -> None:
    passages, examples = built
    assert set(examples) == {asked.question for asked in QUESTIONS}
    assert len(passages) > len(ARTICLES), "the articles must make several chunks for these tests to mean anything"
    for passage in passages:
        (article,) = [article for article in ARTICLES if article.title == passage.title]
        assert passage.article_id == article.article_id
        assert passage.text in article.text


def test_the_own_chunk_holds_the_answers_and_lies_over_the_paragraph(built: Built) -> None:
    passages, examples = built
    for asked in QUESTIONS:
        example = examples[asked.question]
        own = passages[example.own].text
        text = TEXTS[asked.article_id]
        assert [own[start:end] for start, end in example.answers] == [text[start:end] for start, end in asked.answers]
        assert example.article_id == asked.article_id
        begin = text.index(own)
        assert begin < asked.paragraph[1]
        assert asked.paragraph[0] < begin + len(own)


def test_no_negative_holds_an_answer_or_lies_in_the_paragraph(built: Built) -> None:
    passages, examples = built
    for asked in QUESTIONS:
        example = examples[asked.question]
        text = TEXTS[asked.article_id]
        paragraph = text[slice(*asked.paragraph)]
        assert example.own not in example.negatives
        assert len(set(example.negatives)) == len(example.negatives) <= NEGATIVES
        assert list(example.negatives) == sorted(example.negatives, reverse=True), "the hardest first"
        assert example.negatives
        for place in example.negatives:
            passage = passages[place]
            assert paragraph not in passage.text
            for start, end in asked.answers:
                # Nor in other spelling: the fifth paragraph holds "Nine-Pence".
                assert f" {bare(text[start:end])} " not in f" {bare(passage.text)} "


def test_the_fifth_paragraph_is_a_trap_that_shares_the_answers_words(built: Built) -> None:
    passages, examples = built
    trap = [place for place, passage in enumerate(passages) if "Nine-Pence" in passage.text]
    assert trap
    assert not set(trap) & set(examples["What did herring cost in Port Amble?"].negatives)
    assert set(trap) & set(examples["When did the trawler of Ada Brook sink?"].negatives)


def test_a_part_of_a_word_is_no_answer() -> None:
    """ "sank" is in "outsankled", which does not keep that chunk from being a negative."""
    asked = question("tests/harbour", 0, "Which trawler sank?", "sank")
    hidden = Article(article_id="tests/hidden", title="Hidden", text="The trawler outsankled every other trawler.")
    passages, (example,) = build_examples(
        Source("tests", (*ARTICLES, hidden), (asked,)), SourceConfig(epochs=1, negatives=1), load_embedder()
    )
    assert "Hidden" in {passages[place].title for place in example.negatives}


def test_what_is_kept_aside_is_never_seen() -> None:
    kept = [article for article in ARTICLES if is_kept_aside(article.article_id, 0.5)]
    assert 0 < len(kept) < len(ARTICLES)
    passages, examples = build(SourceConfig(epochs=1, negatives=1, kept_aside=0.5))
    assert not {passage.title for passage in passages} & {article.title for article in kept}
    assert not {example.article_id for example in examples.values()} & {article.article_id for article in kept}
    assert examples


def test_built_twice_they_are_the_same(built: Built) -> None:
    assert build(SourceConfig(epochs=1, negatives=1)) == built


def test_written_and_read_back(tmp_path: Path, built: Built) -> None:
    passages, examples = built
    odd = Passage("tests/ü", "Über\u2028", 'line\nbreak, "quotes", 👍🏽 and \u0085')
    write_examples(tmp_path / "new", "tests", [*passages, odd], examples.values())
    assert read_examples(tmp_path / "new", "tests") == ([*passages, odd], list(examples.values()))
    assert not list((tmp_path / "new").glob("*.partial"))


def test_the_search_that_mines() -> None:
    """With the embedded model: what a question is about comes first, by words and by meaning, and all come once."""
    texts = [
        "The trawler sank in the storm.",
        "A sack of corn was nine shillings at the mill.",
        "Twelve pupils and their teacher sat in one room.",
        "The herring was sold for nine pence a stone.",
    ]
    chunks = [Chunk(f"a{number}", 0, len(text), text, "", ()) for number, text in enumerate(texts)]
    asked = ["how many children went to school", "which ship went down", "price of corn"]
    miner = Miner(chunks, asked)
    assert [miner.ranked(one, 1) for one in asked] == [[2], [0], [1]]
    assert sorted(miner.ranked(asked[0], 24)) == [0, 1, 2, 3]
    assert miner.ranked(asked[2], 24)[:2] == miner.ranked(asked[2], 2)
