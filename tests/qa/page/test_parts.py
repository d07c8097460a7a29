"""What all parts of the page are made with."""

from __future__ import annotations

import pytest

from qa.page.parts import refusal
from tests.qa.page.parsed import parsed
from tests.qa.page.samples import HOSTILE


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_refused_is_text_where_the_toolkit_shows_html(text: str) -> None:
    shown = parsed(str(refusal(text).message))
    assert shown.text == text
    assert not shown.all()
