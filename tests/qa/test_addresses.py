"""Which addresses a link may lead to, and text fragments: a browser's search for one finds the quote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.addresses import _ends_surely, quote_address, web_address
from tests.qa.page.samples import HOSTILE

URL = "https://a.example/x"
texts = st.one_of(st.text(), st.sampled_from(HOSTILE), st.text(alphabet="<>&\"'`{}$\\;#x3Cscript/ =-!"))
Boundaries = Callable[[str], set[int]]


def plain_boundaries(text: str) -> set[int]:
    """Letters, digits and underscores make words."""
    return set(range(len(text) + 1)) - {match.end() for match in re.finditer(r"\w(?=\w)", text)}


def unicode_boundaries(text: str) -> set[int]:
    """The default word boundaries of Unicode's annex 29, where "Carney’s", "3.5" and "U.S" are one word each."""
    return {0, len(text), *(match.start() for match in regex.finditer(r"(?w)\b", text))}


def found_by_a_browser(text: str, fragment: str, boundaries: Boundaries) -> tuple[int, int] | None:
    """What the draft's "find a range from a text directive" finds in a page that shows ``text``, step by step.

    Returns:
        Start and end in the text with its white space collapsed and its case folded.
    """
    parts = fragment.split(",")
    prefix = unquote(parts.pop(0)[:-1]).casefold() if parts[0].endswith("-") else ""
    suffix = unquote(parts.pop()[1:]).casefold() if parts[-1].startswith("-") else ""
    assert 1 <= len(parts) <= 2
    assert not any("-" in part for part in parts)
    start_words, *rest = (unquote(part).casefold() for part in parts)
    end_words = rest[0] if rest else ""
    borders = boundaries(text)

    def find(words: str, start: int, *, at_start: bool, at_end: bool) -> int | None:
        place = text.find(words, start)
        while place >= 0 and ((at_start and place not in borders) or (at_end and place + len(words) not in borders)):
            place = text.find(words, place + 1)
        return place if place >= 0 else None

    def after_space(place: int) -> int:
        while place < len(text) and text[place].isspace():
            place += 1
        return place

    start = 0
    while start < len(text):
        whole_end = bool(end_words) or not suffix
        if prefix:
            before = find(prefix, start, at_start=True, at_end=False)
            if before is None:
                return None
            start = before + 1
            begin = after_space(before + len(prefix))
            match = find(start_words, begin, at_start=False, at_end=whole_end)
            if match is None:
                return None
            if match != begin:
                continue
        else:
            match = find(start_words, start, at_start=True, at_end=whole_end)
            if match is None:
                return None
            start = match + 1
        end = match + len(start_words)
        while True:
            if end_words:
                last = find(end_words, end, at_start=True, at_end=not suffix)
                if last is None:
                    return None
                end = last + len(end_words)
            if not suffix:
                return match, end
            following = find(suffix, after_space(end), at_start=False, at_end=True)
            if following is None:
                return None
            if following == after_space(end):
                return match, end
            if not end_words:
                break
    return None


def as_shown(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()


def check(text: str, start: int, end: int, boundaries: Boundaries) -> bool:
    """Whether a fragment was made; fails when it does not lead to the quote."""
    quote = text[start:end]
    address = quote_address(URL, quote, article_text=text, start_char=start)
    assert address
    if ":~:text=" not in address:
        return False
    start, end = start + len(quote) - len(quote.lstrip()), end - len(quote) + len(quote.rstrip())
    shown_start = len(as_shown(text[:start]))
    shown = shown_start, shown_start + len(as_shown(text[start:end]))
    # A page goes on below its article: the draft looks for a suffix, and for an end, in what is left of it.
    page = as_shown(text) if not text[-1:].isspace() else as_shown(text).rstrip()
    assert found_by_a_browser(page, address.partition(":~:text=")[2], boundaries) == shown
    return True


repetitive = st.lists(st.sampled_from(["a", "b"]), min_size=11, max_size=30).map(" ".join) | st.lists(
    st.sampled_from(["a", "b", "A", "ab", "a-b", "a,b", "b.", "a’s", "3.5", "(a)", "a & b", "é", "\n\n", "ß", "$3"]),
    min_size=1,
    max_size=40,
).map(" ".join)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/x?y=1&z=2#part",
        "http://a.example",
        "HTTPS://A.example/",
        "http://[::1]:80/",
        "http://ä.example/ü",
    ],
)
def test_a_web_address_is_taken_as_it_is(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "vbscript:x",
        "//evil.example/x",
        "/relative",
        "http:",
        "http:///nohost",
        "http://",
        "http://[::1",
        "https:\\\\evil.example",
        "http://a.example/\nx",
        "http://a.example/a b",
        "http://a.example/\x7f",
        "\x01http://a.example/",
        "mailto:a@b.example",
    ],
)
def test_everything_else_is_no_web_address(url: str | None) -> None:
    assert web_address(url) is None
    assert quote_address(url, "a quote") is None


def test_a_short_quote_is_named_whole_in_the_text_fragment() -> None:
    address = quote_address("https://a.example/x", "It fell by 7.1%, to 5-6 & less.")
    assert address == "https://a.example/x#:~:text=It%20fell%20by%207.1%25%2C%20to%205%2D6%20%26%20less."


def test_a_long_quote_is_named_by_its_first_and_last_words() -> None:
    address = quote_address("https://a.example/x", "one two three four five six seven\neight nine ten eleven")
    assert address == "https://a.example/x#:~:text=one%20two%20three%20four%20five,seven%20eight%20nine%20ten%20eleven"


def test_a_fragment_that_is_there_is_kept() -> None:
    assert quote_address("https://a.example/x#part", "a b") == "https://a.example/x#part:~:text=a%20b"


@given(texts)
def test_no_quote_breaks_out_of_its_text_fragment(text: str) -> None:
    address = quote_address("https://a.example/x", text)
    assert address
    fragment = address.removeprefix("https://a.example/x").removeprefix("#:~:text=")
    assert set(fragment) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%._~,")
    assert fragment.count(",") <= 1
    words = text.split()
    named = [unquote(part).split() for part in fragment.split(",")]
    assert named in ([words], [words[:5], words[-5:]])


@pytest.mark.parametrize("boundaries", [plain_boundaries, unicode_boundaries])
@given(st.data())
def test_a_browser_finds_whole_words_where_they_stand(boundaries: Boundaries, data: st.DataObject) -> None:
    text = data.draw(repetitive)
    words = [match.span() for match in re.finditer(r"\S+", text)]
    if not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    assert check(text, words[first][0], words[last][1], boundaries)


@pytest.mark.parametrize("boundaries", [plain_boundaries, unicode_boundaries])
@given(st.data())
def test_a_browser_finds_any_characters_where_they_stand(boundaries: Boundaries, data: st.DataObject) -> None:
    text = data.draw(st.one_of(repetitive, st.text(alphabet="aAb’.3 -\n", min_size=1, max_size=60)))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert check(text, start, end, boundaries) or not text[start:end].strip()


# The same texts each time: Unicode's versions differ from library to library, so that new ones are looked for by hand.
@settings(derandomize=True, deadline=None)
@given(st.text(max_size=40), st.text(min_size=1, max_size=10), st.text(max_size=10))
@example("e\u0301 ", "e", " x")
@example("", "0", "¸")
@example("", "0", "_")
@example("", "\r\xad", "")
@example("\xad", "0", "0")
@example("\U0001f3fb", "0", "0")
@example("", "0", "\U00013460")
def test_a_browser_is_never_led_astray_by_any_text(before: str, quote: str, after: str) -> None:
    text = f"{before}{quote} {before}{quote}{after}"
    check(text, len(text) - len(quote) - len(after), len(text) - len(after), unicode_boundaries)


@pytest.mark.parametrize("neighbour", ["a", "0", "א", "ア", "_", ".", "'"])
def test_no_border_of_a_word_is_taken_for_sure_where_unicode_sees_none(neighbour: str) -> None:
    characters = [c for c in map(chr, range(0x10000)) if unicodedata.category(c) not in ("Cn", "Co", "Cs")]
    inside = [c + neighbour for c in characters] + [neighbour + c for c in characters]
    # One search over all pairs, a paragraph each, is a thousand times as fast as one for every pair.
    spaced = "\u2029".join(inside)
    borders, place, wrong = unicode_boundaries(spaced), 0, []
    for pair in inside:
        sure = _ends_surely(pair[0], pair[1])
        if sure and place + 1 not in borders and not (pair[0].isspace() or pair[1].isspace()):
            wrong.append(pair)
        place += len(pair) + 1
    assert not wrong


@pytest.mark.parametrize(
    ("text", "quote", "fragment"),
    [
        ("Rates rose. Rates fell.", "Rates fell.", "Rates fell."),  # it stands there once
        ("He said so. He said so.", "He said so.", "so.-,He said so."),
        ("Prices rose in May. prices\nrose in June.", "prices\nrose in", "May.-,prices rose in"),
        ("It concatenates a cat.", "cat", "cat"),  # inside another word a browser does not look
        ("The Résumé was short. A resume is long.", "resume", "A-,resume"),  # browsers look past accents
        ("Then Carney’s office spoke.", "Carney", "Carney,-’s"),  # it ends inside a word, for a browser
        ("Pay was 3.5 percent.", "5 percent", "3.-,5 percent"),
        ("He won. Why? He won. Then he left.", "He won.", "Why?-,He won."),
        ("One a. Two a.", "a.", "Two-,a."),
        # The words at its end stand inside it as well.
        ("a b c d e f g h i j f g h i j", "a b c d e f g h i j f g h i j", "a b c d e,j f g h i j"),
    ],
)
def test_context_is_added_where_it_is_needed_and_nowhere_else(text: str, quote: str, fragment: str) -> None:
    address = quote_address(URL, quote, article_text=text, start_char=text.rindex(quote))
    assert address
    assert unquote(address) == f"{URL}#:~:text={fragment}"


def test_hyphens_commas_and_ampersands_of_the_context_are_encoded() -> None:
    address = quote_address(URL, "x", article_text="x & x, a-b & x", start_char=13)
    assert address == f"{URL}#:~:text=a%2Db%20%26-,x"


def test_a_text_that_has_changed_is_left_aside() -> None:
    assert quote_address(URL, "it fell", article_text="it fell, it fell", start_char=3) == f"{URL}#:~:text=it%20fell"


def test_no_fragment_rather_than_one_that_leads_astray() -> None:
    text = "la " * 5_000
    assert quote_address(URL, "la la", article_text=text, start_char=6_000) == URL
    assert quote_address(URL, "x" * 10_000, article_text="x" * 20_000, start_char=10_000) == URL


def test_another_directive_of_the_address_is_replaced() -> None:
    assert quote_address(f"{URL}#part:~:text=old", "a b") == f"{URL}#part:~:text=a%20b"
