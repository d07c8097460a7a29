"""Articles in, a new generation of the collection out: split, chunk, embed, write, publish."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np

from index.chunks import CHUNK_RULES, chunk_article
from index.config import BuildConfig
from index.embedder import Embedder
from index.manifest import IndexIdentity
from index.records import Article, Chunk, Sentence, Vector, text_sha256
from index.sentences import SENTENCE_RULES, split_article
from index.stores.base import CollectionStore, CollectionWriter, PreparedArticle, record_sha256
from index.tokenizer import Tokenizer

ARTICLES_PER_BLOCK = 8
"""How many articles are embedded together: enough to keep all cores busy, few enough to show progress and to lose
little when interrupted."""

SPLITTER_VERSION = f"sentences {SENTENCE_RULES}, chunks {CHUNK_RULES}"
"""Names the rules that make sentences and chunks; an index made under other rules is refused."""

Progress = Callable[[int, int], None]
"""Called with the number of articles done and the number of articles there are."""


class VectorCache(Protocol):
    """Keeps vectors by key, so that no text is embedded twice and an interrupted build goes on where it was."""

    def get_many(self, keys: Sequence[str]) -> dict[str, Vector]: ...

    def put_many(self, vectors: Mapping[str, Vector]) -> None: ...


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What an update did, by article id.

    Attributes:
        generation: the generation that is current afterwards.
        embedded: how many sentences went through the embedder; the other new ones' vectors were kept from before.
    """

    generation: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    embedded: int


@dataclass(frozen=True, slots=True)
class _SplitArticle:
    """An article before its vectors: ``row_texts`` are what is to be embedded."""

    article: Article
    sentences: tuple[Sentence, ...]
    chunks: tuple[Chunk, ...]
    row_texts: tuple[str, ...]
    chunk_rows: tuple[tuple[int, int], ...]


def index_identity(config: BuildConfig, embedder: Embedder) -> IndexIdentity:
    """Everything that shapes the answers of an index built with these settings and this embedder."""
    return IndexIdentity(
        build=config,
        embedder_name=embedder.name,
        embedder_sha256=embedder.sha256,
        dim=embedder.dim,
        tokenizer_version=Tokenizer(stem=config.stem).version,
        splitter_version=SPLITTER_VERSION,
    )


class Builder:
    """Brings a collection up to date.

    Args:
        store: where the collection is kept.
        embedder: makes the vectors.
        config: what shapes the index; must be what the store was created with.
        cache: keeps vectors between builds.
    """

    def __init__(self, store: CollectionStore, embedder: Embedder, config: BuildConfig, cache: VectorCache) -> None:
        self._store = store
        self._embedder = embedder
        self._config = config
        self._cache = cache
        self._tokenizer = Tokenizer(stem=config.stem)

    def add(self, articles: Iterable[Article], *, progress: Progress | None = None) -> BuildReport:
        """Add articles; one of the same id is replaced when anything of it has changed, and left as it is otherwise.
        Of several articles with one id the last counts.

        Args:
            progress: told after each block of articles.
        """
        return self._update(articles, remove_others=False, progress=progress)

    def synchronise(self, articles: Iterable[Article], *, progress: Progress | None = None) -> BuildReport:
        """Make the collection hold these articles and no others.

        Args:
            progress: told after each block of articles.
        """
        return self._update(articles, remove_others=True, progress=progress)

    def rebuild(
        self, writer: CollectionWriter, articles: Iterable[Article], *, progress: Progress | None = None
    ) -> BuildReport:
        """Write these articles with a writer that replaces an index which cannot be used, or was built otherwise.

        Args:
            writer: one that begins with an empty collection.
            progress: told after each block of articles.
        """
        with writer:
            return self._write(writer, articles, remove_others=False, progress=progress)

    def remove(self, article_ids: Collection[str]) -> BuildReport:
        """Remove articles.

        Raises:
            ArticleNotFoundError: names every id that is not there; nothing is removed then.
        """
        with self._store.writer() as writer:
            writer.remove(article_ids)
            return BuildReport(writer.publish(), (), (), (), tuple(sorted(set(article_ids))), 0)

    def _update(self, articles: Iterable[Article], *, remove_others: bool, progress: Progress | None) -> BuildReport:
        with self._store.writer() as writer:
            return self._write(writer, articles, remove_others=remove_others, progress=progress)

    def _write(
        self,
        writer: CollectionWriter,
        articles: Iterable[Article],
        *,
        remove_others: bool,
        progress: Progress | None,
    ) -> BuildReport:
        wanted = {article.article_id: article for article in articles}
        present = writer.summaries()
        unchanged = {
            article_id
            for article_id, article in wanted.items()
            if article_id in present and present[article_id].record_sha256 == record_sha256(article)
        }
        pending = [wanted[article_id] for article_id in sorted(wanted.keys() - unchanged)]
        removed = tuple(sorted(present.keys() - wanted.keys())) if remove_others else ()
        writer.remove(removed)
        embedded = 0
        done = len(unchanged)
        if progress:
            progress(done, len(wanted))
        for block in _blocks(pending, ARTICLES_PER_BLOCK):
            prepared, newly_embedded = self._prepare(block)
            for article in prepared:
                writer.add(article)
            embedded += newly_embedded
            done += len(block)
            if progress:
                progress(done, len(wanted))
        generation = writer.publish()
        written = {article.article_id for article in pending}
        return BuildReport(
            generation=generation,
            added=tuple(sorted(written - present.keys())),
            changed=tuple(sorted(written & present.keys())),
            unchanged=tuple(sorted(unchanged)),
            removed=removed,
            embedded=embedded,
        )

    def _prepare(self, articles: Sequence[Article]) -> tuple[list[PreparedArticle], int]:
        """Split, chunk and embed; gives also how many rows had to go through the embedder."""
        split = [self._split(article) for article in articles]
        vectors, embedded = self._vectors([text for part in split for text in part.row_texts])
        rows = iter(vectors)
        return [
            PreparedArticle(
                article=part.article,
                sentences=part.sentences,
                chunks=part.chunks,
                vectors=np.array(list(islice(rows, len(part.row_texts))), dtype=np.float32).reshape(
                    len(part.row_texts), self._embedder.dim
                ),
                chunk_rows=part.chunk_rows,
                terms=tuple(self._tokenizer(chunk.indexed_text) for chunk in part.chunks),
            )
            for part in split
        ], embedded

    def _split(self, article: Article) -> _SplitArticle:
        sentences = split_article(article)
        chunks = chunk_article(
            article,
            sentences,
            chunk_words=self._config.chunk_words,
            overlap_sentences=self._config.overlap_sentences,
            count_tokens=self._embedder.count_tokens,
            max_tokens=self._embedder.max_tokens,
        )
        row_texts, chunk_rows = _rows(article, chunks)
        return _SplitArticle(article, sentences, chunks, row_texts, chunk_rows)

    def _vectors(self, texts: Sequence[str]) -> tuple[list[Vector], int]:
        keys = [text_sha256(f"{self._embedder.sha256}\n{text}") for text in texts]
        vectors = dict(self._cache.get_many(keys))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}
        if missing:
            made = dict(zip(missing, self._embedder.embed_chunks(list(missing.values())), strict=True))
            self._cache.put_many(made)
            vectors.update(made)
        return [vectors[key] for key in keys], len(missing)


def _blocks(articles: Sequence[Article], size: int) -> Iterator[Sequence[Article]]:
    for start in range(0, len(articles), size):
        yield articles[start : start + size]


def _rows(article: Article, chunks: Sequence[Chunk]) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """What is embedded: each sentence, or what a chunk holds of it, under the chunk's heading.

    Returns:
        The texts, each once, and for each chunk the half-open range of its own among them.
    """
    row_of: dict[tuple[int, int], int] = {}
    texts: list[str] = []
    chunk_rows = []
    for chunk in chunks:
        rows = []
        for sentence in chunk.sentences:
            start, end = max(sentence.start_char, chunk.start_char), min(sentence.end_char, chunk.end_char)
            if (start, end) not in row_of:
                row_of[start, end] = len(texts)
                text = article.text[start:end]
                texts.append(f"{chunk.heading}\n{text}" if chunk.heading else text)
            rows.append(row_of[start, end])
        chunk_rows.append((rows[0], rows[-1] + 1))
    return tuple(texts), tuple(chunk_rows)
