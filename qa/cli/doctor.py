"""``pullquote doctor``."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import typer
from rich.text import Text

from qa.cli.exits import ExitCode
from qa.cli.options import IndexOption, JsonOption
from qa.cli.terminal import make_console, visible, write, write_json

LIBRARIES = (
    "numpy",
    "faiss",
    "torch",
    "sentence_transformers",
    "onnxruntime",
    "tokenizers",
    "bm25s",
    "rank_bm25",
    "Stemmer",
    "trafilatura",
    "pypdfium2",
)
"""Libraries with compiled parts, which can be installed and still fail to load."""

CHECKS_MODULE = "qa.cli.checks"
"""The checks that use those libraries: imported by name and late, since the doctor must run where it does not load."""

REINSTALL = "install Pullquote again: pip install --force-reinstall pullquote"

Check = tuple[str, Callable[[], str], str]
"""A check: its name; what runs it, giving what it found or raising an error; what to do when it fails."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found.

    Attributes:
        advice: what to do about it; empty when ``ok``.
    """

    name: str
    ok: bool
    detail: str
    advice: str = ""


def doctor(index_dir: IndexOption = None, as_json: JsonOption = False) -> None:
    """Check that everything Pullquote needs is there and works offline.

    With --index the index is checked too. Exits with 1 when a check fails.
    """
    outcomes = []
    console = make_console()
    for outcome in run_checks(index_dir):
        outcomes.append(outcome)
        if not as_json:
            mark = Text("OK  ", style="green") if outcome.ok else Text("FAIL", style="red")
            write(console, mark.append(visible(f" {outcome.name}: {outcome.detail}"), style="default"))
            if not outcome.ok:
                write(console, visible(f"to do: {outcome.advice}"), indent=5)
    ok = all(outcome.ok for outcome in outcomes)
    if as_json:
        write_json({"ok": ok, "checks": [asdict(outcome) for outcome in outcomes]})
    if not ok:
        raise typer.Exit(ExitCode.ERROR)


def run_checks(index_dir: Path | None) -> Iterator[Outcome]:
    """The outcomes of all checks, each as soon as it is there. When a library does not load, the checks that need all
    of them are left out."""
    outcomes = [run_check(check) for check in INSTALLATION]
    yield from outcomes
    if all(outcome.ok for outcome in outcomes):
        working: Sequence[Check] = import_module(CHECKS_MODULE).checks(index_dir)
        yield from map(run_check, working)


def run_check(check: Check) -> Outcome:
    """Run one check; whatever it raises is its failure, since the doctor goes on."""
    name, run, advice = check
    try:
        return Outcome(name, True, run())
    except Exception as error:
        return Outcome(name, False, f"{type(error).__name__}: {error}", advice)


def _python() -> str:
    return f"{platform.python_version()} on {platform.platform(terse=True)}, at {sys.executable}"


def _packages() -> str:
    """The versions of Pullquote and of all packages that it requires."""
    names = ["pullquote", *(re.split(r"[^\w.-]", need, maxsplit=1)[0] for need in _requirements())]
    found, missing = [], []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        raise LookupError(f"not installed: {', '.join(missing)}")
    return ", ".join(found)


def _requirements() -> list[str]:
    return [need for need in requires("pullquote") or [] if "extra ==" not in need]


def _libraries() -> str:
    for name in (*LIBRARIES, CHECKS_MODULE):
        import_module(name)
    return f"{', '.join(LIBRARIES)} load"


INSTALLATION: tuple[Check, ...] = (
    ("python", _python, REINSTALL),
    ("packages", _packages, REINSTALL),
    ("libraries", _libraries, REINSTALL),
)
