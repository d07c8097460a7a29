"""The documentation is true: its links lead somewhere, and its Python runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from qa import Answer
from qa.sample import sample_articles
from tests.conftest import PROJECT_ROOT

PAGES = sorted([*PROJECT_ROOT.glob("*.md"), *PROJECT_ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT_ROOT)))
def test_links_to_files_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    for link in links:
        if not re.match(r"https?://|mailto:", link):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_the_readmes_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (PROJECT_ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    monkeypatch.chdir(tmp_path)
    Path("articles").mkdir()
    for article in sample_articles()[:2]:
        Path("articles", f"{article.article_id}.txt").write_text(f"{article.title}\n\n{article.text}", encoding="utf-8")
    names: dict[str, Any] = {}
    exec(compile(blocks[0], "README.md", "exec"), names)
    answer, later = names["answer"], names["later"]
    assert isinstance(answer, Answer)
    assert answer.answered
    assert "LeBlanc" in (answer.text or "")
    assert "LeBlanc" in later.query
    assert "Parliament" in capsys.readouterr().out
