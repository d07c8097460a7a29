"""``pullquote doctor`` finds what is wrong, and only that."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from importlib.metadata import packages_distributions
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.testing import CliRunner

from index.embedder import load_embedder
from index.errors import CollectionError, IndexNotFoundError, ModelError
from index.records import Article, Vector
from qa.assistant import Assistant
from qa.cli import app, checks
from qa.cli.checks import CheckFailedError, check_index, check_model_files, check_reader, check_vectors
from qa.cli.doctor import LIBRARIES, Outcome, run_check
from qa.readers.span import MODEL_FILE, MODEL_FOLDER, read_manifest
from tests.conftest import PROJECT_ROOT


def test_a_failing_check_is_told_and_stops_nothing() -> None:
    def fails() -> str:
        raise ValueError("of a kind")

    assert run_check(("name", fails, "do this")) == Outcome("name", False, "ValueError: of a kind", "do this")
    assert run_check(("name", lambda: "found", "do this")) == Outcome("name", True, "found")


def test_the_embedded_model_is_the_right_one() -> None:
    assert check_model_files()
    assert check_vectors()


@pytest.mark.parametrize(
    ("change", "words"), [("turned", "another vector"), ("longer", "length 2"), ("nan", "length nan")]
)
def test_a_model_that_gives_other_vectors_is_found(monkeypatch: pytest.MonkeyPatch, change: str, words: str) -> None:
    class Changed:
        """The true vector, spoiled."""

        def embed_queries(self, texts: Sequence[str]) -> Vector:
            vectors = true.embed_queries(texts)
            if change == "turned":
                return np.roll(vectors, 1, axis=1)
            return vectors * np.float32(2 if change == "longer" else np.nan)

    true = load_embedder()
    monkeypatch.setattr(checks, "load_embedder", lambda _: Changed())
    with pytest.raises(CheckFailedError, match=words):
        check_vectors()


def test_the_reader_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_manifest(MODEL_FOLDER)["files"][MODEL_FILE] in check_reader()
    folder = tmp_path / "reader"
    shutil.copytree(MODEL_FOLDER, folder)
    (folder / MODEL_FILE).write_bytes((folder / MODEL_FILE).read_bytes()[:-1])
    monkeypatch.setattr(checks, "MODEL_FOLDER", folder)
    with pytest.raises(ModelError, match="SHA-256"):
        check_reader()
    monkeypatch.undo()
    monkeypatch.setattr(checks, "READ_QUESTION", "What colour is the lighthouse keeper's boat?")
    monkeypatch.setattr(checks, "READ_ANSWER", "green")
    with pytest.raises(CheckFailedError, match="green"):
        check_reader()


def test_an_index_is_checked(tmp_path: Path) -> None:
    articles = [
        Article(article_id=f"a{number}", text=f"Article {number} begins. It has 🚀 a second sentence. And a third.")
        for number in range(5)
    ]
    folder = tmp_path / "index"
    Assistant.build(articles, folder).close()
    assert "articles 5, sentences 15; citations checked 15" in check_index(folder)

    largest = max(
        (path for path in (folder / "segments").rglob("*") if path.is_file()), key=lambda path: path.stat().st_size
    )
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)
    with pytest.raises(CollectionError):
        check_index(folder)
    with pytest.raises(IndexNotFoundError):
        check_index(tmp_path / "nowhere")


def test_the_network_is_refused_and_the_call_noted() -> None:
    code = """
import json, socket, urllib.request
from qa.cli.offline import refuse_network
refused = []
refuse_network(refused)
one, other = socket.socketpair()  # of this machine: allowed
one.sendall(b"here")
assert other.recv(4) == b"here"
for call in (
    lambda: socket.getaddrinfo("pullquote.invalid", 443),
    lambda: socket.gethostbyname("pullquote.invalid"),
    lambda: socket.create_connection(("127.0.0.1", 9)),
    lambda: socket.socket(socket.AF_INET).connect_ex(("127.0.0.1", 9)),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)),
    lambda: urllib.request.urlopen("http://127.0.0.1:9/"),
):
    before = len(refused)
    try:
        call()
    except OSError as error:
        assert "refused by the offline check" in str(error), error
    else:
        raise AssertionError("allowed")
    assert len(refused) > before
print(json.dumps(refused))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert any("pullquote.invalid" in call for call in json.loads(done.stdout))


def test_a_library_that_does_not_load_is_found(tmp_path: Path) -> None:
    """The doctor itself must start where nothing else does."""
    (tmp_path / "faiss.py").write_text("raise ImportError('libopenblas.so.0: cannot open shared object file')\n")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(
        [sys.executable, "-m", "qa", "doctor"],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    [failed] = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert failed.startswith("FAIL libraries: ImportError: libopenblas.so.0")
    assert "to do: install Pullquote again" in done.stdout
    assert done.stderr == ""


@pytest.mark.slow
def test_all_is_well_here(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    Assistant.build([Article(article_id="a", text="One sentence. Another sentence.")], folder).close()
    result = CliRunner().invoke(app, ["doctor", "--index", str(folder), "--json"])
    report = json.loads(result.stdout)
    assert [check["name"] for check in report["checks"]] == [
        "python",
        "packages",
        "libraries",
        "model",
        "vectors",
        "reader",
        "index",
        "offline",
    ]
    assert [check for check in report["checks"] if not check["ok"]] == []
    assert (report["ok"], result.exit_code) == (True, 0)


def test_the_libraries_that_are_tried_are_those_that_are_required() -> None:
    pyproject = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    required = {canonicalize_name(Requirement(line).name) for line in pyproject["project"]["dependencies"]}
    carriers = packages_distributions()
    for library in LIBRARIES:
        assert {canonicalize_name(name) for name in carriers.get(library, ())} & required, library
