"""Runs: every measure by hand, an interruption that changes nothing, and folders that hold something else."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.datasets.records import Evidence, QuestionSet
from eval.resources import Resources
from eval.rows import DEPTH
from eval.runner import PREDICTIONS, ROWS, SUMMARY, Run, evaluate, load_run
from eval.summary import summary_dict
from index.errors import QuestionSetError, RunError
from index.records import Filter
from qa import Answer, QAConfig
from qa.records import Turn
from tests.eval.runs import COST, FERRY, QUESTIONS, SAID, TRAM, WHEN, WHERE, WHO, FakeAssistant, Said


def ask(questions: QuestionSet, assistant: FakeAssistant, out: Path | None = None, **settings: Any) -> Run:
    """A run whose intervals rest on few samples: none of these tests is on their width."""
    return evaluate(questions, assistant, out, **{"resamples": 20, **settings})  # type: ignore[arg-type]


def run(said: dict[str, Said] = SAID, out: Path | None = None, **settings: Any) -> Run:
    return ask(QUESTIONS, FakeAssistant(said), out, **settings)


def assert_same(one: Run, other: Run) -> None:
    """NaN, the interval of a measure that no sample has, is equal to itself here."""
    assert summary_dict(one.measures) == summary_dict(other.measures)
    without = Resources()  # which no two runs take the same of
    assert replace(one, measures={}, resources=without) == replace(other, measures={}, resources=without)


def test_every_measure_by_hand() -> None:
    found = {name: one.value for name, one in run().measures.items()}
    third = pytest.approx(1 / 3)
    assert found["em"] == pytest.approx(2 / 3)  # Skye, not "A vote", in May although it was held back
    assert found["em_all"] == pytest.approx(2 / 4)  # Skye, and nothing where there is nothing
    assert found["f1_all"] == pytest.approx(2 / 4)
    assert found["answered_answerable"] == pytest.approx(2 / 3)
    assert found["abstained_unanswerable"] == 1
    # Skye's sentence holds "off Skye" too; "A vote" stands in another sentence than the cost.
    assert found["citation_first"] == pytest.approx(2 / 3)
    assert found["citation_any"] == pytest.approx(2 / 3)  # the vote's sentence was shown, though only as the closest
    assert found["citation_precision"] == pytest.approx(1 / 2)  # of the two that were answered
    assert found["citation_recall"] == third
    assert found["verbatim"] == 1
    # Right are Skye (.9) and in May (.4), wrong "A vote" (.6) and what nothing answers (.2).
    assert found["auroc_right"] == pytest.approx(3 / 4)
    assert found["auroc_answerable"] == 1
    assert found["auroc_right_answerable"] == pytest.approx(1 / 2)
    assert found["aurc"] == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)
    assert found["coverage_at_90"] == pytest.approx(1 / 4)
    assert found["ece"] == pytest.approx((0.1 + 0.6 + 0.6 + 0.2) / 4)  # four questions, each a bin
    # The own article's chunk is the second of two by vectors, and the first of all by BM25.
    assert found["dense_success@1"] == 0
    assert found["dense_mrr"] == pytest.approx(1 / 2)
    assert found["lexical_success@1"] == found["fused_mrr"] == 1


def test_counts_are_told() -> None:
    measures = run().measures
    assert (measures["em"].n, measures["em"].articles) == (3, 2)
    assert (measures["em_all"].n, measures["em_all"].articles) == (4, 2)
    assert (measures["auroc_right"].n, measures["auroc_right_answerable"].n) == (4, 3)


def test_speed_is_told_by_stage() -> None:
    speed = run().speed
    assert speed["read"]["p50"] == pytest.approx(10)
    assert speed["total"]["p99"] == pytest.approx(13)


def test_what_a_run_takes_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "index" / "segments").mkdir(parents=True)
    (tmp_path / "index" / "CURRENT").write_bytes(b"7" * 30)
    (tmp_path / "index" / "segments" / "vectors").write_bytes(b"7" * 400)

    def wait(number: int) -> None:
        time.sleep(0.01)

    assistant = FakeAssistant(SAID, before=wait, index_dir=tmp_path / "index")
    found = ask(QUESTIONS, assistant, tmp_path / "run").resources
    assert found.index_size == 430
    assert found.questions_per_second is not None
    assert 0 < found.questions_per_second <= 100  # each takes 10 ms at least
    assert load_run(tmp_path / "run").resources == found
    summary = json.loads((tmp_path / "run" / SUMMARY).read_text(encoding="utf-8"))
    assert summary["resources"]["index_size"] == 430


def test_a_run_of_an_earlier_version_has_no_resources(tmp_path: Path) -> None:
    run(out=tmp_path / "run")
    path = tmp_path / "run" / SUMMARY
    summary = json.loads(path.read_text(encoding="utf-8"))
    del summary["resources"]
    path.write_text(json.dumps(summary), encoding="utf-8")
    assert load_run(tmp_path / "run").resources == Resources()


def test_where_nothing_was_left_to_ask_no_rate_is_told(tmp_path: Path) -> None:
    run(out=tmp_path / "run")
    (tmp_path / "run" / SUMMARY).unlink()
    assert run(out=tmp_path / "run").resources.questions_per_second is None


def test_a_reader_without_confidence_is_ranked_by_its_scores_and_has_no_calibration_error() -> None:
    found = run({text: replace(said, confidence=None) for text, said in SAID.items()}).measures
    assert "ece" not in found
    assert found["auroc_right"].value == 0.5  # all have the same score


def test_a_question_that_fails_is_a_row_with_its_error(tmp_path: Path) -> None:
    said = {text: one for text, one in SAID.items() if text != COST.text}
    found = run(said, tmp_path / "run")
    (failed,) = found.failures
    assert failed.question_id == COST.question_id
    assert failed.error == f"QuestionError: cannot be asked: {COST.text}"
    assert found.measures["em"].n == 2
    summary = json.loads((tmp_path / "run" / SUMMARY).read_text(encoding="utf-8"))
    assert summary["failures"] == 1
    assert load_run(tmp_path / "run").rows == found.rows


def test_where_nothing_is_found_the_run_still_ends(tmp_path: Path) -> None:
    """No span, no confidence: as wrong as an answer can be, and no infinity in a file."""
    said = {**SAID, COST.text: None}
    found = ask(QUESTIONS, FakeAssistant(said), tmp_path / "run")
    assert found.measures["em"].value == pytest.approx(2 / 3)
    assert found.measures["ece"].value == pytest.approx((0.1 + 0.0 + 0.6 + 0.2) / 4)
    assert found.measures["auroc_right"].value == 1
    assert_same(load_run(tmp_path / "run"), found)


def test_what_a_question_without_an_answer_is_about_is_not_measured() -> None:
    about = replace(WHO, evidence=(Evidence("tram"),), cluster="tram")
    found = ask(QuestionSet("fish", (WHERE, COST, about, WHEN)), FakeAssistant(SAID))
    assert {name: one.value for name, one in found.measures.items() if "citation" in name or "_mrr" in name} == {
        name: one.value for name, one in run().measures.items() if "citation" in name or "_mrr" in name
    }
    assert found.measures["abstained_unanswerable"].value == 1


def test_what_a_question_says_is_handed_on() -> None:
    turns = (Turn("What sank?", "The ferry"),)
    asked = replace(WHERE, history=turns, asked=date(2023, 5, 1), retrieved=("ferry",))
    assistant = FakeAssistant(SAID)
    ask(QuestionSet("x", (asked,)), assistant)
    assert assistant.asked == [(WHERE.text, Filter(articles=("ferry",)), date(2023, 5, 1), turns)]


def test_a_stage_that_was_left_out_is_not_measured() -> None:
    """The fake assistant finds nothing anywhere: no stage has a ranking, and none is called bad."""
    found = ask(QuestionSet("x", (WHERE,)), FakeAssistant({WHERE.text: None})).measures
    assert not [name for name in found if name.startswith(("dense", "lexical", "fused", "read"))]
    some = ask(QuestionSet("x", (WHERE, COST)), FakeAssistant({WHERE.text: None, COST.text: SAID[COST.text]})).measures
    assert some["read_mrr"].value == 0.5  # one found nothing, and counts


class TestRewordings:
    """Follow-ups with a person's rewording. The fake assistant's own search finds the evidence first, and ``retrieve``
    second or not at all."""

    TURNS = (Turn("What sank?", "The ferry"),)
    FIRST = replace(WHERE, history=TURNS, rewrite="Where did the ferry of Skye sink?")
    SECOND = replace(COST, history=TURNS * 2, rewrite="What did the tram of May cost?")
    THIRD = replace(WHEN, history=TURNS * 3)  # nobody reworded it
    SET = QuestionSet("talk", (FIRST, SECOND, THIRD))

    def test_every_wording_is_measured_by_hand(self, tmp_path: Path) -> None:
        reworded = {self.FIRST.rewrite or "": FERRY, self.SECOND.rewrite or "": TRAM}
        assistant = FakeAssistant(SAID, found=reworded, searched=dict.fromkeys(SAID, "with history"))
        found = ask(self.SET, assistant, tmp_path / "run")
        values = {name: one.value for name, one in found.measures.items()}
        assert values["turns_mrr"] == 1
        assert values["rewrite_mrr"] == 1 / 2
        assert values["typed_mrr"] == 0
        assert values["rewrite_recovered"] == 2
        assert {found.measures[name].n for name in values if name.startswith(("turns", "rewrite", "typed"))} == {2}
        assert found.measures["fused_mrr"].n == 3
        assert [row.earlier_turns for row in found.rows] == [1, 2, 3]
        assert_same(load_run(tmp_path / "run"), found)

    def test_only_what_has_not_been_searched_for_is_searched(self) -> None:
        where = Filter(articles=("ferry",))
        one = replace(self.FIRST, rewrite=f" {WHERE.text} ", retrieved=("ferry",))
        alone = FakeAssistant(SAID)
        found = ask(QuestionSet("x", (one,)), alone)
        assert alone.retrieved == []  # it stands alone, and was searched for as it was typed
        assert {found.measures[f"{name}_mrr"].value for name in ("turns", "rewrite", "typed")} == {1}
        leaning = FakeAssistant(SAID, searched={WHERE.text: "with history"})
        ask(QuestionSet("x", (one,)), leaning)
        assert leaning.retrieved == [(WHERE.text, DEPTH, where)]

    def test_days_are_spelled_out_in_rewordings_too(self) -> None:
        one = replace(self.FIRST, rewrite="Where did the ferry sink yesterday?", asked=date(2023, 5, 2))
        assistant = FakeAssistant(SAID)
        ask(QuestionSet("x", (one,)), assistant)
        assert [query for query, *_ in assistant.retrieved] == ["Where did the ferry sink yesterday (1 May 2023)?"]

    def test_without_a_place_of_evidence_nothing_is_searched_for(self) -> None:
        nowhere = replace(self.FIRST, evidence=())
        about = replace(WHO, evidence=(Evidence("tram"),), rewrite="Who paid for the tram of May?")
        assistant = FakeAssistant(SAID)
        found = ask(QuestionSet("x", (nowhere, about)), assistant)
        assert assistant.retrieved == []
        assert not [name for name in found.measures if name.startswith(("turns", "rewrite", "typed"))]

    def test_a_rewording_that_finds_nothing_leaves_nothing_to_recover(self) -> None:
        found = ask(self.SET, FakeAssistant(SAID)).measures
        assert found["rewrite_mrr"].value == 0
        assert "rewrite_recovered" not in found


class TestFolder:
    def test_what_it_holds(self, tmp_path: Path) -> None:
        out = tmp_path / "run"
        found = run(out=out)
        assert sorted(path.name for path in out.iterdir()) == ["manifest.json", PREDICTIONS, ROWS, SUMMARY]
        summary = json.loads((out / SUMMARY).read_text(encoding="utf-8"))
        em = summary["measures"]["em"]
        assert em["value"] == found.measures["em"].value
        assert em["low"] <= em["value"] <= em["high"]
        assert summary["manifest"]["questions_sha256"] == QUESTIONS.sha256
        predictions = [json.loads(line) for line in (out / PREDICTIONS).read_text(encoding="utf-8").splitlines()]
        assert [one["id"] for one in predictions] == ["1", "2", "3", "4"]
        assert Answer.from_dict(predictions[0]["answer"]).text == "Skye"
        assert_same(load_run(out), found)

    def test_one_article_has_no_interval_and_json_no_nan(self, tmp_path: Path) -> None:
        ask(QuestionSet("x", (WHERE,)), FakeAssistant(SAID), tmp_path / "run")
        summary = json.loads((tmp_path / "run" / SUMMARY).read_text(encoding="utf-8"))
        assert summary["measures"]["em"] == {
            "value": 1.0, "low": None, "high": None, "n": 1, "articles": 1, "method": "bootstrap",
        }  # fmt: skip

    @pytest.mark.parametrize("threads", [1, 3])
    @pytest.mark.parametrize("broken", [0, 1, 3])
    def test_after_an_interruption_it_goes_on(self, tmp_path: Path, threads: int, broken: int) -> None:
        def stop(number: int) -> None:
            if number == broken:
                raise KeyboardInterrupt

        interrupted = FakeAssistant(SAID, before=stop)
        with pytest.raises(KeyboardInterrupt):
            ask(QUESTIONS, interrupted, tmp_path / "run")
        assert not (tmp_path / "run" / SUMMARY).exists()
        with pytest.raises(RunError, match="has not been finished"):
            load_run(tmp_path / "run")
        again = FakeAssistant(SAID)
        told: list[tuple[int, int]] = []
        resumed = ask(
            QUESTIONS,
            again,
            tmp_path / "run",
            threads=threads,
            progress=lambda done, of: told.append((done, of)),
        )
        kept = told[0][0]
        assert len(again.asked) == 4 - kept
        assert kept >= broken - 1
        assert told[-1] == (4, 4)
        whole = run(out=tmp_path / "whole")
        assert resumed.rows == whole.rows
        for name in (ROWS, PREDICTIONS):
            assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
        summaries = [json.loads((tmp_path / name / SUMMARY).read_text(encoding="utf-8")) for name in ("run", "whole")]
        for summary in summaries:
            del summary["resources"]
        assert summaries[0] == summaries[1]

    @pytest.mark.parametrize("torn", [5, 60, 400])
    def test_a_torn_line_is_asked_again(self, tmp_path: Path, torn: int) -> None:
        out = tmp_path / "run"
        whole = run(out=out)
        (out / SUMMARY).unlink()
        for name in (ROWS, PREDICTIONS):
            content = (out / name).read_bytes()
            (out / name).write_bytes(content[:-torn])
        resumed = run(out=out)
        assert resumed.rows == whole.rows
        assert_same(load_run(out), resumed)
        assert len((out / ROWS).read_text(encoding="utf-8").splitlines()) == 4

    def test_what_failed_is_asked_again(self, tmp_path: Path) -> None:
        run({text: one for text, one in SAID.items() if text != COST.text}, tmp_path / "run")
        assert not run(out=tmp_path / "run").failures

    @pytest.mark.parametrize("threads", [2, 4])
    def test_with_more_threads_the_results_are_the_same(self, tmp_path: Path, threads: int) -> None:
        assert run(out=tmp_path / "a", threads=threads).rows == run(out=tmp_path / "b").rows
        assert (tmp_path / "a" / PREDICTIONS).read_bytes() == (tmp_path / "b" / PREDICTIONS).read_bytes()

    def test_a_run_of_another_making_is_refused(self, tmp_path: Path) -> None:
        out = tmp_path / "run"
        run(out=out)
        before = {path.name: path.read_bytes() for path in out.iterdir()}
        other = FakeAssistant(SAID, config=QAConfig(risk=0.2))
        with pytest.raises(RunError, match="holds a run with another settings; name another folder"):
            ask(QUESTIONS, other, out)
        with pytest.raises(RunError, match="another questions_sha256, questions"):
            ask(QuestionSet("fish", (WHERE,)), FakeAssistant(SAID), out)
        assert before == {path.name: path.read_bytes() for path in out.iterdir()}

    def test_a_folder_with_something_else_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
        with pytest.raises(RunError, match="is not empty and no run"):
            run(out=tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
        with pytest.raises(RunError, match="is not a run of pullquote eval"):
            load_run(tmp_path)


class TestRequireArticles:
    def test_an_article_that_is_not_there(self) -> None:
        asked = replace(WHERE, evidence=(Evidence("boat", 1, 2),))
        with pytest.raises(
            QuestionSetError, match="the question '1' names the article 'boat', which the collection does"
        ):
            ask(QuestionSet("x", (asked,)), FakeAssistant(SAID))
        with pytest.raises(QuestionSetError, match="'boat'"):
            ask(QuestionSet("x", (replace(WHERE, retrieved=("boat",)),)), FakeAssistant(SAID))

    def test_characters_that_are_not_there(self) -> None:
        end = len(FERRY.text)
        fits = QuestionSet("x", (replace(WHERE, evidence=(Evidence("ferry", 0, end),)),))
        ask(fits, FakeAssistant(SAID))
        beyond = QuestionSet("x", (replace(WHERE, evidence=(Evidence("ferry", 0, end + 1),)),))
        with pytest.raises(QuestionSetError, match=f"ends at {end + 1}, and the article 'ferry' has {end} characters"):
            ask(beyond, FakeAssistant(SAID))

    def test_where_the_question_was_read_is_named(self) -> None:
        line = "q.jsonl, line 7"
        there = replace(WHERE, evidence=(Evidence("boat", 1, 2),), where=line)
        with pytest.raises(QuestionSetError, match=f"^{line}: the question '1' names the article 'boat'"):
            ask(QuestionSet("x", (there,)), FakeAssistant(SAID))
        beyond = replace(WHERE, evidence=(Evidence("ferry", 0, 10_000),), where=line)
        with pytest.raises(QuestionSetError, match=f"^{line}: the evidence of '1' ends at 10000"):
            ask(QuestionSet("x", (beyond,)), FakeAssistant(SAID))


def test_the_manifest_names_what_the_figures_depend_on() -> None:
    one = run().manifest
    other = ask(QuestionSet("x", (WHO, WHEN)), FakeAssistant(SAID, reader="fake 2")).manifest
    assert one.collection_sha256 == other.collection_sha256
    assert one.questions_sha256 != other.questions_sha256
    assert (one.models["reader"], other.models["reader"]) == ("fake 1", "fake 2")
    assert one.settings["risk"] == QAConfig().risk
    assert one.versions["numpy"]
    assert one.processor
    assert one.articles == len([FERRY, TRAM])
