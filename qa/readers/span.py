"""The span reader: Pullquote's own model, run by ONNX Runtime."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime

from index.errors import ModelError
from index.records import Candidate
from qa.calibration import Calibration, answer_evidence, best_span
from qa.decoding import CharSpan, TextLogits
from qa.readers.combination import Combination, FoundSpan, read_the_promising, sentence_scores
from qa.readers.evidence import Terms
from qa.readers.passages import Passage
from qa.readers.proposing import proposed, span_log_odds
from qa.readers.windows import Window, WindowMaker
from qa.records import Reading, ScoredSpan

Floats = npt.NDArray[np.float32]

MODEL_FOLDER: Final = Path(__file__).parent.parent / "models" / "minilm-reader"
MODEL_FILE: Final = "model.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
MANIFEST_FILE: Final = "reader.json"

SPANS_OF_A_CANDIDATE: Final = 3
LENGTH_COST: Final = 0.4
"""What a span of n tokens is taken to be worth less, times log(n + 1), when one is chosen from those that overlap."""
FITTING_KIND: Final = 1.5
"""What is added to the score of a span of the kind that is asked for (``qa.readers.answer_types``). Both were chosen on
development questions (docs/reading.md)."""
TERMS_KEPT: Final = 4096
"""Of how many texts the terms are kept: of all sentences around some tens of questions' candidates."""


class SpanNetwork:
    """The network and its tokenizer: a question and a text -> spans. May be used from any thread.

    Windows are read one at a time, as many side by side as there are threads: padding and a batch's common int8 scales
    cannot change a score, and short windows cost no more than they must.

    Args:
        folder: holds ``model.onnx`` and ``tokenizer.json``.
        threads: how many windows are read side by side; one for each core when None.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._maker = WindowMaker(folder / TOKENIZER_FILE)
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, thread_name_prefix="reader")

    def find(self, question: str, passages: Sequence[Passage]) -> list[list[FoundSpan]]:
        """The best spans of each passage.

        Args:
            passages: what is read; no span runs from one of its sentences into the next, and a question that asks for a
                statement gets whole ones.

        Returns:
            For each passage its best spans, at most ``SPANS_OF_A_CANDIDATE``, best first.
        """
        windows = [
            (place, window)
            for place, passage in enumerate(passages)
            for window in self._maker.windows(question, passage.title, passage.text)
        ]
        windows.sort(key=lambda entry: -len(entry[1]))  # the longest first, so that no core ends long after the other
        logits = list(self._pool.map(lambda entry: self._logits(entry[1]), windows))
        found: list[dict[tuple[int, int], FoundSpan]] = [{} for _ in passages]
        for (place, window), (span, relevance) in zip(windows, logits, strict=True):
            for one in self._proposed(question, passages[place], window, span):
                known = found[place].get((one.start, one.end))
                if known is None or (one.score, relevance) > (known.span, known.relevance):
                    found[place][one.start, one.end] = FoundSpan(one.start, one.end, one.score, relevance)
        return [
            sorted(of_passage.values(), key=lambda one: (-one.span, one.start_char, one.end_char))[
                :SPANS_OF_A_CANDIDATE
            ]
            for of_passage in found
        ]

    def read_alone(
        self, question: str, passages: Sequence[Passage], found: Sequence[Sequence[FoundSpan]]
    ) -> list[list[FoundSpan]]:
        """Read the sentences of spans once more, without the rest of the passage: what stands around may say what the
        question holds and the sentence does not, and the sentence is what is cited.

        Args:
            found: for each passage some of its spans.

        Returns:
            The same spans with ``alone``.
        """

        around = [
            [passage.sentences_around(span.start_char, span.end_char) for span in spans]
            for passage, spans in zip(passages, found, strict=True)
        ]
        texts = {
            (passage.title, passage.text[begin:finish])
            for passage, places in zip(passages, around, strict=True)
            for begin, finish in places
        }
        longest_first = sorted(texts, key=lambda text: (-len(text[1]), text))
        logits = self._pool.map(lambda text: self._text_logits(question, *text), longest_first)
        read = dict(zip(longest_first, logits, strict=True))

        def with_alone(passage: Passage, span: FoundSpan, begin: int, finish: int) -> FoundSpan:
            text = passage.text[begin:finish]
            start, end = span.start_char - begin, span.end_char - begin
            windows = read[passage.title, text]
            alone = max((span_log_odds(question, text, one, start, end) for one in windows), default=-np.inf)
            return replace(span, alone=alone if np.isfinite(alone) else span.span)

        return [
            [with_alone(passage, span, *place) for span, place in zip(spans, places, strict=True)]
            for passage, spans, places in zip(passages, found, around, strict=True)
        ]

    def _text_logits(self, question: str, title: str, text: str) -> tuple[TextLogits, ...]:
        """What the network makes of a text, window by window."""
        return tuple(_of_text(window, self._logits(window)[0]) for window in self._maker.windows(question, title, text))

    def _logits(self, window: Window) -> tuple[Floats, float]:
        span, relevance = self._session.run(
            ["span", "relevance"], {"ids": window.ids[None], "type_ids": window.type_ids[None]}
        )
        return span[0], float(relevance[0])

    def _proposed(self, question: str, passage: Passage, window: Window, logits: Floats) -> list[CharSpan]:
        return proposed(
            question,
            passage,
            _of_text(window, logits),
            count=SPANS_OF_A_CANDIDATE,
            length_cost=LENGTH_COST,
            fitting_kind=FITTING_KIND,
        )


def _of_text(window: Window, logits: Floats) -> TextLogits:
    inside = logits[window.first : len(window) - 1]
    return TextLogits(inside[:, 0], inside[:, 1], float(logits[0].sum()), window.starts, window.ends)


class SpanReader:
    """Answers with a few words of a candidate, and scores candidates against each other and against no answer.

    Args:
        network: finds the spans.
        combination: makes them comparable.
        calibration: turns scores into the probability of being right.
        terms: gives a text's terms: the tokenizer of the lexical index.
        name: what an answer records.
    """

    def __init__(
        self,
        network: SpanNetwork,
        combination: Combination,
        calibration: Calibration | None,
        terms: Terms,
        *,
        name: str,
    ) -> None:
        self._network = network
        self._combination = combination
        self._calibration = calibration
        self._terms = lru_cache(maxsize=TERMS_KEPT)(terms)  # reading and the confidence look at the same sentences
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def read(self, question: str, candidates: Sequence[Candidate]) -> tuple[Reading, ...]:
        """One reading for each candidate, in the order given; no answer scores 0.

        A candidate that could not hold the best span any more is not read, and has no spans. A span's score depends on
        the set of candidates as the sentence reader's does, and not on their order.
        """

        def find(some: Sequence[Candidate]) -> list[list[FoundSpan]]:
            return self._network.find(question, [Passage.of(one) for one in some])

        sentences = sentence_scores(question, candidates, self._terms)
        return read_the_promising(question, candidates, sentences, self._combination, find)

    def confidence(self, question: str, candidates: Sequence[Candidate], readings: Sequence[Reading]) -> float | None:
        """The probability that the best span of all readings is right; None without a calibration, or a span."""
        best = best_span(candidates, readings)
        if self._calibration is None or best is None:
            return None
        alone = self._alone(question, *best)
        evidence = answer_evidence(question, candidates, readings, self._terms, alone=alone)
        return self._calibration.probability(evidence)

    def _alone(self, question: str, candidate: Candidate, span: ScoredSpan) -> float:
        """What the network makes of a span when it reads its sentences without the rest of the chunk."""
        first = candidate.chunk.start_char
        found = FoundSpan(span.start_char - first, span.end_char - first, span.network, span.relevance)
        ((read,),) = self._network.read_alone(question, [Passage.of(candidate)], [[found]])
        return read.alone


def load_span_reader(terms: Terms, folder: Path = MODEL_FOLDER, *, threads: int | None = None) -> SpanReader:
    """Load the shipped model, or another that ``python -m qa.training`` made.

    Args:
        terms: gives a text's terms: the tokenizer of the lexical index.
        folder: holds the model, its tokenizer and ``reader.json``.
        threads: how many windows are read side by side; one for each core when None.

    Raises:
        ModelError: a file is missing or is not the one that the manifest names.
    """
    manifest = read_manifest(folder)
    return SpanReader(
        _network(folder, threads),
        Combination.from_dict(manifest["combination"]),
        Calibration.from_dict(manifest["calibration"]) if manifest.get("calibration") else None,
        terms,
        name=str(manifest["name"]),
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """A reader's manifest, once each of its files is found to be the one that it names.

    Raises:
        ModelError: a file is missing or is not the one that the manifest names.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        for name, expected in manifest["files"].items():
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            if found != expected:
                raise ModelError(f"{folder / name} has the SHA-256 {found}, not {expected}; install Pullquote anew")
        return manifest
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"the reader in {folder} cannot be read ({error}); install Pullquote anew") from error


@cache
def _network(folder: Path, threads: int | None) -> SpanNetwork:
    """One network for all readers of a folder: it holds no state of theirs."""
    return SpanNetwork(folder, threads=threads)
