"""Embedders: text in, unit vectors out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.errors import ModelError
from index.minilm import MINILM, MinilmEmbedder, embedded_model_folder
from index.records import Vector

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class Embedder(Protocol):
    """Turns texts into unit vectors. The vector of a text is the same alone and among others, from any thread."""

    @property
    def name(self) -> str: ...

    @property
    def sha256(self) -> str:
        """Identifies the weights; vectors of different weights are never compared."""
        ...

    @property
    def dim(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """How many tokens, special ones included, the model reads; the rest of a text is not seen."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Each text's number of tokens, special ones included, without truncation."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        """Unit vectors, float32, shape ``(len(texts), dim)``."""
        ...

    def embed_chunks(self, texts: Sequence[str]) -> Vector:
        """Unit vectors, float32, shape ``(len(texts), dim)``."""
        ...


class SentenceTransformerEmbedder:
    """An embedder from any sentence-transformers model.

    Each text goes through the model alone, on one thread, and several texts run on several threads side by side: matrix
    products round differently for other batch shapes and thread counts, so this is what makes a text's vector the same
    bits whatever it is embedded with. On two cores it is no slower than batches.

    Args:
        model: a loaded model, on the CPU.
        name: what the index records.
        sha256: identifies the weights.
        threads: how many texts are embedded side by side; all cores when None.
    """

    def __init__(self, model: SentenceTransformer, *, name: str, sha256: str, threads: int | None = None) -> None:
        dim = model.get_embedding_dimension()
        if dim is None:
            raise ModelError(
                f"the model {name!r} does not say how long its vectors are; use a model with a pooling layer"
            )
        self._model = model
        self._name = name
        self._sha256 = sha256
        self._dim = int(dim)
        self._max_tokens = int(model.max_seq_length or 512)
        self._counter = _untruncated_tokenizer(model)
        self._pool = ThreadPoolExecutor(
            max_workers=threads or os.cpu_count() or 1,
            thread_name_prefix="embed",
            initializer=_one_torch_thread,
        )

    @property
    def name(self) -> str:
        return self._name

    @property
    def sha256(self) -> str:
        return self._sha256

    @property
    def dim(self) -> int:
        return self._dim

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding.ids) for encoding in self._counter.encode_batch(list(texts))]

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        return self._embed(self._model.encode_query, texts)

    def embed_chunks(self, texts: Sequence[str]) -> Vector:
        return self._embed(self._model.encode_document, texts)

    def _embed(self, encode: Any, texts: Sequence[str]) -> Vector:
        def one(text: str) -> Vector:
            vector: Vector = encode(text, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
            return vector

        if not texts:
            return np.zeros((0, self._dim), dtype=np.float32)
        return np.stack(list(self._pool.map(one, texts))).astype(np.float32, copy=False)


def load_embedder(name: str = MINILM) -> Embedder:
    """Load an embedder; the same one is given for the same name as long as the program runs.

    Args:
        name: ``"minilm"`` for the embedded all-MiniLM-L6-v2, or the name or folder of a sentence-transformers model. A
            name that is not a folder is looked up in the local cache and then, unless ``HF_HUB_OFFLINE=1``, on the hub.

    Raises:
        ModelError: the model cannot be loaded, or the embedded one's weights are not the official ones.
    """
    return _load(name)


@lru_cache(maxsize=4)
def _load(name: str) -> Embedder:
    if name == MINILM:
        return MinilmEmbedder(embedded_model_folder())
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  (takes seconds to import)
    from transformers.utils import logging  # noqa: PLC0415

    disable_progress_bar: Callable[[], None] = logging.disable_progress_bar
    disable_progress_bar()  # "Loading weights" says nothing to somebody who asks a question
    try:
        model = SentenceTransformer(name, device="cpu")
    except Exception as error:  # the libraries underneath raise OSError, ValueError, hub errors and more
        raise ModelError(
            f"cannot load the embedder {name!r}: {error}. Name a folder with a sentence-transformers model, "
            f"a model that is in the local cache, or {MINILM!r} for the embedded one"
        ) from error
    return SentenceTransformerEmbedder(model, name=name, sha256=_weights_sha256(model))


def embed(texts: Sequence[str], *, embedder: str = MINILM) -> Vector:
    """The embedder's unit vectors of ``texts``, float32, shape ``(len(texts), dim)``.

    Raises:
        ModelError: the embedder cannot be loaded.
    """
    if isinstance(texts, str):
        raise TypeError(f"embed takes a sequence of texts, not the string {texts[:40]!r}; write embed([text])")
    return load_embedder(embedder).embed_chunks(texts)


def _one_torch_thread() -> None:
    import torch  # noqa: PLC0415  (loaded with sentence-transformers)

    torch.set_num_threads(1)  # OpenMP keeps this number for each thread by itself


def _untruncated_tokenizer(model: SentenceTransformer) -> Any:
    """A copy of the model's tokenizer for counting: the model's own truncates, and must not be changed while it is in
    use on other threads."""
    from tokenizers import Tokenizer  # noqa: PLC0415  (loaded with sentence-transformers)

    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ModelError("the embedder's tokenizer is not a fast one (tokenizers library); name another model")
    copy = Tokenizer.from_str(backend.to_str())
    copy.no_truncation()
    copy.no_padding()
    return copy


def _weights_sha256(model: SentenceTransformer) -> str:
    """A SHA-256 over a model's parameters, by name."""
    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode("utf-8"))
        digest.update(tensor.detach().cpu().float().numpy().tobytes())
    return digest.hexdigest()
