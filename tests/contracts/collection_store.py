"""What every CollectionStore must do: a store's tests subclass ``CollectionStoreContract`` and make an empty one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from rank_bm25 import BM25Plus

from index.errors import (
    ArticleError,
    ArticleNotFoundError,
    ConfigError,
    IndexLockedError,
    IndexMismatchError,
    ModelError,
)
from index.lexical import K1, B
from index.records import Filter, Hit
from index.stores.base import CollectionReader, CollectionStore, PreparedArticle, record_sha256
from tests.index.stores.made_up import DIM, TOKENIZER, prepared, query_of

HARBOUR = prepared(
    "harbour",
    ["The harbour reopened on Monday.", "Fishing boats left before dawn.", "Prices of cod rose by 7.1%."],
    title="Harbour reopens",
    outlet="The Gull",
    published=date(2024, 3, 4),
)
STORM = prepared(
    "storm",
    ["A storm closed the harbour.", "Nobody was hurt.", "Cod prices fell."],
    outlet="Evening Tide",
    published=datetime(2024, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=2))),
)
COPY = prepared(
    "copy-of-storm", ["A storm closed the harbour.", "Nobody was hurt.", "Cod prices fell."], outlet="THE GULL"
)
ELECTION = prepared(
    "election", ["Voters chose a mayor.", "The mayor thanked the voters."], published=date(2024, 5, 1), heading="Vote"
)
ARTICLES = (HARBOUR, STORM, COPY, ELECTION)
QUERIES = tuple(map(query_of, ["cod prices", "harbour storm closed", "who is the mayor", "zebra", "", "the the cod"]))

FILTERS = (
    Filter(),
    Filter(articles=("storm", "no such article")),
    Filter(articles=()),
    Filter(outlets=("the gull",)),
    Filter(since=date(2024, 3, 1), until=date(2024, 3, 4)),
    Filter(since=date(2024, 3, 2)),
    Filter(articles=("harbour", "election"), until=date(2024, 4, 1)),
)


def fill(store: CollectionStore, articles: Iterable[PreparedArticle]) -> None:
    with store.writer() as writer:
        for article in articles:
            writer.add(article)
        writer.publish()


def chunk_ids(articles: Iterable[PreparedArticle]) -> list[str]:
    return sorted(chunk.chunk_id for article in articles for chunk in article.chunks)


def everything(reader: CollectionReader) -> object:
    """All that a reader can be asked, for comparison."""
    summaries = tuple(reader.articles())
    return (
        summaries,
        tuple((reader.article(summary.article_id), reader.sentences(summary.article_id)) for summary in summaries),
        tuple((reader.search_dense(query, 50), reader.search_lexical(query, 50)) for query in QUERIES),
    )


def dense_oracle(articles: Sequence[PreparedArticle], query: int) -> dict[str, float]:
    """Every chunk's largest inner product with one of its vectors, in float64."""
    return {
        chunk.chunk_id: float(np.max(article.vectors[first:end].astype(np.float64) @ QUERIES[query].vector))
        for article in articles
        for chunk, (first, end) in zip(article.chunks, article.chunk_rows, strict=True)
    }


def lexical_oracle(articles: Sequence[PreparedArticle], query: int) -> dict[str, float]:
    """Every chunk's BM25 score, from rank-bm25."""
    rows = {
        chunk.chunk_id: list(terms)
        for article in articles
        for chunk, terms in zip(article.chunks, article.terms, strict=True)
    }
    model = BM25Plus(list(rows.values()), k1=K1, b=B, delta=0)
    scores = model.get_scores(TOKENIZER.query_terms(QUERIES[query].text))
    return dict(zip(rows, scores.tolist(), strict=True))


def assert_ranked(hits: Sequence[Hit], oracle: dict[str, float], k: int, tolerance: float) -> None:
    """``hits`` are the best ``k`` of ``oracle``, with ties by chunk id."""
    assert len(hits) == min(k, len(oracle))
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [(-hit.score, hit.chunk_id) for hit in hits] == sorted((-hit.score, hit.chunk_id) for hit in hits)
    for hit in hits:
        assert hit.score == pytest.approx(oracle[hit.chunk_id], abs=tolerance)
    left_out = oracle.keys() - {hit.chunk_id for hit in hits}
    for chunk_id in left_out:  # worse than the last, or equal and later by id
        assert (oracle[chunk_id], hits[-1].chunk_id) < (hits[-1].score + tolerance, chunk_id)
        if oracle[chunk_id] == oracle[hits[-1].chunk_id]:
            assert chunk_id > hits[-1].chunk_id


class CollectionStoreContract(ABC):
    """Subclass it as ``TestMyStore`` and give ``new_store``."""

    @abstractmethod
    def new_store(self, folder: Path) -> CollectionStore:
        """An empty collection of the identity ``made_up.IDENTITY``; ``folder`` does not exist yet."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> CollectionStore:
        return self.new_store(tmp_path / "collection")

    @pytest.fixture
    def full(self, store: CollectionStore) -> CollectionStore:
        fill(store, ARTICLES)
        return store

    def test_an_empty_collection_is_fine(self, store: CollectionStore) -> None:
        with store.reader() as reader:
            assert reader.count == 0
            assert reader.search_dense(QUERIES[0], 5) == ()
            assert reader.search_lexical(QUERIES[0], 5) == ()
            assert reader.search_dense(QUERIES[0], 5, Filter(articles=("storm",))) == ()
            assert reader.score(QUERIES[0], []) == ()
            assert reader.get([]) == ()
            assert list(reader.articles()) == []

    def test_articles_come_back_as_they_went_in(self, store: CollectionStore) -> None:
        hostile = prepared(
            "näme/with spaces:0-5'\"?#%",
            ["NUL \x00 inside 👩‍👩‍👧.", "e\u0301 combining, שלום, \u2028 \ufeff.", " leading and trailing "],
            title="A \x00 title",
            url="https://example.org/?q=1&r='2'",
            outlet="",
            authors=("Ann Ó", "B, C"),
            published=datetime(2024, 2, 29, 23, 59, 59, 999999),
            language="en",
            pages=(0, 7),
            metadata={"list": [1, 2.5, None, True, {"deep": "ü\udcff"}], "": "empty key"},
            heading="A heading\n",
        )
        fill(store, [hostile, *ARTICLES])
        with store.reader() as reader:
            for article in [hostile, *ARTICLES]:
                article_id = article.article.article_id
                assert reader.article(article_id) == article.article
                assert type(reader.article(article_id).published) is type(article.article.published)
                assert reader.sentences(article_id) == article.sentences
                ids = [chunk.chunk_id for chunk in article.chunks]
                assert reader.get(ids) == article.chunks
            assert list(reader.articles()) == sorted(
                (article.summary for article in [hostile, *ARTICLES]), key=lambda summary: summary.article_id
            )

    def test_an_article_without_chunks_is_kept(self, store: CollectionStore) -> None:
        fill(store, [prepared("empty", [])])
        with store.reader() as reader:
            assert reader.count == 0
            assert reader.article("empty").text == ""
            assert reader.sentences("empty") == ()
            assert reader.search_dense(QUERIES[0], 5) == reader.search_lexical(QUERIES[0], 5) == ()

    @pytest.mark.parametrize("query", range(len(QUERIES)))
    def test_dense_search_against_brute_force(self, full: CollectionStore, query: int) -> None:
        with full.reader() as reader:
            for k in (*range(1, reader.count + 2), 1000):
                assert_ranked(reader.search_dense(QUERIES[query], k), dense_oracle(ARTICLES, query), k, 1e-6)

    @pytest.mark.parametrize("query", range(len(QUERIES)))
    def test_lexical_search_against_rank_bm25(self, full: CollectionStore, query: int) -> None:
        oracle = {chunk_id: score for chunk_id, score in lexical_oracle(ARTICLES, query).items() if score > 0}
        with full.reader() as reader:
            for k in (*range(1, reader.count + 2), 1000):
                assert_ranked(reader.search_lexical(QUERIES[query], k), oracle, k, 1e-9)

    def test_the_statistics_are_those_of_the_live_chunks(self, full: CollectionStore) -> None:
        with full.writer() as writer:
            writer.remove(["storm", "election"])
            writer.publish()
        with full.reader() as reader:
            for query in range(len(QUERIES)):
                oracle = {name: score for name, score in lexical_oracle((HARBOUR, COPY), query).items() if score > 0}
                assert_ranked(reader.search_lexical(QUERIES[query], 50), oracle, 50, 1e-9)

    def test_score_gives_what_the_searches_give(self, full: CollectionStore) -> None:
        ids = chunk_ids(ARTICLES)[::-1]
        with full.reader() as reader:
            for query in QUERIES:
                dense = {hit.chunk_id: hit.score for hit in reader.search_dense(query, 50)}
                lexical = {hit.chunk_id: hit.score for hit in reader.search_lexical(query, 50)}
                scores = reader.score(query, ids)
                assert [one.dense_score for one in scores] == [dense[name] for name in ids]
                assert [one.lexical_score for one in scores] == [lexical.get(name, 0.0) for name in ids]
                assert reader.score(query, [ids[2], ids[0], ids[2]]) == tuple(
                    reader.score(query, [ids[place]])[0] for place in (2, 0, 2)
                )

    def test_each_sentence_of_a_chunk_has_its_own_score(self, full: CollectionStore) -> None:
        with full.reader() as reader:
            for article in ARTICLES:
                for chunk, (first, end) in zip(article.chunks, article.chunk_rows, strict=True):
                    for query in QUERIES:
                        (scores,) = reader.score(query, [chunk.chunk_id])
                        assert len(scores.sentence_scores) == len(chunk.sentences)
                        wanted = article.vectors[first:end].astype(np.float64) @ query.vector
                        assert scores.sentence_scores == pytest.approx(wanted.tolist(), abs=1e-6)

    @pytest.mark.parametrize("k", [0, -1])
    def test_a_search_for_nothing_is_refused(self, full: CollectionStore, k: int) -> None:
        with full.reader() as reader:
            for search in (reader.search_dense, reader.search_lexical):
                with pytest.raises(ConfigError, match=str(k)):
                    search(QUERIES[0], k)

    def test_a_filter_leaves_out_articles_and_nothing_else(self, full: CollectionStore) -> None:
        with full.reader() as reader:
            for where in FILTERS * 2:  # again and again on one reader: no search may change a later one
                accepted = {
                    article.article.article_id
                    for article in ARTICLES
                    if where.accepts(article.article.article_id, article.article.outlet, article.article.published_date)
                }
                for query in QUERIES:
                    for search in (reader.search_dense, reader.search_lexical):
                        wanted = [hit for hit in search(query, 50) if hit.chunk_id.rsplit(":", 1)[0] in accepted]
                        for k in (1, 2, 50):
                            assert search(query, k, where) == tuple(
                                replace(hit, rank=rank) for rank, hit in enumerate(wanted[:k], start=1)
                            )

    def test_places_of_a_sentence_are_all_its_live_equals(self, store: CollectionStore) -> None:
        twin, other = "Fourteen were hurt.", "Fourteen were hurt"
        fill(store, [prepared("b", [other, twin, twin]), prepared("a", ["More.", twin])])
        fill(store, [prepared("c", [twin])])
        places = [("a", 1), ("b", 1), ("b", 2), ("c", 0)]
        with store.reader() as reader:
            found = reader.places_of(twin)
            assert [(sentence.article_id, sentence.position) for sentence in found] == places
            assert all(sentence in reader.sentences(sentence.article_id) for sentence in found)
            assert [sentence.article_id for sentence in reader.places_of(other)] == ["b"]
            assert reader.places_of("fourteen were hurt.") == reader.places_of("") == ()
        with store.writer() as writer:
            writer.remove(["b"])
            writer.add(prepared("c", ["Nobody was hurt."]))
            writer.publish()
        with store.reader() as reader:
            assert [(sentence.article_id, sentence.position) for sentence in reader.places_of(twin)] == [("a", 1)]

    def test_names_that_are_not_there(self, full: CollectionStore) -> None:
        with full.reader() as reader:
            with pytest.raises(ArticleNotFoundError, match="nowhere"):
                reader.article("nowhere")
            with pytest.raises(ArticleNotFoundError, match="nowhere"):
                reader.sentences("nowhere")
            with pytest.raises(ArticleNotFoundError, match="storm:1-2"):
                reader.get([STORM.chunks[0].chunk_id, "storm:1-2"])
            with pytest.raises(ArticleNotFoundError, match="storm:1-2"):
                reader.score(QUERIES[0], ["storm:1-2"])

    def test_a_vector_of_another_length_is_refused(self, full: CollectionStore) -> None:
        query = replace(QUERIES[0], vector=np.ones(DIM + 1, dtype=np.float32))
        with full.reader() as reader, pytest.raises(IndexMismatchError, match=str(DIM + 1)):
            reader.search_dense(query, 3)

    def test_a_vector_that_is_not_finite_is_refused(self, full: CollectionStore) -> None:
        query = replace(QUERIES[0], vector=np.full(DIM, np.nan, dtype=np.float32))
        with full.reader() as reader, pytest.raises(ModelError):
            reader.search_dense(query, 3)

    def test_the_same_id_replaces(self, full: CollectionStore) -> None:
        changed = prepared("storm", ["A gale closed the airport."], title="Gale")
        with full.writer() as writer:
            writer.add(prepared("storm", ["Never published."]))
            writer.add(changed)
            writer.publish()
        with full.reader() as reader:
            assert reader.article("storm") == changed.article
            assert [summary.article_id for summary in reader.articles()].count("storm") == 1
            assert reader.count == sum(len(article.chunks) for article in (HARBOUR, COPY, ELECTION, changed))
            assert {hit.chunk_id for hit in reader.search_dense(QUERIES[0], 50)} == set(
                chunk_ids((HARBOUR, COPY, ELECTION, changed))
            )

    def test_what_is_removed_no_longer_answers_and_can_come_back(self, full: CollectionStore) -> None:
        with full.reader() as reader:
            before = everything(reader)
        with full.writer() as writer:
            writer.remove({"storm", "harbour"})
            writer.publish()
        with full.reader() as reader:
            assert [summary.article_id for summary in reader.articles()] == ["copy-of-storm", "election"]
            assert {hit.chunk_id for hit in reader.search_dense(QUERIES[1], 50)} == set(chunk_ids((COPY, ELECTION)))
            with pytest.raises(ArticleNotFoundError):
                reader.article("storm")
        fill(full, [STORM, HARBOUR])
        with full.reader() as reader:
            assert everything(reader) == before

    def test_removing_what_is_not_there_removes_nothing(self, full: CollectionStore) -> None:
        with full.writer() as writer:
            with pytest.raises(ArticleNotFoundError, match=r"'ghost'.*'phantom'"):
                writer.remove(["storm", "ghost", "phantom"])
            with pytest.raises(ArticleError):
                writer.remove("storm")
            writer.publish()
        with full.reader() as reader:
            assert reader.article("storm") == STORM.article

    def test_all_can_be_removed(self, full: CollectionStore) -> None:
        with full.writer() as writer:
            writer.remove([article.article.article_id for article in ARTICLES])
            writer.publish()
        with full.reader() as reader:
            assert reader.count == 0
            assert reader.search_lexical(QUERIES[0], 5) == reader.search_dense(QUERIES[0], 5) == ()

    def test_nothing_new_is_no_new_generation(self, full: CollectionStore) -> None:
        with full.reader() as reader:
            generation = reader.generation
        with full.writer() as writer:
            assert writer.publish() == generation
            writer.add(prepared("brief", ["Here and gone."]))
            writer.remove(["brief"])
            assert writer.publish() == generation
            writer.add(prepared("brief", ["Here to stay."]))
            assert writer.publish() == generation + 1
            assert writer.publish() == generation + 1
        with full.writer() as writer:
            assert writer.publish() == generation + 1

    def test_the_writer_lists_what_it_changes(self, store: CollectionStore) -> None:
        with store.writer() as writer:
            assert dict(writer.summaries()) == {}
            writer.add(STORM)
            writer.add(HARBOUR)
            assert dict(writer.summaries()) == {}
            writer.publish()
            assert dict(writer.summaries()) == {"storm": STORM.summary, "harbour": HARBOUR.summary}
            assert writer.summaries()["storm"].record_sha256 == record_sha256(STORM.article)
            writer.remove(["storm"])
            writer.publish()
        with store.writer() as writer:
            assert dict(writer.summaries()) == {"harbour": HARBOUR.summary}

    def test_what_is_not_published_is_given_up(self, full: CollectionStore) -> None:
        with full.reader() as reader:
            before = everything(reader)
        with full.writer() as writer:
            writer.add(prepared("unpublished", ["Never seen."]))
            writer.remove(["storm"])
        with full.reader() as reader:
            assert everything(reader) == before

    def test_one_writer_at_a_time(self, full: CollectionStore) -> None:
        with full.writer(), pytest.raises(IndexLockedError), full.writer():
            pass
        with full.writer() as writer:
            writer.publish()

    def test_a_reader_keeps_its_generation(self, full: CollectionStore) -> None:
        with full.reader() as reader:
            before = everything(reader)
            generation = reader.generation
            for number in range(5):
                with full.writer() as writer:
                    writer.remove([ARTICLES[number].article.article_id] if number < len(ARTICLES) else [])
                    writer.add(prepared("new", [f"Text number {number}."]))
                    writer.publish()
            assert everything(reader) == before
            assert reader.generation == generation
        with full.reader() as reader:
            assert [summary.article_id for summary in reader.articles()] == ["new"]

    def test_the_order_of_adding_does_not_matter(self, full: CollectionStore, tmp_path: Path) -> None:
        other = self.new_store(tmp_path / "other")
        for article in reversed(ARTICLES):
            fill(other, [article])
        with full.reader() as one, other.reader() as two:
            assert everything(one) == everything(two)

    def test_sixteen_threads_get_the_same_answers(self, full: CollectionStore) -> None:
        with full.reader() as reader, ThreadPoolExecutor(16) as threads:
            wanted = everything(reader)
            assert all(found == wanted for found in threads.map(lambda _: everything(reader), range(48)))

    @pytest.mark.parametrize(
        ("broken", "error"),
        [
            (replace(STORM, vectors=STORM.vectors[:, :4]), IndexMismatchError),
            (replace(STORM, vectors=STORM.vectors[:1]), ArticleError),
            (replace(STORM, chunk_rows=STORM.chunk_rows[:1]), ArticleError),
            (replace(STORM, chunk_rows=((0, 3), *STORM.chunk_rows[1:])), ArticleError),
            (replace(STORM, chunk_rows=((-1, 1), *STORM.chunk_rows[1:])), ArticleError),
            (replace(STORM, vectors=STORM.vectors.astype(np.float64)), IndexMismatchError),
            (replace(STORM, vectors=STORM.vectors * 2), ModelError),
            (replace(STORM, vectors=STORM.vectors * np.float32(np.nan)), ModelError),
            (replace(STORM, terms=STORM.terms[:-1]), ArticleError),
            (replace(STORM, sentences=STORM.sentences[1:]), ArticleError),
            (replace(STORM, sentences=COPY.sentences), ArticleError),
            (replace(STORM, chunks=COPY.chunks), ArticleError),
            (replace(STORM, chunks=(STORM.chunks[0],) * len(STORM.chunks)), ArticleError),
            (replace(STORM, chunks=tuple(replace(chunk, sentences=()) for chunk in STORM.chunks)), ArticleError),
            (replace(STORM, chunks=tuple(replace(chunk, text="storm") for chunk in STORM.chunks)), ArticleError),
            (replace(STORM, chunks=tuple(replace(chunk, end_char=9999) for chunk in STORM.chunks)), ArticleError),
            (replace(STORM, article=replace(STORM.article, metadata={"a": (1, 2)})), ArticleError),
            (replace(STORM, article=replace(STORM.article, metadata={"a": {1, 2}})), ArticleError),
            (replace(STORM, article=replace(STORM.article, metadata={"a": float("nan")})), ArticleError),
        ],
    )
    def test_what_does_not_fit_together_is_refused(
        self, full: CollectionStore, broken: PreparedArticle, error: type[Exception]
    ) -> None:
        with full.reader() as reader:
            before = everything(reader)
        with full.writer() as writer:
            with pytest.raises(error, match="storm"):
                writer.add(broken)
            writer.publish()
        with full.reader() as reader:
            assert everything(reader) == before
