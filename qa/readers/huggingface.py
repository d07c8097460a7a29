"""A reader from any extractive question answering model of Hugging Face, run by torch or by ONNX Runtime."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from index.errors import ModelError
from index.records import Candidate
from qa.decoding import Floats, Ints, TextLogits, merged
from qa.readers.passages import Passage
from qa.readers.proposing import proposed
from qa.records import Reading, ScoredSpan

LONGEST_WINDOW: Final = 384
"""Tokens of question and text together, as these models are trained (``run_squad.py`` of Devlin et al. 2019)."""
STRIDE: Final = 128
"""How many tokens of text neighbouring windows share, from there too; fewer where a model's windows are short."""
MOST_QUESTION_TOKENS: Final = 64
SHORTEST_WINDOW: Final = 2 * MOST_QUESTION_TOKENS
"""A model that reads less at once has no room for text."""
RESERVED_POSITIONS: Final = 2
"""RoBERTa and its kin count positions from 2: 514 of them hold 512 tokens. Left out of every model's positions, which
costs the others nothing unless they have fewer than ``LONGEST_WINDOW``."""
SPANS: Final = 3
"""The most spans of a candidate."""

Inputs = Mapping[str, Ints]
"""What a network may be given, by the names that all of them use; each of shape ``(1, tokens)``."""

Forward = Callable[[Inputs], tuple[Floats, Floats]]
"""A network: it takes those of the inputs that it knows; start and end logits, each of shape ``(tokens,)``."""


@dataclass(frozen=True, slots=True, eq=False)
class PairWindow:
    """The question with a stretch of the text, as the tokenizer's own template puts the two together.

    Attributes:
        cls: where the classification token stands: its logits are those of "no answer".
        of_text: which tokens are the text's, shape ``(tokens,)``.
        starts, ends: the half-open characters of each of the text's tokens, shape ``(tokens of text,)``.
    """

    inputs: Inputs
    cls: int
    of_text: npt.NDArray[np.bool_]
    starts: Ints
    ends: Ints


class PairTokenizer:
    """Cuts a text into overlapping windows, each with the question. May be used from any thread.

    Args:
        tokenizer: is copied, without its own truncation and padding.
        cls_token: its classification token, if it has one.
        max_tokens: the longest input of the network, special tokens included.
        text_first: put the text before the question, as models that are padded on the left (XLNet) learn it.

    Raises:
        ModelError: ``max_tokens`` is too small, or a pair of texts is not given a classification token.
    """

    def __init__(
        self, tokenizer: Tokenizer, *, cls_token: str | None, max_tokens: int, text_first: bool = False
    ) -> None:
        if max_tokens < SHORTEST_WINDOW:
            raise ModelError(f"it reads {max_tokens} tokens at once; at least {SHORTEST_WINDOW} are needed")
        self._cls = None if cls_token is None else tokenizer.token_to_id(cls_token)
        self._text_part = 0 if text_first else 1
        self._whole = _without_limits(tokenizer)
        self._pairs = _without_limits(tokenizer)
        room = max_tokens - MOST_QUESTION_TOKENS - tokenizer.num_special_tokens_to_add(True)
        self._pairs.enable_truncation(
            max_tokens, stride=min(STRIDE, room // 2), strategy="only_first" if text_first else "only_second"
        )
        if self._cls is None or self._cls not in self._pairs.encode("a", "a").ids:
            raise ModelError("its tokenizer gives a pair of texts no classification token, which means 'no answer'")

    def cut(self, question: str) -> str:
        """The beginning of a question: as much of it as ``MOST_QUESTION_TOKENS`` hold."""
        ends = [end for _, end in self._whole.encode(question, add_special_tokens=False).offsets]
        while len(ends) > MOST_QUESTION_TOKENS:
            # The beginning of a word can have more tokens than it had as a part of the word: look again.
            question = question[: min(ends[MOST_QUESTION_TOKENS - 1], len(question) - 1)]
            ends = [end for _, end in self._whole.encode(question, add_special_tokens=False).offsets]
        return question

    def windows(self, question: str, text: str) -> Iterator[PairWindow]:
        """The windows over a text; at least one. Every token of the text lies in at least one of them.

        Args:
            question: one that ``cut`` gave.
        """
        encoded = self._pairs.encode(*((question, text) if self._text_part else (text, question)))
        for window in (encoded, *encoded.overflowing):
            ids, type_ids, mask = np.array((window.ids, window.type_ids, window.attention_mask), dtype=np.int64)
            of_text = np.array([part == self._text_part for part in window.sequence_ids], dtype=np.bool_)
            starts, ends = np.array(window.offsets, dtype=np.int64)[of_text].T
            inputs = {"input_ids": ids[None], "token_type_ids": type_ids[None], "attention_mask": mask[None]}
            yield PairWindow(inputs, int(np.argmax(ids == self._cls)), of_text, starts, ends)


class HuggingFaceReader:
    """Proposes the best spans of an extractive question answering model.

    A span's score is its start and end logit less those of the classification token, which stands for "no answer" in
    models trained on SQuAD 2.0 (Devlin et al. 2019, section 4.3). Of a model trained on SQuAD 1.1 only, where every
    question has an answer, these mean nothing: its spans are in order, and what it would abstain from is chance.

    Each window goes through the network alone, without padding and on one thread; several candidates are read side by
    side. So the score of a span is the same bits whatever else is read.

    Args:
        forward: the network; called from several threads.
        tokenizer: makes its windows.
        name: what an answer records.
        each_thread: called once in each thread that calls ``forward``.
    """

    def __init__(
        self, forward: Forward, tokenizer: PairTokenizer, *, name: str, each_thread: Callable[[], None] | None = None
    ) -> None:
        self._forward = forward
        self._tokenizer = tokenizer
        self._name = name
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="read", initializer=each_thread)

    @property
    def name(self) -> str:
        return self._name

    def read(self, question: str, candidates: Sequence[Candidate]) -> tuple[Reading, ...]:
        """One reading for each candidate, in the order given, from its own chunk alone. "No answer" scores 0."""
        return tuple(self._pool.map(partial(self._read_one, self._tokenizer.cut(question)), candidates))

    def confidence(self, question: str, candidates: Sequence[Candidate], readings: Sequence[Reading]) -> None:
        """None: nothing is known of how often such a model's answers are right."""

    def _read_one(self, question: str, candidate: Candidate) -> Reading:
        chunk, passage = candidate.chunk, Passage.of(candidate)
        found = []
        for window in self._tokenizer.windows(question, chunk.text):
            start, end = self._forward(window.inputs)
            logits = TextLogits(
                start[window.of_text],
                end[window.of_text],
                float(start[window.cls]) + float(end[window.cls]),
                window.starts,
                window.ends,
            )
            found += proposed(question, passage, logits, count=SPANS)
        spans = tuple(
            ScoredSpan(chunk.start_char + span.start, chunk.start_char + span.end, span.score)
            for span in merged(found)[:SPANS]
        )
        return Reading(chunk.chunk_id, chunk.article_id, spans, no_answer_score=0.0)

    def check(self) -> None:
        """Read once, so that a network that cannot be read says so now.

        Raises:
            ModelError: there is not one finite start and end logit for each token.
        """
        (window,) = self._tokenizer.windows("who", "nobody")
        for logits in self._pool.submit(self._forward, window.inputs).result():
            if logits.shape != window.of_text.shape or not np.isfinite(logits).all():
                raise ModelError(
                    f"for {len(window.of_text)} tokens it gives logits of shape {logits.shape}, or not finite ones"
                )


def load_huggingface_reader(name: str) -> HuggingFaceReader:
    """Load a reader.

    Args:
        name: the folder of an extractive question answering model, or its name on the hub, which is looked up in the
            local cache and then, unless ``HF_HUB_OFFLINE=1``, on the hub. A folder with ``model.onnx`` or
            ``onnx/model.onnx`` is run by ONNX Runtime and needs ``config.json``, ``tokenizer.json`` and
            ``tokenizer_config.json`` too; everything else is run by torch, in float32, from safetensors.

    Raises:
        ModelError: the model cannot be loaded, was not trained to answer questions, or has a tokenizer that does not
            tell the characters of its tokens.
    """
    folder = Path(name)
    is_folder = bool(name.strip()) and folder.is_dir()
    shown = folder.resolve().name if is_folder else name
    onnx = next((file for file in (folder / "model.onnx", folder / "onnx" / "model.onnx") if file.is_file()), None)
    try:
        reader = _with_onnx(folder, onnx, shown) if is_folder and onnx else _with_torch(name, shown)
        reader.check()
    except Exception as error:  # the libraries underneath raise OSError, ValueError, KeyError, hub errors and more
        raise ModelError(
            f"cannot load the reader {name!r}: {str(error).rstrip('.')}. Name a folder with a question answering model "
            "(config.json, tokenizer.json, and model.safetensors or model.onnx), a model in the local cache or, unless "
            "HF_HUB_OFFLINE=1, one of the hub. Weights are read from safetensors or ONNX, never from pickle files "
            "(pytorch_model.bin)"
        ) from error
    return reader


def _with_torch(name: str, shown: str) -> HuggingFaceReader:
    import torch  # noqa: PLC0415  (takes seconds to import)
    import transformers  # noqa: PLC0415

    logging: Any = transformers.utils.logging
    logging.disable_progress_bar()
    # Code that comes with a model is never run; left open, the library would ask on the terminal.
    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(name, trust_remote_code=False)
    if not tokenizer.is_fast:
        raise ModelError(f"its {type(tokenizer).__name__} is not a fast one: it does not tell a token's characters")
    if set(tokenizer.get_vocab()) <= set(tokenizer.all_special_tokens):  # what the library makes of missing files
        raise ModelError("its tokenizer has no vocabulary: tokenizer.json is missing")
    auto: Any = transformers.AutoModelForQuestionAnswering
    model, report = auto.from_pretrained(name, use_safetensors=True, trust_remote_code=False, output_loading_info=True)
    if report["missing_keys"]:
        raise ModelError(
            f"it has no weights for {', '.join(sorted(report['missing_keys']))}: it was not trained to answer "
            "questions, and random weights would answer nonsense"
        )
    model = model.float().eval()

    def forward(inputs: Inputs) -> tuple[Floats, Floats]:
        known = {key: torch.from_numpy(inputs[key]) for key in inputs if key in tokenizer.model_input_names}
        with torch.inference_mode():
            output = model(**known)
            return output.start_logits[0].numpy(), output.end_logits[0].numpy()

    pairs = PairTokenizer(
        tokenizer.backend_tokenizer,
        cls_token=tokenizer.cls_token,
        max_tokens=_max_tokens(tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", None)),
        text_first=tokenizer.padding_side == "left",
    )
    return HuggingFaceReader(forward, pairs, name=shown, each_thread=partial(torch.set_num_threads, 1))


def _with_onnx(folder: Path, file: Path, shown: str) -> HuggingFaceReader:
    import onnxruntime  # noqa: PLC0415  (needed by this kind of model only)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    names = {one.name for one in session.get_inputs()}

    def forward(inputs: Inputs) -> tuple[Floats, Floats]:
        known = {key: inputs[key] for key in inputs if key in names}
        start, end = session.run(["start_logits", "end_logits"], known)
        return start[0], end[0]

    settings = _settings(folder / "tokenizer_config.json")
    cls_token = settings.get("cls_token")
    pairs = PairTokenizer(
        Tokenizer.from_file(str(folder / "tokenizer.json")),
        cls_token=cls_token["content"] if isinstance(cls_token, dict) else cls_token,
        max_tokens=_max_tokens(
            settings.get("model_max_length"), _settings(folder / "config.json").get("max_position_embeddings")
        ),
        text_first=settings.get("padding_side") == "left",
    )
    return HuggingFaceReader(forward, pairs, name=shown)


def _max_tokens(of_tokenizer: int | None, positions: int | None) -> int:
    """The longest window that both allow; None, and -1 positions, are no limit."""
    with_positions = positions - RESERVED_POSITIONS if positions and positions > 0 else LONGEST_WINDOW
    return int(min(of_tokenizer or LONGEST_WINDOW, with_positions, LONGEST_WINDOW))


def _settings(file: Path) -> dict[str, Any]:
    settings: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return settings


def _without_limits(tokenizer: Tokenizer) -> Tokenizer:
    """A copy that neither cuts nor pads, and takes a special token that is spelled out in a text for text."""
    copy = Tokenizer.from_str(tokenizer.to_str())
    copy.no_truncation()
    copy.no_padding()
    copy.encode_special_tokens = True
    return copy
