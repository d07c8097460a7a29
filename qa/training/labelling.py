"""A teacher at work: it reads the windows that a smaller network will be trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from qa.readers.windows import Window
from qa.training.labels import PART, Label, check_part, part_file, write_part
from qa.training.model import SpanModel
from qa.training.trainer import WINDOWS_AT_ONCE, best_device, read_windows


def label_windows(
    teacher: SpanModel, windows: Sequence[Window], folder: Path, *, told: Callable[[int, int], None] = lambda *_: None
) -> None:
    """Write the teacher's labels of windows; what is there already is kept, so that an interrupted run goes on.

    Args:
        teacher: is put into evaluation mode.
        windows: in the order in which they will be read again.
        folder: made where it is missing.
        told: called with how many windows are labelled, of how many.

    Raises:
        ConfigError: a file that is there is of other windows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    device = best_device()
    teacher.to(device).eval()
    for first in range(0, len(windows), PART):
        part, path = windows[first : first + PART], part_file(folder, first)
        if path.exists():
            check_part(path, part)
        else:
            write_part(path, part, _labels(teacher, part, device))
        told(first + len(part), len(windows))


def _labels(teacher: SpanModel, windows: Sequence[Window], device: torch.device) -> list[Label]:
    """Read by length, to pad little; returned in the order given."""
    order = sorted(range(len(windows)), key=lambda place: len(windows[place]))
    found: dict[int, Label] = {}
    for first in range(0, len(order), WINDOWS_AT_ONCE):
        places = order[first : first + WINDOWS_AT_ONCE]
        with torch.inference_mode():
            logits = read_windows(teacher, [windows[place] for place in places], device)
        for row, place in enumerate(places):
            tokens = len(windows[place])
            start, end = (side[row, :tokens].half().cpu().numpy() for side in (logits.start, logits.end))
            found[place] = Label(start, end, float(logits.relevance[row]))
    return [found[place] for place in range(len(windows))]
