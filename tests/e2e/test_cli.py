"""The command line as a whole: real commands on real indexes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from index.stores.local import LocalStore
from qa.cli import app
from qa.cli.options import INDEX_VARIABLE
from qa.records import Answer
from tests.conftest import PROJECT_ROOT

MAYOR = {
    "id": "mayor",
    "title": "Tarn elects a mayor",
    "outlet": "The Lantern",
    "published": "2025-03-02",
    "url": "https://example.org/lantern/mayor",
    "text": "It rained all day. Odalys Brenn was elected mayor of Tarn on Sunday. Her rival conceded at midnight.",
}
MILL = {
    "id": "mill",
    "title": "The mill of Tarn burns",
    "outlet": "The Observer",
    "published": "2025-04-05",
    "url": "https://example.org/observer/mill",
    "text": "A fire destroyed the paper mill of Tarn on Friday. Nobody was hurt. The owner blamed a broken heater.",
}
NOTE = "The orchard of Lower Wend\n\nThe orchard of Lower Wend has 340 pear trees. They were planted in 1911.\n"
MAYOR_QUESTION = "Who was elected mayor of Tarn?"
MAYOR_SENTENCE = "Odalys Brenn was elected mayor of Tarn on Sunday."
ABSURD_QUESTION = "What is the melting point of tungsten?"


class Outcome(NamedTuple):
    code: int
    stdout: str
    stderr: str


def pullquote(*arguments: str | Path, typed: str | None = None) -> Outcome:
    """Run a command in this process."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed, catch_exceptions=False)
    return Outcome(result.exit_code, result.stdout, result.stderr)


def start(arguments: Sequence[str | Path], **settings: Any) -> subprocess.Popen[str]:
    """Start a command in a process of its own, which Ctrl+C reaches even where these tests run in the background: there
    shells have it ignored, and what they start inherits that."""
    command = [sys.executable, "-m", "qa", *map(str, arguments)]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | settings
    return subprocess.Popen(command, encoding="utf-8", preexec_fn=_heed_interrupts, **streams)


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def finish(process: subprocess.Popen[str]) -> Outcome:
    stdout, stderr = process.communicate(timeout=200)
    return Outcome(process.returncode, stdout, stderr)


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs in a folder of its own, with no index and no cache."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(INDEX_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles as JSON lines and one as text."""
    folder = tmp_path_factory.mktemp("articles")
    (folder / "news.jsonl").write_text("".join(json.dumps(article) + "\n" for article in (MAYOR, MILL)))
    (folder / "orchard.txt").write_text(NOTE)
    return folder


@pytest.fixture(scope="module")
def built(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the three articles; tests only read it."""
    folder = tmp_path_factory.mktemp("built") / "index"
    outcome = pullquote("index", articles, "--index", folder)
    assert outcome.code == 0, outcome
    assert outcome.stdout == f"{folder}: 3 added, 0 changed, 0 unchanged, 0 removed\n"
    return folder


@pytest.fixture
def own(built: Path, tmp_path: Path) -> Path:
    """A copy of it, which the test may change."""
    return Path(shutil.copytree(built, tmp_path / "own"))


def assert_one_error(outcome: Outcome, code: int, *words: str) -> None:
    assert outcome.code == code, outcome
    assert outcome.stdout == ""
    [line] = [line for line in outcome.stderr.splitlines() if not line.startswith("indexing: ")]
    assert line.startswith("error: ")
    for word in words:
        assert word in line


# --- index, add, remove, list -----------------------------------------------------------------------------------------


def test_an_index_is_brought_up_to_date(articles: Path, own: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(articles, tmp_path / "articles"))
    assert pullquote("index", folder, "--index", own).stdout == f"{own}: 0 added, 0 changed, 3 unchanged, 0 removed\n"
    (folder / "orchard.txt").write_text(NOTE + "\nThe pears are small.\n")
    (folder / "news.jsonl").write_text(json.dumps(MAYOR) + "\n")
    outcome = pullquote("index", folder, "--index", own)
    assert outcome.stdout == f"{own}: 0 added, 1 changed, 1 unchanged, 1 removed\n"
    assert "removed from the index, since they are not among these paths: 1." in outcome.stderr


def test_progress_is_told_on_stderr(articles: Path) -> None:
    outcome = pullquote("index", articles)
    assert outcome.code == 0
    assert "indexing: 3 of 3 articles\n" in outcome.stderr
    assert outcome.stdout == "pullquote-index: 3 added, 0 changed, 0 unchanged, 0 removed\n"


def test_what_cannot_be_read_is_named_and_the_rest_goes_in(articles: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(articles, tmp_path / "articles"))
    (folder / "empty.txt").write_text("")
    outcome = pullquote("index", folder, "--index", "new")
    assert outcome.code == 3
    assert outcome.stdout == "new: 3 added, 0 changed, 0 unchanged, 0 removed\n"
    assert f"not read: {folder / 'empty.txt'}: no text" in outcome.stderr

    again = pullquote("index", folder, "--index", "new", "--json")
    assert again.code == 3
    report = json.loads(again.stdout)
    assert (report["index"], report["added"], len(report["unchanged"])) == ("new", [], 3)
    [failure] = report["failures"]
    assert failure["path"] == str(folder / "empty.txt")
    assert failure["reason"].startswith("no text")


def test_a_guessed_encoding_is_told_and_overruled(tmp_path: Path) -> None:
    text = "Žluťoučký kůň pěl ďábelské ódy. Příliš mnoho koní. " * 20
    (tmp_path / "kun.txt").write_bytes(text.encode("cp1250"))
    guessed = pullquote("index", "kun.txt")
    assert guessed.code == 0
    assert "warning: " in guessed.stderr
    assert "kun.txt" in guessed.stderr
    named = pullquote("index", "kun.txt", "--index", "named", "--encoding", "cp1250")
    assert named.code == 0
    assert "warning: " not in named.stderr


def test_paths_without_articles_are_an_error(tmp_path: Path) -> None:
    assert_one_error(pullquote("index", "nowhere"), 1, "nowhere")
    (tmp_path / "empty.txt").write_text("")
    assert_one_error(pullquote("index", "empty.txt"), 1, "empty.txt")
    assert not Path("pullquote-index").exists()


def test_articles_are_added_and_removed(own: Path, tmp_path: Path) -> None:
    (tmp_path / "cup.txt").write_text("Kestrel wins the cup\n\nKestrel beat Santelle 3-1 on Saturday.\n")
    assert pullquote("add", "cup.txt", "--index", own).stdout == f"{own}: 1 added, 0 changed, 0 unchanged, 0 removed\n"
    removed = pullquote("remove", "cup.txt", "mill", "--index", own)
    assert removed.stdout == f"{own}: 0 added, 0 changed, 0 unchanged, 2 removed\n"
    assert (tmp_path / "cup.txt").exists()
    listed = json.loads(pullquote("list", "--index", own, "--json").stdout)
    assert {article["title"] for article in listed} == {MAYOR["title"], "The orchard of Lower Wend"}
    answered = json.loads(pullquote("ask", "What destroyed the paper mill of Tarn?", "--index", own, "--json").stdout)
    assert "mill" not in {citation["article_id"] for citation in answered["citations"] + answered["closest"]}


def test_an_unknown_name_removes_nothing(own: Path) -> None:
    assert_one_error(pullquote("remove", "mill", "mayr", "--index", own), 1, "'mayr'; did you mean 'mayor'")
    assert len(pullquote("list", "--index", own).stdout.splitlines()) == 3


def test_a_list_is_a_line_for_each_article(built: Path) -> None:
    rows = [line.split("\t") for line in pullquote("list", "--index", built).stdout.splitlines()]
    assert ["mayor", "2025-03-02", "The Lantern", "3", "Tarn elects a mayor"] in rows
    assert [len(row) for row in rows] == [5, 5, 5]
    listed = json.loads(pullquote("list", "--index", built, "--json").stdout)
    assert [article["article_id"] for article in listed] == [row[0] for row in rows]


# --- ask --------------------------------------------------------------------------------------------------------------


def test_an_answer_is_shown_in_its_sentence_with_its_source(built: Path) -> None:
    outcome = pullquote("ask", MAYOR_QUESTION, "--index", built)
    assert outcome.code == 0
    assert outcome.stderr == ""
    lines = outcome.stdout.splitlines()
    [sentence] = [line for line in lines if line.replace("«", "").replace("»", "") == MAYOR_SENTENCE]
    assert sentence.count("«") == sentence.count("»") == 1
    start = MAYOR["text"].index(MAYOR_SENTENCE)
    assert (
        "    [1] Tarn elects a mayor · The Lantern · 2025-03-02 · https://example.org/lantern/mayor · "
        f"characters {start}–{start + len(MAYOR_SENTENCE)}"
    ) in lines
    assert "    … It rained all day." in lines
    assert "    … Her rival conceded at midnight." in lines


def test_json_is_the_answer_in_its_schema(built: Path) -> None:
    outcome = pullquote("ask", MAYOR_QUESTION, "--index", built, "--json")
    assert (outcome.code, outcome.stderr) == (0, "")
    document = json.loads(outcome.stdout)
    schema = json.loads((PROJECT_ROOT / "qa" / "answer.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    assert Answer.from_dict(document).to_dict() == document
    first = document["citations"][0]
    assert MAYOR["text"][first["start_char"] : first["end_char"]] == first["sentence"] == MAYOR_SENTENCE
    assert MAYOR["text"][first["quote_start_char"] : first["quote_end_char"]] == first["quote"]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_an_abstention_has_its_own_exit_code(built: Path, options: Sequence[str]) -> None:
    outcome = pullquote("ask", ABSURD_QUESTION, "--index", built, *options)
    assert outcome.code == 4
    if options:
        assert json.loads(outcome.stdout)["answered"] is False
    else:
        assert outcome.stdout.startswith("The articles do not answer this question.\n")


def test_filters_say_which_articles_may_answer(built: Path) -> None:
    question = "What happened in Tarn?"
    for options, allowed in [
        (("--outlet", "the observer"), {"mill"}),
        (("--outlet", "The Observer", "--outlet", "The Lantern"), {"mill", "mayor"}),
        (("--article", "mayor"), {"mayor"}),
        (("--article", "mayor", "--outlet", "The Observer"), set()),
        (("--since", "2025-03-03"), {"mill"}),
        (("--until", "2025-03-02"), {"mayor"}),
    ]:
        document = json.loads(pullquote("ask", question, "--index", built, "--json", *options).stdout)
        found = {citation["article_id"] for citation in document["citations"] + document["closest"]}
        assert found <= allowed, options
        assert bool(found) == bool(allowed), options


def test_candidates_bound_what_is_read(built: Path) -> None:
    document = json.loads(
        pullquote("ask", "What happened in Tarn?", "--index", built, "--json", "--candidates", "1").stdout
    )
    assert len({citation["article_id"] for citation in document["citations"] + document["closest"]}) == 1
    assert_one_error(pullquote("ask", MAYOR_QUESTION, "--index", built, "--candidates", "0"), 2, "candidates is 0")


def test_wrong_usage_is_told(built: Path) -> None:
    assert_one_error(pullquote("ask", " ", "--index", built), 2, "the question is empty")
    assert_one_error(pullquote("ask", MAYOR_QUESTION, "--index", built, "--article", "mayr"), 1, "'mayr'")
    for options, word in [
        (("--outlet", "Nobody"), "The Lantern, The Observer"),
        (("--since", "2025-13-01"), "2025-13-01"),
        (("--since", "2025-03-02", "--until", "2025-03-01"), "2025-03-01"),
        (("--nonsense",), "--nonsense"),
    ]:
        outcome = pullquote("ask", MAYOR_QUESTION, "--index", built, *options)
        assert (outcome.code, outcome.stdout) == (2, "")
        assert word in " ".join(outcome.stderr.replace("│", " ").split())


def test_what_articles_hold_is_shown_safely_and_given_exactly(tmp_path: Path) -> None:
    text = "Odalys \x1b]0;owned\x07Brenn\u202e was elected mayor of Tarn on Sunday. Nobody [red]minded[/red]."
    article = {"id": "mayor", "title": "[bold]Tarn\u202e", "outlet": "[link=x]Lantern", "text": text}
    (tmp_path / "a.jsonl").write_text(json.dumps(article))
    assert pullquote("index", "a.jsonl").code == 0
    whole_sentences = ("--reader", "sentence")  # so that the marks stand around all of the hostile text
    shown = pullquote("ask", MAYOR_QUESTION, "--article", "mayor", *whole_sentences).stdout + pullquote("list").stdout
    assert not set("\x1b\x07\x9b\u202e") & set(shown)
    assert shown.count("[bold]Tarn‹U+202E›") == shown.count("[link=x]Lantern") == 2
    assert "«Odalys ␛]0;owned␇Brenn‹U+202E› was" in shown
    assert "Nobody [red]minded[/red]." in shown
    exact = json.loads(pullquote("ask", MAYOR_QUESTION, "--json").stdout)["citations"][0]
    assert exact["title"] == "[bold]Tarn\u202e"
    assert exact["sentence"] == text[exact["start_char"] : exact["end_char"]]
    assert "\x1b]0;owned\x07Brenn\u202e" in exact["sentence"]


# --- indexes that cannot be used --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [("ask", MAYOR_QUESTION), ("chat",), ("list",), ("add", "news.txt"), ("remove", "mayor")]
)
def test_no_index_at_that_place(command: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(NOTE)
    assert_one_error(pullquote(*command, "--index", "nowhere"), 5, "nowhere")
    assert not Path("nowhere").exists()


def test_the_environment_names_the_index(monkeypatch: pytest.MonkeyPatch, built: Path) -> None:
    monkeypatch.setenv(INDEX_VARIABLE, str(built))
    assert len(pullquote("list").stdout.splitlines()) == 3
    assert_one_error(pullquote("list", "--index", "nowhere"), 5, "nowhere")


def test_an_index_that_is_being_written_to(own: Path, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(NOTE)
    with LocalStore.open(own).writer():
        assert_one_error(pullquote("add", "news.txt", "--index", own), 6, str(own))
        assert pullquote("ask", MAYOR_QUESTION, "--index", own).code == 0


def test_a_damaged_index(own: Path) -> None:
    largest = max(
        (path for path in (own / "segments").rglob("*") if path.is_file()), key=lambda path: path.stat().st_size
    )
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)
    assert_one_error(pullquote("ask", MAYOR_QUESTION, "--index", own), 7, largest.name)


def test_an_index_of_other_settings(own: Path, articles: Path) -> None:
    assert_one_error(pullquote("index", articles, "--index", own, "--chunk-words", "50"), 7, "50", "120")
    assert_one_error(pullquote("index", articles, "--index", "new", "--chunk-words", "5"), 2, "chunk_words is 5")


def test_settings_that_are_left_out_are_those_of_the_index(articles: Path) -> None:
    assert pullquote("index", articles, "--chunk-words", "50").code == 0
    again = pullquote("index", articles)
    assert (again.code, again.stdout) == (0, "pullquote-index: 0 added, 0 changed, 3 unchanged, 0 removed\n")


# --- chat -------------------------------------------------------------------------------------------------------------


def test_a_conversation_is_piped_in(built: Path) -> None:
    typed = f"/sources\n\n{MAYOR_QUESTION}\nWho conceded to her?\n/sources\n/nonsense\n/new\n/help\n/quit\nnot asked\n"
    outcome = pullquote("chat", "--index", built, typed=typed)
    assert outcome.code == 0
    assert "not asked" not in outcome.stdout
    assert outcome.stderr == "error: there is no command /nonsense; /help tells which there are\n"
    nothing, _, first, follow_up, sources, _, new, help_text, _ = ("\n" + outcome.stdout).split("\n> ")[1:]
    assert nothing == "/sources\nNothing has been asked yet.\n"
    assert MAYOR_SENTENCE in first.replace("«", "").replace("»", "")
    assert "searched: " in follow_up
    assert "[1] " in sources
    assert "A new conversation." in new
    assert "/quit" in help_text


def test_small_talk_gets_no_sentence_of_an_article(built: Path) -> None:
    outcome = pullquote("chat", "--index", built, typed="Hello!\nWhat are these articles about?\nthanks\n")
    assert outcome.code == 0
    hello, overview, thanks = ("\n" + outcome.stdout).split("\n> ")[1:]
    assert "the 3 articles of this collection" in " ".join(hello.split())
    assert "They are headed “" in " ".join(overview.split())
    assert "You are welcome" in thanks
    assert "confidence" not in outcome.stdout


def test_a_conversation_ends_with_its_input(built: Path) -> None:
    outcome = pullquote(
        "chat", "--index", built, typed=f"\udcff{MAYOR_QUESTION}".encode("utf-8", "surrogateescape").decode("latin-1")
    )
    assert outcome.code == 0
    assert MAYOR_SENTENCE in outcome.stdout.replace("«", "").replace("»", "")


# --- the sample collection --------------------------------------------------------------------------------------------

SAMPLE_QUESTION = "Who is Canada's trade minister?"
SAMPLE_ANSWER = "Dominic LeBlanc"


def test_without_an_index_the_sample_is_asked_and_kept() -> None:
    first = pullquote("ask", SAMPLE_QUESTION)
    assert first.code in (0, 4)  # whether the reader is sure enough is measured elsewhere
    assert SAMPLE_ANSWER in first.stdout
    assert "This is the sample collection" in first.stderr
    assert "indexing: " in first.stderr

    second = pullquote("ask", SAMPLE_QUESTION)
    assert second.stdout == first.stdout
    assert "indexing: " not in second.stderr


def test_an_index_at_the_usual_place_comes_before_the_sample(built: Path) -> None:
    shutil.copytree(built, "pullquote-index")
    outcome = pullquote("ask", MAYOR_QUESTION)
    assert (outcome.code, outcome.stderr) == (0, "")


@pytest.mark.slow
def test_two_processes_make_one_sample(tmp_path: Path) -> None:
    both = [start(["ask", SAMPLE_QUESTION]) for _ in range(2)]
    with ThreadPoolExecutor() as pool:
        outcomes = list(pool.map(finish, both))
    assert outcomes[0].code in (0, 4), outcomes
    assert outcomes[0][:2] == outcomes[1][:2]
    assert sum("indexing: " in outcome.stderr for outcome in outcomes) == 1
    assert len([path for path in (tmp_path / "cache" / "pullquote").iterdir() if path.is_dir()]) == 1


# --- processes of their own -------------------------------------------------------------------------------------------

HEAVY = {"torch", "faiss", "numpy", "bm25s", "sentence_transformers", "trafilatura", "gradio"}


@pytest.mark.parametrize(
    ("argument", "code", "word"), [("--help", 0, "doctor"), ("--version", 0, "pullquote "), ("aks", 2, "'aks'")]
)
def test_what_needs_no_index_loads_nothing_heavy(argument: str, code: int, word: str) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "qa", argument]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert done.returncode == code
    assert word in done.stdout + done.stderr
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert "typer" in imported
    assert not imported & HEAVY


def test_asking_loads_no_page_and_no_torch(built: Path) -> None:
    code = (
        "import sys\n"
        "from qa.cli import app\n"
        f"app(['ask', {MAYOR_QUESTION!r}, '--index', {str(built)!r}], standalone_mode=False)\n"
        "assert 'onnxruntime' in sys.modules\n"
        "slow = {'gradio', 'fastapi', 'app', 'eval', 'torch', 'sentence_transformers'}\n"
        "print(*sorted(slow & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    assert "Odalys Brenn" in done.stdout
    assert done.stderr.splitlines()[-1] == ""


def test_a_closed_pipe_is_no_fault(built: Path) -> None:
    process = start(["list", "--index", built])
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 1


def test_what_the_terminal_cannot_show_is_escaped(built: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    outcome = finish(start(["ask", "", "--index", built / "é"], env=environment))
    assert outcome.code == 5
    assert "\\xe9" in outcome.stderr


def test_a_fault_of_ours_keeps_its_traceback(tmp_path: Path) -> None:
    """A command whose module cannot be imported stands for all that nobody foresaw."""
    metadata = tmp_path / "broken-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[pullquote.commands]\nbroken = no_such_module:command\n")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    assert "broken" in finish(start(["--help"], env=environment)).stdout
    outcome = finish(start(["broken"], env=environment))
    assert outcome.code == 1
    first, *rest = outcome.stderr.splitlines()
    assert first.startswith("error: unexpected ModuleNotFoundError")
    assert rest[0] == "Traceback (most recent call last):"


@pytest.mark.slow
def test_ctrl_c_leaves_a_conversation(built: Path) -> None:
    process = start(["chat", "--index", built])
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{MAYOR_QUESTION}\n")
    process.stdin.flush()
    while "[1] " not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    outcome = finish(process)
    assert outcome.code == 130
    assert "Traceback" not in outcome.stderr
