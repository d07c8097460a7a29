"""The command line's parts: exit codes, safe text, an answer on a terminal, names of articles, the list of commands."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
import unicodedata
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from index import errors
from index.errors import ArticleNotFoundError, PullquoteError
from index.stores.base import ArticleSummary
from qa.citations import CitationCheck
from qa.cli.exits import ExitCode, exit_code
from qa.cli.group import ENTRY_POINT_GROUP, SUMMARIES
from qa.cli.naming import article_ids
from qa.cli.output import source_line, write_answer, write_sources
from qa.cli.terminal import visible
from qa.records import Answer, AnswerSpan, Citation, Place
from tests.conftest import PROJECT_ROOT

MANUAL = PROJECT_ROOT / "docs" / "command-line.md"
ANSI = re.compile(r"\x1b\[[0-9;]*m")
BIDI_CONTROLS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

CITATION = Citation(
    article_id="a1",
    title="A title",
    outlet="The Lantern",
    url="https://example.org/a1",
    published="2025-10-06",
    page=3,
    sentence="Its trade minister, Ana Sol, resigned.",
    start_char=100,
    end_char=138,
    quote="Ana Sol",
    quote_start_char=120,
    quote_end_char=127,
    before="It rained.",
    after="Nobody cheered.",
    also_at=(Place("a2", "A copy", "The Observer", None, "2025-10-07", None, 7, 45),),
    content_sha256="0" * 64,
)


def answer(*citations: Citation, closest: tuple[Citation, ...] = (), query: str = "Who resigned?") -> Answer:
    spans = tuple(AnswerSpan(c.quote, c.article_id, c.quote_start_char, c.quote_end_char, 1.0) for c in citations)
    return Answer(
        question="Who resigned?",
        query=query,
        answered=bool(citations),
        spans=spans,
        best=spans[0] if spans else None,
        confidence=None,
        citations=citations,
        closest=closest,
    )


def holds(_: Citation) -> CitationCheck:
    return CitationCheck(True)


def shown(given_answer: Answer, *, colour: bool = False, check=holds, width: int = 200) -> str:  # type: ignore[no-untyped-def]
    file = StringIO()
    settings = {"force_terminal": True, "color_system": "standard", "no_color": False} if colour else {}
    console = Console(file=file, width=width, markup=False, emoji=False, highlight=False, **settings)  # type: ignore[arg-type]
    write_answer(console, given_answer, check)
    return file.getvalue()


# --- exit codes -------------------------------------------------------------------------------------------------------

CODES = {
    "PullquoteError": 1,
    "ArticleError": 1,
    "LoadError": 1,
    "UnsupportedFormatError": 1,
    "EncodingError": 1,
    "CollectionError": 1,
    "IndexExistsError": 1,
    "ArticleNotFoundError": 1,
    "ModelError": 1,
    "MissingDependencyError": 1,
    "SchemaError": 1,
    "ConversationNotFoundError": 1,
    "CollectionNotFoundError": 1,
    "LibraryError": 1,
    "QuestionSetError": 1,
    "RunError": 1,
    "ConfigError": 2,
    "QuestionError": 2,
    "IndexNotFoundError": 5,
    "IndexLockedError": 6,
    "IndexCorruptError": 7,
    "IndexMismatchError": 7,
}


def test_every_error_has_its_exit_code() -> None:
    classes = {
        name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, PullquoteError)
    }
    assert {name: int(exit_code(kind("message"))) for name, kind in classes.items()} == CODES


def test_the_manual_names_every_exit_code() -> None:
    rows = re.findall(r"^\| (\d+) \|", MANUAL.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(map(int, rows)) == sorted(map(int, ExitCode))


# --- text that cannot command the terminal ----------------------------------------------------------------------------


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
@example("\x1b]8;;https://evil.example\x07click\x1b]8;;\x07")
@example("abc\u202edcba\u2066\u2069\x9b31m\ud800\u2028")
def test_nothing_that_could_command_a_terminal_is_left(text: str) -> None:
    result = visible(text)
    assert not [c for c in result if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in BIDI_CONTROLS]
    assert "".join(result.splitlines()) == result


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
@example("👩\u200d🚀 naïve קול «…» [bold]")
def test_other_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_what_is_replaced_can_be_told_apart() -> None:
    assert visible("a\x1b[31mb\x07\x7f\x9b\u202e\tc\nd") == "a␛[31mb␇␡‹U+009B›‹U+202E› c d"


# --- an answer --------------------------------------------------------------------------------------------------------


def test_an_answer_without_colour() -> None:
    assert shown(answer(CITATION)).splitlines() == [
        "    … It rained.",
        "Its trade minister, «Ana Sol», resigned.",
        "    … Nobody cheered.",
        "    [1] A title · The Lantern · 2025-10-06 · page 3 · https://example.org/a1 · characters 100–138",
        "        the same sentence: A copy · The Observer · 2025-10-07 · characters 7–45",
    ]


def test_an_answer_in_colour_highlights_the_quote_alone() -> None:
    output = shown(answer(CITATION), colour=True)
    [highlighted] = re.findall(r"\x1b\[1;30;43m(.*?)\x1b\[0m", output)
    assert highlighted == "Ana Sol"
    assert "Its trade minister, Ana Sol, resigned." in ANSI.sub("", output)
    assert "«" not in output


def test_no_colour_on_a_terminal_marks_the_quote(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    file = StringIO()
    write_answer(Console(file=file, force_terminal=True, color_system="standard", width=200), answer(CITATION), holds)
    assert "Its trade minister, «Ana Sol», resigned." in ANSI.sub("", file.getvalue())
    assert not re.search(r"\x1b\[[0-9;]*(3\d|4\d)", file.getvalue())


def test_further_sources_are_numbered_after_the_first() -> None:
    second = replace(CITATION, article_id="a3", title="Third", also_at=())
    lines = shown(answer(CITATION, second)).splitlines()
    position = lines.index("Further sources:")
    assert lines[position + 1] == "Its trade minister, «Ana Sol», resigned."
    assert lines[position + 2].startswith("    [2] Third · ")


def test_long_lines_are_not_broken_where_there_is_no_terminal() -> None:
    long = replace(CITATION, sentence=CITATION.sentence + " More words." * 50)
    assert (
        "Its trade minister, «Ana Sol», resigned." + " More words." * 50 in shown(answer(long), width=40).splitlines()
    )


def test_lines_are_broken_between_words_on_a_terminal() -> None:
    output = ANSI.sub("", shown(answer(CITATION), colour=True, width=30))
    assert max(map(len, output.splitlines())) <= 30
    assert "Its trade minister, Ana Sol, resigned." in " ".join(output.split())


def test_an_abstention_says_so_and_gives_the_closest_as_such() -> None:
    assert shown(answer(closest=(CITATION,))).splitlines()[:3] == [
        "The articles do not answer this question.",
        "The closest sentences, which are no answers:",
        "    Its trade minister, Ana Sol, resigned.",
    ]
    assert shown(answer()) == "The articles do not answer this question.\n"


def test_all_sources_of_an_abstention_are_shown_as_closest() -> None:
    file = StringIO()
    write_sources(Console(file=file, width=200), answer(closest=(CITATION,)), holds)
    lines = file.getvalue().splitlines()
    assert lines[0] == "The closest sentences, which are no answers:"
    assert "Its trade minister, Ana Sol, resigned." in lines


def test_the_query_is_shown_where_it_is_not_the_question() -> None:
    assert shown(answer(CITATION, query="Ana Sol resigned?")).startswith("searched: Ana Sol resigned?\n")


def test_notes_and_confidence_are_shown() -> None:
    output = shown(replace(answer(CITATION), notes=("The question is not in English.",), confidence=0.875))
    assert output.endswith("confidence: 88%\nnote: The question is not in English.\n")


@pytest.mark.parametrize("abstained", [False, True])
def test_a_citation_that_does_not_hold_is_marked(abstained: bool) -> None:
    second = replace(CITATION, article_id="a3")

    def check(citation: Citation) -> CitationCheck:
        return CitationCheck(citation.article_id != "a3", "it has changed")

    both = (CITATION, second)
    lines = shown(answer(closest=both) if abstained else answer(*both), check=check).splitlines()
    [position] = [number for number, line in enumerate(lines) if "does not hold: it has changed" in line]
    assert any(line.startswith("    [2] ") for line in lines[:position])


HOSTILE = "\x1b[2J[bold]:smile:\u202e\x9d0;x\x07"


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("render", [write_answer, write_sources])
@pytest.mark.parametrize("abstained", [False, True])
def test_article_text_cannot_command_the_terminal(colour: bool, render, abstained: bool) -> None:  # type: ignore[no-untyped-def]
    place = Place(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, None, 0, 1)
    hostile = replace(
        CITATION,
        title=HOSTILE,
        outlet=HOSTILE,
        url=HOSTILE,
        published=HOSTILE,
        sentence=f"{HOSTILE} says {HOSTILE}",
        start_char=0,
        end_char=2 * len(HOSTILE) + 6,
        quote=HOSTILE,
        quote_start_char=len(HOSTILE) + 6,
        quote_end_char=2 * len(HOSTILE) + 6,
        before=HOSTILE,
        after=HOSTILE,
        also_at=(place,),
    )
    given_answer = answer(closest=(hostile,)) if abstained else answer(hostile)
    given_answer = replace(given_answer, query=HOSTILE, notes=(HOSTILE,))
    file = StringIO()
    settings = {"force_terminal": True, "color_system": "standard"} if colour else {}
    render(Console(file=file, width=500, **settings), given_answer, lambda _: CitationCheck(False, HOSTILE))  # type: ignore[arg-type]
    output = ANSI.sub("", file.getvalue())
    assert not [c for c in output if (unicodedata.category(c) == "Cc" and c != "\n") or c in BIDI_CONTROLS]
    assert "\x1b[2J" not in file.getvalue()
    assert "␛[2J[bold]:smile:‹U+202E›‹U+009D›0;x␇ says " in output
    if not colour and render is write_answer and not abstained:
        assert "says «␛[2J[bold]:smile:‹U+202E›‹U+009D›0;x␇»" in output


def test_an_article_without_particulars_is_named_by_its_id() -> None:
    bare = replace(CITATION, title="", outlet=None, url=None, published=None, page=None)
    assert source_line(bare) == "a1 · characters 100–138"


# --- names of articles ------------------------------------------------------------------------------------------------


def summary(article_id: str, source_key: str) -> ArticleSummary:
    return ArticleSummary(article_id, source_key, "", None, None, None, "", "", 1, 1)


ARTICLES = (summary("a1", "news/one.txt"), summary("a2", "two.txt"), summary("a3", "two.txt"), summary("two", "a1"))


def test_an_article_is_named_by_id_or_by_source() -> None:
    assert article_ids(["two", "news/one.txt", "a3", "two"], ARTICLES) == ("two", "a1", "a3")


def test_an_id_comes_before_a_source_of_the_same_name() -> None:
    assert article_ids(["a1"], ARTICLES) == ("a1",)


def test_all_names_that_are_wrong_are_told() -> None:
    with pytest.raises(ArticleNotFoundError) as caught:
        article_ids(["a1", "two.txt", "news/on.txt", "zzzzzz"], ARTICLES)
    message = str(caught.value)
    assert "'two.txt' is the source of several articles, name one by its id: a2, a3" in message
    assert "'news/on.txt'; did you mean 'news/one.txt'" in message
    assert "'zzzzzz'" in message
    assert "'a1'" not in message


# --- the list of commands ---------------------------------------------------------------------------------------------

PROJECT = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REGISTERED: dict[str, str] = PROJECT["entry-points"][ENTRY_POINT_GROUP]


@pytest.mark.parametrize("name", sorted(REGISTERED))
def test_a_summary_is_the_first_line_of_what_the_command_says_of_itself(name: str) -> None:
    """Read from the source: importing some of the commands takes seconds."""
    module, function = REGISTERED[name].split(":")
    spec = importlib.util.find_spec(module)
    assert spec, f"{name} is registered as {REGISTERED[name]}, and there is no such module"
    assert spec.origin
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    said = [
        ast.get_docstring(node) for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function
    ]
    for node in tree.body:  # a command with commands of its own says it as ``app = typer.Typer(help=...)``
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.targets[0]) == function
        ):
            said += [ast.literal_eval(each.value) for each in node.value.keywords if each.arg == "help"]
    assert [(each or "").split("\n")[0] for each in said] == [SUMMARIES[name]]


def test_the_manual_tells_of_every_command() -> None:
    told = set(re.findall(r"^## `pullquote (\w+)", MANUAL.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert told == set(REGISTERED)
