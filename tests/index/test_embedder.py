"""The embedded model: the right weights, and vectors that depend on nothing but their text."""

from __future__ import annotations

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from index import minilm as minilm_module
from index.embedder import Embedder, SentenceTransformerEmbedder, embed, load_embedder
from index.errors import ModelError
from index.minilm import GRAPH_FILE, MINILM_SHA256, embedded_model_folder
from index.minilm_graph import main as write_minilm_graph

TEXTS = [
    "The ferry sank.",
    "A much longer sentence about the budget of a town by the river, with a figure of 7.1% and a name: Anh Nguyễn.",
    "",
    "word " * 600,
    "\N{GRINNING FACE} 日本語 Ελλάδα",
    "The ferry sank!",
]


@pytest.fixture(scope="module")
def minilm() -> Embedder:
    return load_embedder()


def test_a_vector_is_the_same_bits_alone_among_others_and_from_any_thread(minilm: Embedder) -> None:
    alone = np.stack([minilm.embed_chunks([text])[0] for text in TEXTS])
    order = list(range(len(TEXTS)))
    random.Random(1).shuffle(order)
    together = minilm.embed_chunks([TEXTS[i] for i in order])
    assert (together == alone[order]).all()
    with ThreadPoolExecutor(8) as pool:
        for vectors in pool.map(lambda _: minilm.embed_chunks(TEXTS), range(8)):
            assert (vectors == alone).all()


def test_vectors_are_of_unit_length_and_of_the_documented_form(minilm: Embedder) -> None:
    for vectors in (minilm.embed_chunks(TEXTS), minilm.embed_queries(TEXTS), embed(TEXTS)):
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), minilm.dim) == (len(TEXTS), 384)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert embed([]).shape == (0, 384)


def test_vectors_mean_something(minilm: Embedder) -> None:
    question, near, far = minilm.embed_queries(
        [
            "How many people were hurt when the ferry sank?",
            "Fourteen passengers were injured as the ship went down.",
            "Tram fares rise.",
        ]
    )
    assert question @ near > question @ far + 0.2


def test_tokens_are_counted_without_truncation(minilm: Embedder) -> None:
    assert minilm.count_tokens(["", "hello world", "word " * 600]) == [2, 4, 602]
    assert minilm.max_tokens == 256


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "flipped_model"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    content = bytearray(embedded_model_folder().joinpath("model.safetensors").read_bytes())
    content[len(content) // 2] ^= 1
    (package / "model" / "model.safetensors").write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(minilm_module, "MINILM_PACKAGE", "flipped_model")
    with pytest.raises(ModelError, match="SHA-256"):
        embedded_model_folder()
    (package / "model" / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="missing"):
        embedded_model_folder()
    monkeypatch.setattr(minilm_module, "MINILM_PACKAGE", "no_such_model_package")
    with pytest.raises(ModelError, match="pip install"):
        embedded_model_folder()


def test_the_embedded_model_gives_the_vectors_of_sentence_transformers(minilm: Embedder) -> None:
    """Sentence-transformers is the oracle; words of single letters, of many pieces and of no known piece, and special
    tokens that are text, are cut into the same tokens."""
    model = SentenceTransformer(str(embedded_model_folder()), device="cpu", local_files_only=True)
    oracle = SentenceTransformerEmbedder(model, name="minilm", sha256=MINILM_SHA256)
    texts = [*TEXTS, "a\x00b\u200b [SEP] [MASK] ##ing \N{COMBINING ACUTE ACCENT}", "x" * 300, "1" * 300, "\n \t"]
    for ours, theirs in (
        (minilm.embed_chunks(texts), oracle.embed_chunks(texts)),
        (minilm.embed_queries(texts), oracle.embed_queries(texts)),
    ):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert minilm.count_tokens(texts) == oracle.count_tokens(texts)
    assert (minilm.dim, minilm.max_tokens) == (oracle.dim, oracle.max_tokens)


def test_the_embedded_model_is_run_without_torch() -> None:
    """Importing it takes longer than answering a question."""
    program = "import sys; from index.embedder import embed; embed(['a']); print('torch' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_the_graph_is_the_one_that_its_command_writes(tmp_path: Path) -> None:
    write_minilm_graph([str(tmp_path / "again.onnx")])
    assert (tmp_path / "again.onnx").read_bytes() == GRAPH_FILE.read_bytes()


def test_a_model_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nothing-here"):
        load_embedder(str(tmp_path / "nothing-here"))


def test_one_text_is_not_taken_for_many() -> None:
    with pytest.raises(TypeError, match="sequence of texts"):
        embed("one text")
