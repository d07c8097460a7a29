"""Whatever was done to an index, it answers like a fresh build of the same articles, bit for bit."""

from __future__ import annotations

import random
import shutil
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from index.records import Filter, Query
from index.stores.base import CollectionReader, PreparedArticle
from index.stores.local.snapshot import Snapshot
from index.stores.local.store import LocalStore
from index.stores.local.writer import LocalWriter
from tests.index.stores.made_up import DIM, IDENTITY, TOKENIZER, prepared, query_of

WORDS = ("cod", "harbour", "storm", "mayor", "rose")
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(
    " ".join
)  # few words: equal chunks, hence ties
IDS = st.sampled_from(["a", "b", "a:0-3", "B", "ä", "a b", "c"])
QUERIES = tuple(map(query_of, ["cod", "storm harbour", "the mayor rose", "cod cod storm", "nothing known"]))
FILTERS = (None, Filter(outlets=("x",)), Filter(articles=("a", "ä")), Filter(since=date(2024, 1, 2)))


def answers(reader: CollectionReader) -> dict[str, object]:
    """All that can be asked of a reader."""
    summaries = list(reader.articles())
    ids = [hit.chunk_id for hit in reader.search_dense(QUERIES[0], 1000)]
    return {
        "count": reader.count,
        "summaries": summaries,
        "articles": [reader.article(summary.article_id) for summary in summaries],
        "sentences": [reader.sentences(summary.article_id) for summary in summaries],
        "chunks": reader.get(sorted(ids)),
        "dense": [reader.search_dense(query, k, where) for query in QUERIES for k in (1, 3, 1000) for where in FILTERS],
        "lexical": [
            reader.search_lexical(query, k, where) for query in QUERIES for k in (1, 3, 1000) for where in FILTERS
        ],
        "scores": [reader.score(query, ids) for query in QUERIES],
    }


def build(folder: Path, articles: list[PreparedArticle]) -> LocalStore:
    store = LocalStore.create(folder, IDENTITY)
    with store.writer() as writer:
        for article in articles:
            writer.add(article)
        writer.publish()
    return store


class IndexHistory(RuleBasedStateMachine):
    """An index and a dictionary go through the same changes."""

    @initialize()
    def create(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pullquote-history-"))
        self.store = LocalStore.create(self.folder / "changed", IDENTITY)
        self.published: dict[str, PreparedArticle] = {}
        self.pending: dict[str, PreparedArticle] = {}
        self.writer: LocalWriter = self.store.writer()
        self.old_reader: Snapshot = self.store.reader()
        self.old_answers = answers(self.old_reader)
        self.fresh_builds = 0

    @rule(
        article_id=IDS,
        sentences=st.lists(SENTENCES, max_size=4),
        outlet=st.sampled_from([None, "x", "X", "y"]),
        day=st.one_of(st.none(), st.integers(1, 3)),
    )
    def add(self, article_id: str, sentences: list[str], outlet: str | None, day: int | None) -> None:
        article = prepared(article_id, sentences, outlet=outlet, published=date(2024, 1, day) if day else None)
        self.writer.add(article)
        self.pending[article_id] = article

    @rule(choice=st.randoms(use_true_random=False))
    def remove(self, choice: random.Random) -> None:
        if self.pending:
            gone = choice.sample(sorted(self.pending), choice.randint(1, len(self.pending)))
            self.writer.remove(gone)
            for article_id in gone:
                del self.pending[article_id]

    @rule(compact=st.booleans())
    def publish(self, compact: bool) -> None:
        self.writer.publish(compact=compact)
        self.published = dict(self.pending)
        self.compare()

    @rule()
    def reopen(self) -> None:
        self.writer.close()
        self.store = LocalStore.open(self.folder / "changed", IDENTITY)
        self.store.compact()
        self.writer = self.store.writer()
        self.pending = dict(self.published)
        self.compare()

    @rule()
    def give_up(self) -> None:
        self.writer.close()
        self.writer = self.store.writer()
        self.pending = dict(self.published)

    @rule()
    def keep_a_reader(self) -> None:
        self.old_reader.close()
        self.old_reader = self.store.reader()
        self.old_answers = answers(self.old_reader)

    @invariant()
    def an_open_reader_does_not_change(self) -> None:
        assert answers(self.old_reader) == self.old_answers

    def compare(self) -> None:
        self.fresh_builds += 1
        fresh = build(self.folder / f"fresh-{self.fresh_builds}", list(self.published.values()))
        with self.store.reader() as changed, fresh.reader() as built:
            found, wanted = answers(changed), answers(built)
            for part, value in wanted.items():
                assert found[part] == value, part

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.writer.close()
            self.old_reader.close()
            shutil.rmtree(self.folder)


TestIndexHistory = IndexHistory.TestCase
TestIndexHistory.settings = settings(
    max_examples=20, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("compact", [False, True])
def test_a_collection_beyond_rank_bm25s_reach_equals_a_fresh_build(tmp_path: Path, compact: bool) -> None:
    """Above the crossover the scores come from bm25s: 2,600 chunks, changed in several steps."""
    generator = np.random.default_rng(7)
    vocabulary = np.array([f"word{number}" for number in range(300)])
    articles = [
        prepared(f"article {number}", [" ".join(generator.choice(vocabulary, 9)) + "." for _ in range(20)])
        for number in range(130)
    ]
    store = build(tmp_path / "changed", articles[:60] + [prepared(f"extra {number}", ["Gone."]) for number in range(9)])
    with store.writer() as writer:
        for article in articles[100:]:
            writer.add(article)
        writer.publish()
        writer.remove([f"extra {number}" for number in range(9)])
        for article in articles[55:100]:
            writer.add(article)
        writer.publish(compact=compact)
    queries = [
        Query(" ".join(generator.choice(vocabulary, 5)), vector)
        for vector in (articles[3].vectors[0], articles[77].vectors[1], np.eye(DIM, dtype=np.float32)[0])
    ]
    fresh = build(tmp_path / "fresh", articles[::-1])
    with store.reader() as changed, fresh.reader() as built:
        assert changed.count == built.count == 2600
        for query in queries:
            assert TOKENIZER(query.text)
            for k in (1, 100, 2600):
                assert changed.search_dense(query, k) == built.search_dense(query, k)
                assert changed.search_lexical(query, k) == built.search_lexical(query, k)
