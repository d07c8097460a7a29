"""A question set by its path: the format is told by what is there."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from eval.datasets.beir import CORPUS, QRELS, QUERIES, is_beir, read_beir
from eval.datasets.canard import is_canard, read_canard
from eval.datasets.jsonlines import read_json_lines
from eval.datasets.records import QuestionSet, checked_set
from eval.datasets.squad import read_squad
from eval.datasets.tables import read_table
from index.errors import QuestionSetError

FORMATS = (
    "JSON lines (.jsonl; also CANARD's conversations), CSV (.csv), SQuAD's JSON (.json), each also as .gz, "
    "or a BEIR folder"
)


def read_questions(path: Path) -> QuestionSet:
    """Read a question set, all of it, and refuse it if any of it is wrong.

    Args:
        path: a file whose ending names its format, or a folder.

    Raises:
        QuestionSetError: the file is not there, of no known format, or malformed; the message names file, line and
            reason.
    """
    if path.is_dir():
        if not is_beir(path):
            raise QuestionSetError(f"{path} is not a BEIR folder: it needs {CORPUS}, {QUERIES} and {QRELS}")
        questions, articles = read_beir(path)
        return checked_set(path.name, questions, articles)
    endings = [ending.lower() for ending in path.suffixes]
    if endings and endings[-1] == ".gz":
        endings.pop()
    kind = endings[-1] if endings else ""
    if kind not in (".jsonl", ".ndjson", ".csv", ".tsv", ".json"):
        raise QuestionSetError(f"{path} is of no known format; question sets are {FORMATS}")
    text = _text(path)
    if kind == ".json":
        try:
            values = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            raise QuestionSetError(f"{path.name} is not JSON: {error}") from None
        questions, articles = read_squad(path, values)
        return checked_set(path.name, questions, articles)
    if kind in (".csv", ".tsv"):
        return checked_set(path.name, read_table(path, text))
    lines = text.split("\n")
    if is_canard(lines):
        questions, articles = read_canard(path, lines)
        return checked_set(path.name, questions, articles)
    return checked_set(path.name, read_json_lines(path, lines))


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if path.suffix.lower() == ".gz" else raw).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise QuestionSetError(
            f"{path.name}, line {line}: is not UTF-8: {error.reason} at byte {error.start}"
        ) from None
    except (OSError, EOFError) as error:
        raise QuestionSetError(f"{path} cannot be read: {error}") from None
