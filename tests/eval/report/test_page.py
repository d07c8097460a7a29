"""The report: hostile text stays text, everything is in the one file, and its figures are the run's."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from eval.datasets.records import QuestionSet
from eval.report.figures import latency, reliability_diagram, risk_and_coverage
from eval.report.page import report_page
from eval.report.plots import HEIGHT, WIDTH, Axis, Line, bar_plot, line_plot
from eval.report.slices import MOST, answer_kind, length, outlet, question_word, slices, turn, year
from eval.report.writing import write_report
from eval.rows import Passage, QuestionRow
from eval.runner import Run, evaluate
from tests.eval.runs import COST, QUESTIONS, SAID, WHERE, FakeAssistant

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;=cmd|' /C calc'!A0"


def run(questions: QuestionSet = QUESTIONS) -> Run:
    return evaluate(questions, FakeAssistant(SAID), resamples=20)  # type: ignore[arg-type]


def hostile_run() -> Run:
    found = run()
    passage = Passage(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    rows = tuple(
        replace(
            row,
            question=f"={HOSTILE}",
            expected=(HOSTILE,),
            given=HOSTILE,
            best=HOSTILE,
            outlet=HOSTILE,
            citation=passage,
            evidence=passage,
            error=HOSTILE if row.question_id == "4" else None,
        )
        for row in found.rows
    )
    return replace(
        found, rows=rows, manifest=replace(found.manifest, questions_name=HOSTILE, models={"reader": HOSTILE})
    )


class Outline(HTMLParser):
    """What a browser would make of a page: its elements with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_hostile_text_stays_text() -> None:
    outline = Outline(report_page(hostile_run()))
    tags = [tag for tag, _ in outline.elements]
    assert tags.count("script") == 1, "the report's own"
    assert "img" not in tags
    assert not any(name.startswith("on") for _, attributes in outline.elements for name in attributes)
    assert HOSTILE in outline.text


def test_nothing_is_loaded() -> None:
    outline = Outline(report_page(run()))
    assert not [tag for tag, attributes in outline.elements if {"src", "href"} & attributes.keys()]
    assert not [tag for tag, _ in outline.elements if tag in {"link", "iframe", "object", "img"}]
    (policy,) = [
        attributes["content"]
        for _, attributes in outline.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_its_figures_are_the_runs() -> None:
    found = run()
    outline = Outline(report_page(found))
    for name, title in (("em", "exact match, answerable"), ("auroc_right", "right or not, AUROC")):
        cells = outline.text.split(title, 1)[1]
        assert cells.startswith(f"{found.measures[name].value:.3f}")
    kinds = re.findall(r"\b(right|wrong|held back|failed|answered without an answer) \((\d+)\)", outline.text)
    assert dict(kinds) == {"right": "2", "wrong": "1", "held back": "1"}
    assert sum(attributes.get("class") == "question" for _, attributes in outline.elements) == 4


def test_a_run_without_confidence_or_judgements_has_a_page_too() -> None:
    unknown = QuestionSet("x", (replace(WHERE, answers=None), replace(COST, answers=None)))
    page = report_page(run(unknown))
    assert "not judged (2)" in Outline(page).text
    said = {text: replace(one, confidence=None) for text, one in SAID.items()}
    plain = evaluate(QUESTIONS, FakeAssistant(said), resamples=20)  # type: ignore[arg-type]
    assert reliability_diagram(plain.rows) is None
    assert risk_and_coverage(plain.rows)


def test_the_table_for_spreadsheets(tmp_path: Path) -> None:
    paths = write_report(hostile_run(), tmp_path)
    assert [path.name for path in paths][:2] == ["report.html", "questions.csv"]
    with paths[1].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4
    assert rows[0]["question"] == f"'={HOSTILE}", "a spreadsheet must not take it for a formula"
    assert rows[0]["em"] == "1.0"


def test_each_figure_is_a_picture_of_its_own(tmp_path: Path) -> None:
    """Readable by itself: without the report's style sheet a line would be a black area."""
    paths = write_report(run(), tmp_path)[2:]
    assert [path.name for path in paths] == ["risk-coverage.svg", "reliability.svg", "latency.svg"]
    for path in paths:
        root = ElementTree.parse(path).getroot()
        assert float(root.attrib["width"]) / float(root.attrib["height"]) == pytest.approx(WIDTH / HEIGHT)
        (style,) = [one.text or "" for one in root.iter() if one.tag.endswith("style")]
        assert "var(" not in style
        drawn = {one.attrib["class"] for one in root.iter() if "class" in one.attrib}
        assert drawn
        assert all(f".{kind}" in style for kind in drawn)
        assert path.read_text(encoding="utf-8").split("</style>")[1].removesuffix("</svg>\n") in report_page(run())


class TestPlots:
    X, Y = Axis("x & y", 0, 10, [0, 5, 10]), Axis("share", 0, 1, [0, 1], percent=True)

    def test_points_lie_where_their_values_say(self) -> None:
        svg = line_plot("a <plot>", self.X, self.Y, [Line("one", [(0, 0), (5, 0.5), (10, 1)])])
        root = ElementTree.fromstring(svg)
        (line,) = [one for one in root.iter() if one.tag.endswith("polyline")]
        points = [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
        (left, bottom), middle, (right, top) = points
        assert left < right
        assert top < bottom, "SVG counts downwards"
        assert middle == pytest.approx(((left + right) / 2, (top + bottom) / 2), abs=0.1)
        assert root.attrib["aria-label"] == "a <plot>"
        assert "50%" not in svg
        assert "100%" in svg

    def test_what_lies_outside_is_drawn_at_the_edge_and_nan_not_at_all(self) -> None:
        svg = line_plot("x", self.X, self.Y, [Line("one", [(-5, 0.0), (float("nan"), 1.0), (20, 2.0)])])
        inside = line_plot("x", self.X, self.Y, [Line("one", [(0, 0.0), (10, 1.0)])])
        assert svg == inside

    def test_bars_are_as_high_as_their_values(self) -> None:
        root = ElementTree.fromstring(bar_plot("x", self.X, Axis("n", 0, 4, [0, 4]), [(0, 5, 4.0), (5, 10, 1.0)]))
        heights = [float(one.attrib["height"]) for one in root.iter() if one.tag.endswith("rect")]
        assert heights[0] == pytest.approx(4 * heights[1], rel=0.01)


def row(question: str, **changes: object) -> QuestionRow:
    plain = QuestionRow(question_id=question, cluster="a", question=question, answerable=True, em=1.0, f1=0.5)
    return replace(plain, **changes)  # type: ignore[arg-type]


def found_at(rank: int) -> tuple[str, ...]:
    """A ranking with the evidence at a rank."""
    return (*(f"rank-{one}" for one in range(1, rank)), "evidence-0")


class TestSlices:
    def test_kinds(self) -> None:
        asked = row("How many boats sank in the storm of May?", published="2023-05-01", outlet="Echo")
        assert question_word(asked) == "how many"
        assert answer_kind(asked) == "number"
        assert (year(asked), outlet(asked), length(asked)) == ("2023", "Echo", "up to 12 words")
        plain = row("price of cod")
        assert (question_word(plain), answer_kind(plain), year(plain), outlet(plain)) == (
            "none",
            "not told",
            "no date",
            "no outlet",
        )

    def test_the_largest_first_and_the_small_ones_together(self) -> None:
        rows = [
            row(f"q{kind}-{number}", outlet=f"o{kind:02}") for kind in range(20) for number in range(1 + (kind == 7))
        ]
        found = slices(rows, outlet)
        assert len(found) == MOST
        assert (found[0].name, found[0].questions) == ("o07", 2)
        assert (found[-1].name, found[-1].questions) == ("9 others", 9)
        assert sum(one.questions for one in found) == len(rows)
        assert found[0].measures["f1"].value == 0.5

    def test_turns(self) -> None:
        names = [turn(row(str(number), earlier_turns=number)) for number in (0, 1, 2, 3, 11)]
        assert names == ["first question", "first follow-up", "second follow-up", *["third follow-up or later"] * 2]

    def test_what_is_recovered_of_each_turn(self) -> None:
        def asked(name: str, turns: int, ours: int, persons: int) -> QuestionRow:
            ranking = {"fused": found_at(ours), "rewrite": found_at(persons), "typed": ("rank-1",)}
            return row(name, cluster=name, earlier_turns=turns, rankings=ranking, relevant={"evidence-0": 1})

        rows = [asked("a", 1, 2, 1), asked("b", 1, 4, 1), asked("c", 2, 1, 1), row("d", earlier_turns=2)]
        first, second = (one.measures for one in slices(rows, turn))
        assert first["turns_mrr"].value == pytest.approx(3 / 8)
        assert first["rewrite_recovered"].value == pytest.approx(3 / 8)
        assert first["typed_mrr"].value == 0
        assert (second["rewrite_recovered"].value, second["rewrite_recovered"].n) == (1, 1)  # d has no rewording

    def test_one_part_alone_is_none(self) -> None:
        assert slices([row("a"), row("b")], outlet) == []


def test_latency_holds_every_question() -> None:
    assert latency([row("a"), row("b")]) is None
    found = latency([row("a", seconds={"read": 0.1}), row("b", seconds={"read": 0.3})])
    assert found is not None
    assert "<rect" in found.picture
