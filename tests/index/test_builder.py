"""Bringing a collection up to date: what is done again, what is kept, and that the outcome is that of a fresh build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.builder import Builder, index_identity
from index.config import BuildConfig, SearchConfig
from index.errors import ArticleNotFoundError
from index.records import Article, Filter
from index.retriever import Retriever
from index.stores.local import EmbeddingCache, LocalStore
from tests.fakes import WordEmbedder

CONFIG = BuildConfig(chunk_words=12)
WORDS = ["ferry", "mayor", "budget", "tram", "river", "storm", "vote", "school", "doctor", "price"]


def article(number: int, *sentences: str, title: str = "News") -> Article:
    return Article(article_id=f"a{number}", title=title, text=" ".join(sentences))


FERRY = article(1, "The ferry sank in the river.", "The mayor saw it.", title="Ferry")
TRAM = article(2, "The tram cost rose.", "A vote on the budget follows.", title="Tram")
STORM = article(3, "A storm closed the school.")


def builder(
    folder: Path, embedder: WordEmbedder | None = None, config: BuildConfig = CONFIG
) -> tuple[Builder, LocalStore]:
    embedder = embedder or WordEmbedder()
    store = LocalStore.create(folder / "index", index_identity(config, embedder))
    return Builder(store, embedder, config, EmbeddingCache(folder / "cache.sqlite")), store


def contents(store: LocalStore) -> dict[str, str]:
    reader = store.reader()
    return {summary.article_id: reader.article(summary.article_id).text for summary in reader.articles()}


def found(store: LocalStore, query: str, where: Filter | None = None) -> list[tuple[object, ...]]:
    candidates = Retriever(store.reader(), WordEmbedder()).retrieve(query, SearchConfig(candidates=10), where)
    return [
        (c.rank, c.chunk, c.fused_score, c.lexical_score, c.sentence_scores, c.dense_rank, c.lexical_rank)
        for c in candidates
    ]


def test_an_update_reports_and_does_what_has_changed(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    build, store = builder(tmp_path, embedder)
    first = build.add([FERRY, TRAM])
    assert (first.added, first.changed, first.unchanged, first.removed) == (("a1", "a2"), (), (), ())
    assert first.embedded == len(embedder.embedded) == 4

    later = replace(TRAM, text=TRAM.text + " The mayor resigned.")
    second = build.synchronise([later, STORM, STORM])
    assert (second.added, second.changed, second.unchanged, second.removed) == (("a3",), ("a2",), (), ("a1",))
    assert contents(store) == {"a2": later.text, "a3": STORM.text}
    assert embedder.embedded[4:] == ["Tram\nThe mayor resigned.", "News\nA storm closed the school."]

    third = build.synchronise([later, STORM])
    assert (third.unchanged, third.embedded, third.generation) == (("a2", "a3"), 0, second.generation)


def test_a_changed_date_or_title_is_a_change(tmp_path: Path) -> None:
    build, store = builder(tmp_path)
    build.add([FERRY])
    assert build.add([replace(FERRY, title="Sunk")]).changed == ("a1",)
    assert next(iter(store.reader().articles())).title == "Sunk"


def test_of_articles_with_one_id_the_last_counts(tmp_path: Path) -> None:
    build, store = builder(tmp_path)
    build.add([FERRY, replace(FERRY, text="The ferry is safe.")])
    assert contents(store) == {"a1": "The ferry is safe."}


def test_removing_names_what_is_not_there_and_then_removes_nothing(tmp_path: Path) -> None:
    build, store = builder(tmp_path)
    build.add([FERRY])
    with pytest.raises(ArticleNotFoundError, match="a9"):
        build.remove(["a1", "a9"])
    assert set(contents(store)) == {"a1"}
    build.remove(["a1"])
    assert contents(store) == {}


def test_an_interrupted_build_goes_on_where_it_was(tmp_path: Path) -> None:
    class Interrupted(WordEmbedder):
        left = 40

        def embed_chunks(self, texts: Sequence[str]) -> object:  # type: ignore[override]
            self.left -= len(texts)
            if self.left < 0:
                raise KeyboardInterrupt
            return super().embed_chunks(texts)

    articles = [article(n, f"The {WORDS[n % 10]} number {n} came.") for n in range(100, 164)]
    embedder = Interrupted()
    build, store = builder(tmp_path, embedder)
    with pytest.raises(KeyboardInterrupt):
        build.add(articles)
    assert contents(store) == {}
    embedder.left = 1000
    assert build.add(articles).embedded == 64 - 40  # the first blocks of articles were kept
    assert len(contents(store)) == 64


def test_progress_ends_at_all(tmp_path: Path) -> None:
    build, _ = builder(tmp_path)
    told: list[tuple[int, int]] = []
    build.add([FERRY, TRAM, STORM], progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 3)
    assert told[-1] == (3, 3)
    assert told == sorted(told)


@st.composite
def histories(draw: st.DrawFn) -> list[list[Article]]:
    """Versions of a collection, one after the other."""
    versions = []
    for _ in range(draw(st.integers(1, 4))):
        numbers = draw(st.lists(st.integers(0, 5), unique=True, max_size=5))
        versions.append(
            [
                article(
                    n,
                    *(
                        f"{' '.join(words)}."
                        for words in draw(
                            st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), max_size=3)
                        )
                    ),
                )
                for n in numbers
            ]
        )
    return versions


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories(), query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), seed=st.randoms())
def test_any_history_of_updates_answers_as_a_fresh_build_in_any_order(
    history: list[list[Article]], query: list[str], seed: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("history")
    build, store = builder(folder / "updated")
    for version in history:
        build.synchronise(version)
    shuffled = list(history[-1])
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    fresh, fresh_store = builder(folder / "fresh")
    fresh.add(shuffled)
    for where in (None, Filter(articles=("a1", "a3"))):
        assert found(store, " ".join(query), where) == found(fresh_store, " ".join(query), where)
