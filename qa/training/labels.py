"""What a teacher makes of the windows that a smaller network is trained on: distillation (Hinton et al. 2015).

A right answer says where it is; the teacher's labels also say how sure one can be, which other spans were nearly as
good, and that a chunk taken for unanswering does answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file, save_file

from index.errors import ConfigError
from qa.readers.windows import Window

PART = 1024
"""Windows of one file: labelling that is interrupted goes on behind the last whole one."""


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """The teacher's logits for one window.

    Attributes:
        start, end: shape ``(tokens,)``, -inf where no answer may be; at position 0 that there is none.
        relevance: that the window answers.
    """

    start: npt.NDArray[np.float16]
    end: npt.NDArray[np.float16]
    relevance: float


def part_file(folder: Path, first: int) -> Path:
    """The file of the labels of ``PART`` windows from the ``first`` on."""
    return folder / f"{first:07d}.safetensors"


def write_part(path: Path, windows: Sequence[Window], labels: Sequence[Label]) -> None:
    """Write the labels of some windows; the file appears when it is whole."""
    partial = path.with_suffix(".partial")
    tensors = {
        "start": np.concatenate([label.start for label in labels]),
        "end": np.concatenate([label.end for label in labels]),
        "relevance": np.array([label.relevance for label in labels], np.float32),
    }
    save_file(tensors, partial, metadata={"windows": _digest(windows)})
    partial.replace(path)


def check_part(path: Path, windows: Sequence[Window]) -> None:
    """Make sure that a file holds the labels of these windows.

    Raises:
        ConfigError: it is missing, damaged, or of others.
    """
    if not path.exists():
        raise ConfigError(f"{path} is missing: make the labels first, with python -m qa.training label")
    try:
        with safe_open(path, framework="np") as opened:
            found = (opened.metadata() or {}).get("windows")
    except SafetensorError as error:
        raise ConfigError(f"{path} is damaged ({error}); remove it, and make the labels again") from None
    if found != _digest(windows):
        raise ConfigError(f"{path} holds labels of other windows: remove its folder, or name another --work")


def read_labels(folder: Path, windows: Sequence[Window]) -> list[Label]:
    """The labels of windows.

    Args:
        windows: all that were labelled, in the same order.

    Raises:
        ConfigError: a file is missing, damaged, or of other windows.
    """
    found = []
    for first in range(0, len(windows), PART):
        part, path = windows[first : first + PART], part_file(folder, first)
        check_part(path, part)
        stored = load_file(path)
        edges = np.cumsum([len(window) for window in part])[:-1]
        rows = zip(np.split(stored["start"], edges), np.split(stored["end"], edges), stored["relevance"], strict=True)
        found += [Label(start, end, float(relevance)) for start, end, relevance in rows]
    return found


def _digest(windows: Sequence[Window]) -> str:
    digest = hashlib.sha256()
    for window in windows:
        digest.update(np.int64(len(window)).tobytes())
        digest.update(np.ascontiguousarray(window.ids).tobytes())
    return digest.hexdigest()
