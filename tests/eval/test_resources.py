"""What a run takes of the machine."""

from __future__ import annotations

import subprocess
import sys

import pytest

from eval.resources import Resources, peak_memory

_TELL = "from eval.resources import peak_memory; print(peak_memory())"


@pytest.mark.skipif(sys.platform == "win32", reason="not told on Windows")
def test_the_peak_counts_what_was_given_back() -> None:
    before = peak_memory()
    assert before is not None
    block = bytearray(b"7") * (before + 50_000_000)  # more than all that was ever held
    del block
    after = peak_memory()
    assert after is not None
    assert after >= before + 50_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what started a program")
def test_the_peak_is_not_that_of_the_program_that_started_this_one() -> None:
    held = bytearray(b"7") * 600_000_000
    told = subprocess.run([sys.executable, "-c", _TELL], capture_output=True, text=True, check=True)
    assert int(told.stdout) < len(held)


def test_what_is_not_known_is_not_told() -> None:
    assert str(Resources()) == ""
    assert str(Resources(index_size=4_250_000)) == "index of 4.2 MB"
    assert str(Resources(12.345, 640_000_000)) == "12.3 questions a second, 640.0 MB of memory at most"
