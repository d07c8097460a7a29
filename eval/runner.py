"""Asks a question set, keeps every answer as it comes, and sums up."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from eval.datasets.reading import read_questions
from eval.datasets.records import Question, QuestionSet
from eval.manifest import MANIFEST, RunManifest, make_manifest, read_manifest
from eval.resources import Resources, folder_size, peak_memory
from eval.rows import DEPTH, REWRITE, TYPED, QuestionRow, failed_row, is_located, make_row
from eval.statistics import RESAMPLES, Estimate
from eval.summary import estimates, measures_of, speed, summary_dict
from index.errors import ArticleNotFoundError, QuestionSetError, RunError
from qa import Answer, Assistant, Explanation, Filter
from qa.dates import spell_out_dates

ROWS: Final = "questions.jsonl"
PREDICTIONS: Final = "predictions.jsonl"
SUMMARY: Final = "summary.json"

Progress = Callable[[int, int], None]
"""Told how many questions are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Run:
    """An evaluation.

    Attributes:
        rows: one for each question, in the set's order.
        measures: by name.
        speed: milliseconds by stage: percentiles.
        resources: what else it took.
        kept: how many of the questions an earlier call had asked, and were not asked again.
    """

    manifest: RunManifest
    rows: tuple[QuestionRow, ...]
    measures: Mapping[str, Estimate]
    speed: Mapping[str, Mapping[str, float]]
    resources: Resources = field(default_factory=Resources)
    kept: int = field(default=0, compare=False)

    @property
    def failures(self) -> tuple[QuestionRow, ...]:
        """The questions that could not be asked."""
        return tuple(row for row in self.rows if row.error is not None)


def evaluate(
    questions: QuestionSet | Path | str,
    assistant: Assistant,
    out: Path | str | None = None,
    *,
    threads: int = 1,
    seed: int = 0,
    resamples: int = RESAMPLES,
    progress: Progress | None = None,
    reader_folder: Path | str | None = None,
) -> Run:
    """Ask every question, and measure the answers.

    With more threads the answers and measures are the same; only the times differ.

    Args:
        questions: a question set, or the path of one.
        assistant: what is asked.
        out: the run's folder, in which every answer is kept as it comes: run again after an interruption, it goes on.
            None keeps nothing.
        threads: how many questions are asked at once.
        seed: fixes the intervals.
        resamples: how many samples they rest on.
        progress: told how far it is.
        reader_folder: where the assistant's reader was loaded from, if it is not the one that ships: the hashes of its
            files go into the manifest, and so tell a reader that was trained anew from the one before.

    Raises:
        QuestionSetError: the set is malformed, or names articles or characters that the collection does not have.
        RunError: the folder holds something else, or a run of other questions, articles, settings, models or code; or
            ``reader_folder`` is no folder.
    """
    asked = questions if isinstance(questions, QuestionSet) else read_questions(Path(questions))
    require_articles(asked, assistant)
    manifest = make_manifest(asked, assistant, seed, Path(reader_folder) if reader_folder is not None else None)
    folder = Path(out) if out is not None else None
    done = _begun(folder, manifest) if folder else {}
    kept = len(done)
    unasked = [question for question in asked.questions if question.question_id not in done]
    if progress:
        progress(kept, len(asked.questions))
    began = time.perf_counter()
    with Journal(folder) as journal, ThreadPoolExecutor(max(1, threads), thread_name_prefix="eval") as pool:
        running = [pool.submit(ask_and_measure, assistant, question) for question in unasked]
        try:
            for number, future in enumerate(as_completed(running), start=kept + 1):
                row, answer = future.result()
                done[row.question_id] = row
                journal.write(row, answer)
                if progress:
                    progress(number, len(asked.questions))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    elapsed = time.perf_counter() - began
    resources = Resources(
        questions_per_second=len(unasked) / elapsed if unasked else None,
        peak_memory=peak_memory(),
        index_size=folder_size(assistant.index_dir),
    )
    rows = tuple(done[question.question_id] for question in asked.questions)
    run = Run(manifest, rows, estimates(rows, seed=seed, resamples=resamples), speed(rows), resources, kept)
    if folder:
        _finish(folder, run, [question.question_id for question in asked.questions])
    return run


def load_run(folder: Path) -> Run:
    """A finished run.

    Raises:
        RunError: the folder is not one, or the run has not been finished.
    """
    manifest = read_manifest(folder)
    if not (folder / SUMMARY).exists():
        raise RunError(f"{folder} has not been finished; run the same pullquote eval again, and it goes on")
    rows = tuple(QuestionRow.from_dict(values, f"{folder / ROWS}") for values in _lines(folder / ROWS))
    if len(rows) != manifest.questions:
        raise RunError(f"{folder / ROWS} holds {len(rows)} questions, and its manifest says {manifest.questions}")
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        measures = measures_of(summary["measures"])
        resources = Resources(**summary.get("resources", {}))  # which earlier versions did not write
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"{folder / SUMMARY} cannot be read: {error!r}") from None
    return Run(manifest, rows, measures, speed(rows), resources)


def require_articles(questions: QuestionSet, assistant: Assistant) -> None:
    """Refuse a set whose evidence is not in the collection: everything would be measured as wrong.

    Raises:
        QuestionSetError: names the first question, where it was read, and the article.
    """
    lengths: dict[str, int] = {}
    for question in questions.questions:
        where = question.where or questions.name
        named = [*(one.article for one in question.evidence), *(question.retrieved or ())]
        for article in named:
            if article not in lengths:
                try:
                    lengths[article] = len(assistant.article(article).text)
                except ArticleNotFoundError:
                    raise QuestionSetError(
                        f"{where}: the question {question.question_id!r} names the article {article!r}, "
                        "which the collection does not hold; ask the index that the set was made for"
                    ) from None
        for one in question.evidence:
            if one.end is not None and one.end > lengths[one.article]:
                raise QuestionSetError(
                    f"{where}: the evidence of {question.question_id!r} ends at {one.end}, and the article "
                    f"{one.article!r} has {lengths[one.article]} characters; it is another version of it"
                )


def ask_and_measure(assistant: Assistant, question: Question) -> tuple[QuestionRow, Answer | None]:
    """A question's row and answer; whatever goes wrong is the row's error, and the run goes on."""
    try:
        explanation = explain_question(assistant, question)
        rewordings = _rewordings(assistant, question, explanation)
        return make_row(question, explanation, assistant.article, rewordings), explanation.answer
    except Exception as error:
        return failed_row(question, f"{type(error).__name__}: {error}"), None


def explain_question(assistant: Assistant, question: Question) -> Explanation:
    """Ask a question as it is to be asked: with its history, on its day, of its own collection.

    Raises:
        QuestionError: it is empty or too long.
    """
    return assistant.explain(
        question.text, history=question.history, where=collection_of(question), today=question.asked
    )


def collection_of(question: Question) -> Filter | None:
    """The articles that may answer a question; None for all."""
    return Filter(articles=question.retrieved) if question.retrieved is not None else None


def _rewordings(assistant: Assistant, question: Question, explanation: Explanation) -> dict[str, tuple[str, ...]]:
    """Ids of the chunks that a person's rewording finds, and the question as it was typed, best first; nothing where
    there is no rewording. They are searched for and not read; what was searched for already is not searched again."""
    if question.rewrite is None or not is_located(question):
        return {}
    where = collection_of(question)
    found = {explanation.answer.query: explanation.rankings["fused"]}
    rewordings = {}
    for name, text in ((REWRITE, question.rewrite), (TYPED, question.text)):
        query = spell_out_dates(text.strip(), question.asked) if question.asked else text.strip()
        if query not in found:
            found[query] = tuple(one.chunk.chunk_id for one in assistant.retrieve(query, DEPTH, where))
        rewordings[name] = found[query]
    return rewordings


def _begun(folder: Path, manifest: RunManifest) -> dict[str, QuestionRow]:
    """The rows that a run of the same making left in the folder; the manifest is written where there is none."""
    path = folder / MANIFEST
    if not path.exists():
        if folder.exists() and any(folder.iterdir()):
            raise RunError(f"{folder} is not empty and no run; name another folder with --out")
        folder.mkdir(parents=True, exist_ok=True)
        _write(path, json.dumps(manifest.to_dict(), indent=2, ensure_ascii=False) + "\n")
        return {}
    before = read_manifest(folder)
    differing = [name for name, value in manifest.to_dict().items() if before.to_dict()[name] != value]
    if differing:
        raise RunError(
            f"{folder} holds a run with another {', '.join(differing)}; name another folder with --out, or remove it"
        )
    predicted = {values["id"] for values in _lines(folder / PREDICTIONS)}
    rows = [QuestionRow.from_dict(values, str(folder / ROWS)) for values in _lines(folder / ROWS)]
    return {row.question_id: row for row in rows if row.error is None and row.question_id in predicted}


def _finish(folder: Path, run: Run, order: Sequence[str]) -> None:
    """Put the rows in the set's order, and write the summary last: it says that the run is whole."""
    _write(folder / ROWS, "".join(_line(row.to_dict()) for row in run.rows))
    predictions = {values["id"]: values for values in _lines(folder / PREDICTIONS)}
    _write(folder / PREDICTIONS, "".join(_line(predictions[one]) for one in order if one in predictions))
    summary = {
        "manifest": run.manifest.to_dict(),
        "measures": summary_dict(run.measures),
        "speed_ms": run.speed,
        "resources": asdict(run.resources),
        "failures": len(run.failures),
    }
    _write(folder / SUMMARY, json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


class Journal:
    """Appends each row and answer to the run's files as it comes; without a folder, to nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._files = [(folder / name).open("a", encoding="utf-8") for name in (PREDICTIONS, ROWS)] if folder else []
        for file in self._files:
            if file.tell() and not _ends_whole(Path(file.name)):
                file.write("\n")  # a line that an interruption tore off must not swallow the next

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *exc_info: object) -> None:
        for file in self._files:
            file.close()

    def write(self, row: QuestionRow, answer: Answer | None) -> None:
        if not self._files:
            return
        predictions, rows = self._files
        if answer is not None:
            predictions.write(_line({"id": row.question_id, "answer": answer.to_dict()}))
            predictions.flush()
        rows.write(_line(row.to_dict()))  # the row last: one that is there has its prediction
        rows.flush()


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _lines(path: Path) -> Iterator[Any]:
    """The JSON lines of a file; one that an interruption tore off is left out."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                continue


def _line(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
