"""The process that opens a PDF: a hostile file can crash it or use up its limits, and nothing else.

Run as a file, not as a module, so that it imports the standard library and pypdfium2 alone. The PDF comes in on
standard input. One JSON object goes out on standard output: ``{"pages": [text, …], "metadata": {…}}``, or ``{"error":
reason}``. Arguments: the limits on memory (bytes), processor time (seconds), pages, and output (bytes).
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any

import pypdfium2

try:
    import resource
except ImportError:  # Windows has no such limits; the parent's wall-clock limit stays
    resource = None  # type: ignore[assignment]

_REASONS = {
    pypdfium2.raw.FPDF_ERR_PASSWORD: "encrypted: it needs a password; save a copy without one",
    pypdfium2.raw.FPDF_ERR_SECURITY: "encrypted in a way that cannot be opened",
    pypdfium2.raw.FPDF_ERR_FORMAT: "not a PDF file, or a damaged one",
}


def main(arguments: list[str]) -> None:
    """Reads the PDF on standard input and writes what it holds."""
    memory_bytes, cpu_seconds, max_pages, output_bytes = map(int, arguments)
    _limit(memory_bytes, cpu_seconds, output_bytes)
    try:
        result = _read(sys.stdin.buffer.read(), max_pages, output_bytes)
    except MemoryError:
        result = {"error": f"needs more than the limit of {memory_bytes / 2**20:.0f} MiB of memory"}
    sys.stdout.buffer.write(json.dumps(result).encode("ascii"))


def _limit(memory_bytes: int, cpu_seconds: int, output_bytes: int) -> None:
    if resource is None:
        return
    limits = (
        ("RLIMIT_AS", memory_bytes, memory_bytes),
        ("RLIMIT_CPU", cpu_seconds, cpu_seconds + 1),  # the soft limit first, whose signal says what happened
        ("RLIMIT_FSIZE", output_bytes, output_bytes),
    )
    for kind, soft, hard in limits:
        with contextlib.suppress(AttributeError, ValueError, OSError):  # not on this system, or already lower
            resource.setrlimit(getattr(resource, kind), (soft, hard))


def _read(content: bytes, max_pages: int, output_bytes: int) -> dict[str, Any]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        return {"error": _REASONS.get(getattr(error, "err_code", None), str(error))}
    if len(document) > max_pages:
        return {"error": f"says that it has {len(document):,} pages; the limit is {max_pages:,}"}
    pages: list[str] = []
    unreadable: list[int] = []
    left = output_bytes // 8  # JSON in ASCII takes up to 6 bytes for a UTF-16 unit
    for number in range(len(document)):
        try:
            page = document[number]
            text_page = page.get_textpage()
            text = text_page.get_text_bounded().replace("\0", "")
            text_page.close()
            page.close()
        except pypdfium2.PdfiumError:
            unreadable.append(number + 1)
            text = ""
        left -= len(text)
        if left < 0:
            return {"error": f"holds more text than the limit of {output_bytes // 8:,} characters"}
        pages.append(text)
    return {"pages": pages, "unreadable": unreadable, "metadata": document.get_metadata_dict(skip_empty=True)}


if __name__ == "__main__":
    main(sys.argv[1:])
