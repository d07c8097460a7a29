from __future__ import annotations

import random
import sys
import zlib
from datetime import date
from pathlib import Path

import pytest

from index.errors import LoadError
from index.loaders.base import SourceFile
from index.loaders.pdf import PdfLimits, load_pdf
from index.records import Article
from tests.index.loaders.conftest import Load
from tests.index.loaders.pdf_writer import make_pdf, pdf_from_objects, stream

PAGES = [
    [
        "Old bridge to close",
        "The council voted on Tuesday to close the old bridge for two",
        "years — at a cost of £40 million.",
    ],
    ["“Nobody likes it,” the mayor said in the café."],
    ["Drivers will be sent over the new bridge."],
]


def article(content: bytes, limits: PdfLimits | None = None) -> Article:
    (found,) = load_pdf(
        content, SourceFile(Path("bridge-report.pdf"), "bridge-report.pdf"), None, limits or PdfLimits()
    ).articles
    return found


def test_pages_are_joined_and_their_starts_kept() -> None:
    found = article(make_pdf(PAGES))
    texts = ["\n".join(lines) for lines in PAGES]
    assert found.text == "\n\n".join(texts)
    ends = [start - 2 for start in found.pages[1:]] + [len(found.text)]
    assert [found.text[start:end] for start, end in zip(found.pages, ends, strict=True)] == texts
    assert [found.page_at(found.text.index(word)) for word in ("council", "mayor", "Drivers")] == [1, 2, 3]


def test_particulars() -> None:
    info = {"Title": "The bridge: a réport", "Author": "Ann Lee; Bo Ek", "CreationDate": "D:20251007093000+02'00'"}
    found = article(make_pdf(PAGES, info=info))
    assert (found.title, found.authors, found.published) == (
        "The bridge: a réport",
        ("Ann Lee", "Bo Ek"),
        date(2025, 10, 7),
    )


@pytest.mark.parametrize("stated", ["", "untitled", "report_v2.docx", "Microsoft Word - report.doc", "12", "  "])
def test_a_title_that_is_none_is_not_used(stated: str) -> None:
    found = article(make_pdf(PAGES, info={"Title": stated, "CreationDate": "D:19010101"}))
    assert found.title == "Old bridge to close"
    assert found.published is None


def test_a_program_in_a_title_is_taken_off() -> None:
    assert article(make_pdf(PAGES, info={"Title": "Microsoft Word - Bridge report"})).title == "Bridge report"


def test_words_broken_by_a_hyphen_are_whole() -> None:
    lines = ["The commit-", "tee met the Anglo-", "American group on a long-"]
    lines += ["term plan. The long-term", "plan of 2024-", "2025 is new."]
    text = article(make_pdf([lines])).text
    assert (
        text
        == "The committee met the Anglo-American group on a long-term plan. The long-term\nplan of 2024-\n2025 is new."
    )


def test_a_page_without_text_keeps_its_number() -> None:
    result = load_pdf(make_pdf([["One."], [], ["Three."]]), SourceFile(Path("a.pdf"), "a.pdf"), None)
    (found,) = result.articles
    assert found.page_at(found.text.index("Three")) == 3
    assert result.warnings == ("pages without text (blank, or pictures): 2",)


PASSWORD_NEEDED = pdf_from_objects(
    {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [] /Count 0 >>",
        3: b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"11" * 32 + b"> /U <" + b"22" * 32 + b"> >>",
    },
    b"/Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>]",
)
OWN_CHILD = pdf_from_objects(
    {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}, b"/Root 1 0 R"
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a PDF file, or a damaged one"),
        (b"plain text under another name", "not a PDF file, or a damaged one"),
        (make_pdf(PAGES)[:400], "not a PDF file, or a damaged one"),
        (b"%PDF-1.7\n" + random.Random(1).randbytes(20_000), "not a PDF file, or a damaged one"),
        (PASSWORD_NEEDED, "encrypted: it needs a password"),
        (make_pdf([[], []]), "no text: its pages are pictures"),
        (make_pdf(PAGES, page_count=10**6), "1,000,000 pages; the limit is 10,000"),
        (OWN_CHILD, "no text"),
    ],
)
def test_failures(load: Load, content: bytes, reason: str) -> None:
    (failure,) = load("a.pdf", content).failures
    assert reason in failure.reason
    assert "a.pdf" in str(failure)


LONG_PAGE = make_pdf([], contents=[stream(b"BT /F1 12 Tf 14 TL 72 720 Td " + b"(A) Tj T* " * 300_000 + b"ET")])
BOMB = make_pdf([], contents=[stream(zlib.compress(bytes(10**9), 9), b"/Filter /FlateDecode")])


def test_the_limit_on_time() -> None:
    with pytest.raises(LoadError, match=r"longer than the limit of 0\.1 s"):
        article(LONG_PAGE, PdfLimits(wall_seconds=0.1))


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits on Windows")
def test_the_limits_on_processor_time_and_memory() -> None:
    with pytest.raises(LoadError, match="limit of 1 s of processor time"):
        article(
            make_pdf([], contents=[stream(b"BT /F1 12 Tf 14 TL 72 720 Td " + b"(A) Tj T* " * 10**6 + b"ET")]),
            PdfLimits(cpu_seconds=1),
        )
    with pytest.raises(LoadError, match="limit of 300 MiB of memory"):
        article(BOMB, PdfLimits(memory_bytes=300 * 2**20))


def test_the_limit_on_text() -> None:
    with pytest.raises(LoadError, match="more text than the limit of 50 characters"):
        article(make_pdf(PAGES), PdfLimits(output_bytes=400))


def test_a_module_in_the_current_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json", "pypdfium2", "index"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(3)\n")
    monkeypatch.chdir(tmp_path)
    assert article(make_pdf(PAGES)).title == "Old bridge to close"


def test_no_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    article(make_pdf(PAGES))
    assert list(tmp_path.iterdir()) == []
