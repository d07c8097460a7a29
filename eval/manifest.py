"""What a run was made with: two runs with the same, but for the settings compared, can be held against each other."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Self

from eval.datasets.records import QuestionSet
from index.errors import RunError
from qa import Assistant

_LIBRARIES = ("pullquote", "numpy", "faiss-cpu", "onnxruntime", "rank-bm25", "bm25s", "sentence-transformers", "torch")
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunManifest:
    """A run's making.

    Attributes:
        questions_name, questions_sha256, questions: which question set, and how many questions.
        collection_sha256: of the articles' ids and texts' hashes, whatever index holds them.
        articles: how many.
        index_identity: what the index was built with.
        settings: those of answering.
        models: the names of embedder and reader.
        seed: fixes the intervals and tests.
        versions: of Python and of the libraries that give the answers.
        processor, system: the machine; speeds compare on one machine only.
    """

    questions_name: str
    questions_sha256: str
    questions: int
    collection_sha256: str
    articles: int
    index_identity: Mapping[str, Any]
    settings: Mapping[str, Any]
    models: Mapping[str, str]
    seed: int
    versions: Mapping[str, str]
    processor: str
    system: str

    def to_dict(self) -> dict[str, Any]:
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], where: str) -> Self:
        """Read what ``to_dict`` gave.

        Raises:
            RunError: it is not the manifest of a run.
        """
        names = {field.name for field in fields(cls)}
        if not isinstance(values, Mapping) or not names <= values.keys():
            raise RunError(f"{where} is not the manifest of a run")
        return cls(**{name: values[name] for name in names})


def make_manifest(questions: QuestionSet, assistant: Assistant, seed: int) -> RunManifest:
    """The manifest of a run of these questions over this collection."""
    summaries = assistant.articles()
    held = sorted((summary.article_id, summary.content_sha256) for summary in summaries)
    return RunManifest(
        questions_name=questions.name,
        questions_sha256=questions.sha256,
        questions=len(questions.questions),
        collection_sha256=hashlib.sha256(json.dumps(held, separators=(",", ":")).encode()).hexdigest(),
        articles=len(held),
        index_identity=assistant.identity.to_dict(),
        settings=assistant.config.to_dict(),
        models=assistant.models,
        seed=seed,
        versions={"python": platform.python_version(), **_versions()},
        processor=processor(),
        system=f"{platform.system()} {platform.machine()}",
    )


def read_manifest(folder: Path) -> RunManifest:
    """The manifest of a run's folder.

    Raises:
        RunError: the folder is not a run.
    """
    path = folder / MANIFEST
    try:
        return RunManifest.from_dict(json.loads(path.read_text(encoding="utf-8")), str(path))
    except (OSError, ValueError) as error:
        raise RunError(f"{folder} is not a run of pullquote eval: {error}") from None


def _versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def processor() -> str:
    """The processor's name; on Linux from /proc, elsewhere what Python knows."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"
