"""The embedded model: the right weights, and vectors that depend on nothing but their text."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import embedder as embedder_module
from index.embedder import Embedder, embed, embedded_model_folder, load_embedder
from index.errors import ModelError

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
    monkeypatch.setattr(embedder_module, "MINILM_PACKAGE", "flipped_model")
    with pytest.raises(ModelError, match="SHA-256"):
        embedded_model_folder()
    (package / "model" / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="missing"):
        embedded_model_folder()
    monkeypatch.setattr(embedder_module, "MINILM_PACKAGE", "no_such_model_package")
    with pytest.raises(ModelError, match="pip install"):
        embedded_model_folder()


def test_a_model_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nothing-here"):
        load_embedder(str(tmp_path / "nothing-here"))


def test_one_text_is_not_taken_for_many() -> None:
    with pytest.raises(TypeError, match="sequence of texts"):
        embed("one text")
