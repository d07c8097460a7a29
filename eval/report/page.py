"""The report's page: one HTML file that needs nothing else, with every word of articles and questions escaped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from eval.names import STAGE_TITLES, TITLES
from eval.report.figures import figures
from eval.report.slices import KINDS, SHOWN, Slice, slices
from eval.rows import Passage, QuestionRow
from eval.runner import Run
from eval.statistics import FEW_ARTICLES, MID_P, Estimate
from eval.summary import PERCENTILES, is_right

_RANKED = ("success@1", "success@5", "success@20", "mrr", "ndcg@10")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def report_page(run: Run) -> str:
    """The report as HTML."""
    assets = files("eval.report")
    name = run.manifest.questions_name
    body = [
        f"<h1>{escape(name)}</h1>",
        f"<p>{len(run.rows):,} questions over {run.manifest.articles:,} articles, read by "
        f"{escape(run.manifest.models['reader'])}.</p>",
        _failures_note(run),
        "<h2>Measures</h2>",
        _measures(run),
        _rankings(run),
        "<h2>When it answers, and how sure it is</h2>",
        f'<div class="plots">{"".join(figure.html for figure in figures(run.rows))}</div>',
        _speed(run),
        "<h2>Parts</h2>",
        *(_slices(title, slices(run.rows, kind, seed=run.manifest.seed)) for title, kind in KINDS.items()),
        "<h2>Question by question</h2>",
        _questions(run.rows),
        "<h2>How it was made</h2>",
        _manifest(run),
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(name)} – Pullquote</title>'
        f'<meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" '
        f'content="{_POLICY}"><style>{(assets / "report.css").read_text(encoding="utf-8")}</style></head>'
        f"<body><main>{''.join(body)}</main>"
        f"<script>{(assets / 'report.js').read_text(encoding='utf-8')}</script></body></html>\n"
    )


def _failures_note(run: Run) -> str:
    if not run.failures:
        return ""
    return f'<p class="warning">{len(run.failures)} questions could not be asked; they are in no figure below.</p>'


def _measures(run: Run) -> str:
    rows = [
        (escape(title), *_cells(run.measures[name]), f"{run.measures[name].n:,}", _articles(run.measures[name]))
        for name, title in TITLES.items()
        if name in run.measures
    ]
    note = (
        f"<p>* on fewer than {FEW_ARTICLES} articles: the interval is wide, and rests on few.</p>"
        if any(one.articles < FEW_ARTICLES for one in run.measures.values())
        else ""
    )
    if any(one.method == MID_P for one in run.measures.values()):
        note += "<p>° few right or wrong, or few articles: a mid-p interval, rather too wide than too narrow.</p>"
    return _table(("measure", "value", "95 % interval", "questions", "articles"), rows) + note


def _rankings(run: Run) -> str:
    rows = [
        (title, *(f"{run.measures[f'{stage}_{name}'].value:.3f}" for name in _RANKED))
        for stage, title in STAGE_TITLES.items()
        if f"{stage}_mrr" in run.measures
    ]
    return _table(("evidence among the first", *_RANKED), rows) if rows else ""


def _speed(run: Run) -> str:
    rows = [
        (escape(stage), *(f"{milliseconds:,.0f}" for milliseconds in percentiles.values()))
        for stage, percentiles in run.speed.items()
    ]
    heading = ("milliseconds", *(f"{percent} in 100" for percent in PERCENTILES))
    note = f"<p>{escape(str(run.resources))}</p>" if str(run.resources) else ""
    return (_table(heading, rows) if rows else "") + note


def _slices(title: str, found: Sequence[Slice]) -> str:
    if not found:
        return ""
    shown = [name for name in SHOWN if any(name in one.measures for one in found)]
    rows = [
        (
            escape(one.name),
            f"{one.questions:,}",
            *(" ".join(_cells(one.measures[name])) if name in one.measures else "" for name in shown),
        )
        for one in found
    ]
    return _table((title, "questions", *(TITLES[name] for name in shown)), rows)


def _questions(rows: Sequence[QuestionRow]) -> str:
    kinds = dict.fromkeys(_kind(row) for row in rows)
    counts = {kind: sum(_kind(row) == kind for row in rows) for kind in kinds}
    buttons = "".join(
        f'<label><input type="checkbox" value="{escape(kind)}"{"" if kind == "right" else " checked"}> '
        f"{escape(kind)} ({counts[kind]:,})</label>"
        for kind in kinds
    )
    return f'<fieldset id="kinds"><legend>Show</legend>{buttons}</fieldset>' + "".join(map(_question, rows))


def _question(row: QuestionRow) -> str:
    kind = _kind(row)
    confidence = "" if row.confidence is None else f'<span class="said">{row.confidence:.0%} sure</span>'
    if row.error is not None:
        content = f"<p>{escape(row.error)}</p>"
    else:
        expected = (
            "not known" if row.expected is None else ", ".join(row.expected) or "nothing: the articles do not answer it"
        )
        said = (
            row.given if row.answered else f"nothing; its best would have been: {row.best}" if row.best else "nothing"
        )
        content = (
            f"<dl><dt>expected</dt><dd>{escape(expected)}</dd><dt>answered</dt><dd>{escape(said or '')}</dd></dl>"
            f'<div class="sides"><div><h4>{"cited" if row.answered else "closest"}</h4>{_passage(row.citation)}</div>'
            f"<div><h4>evidence</h4>{_passage(row.evidence)}</div></div>"
        )
    hidden = " hidden" if kind == "right" else ""
    return (
        f'<details class="question" data-kind="{escape(kind)}"{hidden}><summary><span class="kind {kind.split()[0]}">'
        f"{escape(kind)}</span> {escape(row.question)} {confidence}</summary>{content}</details>"
    )


def _kind(row: QuestionRow) -> str:
    """What became of a question, in words."""
    if row.error is not None:
        return "failed"
    if row.answerable is None:
        return "not judged"
    if not row.answerable:
        return "answered without an answer" if row.answered else "right"
    if not row.answered:
        return "held back"
    return "right" if is_right(row) else "wrong"


def _passage(passage: Passage | None) -> str:
    if passage is None:
        return "<p>none</p>"
    return (
        f'<p class="title">{escape(passage.title)}</p><p>{escape(passage.before)}<mark>{escape(passage.words)}</mark>'
        f"{escape(passage.after)}</p>"
    )


def _manifest(run: Run) -> str:
    rows = []
    for name, value in run.manifest.to_dict().items():
        if isinstance(value, dict):
            rows += [(escape(f"{name}.{key}"), escape(str(one))) for key, one in value.items()]
        else:
            rows.append((escape(name), escape(str(value))))
    return _table(("", ""), rows)


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of cells that are HTML already."""
    head = "".join(f"<th>{escape(name)}</th>" for name in heading)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cells(one: Estimate) -> tuple[str, str]:
    mark = " °" if one.method == MID_P else ""
    interval = "one article only" if math.isnan(one.low) else f"{one.low:.3f} to {one.high:.3f}{mark}"
    return f"{one.value:.3f}", f'<span class="interval">{interval}</span>'


def _articles(one: Estimate) -> str:
    return f"{one.articles:,}" + (" *" if one.articles < FEW_ARTICLES else "")
