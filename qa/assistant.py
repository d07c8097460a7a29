"""``Assistant`` and ``ask``: Pullquote as a Python library."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Self

from index.builder import Builder, BuildReport, Progress, index_identity
from index.config import BuildConfig
from index.embedder import Embedder, load_embedder
from index.errors import IndexExistsError, IndexNotFoundError, LoadError
from index.manifest import IndexIdentity
from index.records import Article, Candidate, Filter, Sentence
from index.stores.base import ArticleSummary
from index.stores.local import EmbeddingCache, LocalStore
from index.tokenizer import Tokenizer
from qa.citations import CitationCheck
from qa.config import QAConfig
from qa.gathering import Articles, GatheredArticles, gather_articles
from qa.pipeline import Explanation, Pipeline
from qa.readers.base import Reader
from qa.readers.loading import SPAN, load_reader
from qa.records import Answer, Citation, Turn
from qa.updates import UpdateReport


class Assistant:
    """Answers questions over one collection, and keeps the collection up to date.

    Made by ``Assistant.build`` or ``Assistant.open``. Every method may be called from any thread; a question sees one
    generation of the collection, whole, while another thread changes it.

    Attributes:
        last_update: what the last build, ``add`` or ``remove`` through this object did; None before the first.
    """

    def __init__(
        self,
        store: LocalStore,
        embedder: Embedder,
        *,
        config: QAConfig | None = None,
        reader: Reader | str | None = None,
        temporary: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._config = config or QAConfig()
        named = SPAN if reader is None else reader
        terms = Tokenizer(stem=store.identity.build.stem)
        self._reader = load_reader(named, terms) if isinstance(named, str) else named
        self._temporary = temporary
        self._update_lock = threading.Lock()
        self._pipeline = self._opened()
        self.last_update: UpdateReport | None = None

    @classmethod
    def build(
        cls,
        articles: Articles,
        index_dir: str | Path | None = None,
        *,
        build: BuildConfig | None = None,
        config: QAConfig | None = None,
        reader: Reader | str | None = None,
        encoding: str | None = None,
        progress: Progress | None = None,
        rebuild: bool = False,
    ) -> Self:
        """Index articles. An index that is there already is brought up to date: what has not changed is kept, and what
        is no longer among the articles is removed, unless some files could not be read this time.

        Args:
            articles: a path to a file or folder, several paths, or ``Article`` records.
            index_dir: where the index is kept; None for a temporary one, which ``close`` deletes.
            build: what shapes the index.
            config: default settings of answering.
            reader: finds the answers: ``"span"`` (when None), ``"sentence"``, the name or folder of a Hugging Face
                extractive question answering model, or a ``Reader``.
            encoding: read text files in this encoding, whatever they look like.
            progress: told how many articles are done, and of how many.
            rebuild: begin anew where an index is there already, damaged or built with other settings though it may be;
                it is replaced in one step, when the new one is complete.

        Raises:
            LoadError: a path does not exist, or nothing at all could be read.
            IndexMismatchError: the index that is there was built with other settings.
            IndexCorruptError: the index that is there is damaged.
        """
        settings = build or BuildConfig()
        embedder = load_embedder(settings.embedder)
        found = gather_articles(articles, encoding)
        if not found.articles and found.failures:
            raise LoadError("no article could be read: " + "; ".join(str(failure) for failure in found.failures))
        temporary = tempfile.TemporaryDirectory(prefix="pullquote-") if index_dir is None else None
        folder = Path(temporary.name) / "index" if temporary else Path(str(index_dir))
        identity = index_identity(settings, embedder)
        if rebuild:
            store = LocalStore.at(folder, identity)
            with suppress(IndexNotFoundError):
                report = _rebuild(store, embedder, found, progress)
                assistant = cls(store, embedder, config=config, reader=reader, temporary=temporary)
                assistant.last_update = UpdateReport(report, found.failures, found.warnings, found.skipped)
                return assistant
        try:
            store = LocalStore.open(folder, identity)
        except IndexNotFoundError:
            store = LocalStore.create(folder, identity)
        assistant = cls(store, embedder, config=config, reader=reader, temporary=temporary)
        if found.failures and assistant.articles():
            kept = "nothing was removed, because some files could not be read; run it again when they can"
            found = replace(found, warnings=(*found.warnings, kept))
            assistant._update(found, lambda builder: builder.add(found.articles, progress=progress))
        else:
            assistant._update(found, lambda builder: builder.synchronise(found.articles, progress=progress))
        return assistant

    @classmethod
    def open(cls, index_dir: str | Path, *, config: QAConfig | None = None, reader: Reader | str | None = None) -> Self:
        """Open an index that was built before.

        Raises:
            IndexNotFoundError: there is none at that place.
            IndexCorruptError: a file is missing or is not what was written.
            IndexMismatchError: it was built with another format, model or version of the text's rules.
        """
        store = LocalStore.open(Path(index_dir))
        embedder = load_embedder(store.identity.build.embedder)
        store.identity.require(index_identity(store.identity.build, embedder), str(index_dir))
        return cls(store, embedder, config=config, reader=reader)

    def with_config(self, config: QAConfig) -> Self:
        """The same collection, asked with other settings; closing either leaves the other open."""
        return type(self)(self._store, self._embedder, config=config, reader=self._reader)

    def beside(self, index_dir: str | Path, *, create: bool = False) -> Self:
        """Another index, asked with the models and settings of this one, which so are loaded once.

        Args:
            create: make an empty index where there is none, built with the settings of this one.

        Raises:
            CollectionError: as ``open``.
        """
        if create:
            with suppress(IndexExistsError):
                LocalStore.create(index_dir, self.identity)
        store = LocalStore.open(index_dir)
        store.identity.require(index_identity(store.identity.build, self._embedder), str(index_dir))
        return type(self)(store, self._embedder, config=self._config, reader=self._reader)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index; a temporary one is deleted."""
        self._pipeline.collection.close()
        if self._temporary:
            self._temporary.cleanup()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Answer | Turn] = (),
        where: Filter | None = None,
        query: str | None = None,
        today: date | None = None,
    ) -> Answer:
        """Answer a question from the articles, in their own words, or say that they do not answer it.

        Args:
            question: as the person typed it.
            history: the conversation so far, oldest first; what a follow-up leans on is taken from it.
            where: which articles may answer.
            query: the stand-alone query to search; made from the question and the history when None.
            today: the day of asking, which "yesterday" or "last year" in the question count from; None leaves such
                words as they are.

        Raises:
            QuestionError: the question is empty or too long.
        """
        return self._pipeline.ask(question, history=history, where=where, query=query, today=today)

    def explain(
        self,
        question: str,
        *,
        history: Sequence[Answer | Turn] = (),
        where: Filter | None = None,
        query: str | None = None,
        today: date | None = None,
    ) -> Explanation:
        """Answer a question as ``ask`` does, and keep the candidates, their readings and the time that each stage took.

        Raises:
            QuestionError: the question is empty or too long.
        """
        return self._pipeline.explain(question, history=history, where=where, query=query, today=today)

    def retrieve(self, query: str, k: int | None = None, where: Filter | None = None) -> tuple[Candidate, ...]:
        """The ``k`` best candidates for a stand-alone query, with their ranks and scores.

        Raises:
            QuestionError: the query is empty or too long.
        """
        return self._pipeline.retrieve(query, k, where)

    def add(self, articles: Articles, *, encoding: str | None = None, progress: Progress | None = None) -> UpdateReport:
        """Add articles, or replace those of the same id that have changed.

        Raises:
            LoadError: a path does not exist.
        """
        found = gather_articles(articles, encoding)
        return self._update(found, lambda builder: builder.add(found.articles, progress=progress))

    def remove(self, article_ids: Collection[str]) -> UpdateReport:
        """Remove articles from the index; their files are left alone.

        Raises:
            ArticleNotFoundError: names every id that is not there; nothing is removed then.
        """
        return self._update(GatheredArticles(), lambda builder: builder.remove(article_ids))

    def articles(self) -> tuple[ArticleSummary, ...]:
        """All articles, without their texts, by article id."""
        return tuple(self._pipeline.collection.articles())

    def article(self, article_id: str) -> Article:
        """An article with its text.

        Raises:
            ArticleNotFoundError: there is none of that id.
        """
        return self._pipeline.collection.article(article_id)

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """An article's sentences, in order."""
        return self._pipeline.collection.sentences(article_id)

    def check(self, citation: Citation) -> CitationCheck:
        """Check a citation against the text that is stored now; do so each time it is shown."""
        return self._pipeline.check(citation)

    @property
    def generation(self) -> int:
        """The number of the generation that is asked."""
        return self._pipeline.collection.generation

    @property
    def config(self) -> QAConfig:
        return self._config

    @property
    def index_dir(self) -> Path:
        """The index's folder; a temporary one is there until ``close``."""
        return self._store.path

    @property
    def identity(self) -> IndexIdentity:
        """What the index was built with."""
        return self._store.identity

    @property
    def models(self) -> dict[str, str]:
        """The models' names, by part, as an answer records them."""
        return {"embedder": self._embedder.name, "reader": self._reader.name}

    def _opened(self) -> Pipeline:
        return Pipeline(self._store.reader(), self._embedder, self._reader, self._config)

    def _update(self, found: GatheredArticles, change: Callable[[Builder], BuildReport]) -> UpdateReport:
        with self._update_lock:
            with EmbeddingCache(self._store.embedding_cache_path) as cache:
                report = change(Builder(self._store, self._embedder, self._store.identity.build, cache))
            # Questions under way keep the generation they began with; it is let go with the last of them.
            self._pipeline = self._opened()
            self.last_update = UpdateReport(report, found.failures, found.warnings, found.skipped)
            return self.last_update


def ask(
    question: str,
    articles: Articles,
    *,
    history: Sequence[Answer | Turn] = (),
    where: Filter | None = None,
    config: QAConfig | None = None,
    reader: Reader | str | None = None,
    today: date | None = None,
) -> Answer:
    """Index the articles, ask one question, and leave no files behind. To ask several, keep an ``Assistant``.

    Args:
        articles: a path to a file or folder, several paths, or ``Article`` records.

    Raises:
        LoadError: a path does not exist, or nothing at all could be read.
        QuestionError: the question is empty or too long.
    """
    with Assistant.build(articles, config=config, reader=reader) as assistant:
        return assistant.ask(question, history=history, where=where, today=today)


def _rebuild(store: LocalStore, embedder: Embedder, found: GatheredArticles, progress: Progress | None) -> BuildReport:
    writer = LocalStore.rebuild(store.path, store.identity)
    with EmbeddingCache(store.embedding_cache_path) as cache:
        builder = Builder(store, embedder, store.identity.build, cache)
        return builder.rebuild(writer, found.articles, progress=progress)
