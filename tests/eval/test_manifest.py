"""Manifests: other code or other weights are another run, whatever their names say; older manifests can be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from eval import manifest
from eval.compare import compare
from eval.manifest import MANIFEST, RunManifest, code_sha256, read_manifest
from eval.runner import Run, evaluate, load_run
from index.errors import RunError
from index.minilm import MINILM
from qa.readers.span import MODEL_FILE, MODEL_FOLDER
from tests.eval.runs import QUESTIONS, SAID, FakeAssistant

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NEW = ("code_sha256", "model_files")
"""What manifests of earlier versions do not have."""


def run(out: Path | None = None, assistant: FakeAssistant | None = None, reader_folder: Path | None = None) -> Run:
    asked = assistant or FakeAssistant(SAID)
    return evaluate(QUESTIONS, asked, out, resamples=20, reader_folder=reader_folder)  # type: ignore[arg-type]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def packages(base: Path) -> dict[str, Path]:
    """Three small packages."""
    for place, text in (("index/a.py", "x = 1"), ("qa/sub/b.py", ""), ("qa/c.py", "y"), ("eval/d.py", "z")):
        write(base / place, text)
    return {name: base / name for name in ("index", "qa", "eval")}


class TestCode:
    @pytest.mark.parametrize(
        "change",
        [
            lambda base: write(base / "index/a.py", "x = 2"),
            lambda base: write(base / "eval/d.py", "z\n"),
            lambda base: write(base / "qa/sub/new.py", ""),
            lambda base: (base / "qa/sub/b.py").unlink(),
            lambda base: (base / "qa/c.py").rename(base / "qa/e.py"),
            lambda base: (base / "qa/c.py").rename(base / "qa/sub/c.py"),
            lambda base: (base / "qa/c.py").rename(base / "eval/c.py"),
            lambda base: (write(base / "qa/c.py", "z"), write(base / "eval/d.py", "y")),
        ],
    )
    def test_every_source_counts(self, tmp_path: Path, change: Callable[[Path], object]) -> None:
        folders = packages(tmp_path)
        before = code_sha256(folders)
        change(tmp_path)
        assert code_sha256(folders) != before

    def test_nothing_else_counts(self, tmp_path: Path) -> None:
        folders = packages(tmp_path)
        before = code_sha256(folders)
        write(tmp_path / "qa" / "page.css", "p {}")
        write(tmp_path / "qa" / "__pycache__" / "c.pyc", "compiled")
        write(tmp_path / "tests" / "test_a.py", "assert True")
        assert code_sha256(dict(reversed(folders.items()))) == before
        moved = {name: folder.rename(tmp_path / f"of {name}") for name, folder in folders.items()}
        assert code_sha256(moved) == before

    def test_the_order_in_which_a_disk_lists_files_does_not_count(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folders = packages(tmp_path)
        listed = Path.rglob
        found = set()
        for backwards in (False, True):
            monkeypatch.setattr(Path, "rglob", lambda *given, last=backwards: sorted(listed(*given), reverse=last))
            found.add(code_sha256(folders))
        assert len(found) == 1

    @pytest.mark.parametrize("source", ["index/a.py", "qa/sub/b.py", "eval/d.py"])
    def test_it_is_that_of_the_packages_that_answer_and_measure(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
    ) -> None:
        packages(tmp_path)
        monkeypatch.setattr("importlib.resources.files", lambda name: tmp_path / name)
        before = manifest.loaded_code_sha256.__wrapped__()
        write(tmp_path / source, "changed")
        assert manifest.loaded_code_sha256.__wrapped__() != before

    def test_a_run_of_other_code_is_not_gone_on_with(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        out = tmp_path / "run"
        assert len(run(out).manifest.code_sha256 or "") == 64
        before = {path.name: path.read_bytes() for path in out.iterdir()}
        monkeypatch.setattr(manifest, "loaded_code_sha256", lambda: "0" * 64)
        asked = FakeAssistant(SAID)
        with pytest.raises(RunError, match="holds a run with another code_sha256; name another folder with --out"):
            run(out, asked)
        assert asked.asked == []
        assert {path.name: path.read_bytes() for path in out.iterdir()} == before


class TestReader:
    def test_changed_weights_change_the_manifest(self, tmp_path: Path) -> None:
        weights = write(tmp_path / "reader" / "onnx" / "model.onnx", "weights")
        write(tmp_path / "reader" / ".git" / "index", "of a clone")
        out = tmp_path / "run"
        before = run(out, reader_folder=tmp_path / "reader").manifest
        assert list(before.model_files["reader"]) == ["onnx/model.onnx"]
        assert run(out, reader_folder=tmp_path / "reader").kept == 4
        write(weights, "Weights")
        assert run(reader_folder=tmp_path / "reader").manifest == replace(
            before, model_files={**before.model_files, "reader": {"onnx/model.onnx": manifest._sha256(weights)}}
        ), "nothing else tells them apart"
        with pytest.raises(RunError, match="holds a run with another model_files"):
            run(out, reader_folder=tmp_path / "reader")

    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(RunError, match=r"nowhere is no folder; name the one that the reader was loaded from"):
            run(tmp_path / "run", reader_folder=tmp_path / "nowhere")
        assert not (tmp_path / "run").exists()

    def test_of_the_one_that_ships_its_own_manifest_tells(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        values = {"name": "ours 1", "files": {"model.onnx": "1" * 64}, "calibration": 1}
        ours = FakeAssistant(SAID, reader="ours 1")
        monkeypatch.setattr(manifest, "MODEL_FOLDER", tmp_path)
        found = []
        for change in ({}, {"files": {"model.onnx": "2" * 64}}, {"calibration": 2}):
            write(tmp_path / "reader.json", json.dumps({**values, **change}))
            found.append(dict(run(assistant=ours).manifest.model_files["reader"]))
        assert [one["model.onnx"][0] for one in found] == ["1", "2", "1"]
        assert len({one["reader.json"] for one in found}) == 3
        assert run(assistant=FakeAssistant(SAID, reader="another")).manifest.model_files["reader"] == {}

    def test_the_one_that_ships_is_known_by_its_name(self) -> None:
        name = json.loads((MODEL_FOLDER / "reader.json").read_bytes())["name"]
        files = run(assistant=FakeAssistant(SAID, reader=name)).manifest.model_files["reader"]
        assert files[MODEL_FILE] == manifest._sha256(MODEL_FOLDER / MODEL_FILE)

    def test_of_one_of_the_hub_its_commit_tells(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        cached = tmp_path / "models--somebody--reader"
        write(cached / "snapshots" / COMMIT / "config.json", "{}")
        write(cached / "refs" / "main", COMMIT)
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
        files = [
            run(assistant=FakeAssistant(SAID, reader=name)).manifest.model_files["reader"]
            for name in ("somebody/reader", "somebody/other", "no name of the hub", "sentence")
        ]
        assert files == [{"revision": COMMIT}, {}, {}, {}]


def test_the_embedders_weights_and_graph_change_the_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_embedder(name: str, sha256: str) -> RunManifest:
        identity = replace(FakeAssistant.identity, embedder_name=name, embedder_sha256=sha256)
        monkeypatch.setattr(FakeAssistant, "identity", identity)
        monkeypatch.setattr(FakeAssistant, "models", {"embedder": name, "reader": "fake 1"})
        return run().manifest

    assert with_embedder("words", "0" * 64) != with_embedder("words", "1" * 64)
    assert with_embedder("words", "0" * 64).model_files["embedder"] == {}
    before = with_embedder(MINILM, "0" * 64).model_files["embedder"]
    monkeypatch.setattr(manifest, "GRAPH_FILE", write(tmp_path / "minilm.onnx", "another graph"))
    after = with_embedder(MINILM, "0" * 64).model_files["embedder"]
    assert list(before) == list(after) == ["minilm.onnx"]
    assert before != after


class TestEarlierVersions:
    @pytest.fixture
    def earlier(self, tmp_path: Path) -> Path:
        """The folder of a run whose manifest knows nothing of code and models' files."""
        run(tmp_path / "run")
        path = tmp_path / "run" / MANIFEST
        values = json.loads(path.read_text(encoding="utf-8"))
        write(path, json.dumps({name: value for name, value in values.items() if name not in NEW}))
        return tmp_path / "run"

    def test_it_is_read_and_compared(self, earlier: Path) -> None:
        old, new = load_run(earlier), run()
        assert (old.manifest.code_sha256, old.manifest.model_files) == (None, {})
        assert old.measures.keys() == new.measures.keys()
        assert ("code_sha256", None, new.manifest.code_sha256) in compare(old, new, resamples=20).settings

    def test_it_is_not_gone_on_with(self, earlier: Path) -> None:
        with pytest.raises(RunError, match="holds a run with another model_files, code_sha256; name another folder"):
            run(earlier)

    @pytest.mark.parametrize("missing", ["settings", "models", "seed"])
    def test_what_every_version_wrote_is_needed(self, earlier: Path, missing: str) -> None:
        path = earlier / MANIFEST
        values = json.loads(path.read_text(encoding="utf-8"))
        del values[missing]
        write(path, json.dumps(values))
        with pytest.raises(RunError, match=r"manifest\.json is not the manifest of a run"):
            read_manifest(earlier)


def test_other_code_and_weights_are_told_by_a_comparison(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = write(tmp_path / "model.safetensors", "a")
    one = run(reader_folder=tmp_path)
    write(weights, "b")
    monkeypatch.setattr(manifest, "loaded_code_sha256", lambda: "0" * 64)
    other = run(reader_folder=tmp_path)
    told = {name for name, *_ in compare(one, other, resamples=20).settings}
    assert told == {"code_sha256", "model_files.reader.model.safetensors"}
