"""People's own collections: apart from each other, complete after every change, and closed to hostile names."""

from __future__ import annotations

import errno
import stat
import threading
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ArticleNotFoundError, IndexCorruptError, LibraryError, LoadError
from qa import holdings as holdings_module
from qa import uploads as uploads_module
from qa.assistant import Assistant
from qa.holdings import KEPT_OPEN, MY_ARTICLES, Holdings
from qa.library import Library
from qa.served import SERVED
from qa.uploads import Upload, safe_name
from tests.qa.page.samples import HOSTILE_NAMES
from tests.qa.page.serving import ARTICLES, small_assistant

Bring = Callable[..., Upload]


def assert_safe(name: str) -> None:
    parts = name.split("/")
    assert 1 <= len(parts) <= 8
    for part in parts:
        assert part not in ("", ".", "..")
        assert len(part.encode("utf-8")) <= 160
        assert not set(part) & set('\0\\:<>|?*"\n\r\u202e\u2028')
        assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in part)
        assert part.partition(".")[0].lower() not in ("con", "nul", "aux", "lpt1")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_becomes_a_relative_path(name: str) -> None:
    assert_safe(safe_name(name))


@settings(max_examples=300)
@given(st.text(st.characters() | st.sampled_from("./\\: \0\u202e")))
def test_any_name_becomes_a_relative_path_and_stays_the_same_then(name: str) -> None:
    once = safe_name(name)
    assert_safe(once)
    assert safe_name(once) == once


def test_there_are_fifty_hostile_names_and_good_ones_are_left_alone() -> None:
    assert len(set(HOSTILE_NAMES)) >= 50
    for name in ("a.txt", "news/2025/Zürich – été.md", "notes.v2.txt.gz", ".hidden.txt", "日本.html", "a b (1).pdf"):
        assert safe_name(name) == name
    assert safe_name("e\u0301.txt") == "é.txt"  # as a Mac sends it
    long = [safe_name("x" * 200 + ending) for ending in ("a.txt", "b.txt")]
    assert len(set(long)) == 2
    assert all(name.endswith(".txt") for name in long)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Holdings]:
    with (
        small_assistant(tmp_path) as served,
        Library.open(tmp_path / "library.sqlite") as library,
        Holdings(library, served, tmp_path / "collections") as made,
    ):
        yield made


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    """Makes a file as the page's toolkit leaves one: under a name that tells nothing, in a temporary place."""
    (tmp_path / "temporary").mkdir()
    made = iter(range(1_000_000))

    def upload(name: str, content: str | bytes) -> Upload:
        path = tmp_path / "temporary" / f"tmp{next(made)}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Upload(path, name)

    return upload


def texts(held: Holdings, owner: str, collection_id: str) -> dict[str, str]:
    """The texts of a collection, by where each came from."""
    assistant = held.assistant(owner, collection_id)
    return {each.source_key: assistant.article(each.article_id).text for each in assistant.articles()}


def leftovers(tmp_path: Path) -> list[Path]:
    return [*(tmp_path / "temporary").iterdir(), *(tmp_path / "collections").glob("incoming-*")]


def test_a_bad_file_stops_no_good_one_and_says_why(held: Holdings, bring: Bring, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    uploads = [
        bring("a.txt", "The zorb is red."),
        bring("b.exe", "MZ"),
        bring("c.pdf", "no PDF"),
        bring("empty.txt", "  \n"),
        bring("d.jsonl", '{"text": "One line."}\nnonsense\n{"text": "Another line.", "n": NaN}'),
        bring("deep/a.txt", "The deep zorb is blue."),
        bring("a.txt", "A second file of that name."),
        Upload(tmp_path / "temporary" / "gone", "gone.txt"),
        Upload(tmp_path, "folder.txt"),
        *(bring(f"good/{number}.txt", f"Good number {number}.") for number in range(20)),
    ]
    report = held.add_files("ada", SERVED, uploads, lambda doing, done, of, failures: told.append((doing, done, of)))
    outcomes = [(file.name, file.outcome, file.articles) for file in report.files]
    assert outcomes[:9] == [
        ("a.txt", "added", 1),
        ("b.exe", "failed", 0),
        ("c.pdf", "failed", 0),
        ("empty.txt", "failed", 0),
        ("d.jsonl", "added", 2),
        ("deep/a.txt", "added", 1),
        ("a.txt", "failed", 0),
        ("gone.txt", "failed", 0),
        ("folder.txt", "failed", 0),
    ]
    assert all(outcome == "added" for _, outcome, _ in outcomes[9:])
    assert all(file.problems for file in report.files if file.outcome == "failed")
    assert "no loader" in report.files[1].problems[0]
    assert [file.may_pass for file in report.files[:9]] == [*[False] * 7, True, True]
    assert report.files[4].problems[0].startswith("line 2: ")
    assert "same name" in report.files[6].problems[0]
    assert all(str(tmp_path) not in text for file in report.files for text in (*file.problems, *file.warnings))
    assert texts(held, "ada", report.collection_id)["deep/a.txt"] == "The deep zorb is blue."
    assert len(texts(held, "ada", report.collection_id)) == 24
    assert told[0] == ("reading", 0, 29)
    assert told[-1] == ("indexing", 24, 24)
    assert leftovers(tmp_path) == []


def test_the_first_upload_makes_a_collection_that_nobody_else_sees(held: Holdings, bring: Bring) -> None:
    report = held.add_files("ada", SERVED, [bring("a.txt", "The zorb is red.")])
    again = held.add_files("ada", SERVED, [bring("b.txt", "The blick is blue.")])
    assert again.collection_id == report.collection_id
    assert [(one.name, one.shared, one.articles) for one in held.visible("ada")] == [
        ("The served collection", True, len(ARTICLES)),
        (MY_ARTICLES, False, 2),
    ]
    assert [one.collection_id for one in held.visible("bob")] == [SERVED]
    assert held.assistant("ada", report.collection_id).ask("Which colour is the zorb?").text == "The zorb is red."
    assert len(held.assistant("bob", SERVED).articles()) == len(ARTICLES)  # nothing went into the shared one


def test_an_id_of_somebody_elses_is_as_unknown_as_a_wrong_one(held: Holdings, bring: Bring) -> None:
    mine = held.add_files("ada", SERVED, [bring("a.txt", "The zorb is red.")]).collection_id
    article_id = held.assistant("ada", mine).articles()[0].article_id

    def calls(collection_id: str) -> list[str]:
        said: list[str] = []
        tried: tuple[Callable[[], object], ...] = (
            lambda: held.assistant("bob", collection_id),
            lambda: held.add_files("bob", collection_id, [bring("x.txt", "Mine.")]),
            lambda: held.add_text("bob", collection_id, "Mine."),
            lambda: held.remove("bob", collection_id, [article_id]),
            lambda: held.rename("bob", collection_id, "Mine"),
            lambda: held.delete("bob", collection_id),
        )
        for call in tried:
            with pytest.raises(LibraryError) as raised:
                call()
            said.append(str(raised.value))
        return said

    assert calls(mine) == calls("0" * 32) == calls(MY_ARTICLES)
    assert texts(held, "ada", mine) == {"a.txt": "The zorb is red."}


def test_nobody_changes_the_served_collection(held: Holdings) -> None:
    changes: tuple[Callable[[], object], ...] = (
        lambda: held.remove("ada", SERVED, ["ferry"]),
        lambda: held.delete("ada", SERVED),
    )
    for change in changes:
        with pytest.raises(LibraryError, match="everybody's"):
            change()
    with pytest.raises(LibraryError):
        held.rename("ada", SERVED, "Mine")
    assert len(held.assistant("ada", SERVED).articles()) == len(ARTICLES)


def test_a_file_of_the_same_name_replaces_what_it_gave_before(held: Holdings, bring: Bring) -> None:
    first = held.add_files("ada", SERVED, [bring("n/a.txt", "The zorb is red."), bring("m/a.txt", "Elsewhere.")])
    again = held.add_files("ada", first.collection_id, [bring("n/a.txt", "The zorb is green.")])
    same = held.add_files("ada", first.collection_id, [bring("n\\a.txt", "The zorb is green.")])
    assert [file.outcome for file in (*again.files, *same.files)] == ["replaced", "unchanged"]
    assert texts(held, "ada", first.collection_id) == {"n/a.txt": "The zorb is green.", "m/a.txt": "Elsewhere."}
    assert held.assistant("ada", first.collection_id).ask("Which colour is the zorb?").text == "The zorb is green."


def test_what_is_removed_never_answers_again(held: Holdings, bring: Bring) -> None:
    mine = held.add_files("ada", SERVED, [bring("a.txt", "The zorb is red."), bring("b.txt", "A blick.")]).collection_id
    assistant = held.assistant("ada", mine)
    (zorb,) = (each.article_id for each in assistant.articles() if each.source_key == "a.txt")
    with pytest.raises(ArticleNotFoundError):
        held.remove("ada", mine, [zorb, "no such"])
    assert len(assistant.articles()) == 2
    held.remove("ada", mine, [zorb])
    assert "zorb" not in str(held.assistant("ada", mine).ask("Which colour is the zorb?").to_dict()["citations"])
    assert texts(held, "ada", mine) == {"b.txt": "A blick."}


def test_a_deleted_collection_leaves_nothing_on_the_disk(held: Holdings, bring: Bring, tmp_path: Path) -> None:
    mine = held.add_files("ada", SERVED, [bring("a.txt", "The zorb is red.")]).collection_id
    (folder,) = (tmp_path / "collections").iterdir()
    assert folder.name != mine
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    held.delete("ada", mine)
    assert list((tmp_path / "collections").iterdir()) == []
    with pytest.raises(LibraryError):
        held.assistant("ada", mine)


@pytest.mark.parametrize(
    ("constant", "module", "said", "may_pass"),
    [("MAX_FILE_BYTES", uploads_module, "limit of", False), ("MAX_OWNER_BYTES", holdings_module, "no room", True)],
)
def test_what_is_too_large_is_refused_with_its_limit_and_can_be_tried_again(
    held: Holdings,
    bring: Bring,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    constant: str,
    module: object,
    said: str,
    may_pass: bool,
) -> None:
    with monkeypatch.context() as limited:
        limited.setattr(module, constant, 20_000)
        small, large = bring("small.txt", "Small."), bring("large.txt", "x " * 15_000)
        report = held.add_files("ada", SERVED, [large, small])
    assert [file.outcome for file in report.files] == ["failed", "added"]
    assert said in report.files[0].problems[0]
    assert [file.may_pass for file in report.files] == [may_pass, False]
    assert leftovers(tmp_path) == []
    again = held.add_files("ada", report.collection_id, [bring("large.txt", "x " * 15_000)])
    assert [file.outcome for file in again.files] == ["added"]


def test_what_the_index_refused_may_go_in_later_and_what_is_no_text_may_not(
    held: Holdings, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as limited:
        limited.setattr(Assistant, "add", full)
        report = held.add_files("ada", SERVED, [bring("a.txt", "The zorb is red."), bring("b.exe", "MZ")])
    assert [(file.outcome, file.may_pass) for file in report.files] == [("failed", True), ("failed", False)]
    assert "No space left on device" in report.files[0].problems[0]
    assert "No space" not in " ".join(report.files[1].problems)


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(
    held: Holdings, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads_module, "MAX_TEXT_CHARACTERS", 1000)
    report = held.add_files("ada", SERVED, [bring("bomb.txt", "word " * 500)])
    assert "limit of 1,000" in report.files[0].problems[0]


def test_a_person_keeps_a_limited_number_of_collections(held: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holdings_module, "MAX_COLLECTIONS", 2)
    held.create("ada", "One")
    held.create("ada", "Two")
    with pytest.raises(LibraryError, match="at most 2"):
        held.create("ada", "Three")
    held.create("bob", "Three")


def test_a_pasted_text_is_an_article_with_what_was_said_about_it(held: Holdings) -> None:
    mine = held.add_text(
        "ada", SERVED, "The zorb is red.", title=" A  title ", published="2025-10-31", url="https://x.example/z"
    ).collection_id
    (summary,) = held.assistant("ada", mine).articles()
    assert (summary.title, summary.published, summary.url) == ("A title", "2025-10-31", "https://x.example/z")
    held.add_text("ada", mine, "The zorb is green.", title="Other", url="https://x.example/z")
    held.add_text("ada", mine, "A blick.")
    held.add_text("ada", mine, "A blue blick.", title="A blick")
    assert sorted(texts(held, "ada", mine).values()) == ["A blue blick.", "The zorb is green."]


@pytest.mark.parametrize(
    ("text", "published", "url", "said"),
    [
        (" \n", "", "", "no text"),
        ("Text.", "31.10.2025", "", "no date"),
        ("Text.", "2025-02-30", "", "no date"),
        ("Text.", "", "javascript:alert(1)", "no web address"),
        ("Text.", "", "example.org", "no web address"),
    ],
)
def test_a_pasted_text_that_cannot_be_is_refused(
    held: Holdings, text: str, published: str, url: str, said: str
) -> None:
    with pytest.raises(LoadError, match=said):
        held.add_text("ada", SERVED, text, published=published, url=url)
    assert [one.collection_id for one in held.visible("ada")] == [SERVED]


def test_few_indexes_stay_open_and_none_is_open_twice(held: Holdings) -> None:
    ids = [held.create("ada", f"Number {number}") for number in range(KEPT_OPEN + 1)]
    first = held.assistant("ada", ids[0])
    for collection_id in ids[1:]:
        held.assistant("ada", collection_id)
    assert len(held._recent) == KEPT_OPEN
    assert ids[0] not in held._recent
    held.add_text("ada", ids[0], "The zorb is red.")
    assert held.assistant("ada", ids[0]) is first  # still in use: found again, and it sees the change
    assert len(first.articles()) == 1


def test_a_damaged_index_is_named_and_hides_no_other(held: Holdings, bring: Bring, tmp_path: Path) -> None:
    mine = held.add_text("ada", SERVED, "The zorb is red.").collection_id
    held.create("ada", "Zebra")
    for path in (tmp_path / "collections").rglob("*.json"):
        path.write_text("{}")
    held.close()
    assert [(one.name, one.articles) for one in held.visible("ada")][1:] == [(MY_ARTICLES, None), ("Zebra", 0)]
    with pytest.raises(IndexCorruptError):
        held.assistant("ada", mine)


def test_two_owners_add_at_once_while_both_read(held: Holdings, bring: Bring) -> None:
    failed: list[BaseException] = []
    done = threading.Event()

    def adds(owner: str) -> None:
        try:
            for number in range(4):
                report = held.add_files(owner, SERVED, [bring(f"{number}.txt", f"The zorb of {owner} is {number}.")])
                assert report.files[0].articles == 1
        except BaseException as error:
            failed.append(error)

    def reads(owner: str) -> None:
        try:
            while not done.is_set():
                for one in held.visible(owner):
                    for each in held.assistant(owner, one.collection_id).articles():
                        if not one.shared:
                            assert owner in each.title
        except BaseException as error:
            failed.append(error)

    owners = ("ada", "bob")
    readers = [threading.Thread(target=reads, args=(owner,)) for owner in owners]
    writers = [threading.Thread(target=adds, args=(owner,)) for owner in owners for _ in range(2)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert failed == []
