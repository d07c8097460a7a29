"""Who may import whom, read from the syntax trees."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT_ROOT

ROOMS = {"index": {"index"}, "qa": {"qa", "index"}, "eval": {"eval", "qa", "index"}, "app": {"app", "qa", "index"}}
INTERNAL = {*ROOMS, "tests"}

LAYERS = {
    # Inside a package, a module imports from lower layers only; modules of one layer do not import each other.
    "index": [
        {"index.errors"},
        {"index.records", "index.config"},
        {"index.sentence_words", "index.stores.base", "index.manifest", "index.minilm"},
        {"index.sentence_blocks", "index.sentence_rules", "index.stores.checks"},
        {
            "index.sentences",
            "index.chunks",
            "index.embedder",
            "index.minilm_graph",
            "index.tokenizer",
            "index.lexical",
            "index.fusion",
            "index.loaders",
        },
        {"index.stores.local"},
        {"index.builder", "index.retriever"},
    ],
    "qa": [
        {"qa.records", "qa.config", "qa.english", "qa.scoring", "qa.accounts", "qa.served"},
        {"qa.settings", "qa.addresses", "qa.exchanges", "qa.citations", "qa.pronouns", "qa.word_edges"},
        {
            "qa.followup",
            "qa.gathering",
            "qa.updates",
            "qa.uploads",
            "qa.library",
            "qa.dates",
            "qa.decoding",
            "qa.exports",
            "qa.smalltalk",
            "qa.proposals",
            "qa.readers.base",
            "qa.readers.agreement",
            "qa.readers.passages",
            "qa.readers.windows",
            "qa.readers.answer_types",
            "qa.readers.evidence",
            "qa.readers.statements",
            "qa.readers.naming",
            "qa.readers.periods",
            "qa.readers.units",
        },
        {"qa.readers.demands", "qa.readers.sentence", "qa.readers.proposing", "qa.calibration"},
        {"qa.readers.combination", "qa.readers.huggingface"},
        {"qa.readers.span"},
        {"qa.readers.loading"},
        {"qa.pipeline"},
        {"qa.assistant"},
        {"qa.bringing"},
        {"qa.holdings", "qa.forgetting"},
        {"qa"},
        {"qa.sample"},
        {"qa.page", "qa.cli"},
        {"qa.__main__", "qa.training"},  # nothing of the product imports its reader's training
    ],
    "eval": [
        {
            "eval.statistics",
            "eval.resources",
            "eval.datasets",
            "eval.drafts",
            "eval.feedback",
            "eval.measures.abstention",
            "eval.measures.calibration",
            "eval.measures.resampled",
        },
        {"eval.measures"},
        {"eval.bounded_mean", "eval.calibration_interval", "eval.randomisation"},
        {"eval.manifest", "eval.rows"},
        {"eval.summary", "eval.trec"},
        {"eval.runner", "eval.paired_scores"},
        {"eval.names"},
        {"eval.compare", "eval.gate", "eval.report"},
        {"eval.tuning"},
        {"eval"},
        {"eval.cli"},
        {"eval.benchmarks.systems.base"},
        {"eval.__main__", "eval.benchmarks"},
    ],
}


def source_files() -> Iterator[tuple[str, Path]]:
    """Every module of the product, by dotted name."""
    for room in ROOMS:
        base = PROJECT_ROOT / room
        for path in sorted(base.rglob("*.py")) if base.is_dir() else [PROJECT_ROOT / f"{room}.py"]:
            parts = path.relative_to(PROJECT_ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = dict(source_files())


def imported(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    """Every dotted name that a module imports, with the statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative import"
            assert node.module
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES else node.module, node


def layer_of(module: str, layers: list[set[str]]) -> int | None:
    """The layer of the longest entry that names ``module`` or a package around it."""
    found: tuple[int, int] | None = None
    for number, entries in enumerate(layers):
        for entry in entries:
            matches = (module + ".").startswith(entry + ".")
            exact_only = entry == module.split(".")[0] and module != entry  # a package's own entry is its __init__
            if matches and not exact_only and (found is None or len(entry) > found[0]):
                found = (len(entry), number)
    return found[1] if found else None


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_one_way(module: str) -> None:
    room = module.split(".")[0]
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    for name, node in imported(tree):
        target = name.split(".")[0]
        if target not in INTERNAL:
            continue
        assert target in ROOMS[room], f"{module}:{node.lineno} imports {name}: {room} may not know {target}"
        if target == room and room in LAYERS and module != room:
            mine, theirs = layer_of(module, LAYERS[room]), layer_of(name, LAYERS[room])
            assert mine is not None, f"{module} has no layer; give it one in LAYERS"
            assert theirs is not None, f"{name} has no layer; give it one in LAYERS"
            same_package = module.rpartition(".")[0] == name.rpartition(".")[0] != room or name.startswith(module + ".")
            assert theirs < mine or (
                theirs == mine and (same_package or module.startswith(name.rpartition(".")[0] + "."))
            ), f"{module}:{node.lineno} imports {name}, which is not below it"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_internal_import_inside_a_function(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for name, node in imported(function):
                assert name.split(".")[0] not in INTERNAL, f"{module}:{node.lineno} imports {name} inside a function"


def test_no_import_cycles() -> None:
    graph = {
        module: {
            name
            for name, _ in imported(ast.parse(path.read_text(encoding="utf-8")))
            if name in MODULES and name != module
        }
        for module, path in MODULES.items()
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, "import cycle: " + " -> ".join((*trail, module))
        if module in done:
            return
        for name in sorted(graph[module]):
            visit(name, (*trail, module))
        done.add(module)

    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))
    for module in sorted(graph):
        visit(module, ())


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_file_fits_in_a_head(module: str) -> None:
    lines = MODULES[module].read_text(encoding="utf-8").count("\n")
    assert lines <= 330, f"{module} has {lines} lines: give one of its jobs a file of its own"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_nothing_is_pickled(module: str) -> None:
    for name, node in imported(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        assert name.split(".")[0] not in {"pickle", "dill", "joblib", "shelve", "marshal"}, f"{module}:{node.lineno}"


def test_every_package_is_installed() -> None:
    """An installation that is not editable holds what is listed, and no more."""
    listed = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "packages"
    ]
    there = [
        ".".join(folder.parent.relative_to(PROJECT_ROOT).parts)
        for room in ("index", "qa", "eval")
        for folder in (PROJECT_ROOT / room).rglob("__init__.py")
    ]
    assert sorted(listed) == sorted(there)
