"""Systems side by side: each finds what it must, in a process of its own, and the tables say who is ahead."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from eval.benchmarks.corpora import DrawnEmbedder, Written, read_corpus, write_corpus
from eval.benchmarks.peer_tables import Costs, Measured, PeersReport, Quality, Speed
from eval.benchmarks.peers import ENVIRONMENT, PEERS, Peer, Process, in_turns, installed, speeds
from eval.benchmarks.systems.base import Corpus, Searcher
from index.records import Article, text_sha256
from index.stores.local import EmbeddingCache
from tests.fakes import WordEmbedder

ARTICLES = [
    Article(article_id="ferry", title="Ferry", text="The ferry sank off Skye. The captain was rescued."),
    Article(article_id="tram", title="Tram", text="The tram cost nine million. A vote follows in May."),
    Article(article_id="owl", title="Owls", text="An owl nested in the church. Bells stayed silent."),
]
ASKED = {"Where did the ferry sink?": "ferry", "What did the tram cost?": "tram", "Where did the owl nest?": "owl"}
BM25 = next(peer for peer in PEERS if peer.file == "plain_bm25")


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return write_corpus(ARTICLES, tmp_path / "corpus", WordEmbedder(), None)


class TestCorpus:
    def test_what_is_read_is_what_was_written(self, written: Written) -> None:
        corpus = read_corpus(written.folder, None, None)
        assert list(corpus.articles) == ARTICLES
        assert list(corpus.texts) == [f"{one.title}\n{one.text}" for one in ARTICLES] == list(written.texts)
        assert list(corpus.chunk_ids) == [f"{one.article_id}:0-{len(one.text)}" for one in ARTICLES]
        np.testing.assert_array_equal(corpus.vectors, WordEmbedder().embed_chunks(list(corpus.texts)))
        assert written.rows[:2] == ("Ferry\nThe ferry sank off Skye.", "Ferry\nThe captain was rescued.")

    def test_vectors_that_are_known_are_not_made_again(self, tmp_path: Path) -> None:
        class Once(WordEmbedder):
            made: Sequence[str] = ()

            def embed_chunks(self, texts: Sequence[str]) -> np.ndarray:
                assert not set(texts) & set(self.made)
                self.made = [*self.made, *texts]
                return super().embed_chunks(texts)

        embedder = Once()
        with EmbeddingCache(tmp_path / "known.sqlite") as known:
            first = write_corpus(ARTICLES, tmp_path / "first", embedder, known)
            second = write_corpus(ARTICLES, tmp_path / "second", embedder, known)
            assert len(embedder.made) == len(first.texts) + len(first.rows)
            keys = [text_sha256(f"{embedder.sha256}\n{row}") for row in first.rows]
            assert len(known.get_many(keys)) == len(keys)  # under which Pullquote's builder looks
        np.testing.assert_array_equal(
            read_corpus(first.folder, None, None).vectors, read_corpus(second.folder, None, None).vectors
        )

    def test_a_drawn_vector_hangs_on_its_text_alone(self) -> None:
        embedder = DrawnEmbedder(WordEmbedder())
        vectors = embedder.embed_chunks(["a", "b", "a"])
        np.testing.assert_array_equal(vectors[0], vectors[2])
        assert abs(float(vectors[0] @ vectors[1])) < 0.9
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.file)
def test_every_system_finds_what_is_asked_for(
    peer: Peer, written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not find_spec(peer.library):
        pytest.skip(f"{peer.title} is not installed; run: pip install {peer.distribution}")
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    embedder = WordEmbedder()
    system: Searcher = import_module(f"eval.benchmarks.systems.{peer.file}").System()
    corpus: Corpus = read_corpus(written.folder, embedder, None)
    (tmp_path / "built").mkdir()
    built = system.build(corpus, tmp_path / "built")
    assert built.embedded == {"plain_bm25": 0, "pullquote": 6}.get(peer.file, 3)
    for question, article in ASKED.items():
        vector = embedder.embed_queries([question])[0] if system.takes_vectors else None
        found = system.search(question, vector, 2)
        assert found[0].startswith(f"{article}:")
        assert len(found) <= 2
        assert set(found) <= set(corpus.chunk_ids)


def test_a_system_runs_in_its_own_process(written: Written, tmp_path: Path) -> None:
    process = Process(BM25, written.folder, tmp_path / "of-bm25", drawn=False, cache=None)
    try:
        times = in_turns([process], list(ASKED), rounds=2)["rank-bm25"]
        assert [one["ids"][0].split(":")[0] for one in times] == list(ASKED.values()) * 2
        (speed,) = speeds([process], {"rank-bm25": times}, Costs((1, 1), (1, 1)), written.chunks)
    finally:
        process.close()
    assert speed.disk is None
    assert 0 < speed.before <= speed.memory
    assert speed.rate == speed.whole_rate  # it embeds nothing


def test_a_process_that_ends_early_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the process of rank-bm25 ended with 1"):
        Process(BM25, tmp_path / "there is none", tmp_path / "folder", drawn=False, cache=None)


def test_what_is_not_installed_is_left_out_with_its_command() -> None:
    gone = Peer("Gone", "gone", "there_is_no_such_library", "gone-search")
    there, missing = installed([BM25, gone])
    assert there == [BM25]
    assert missing == ["Gone is left out: it is not installed; run: pip install gone-search"]


def test_embedding_counts_towards_the_rate() -> None:
    built = {"wall": 4.0, "cpu": 2.0, "embedded": 30, "bytes": 5_000_000, "memory_before": 7_000_000}
    times = [{"wall": wall, "cpu": 0.001} for wall in (0.01, 0.02, 0.09)]
    found = Speed.of("x", built, times, 9_000_000, (0.2, 0.1), chunks=10)
    assert (found.rate, found.whole_rate, found.wall_rate) == (5, 2, 1)
    assert (found.median, found.cpu, found.memory, found.before, found.disk) == pytest.approx((20, 1, 9, 7, 5))


class TestReport:
    """Ten articles of two questions each."""

    clusters = tuple(f"article {number // 2}" for number in range(20))

    def report(self, ours: Sequence[float], theirs: Sequence[float], written: Written) -> PeersReport:
        def quality(values: Sequence[float]) -> Quality:
            return Quality(dict.fromkeys(Quality.MEASURES, values))

        fast = Speed("rank-bm25", 9, 9, 9, 1, 1, 1, 100, 90, None)
        slow = Speed("Pullquote", 5, 5, 5, 2, 2, 2, 100, 80, 3.0)
        return PeersReport(
            {"Pullquote": "numpy"},
            {"Pullquote": quality(ours), "rank-bm25": quality(theirs)},
            self.clusters,
            [Measured("squad", written, [slow, fast])],
            ["Gone is left out"],
        )

    def test_a_better_peer_is_named(self, written: Written) -> None:
        page = self.report([0.0] * 20, [1.0] * 20, written).to_markdown()
        assert "- rank-bm25 is better: Success@1 (-1.000 for Pullquote, p 0.002)" in page
        assert "not told apart" not in page

    def test_a_tie_is_named(self, written: Written) -> None:
        page = self.report([1.0] * 20, [1.0, 0.0] + [1.0] * 18, written).to_markdown()
        assert "- rank-bm25 and Pullquote are not told apart: Success@1 (+0.050 for Pullquote, p 1.000)" in page
        assert "is better" not in page

    def test_a_worse_peer_is_not(self, written: Written) -> None:
        page = self.report([1.0] * 20, [0.0] * 20, written).to_markdown()
        assert "is better" not in page
        assert "not told apart" not in page
        assert "| rank-bm25 | +1.000 [+1.000, +1.000], p 0.002 |" in page

    def test_a_faster_peer_is_named_with_both_figures(self, written: Written) -> None:
        page = self.report([1.0] * 20, [0.0] * 20, written).to_markdown()
        (line,) = [line for line in page.splitlines() if line.startswith("- rank-bm25 is ahead on squad")]
        assert "a search: median, ms (1.0 against 2.0)" in line
        assert "memory" not in line  # as much
        assert "disk" not in line  # keeps none
        assert page.startswith("Gone is left out")
