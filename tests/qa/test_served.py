"""The name under which conversations with an index are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.served import ELSEWHERE, SERVED, index_name, kept_as, shown_as


def test_an_index_keeps_its_name_whatever_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = index_name(Path("one"))
    (tmp_path / "one").mkdir()
    assert index_name(tmp_path / "one") == index_name(Path("../") / tmp_path.name / "one") == name
    assert len({name, index_name(Path("two")), index_name(None)}) == 3


def test_what_was_kept_is_of_the_served_index_or_of_another_one_or_of_a_persons_own() -> None:
    here, there = index_name(Path("/one")), index_name(Path("/two"))
    assert shown_as(kept_as(SERVED, here), here) == SERVED
    assert shown_as(kept_as(SERVED, there), here) == ELSEWHERE
    assert shown_as(kept_as("mine", here), here) == "mine"
    assert shown_as(None, here) == SERVED, "as earlier versions kept it"
