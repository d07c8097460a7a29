"""Articles, answers and a collection, made by hand for the page's tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from index.errors import ArticleNotFoundError
from index.records import Article, Filter, Sentence
from index.stores.base import ArticleSummary
from qa.citations import CitationCheck, check_citation, cite, place
from qa.records import Answer, AnswerSpan, Citation, Turn

TODAY = date(2026, 11, 22)

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</bdi></button></div></section><iframe src=//evil.example>",
    "<!-- --><![CDATA[x]]><?php x ?>",
    "&lt;b&gt; &amp; &#60;i&#62;",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} `${alert(2)}` #{x} <%= x %>",
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png) **bold** $x^2$",
    "\u202egnp.exe\u202c \u2066\u2067 \u200f",
    "back\\slash \\u003cscript\\u003e",
    "line\nbreak\ttab \u2028 \x00 \x1b[31m",
)

HOSTILE_NAMES = (
    *("../../etc/passwd", "..\\..\\windows\\system32\\x.txt", "/etc/passwd", "//server/share/x.txt", "C:\\x.txt"),
    *("C:x.txt", "\\\\?\\C:\\x.txt", "x\0.txt", "\0", "", ".", "..", "...", "/", "\\", "a/../../b.txt", "./././x.txt"),
    *("....//....//x.txt", "..%2f..%2fx.txt", "x.txt:stream", "con", "CON.txt", "nul.tar.gz", "LPT1", "aux.md"),
    *("<script>alert(1)</script>.txt", '"><img src=x onerror=alert(1)>.txt', "' onmouseover='x", "{{7*7}}.txt"),
    *("[x](javascript:alert(1)).md", "**b**_i_`c`.md", "$(rm -rf ~).txt", "`id`.txt", "a;b|c&d.txt", "-rf", "~root"),
    *("\u202etxt.exe", "a\u2028b\u2029c.txt", "a\nb\r\nc.txt", "\x1b[31mred.txt", "a\x7f\x80.txt", "\ud83d.txt"),
    *("x" * 5000 + ".txt", "é" * 300 + ".pdf.gz", "a/" * 500 + "x.txt", " . . /x.txt", "x.txt. . .", "   ", "\u00a0"),
    *("\ue000\ufdd0.txt", "current.json", "manifest.json"),
)
"""What a person's machine may call a file, or a program may say that it does."""

TEXT = "The ferry left at seven. It struck Pier No. 4 at 7:40 a.m. Nobody was hurt.\n\nThe captain is Ruth Aldersey."


def make_article(text: str = TEXT, **particulars: object) -> Article:
    given = {
        "article_id": "ferry",
        "title": "Ferry hits pier",
        "outlet": "Courier",
        "url": "https://news.example/ferry",
        "published": date(2025, 10, 6),
        **particulars,
    }
    return Article(text=text, **given)  # type: ignore[arg-type]


def sentence_at(article: Article, words: str, position: int) -> Sentence:
    """The one place of ``words`` in an article, as a sentence."""
    assert article.text.count(words) == 1
    start = article.text.index(words)
    return Sentence(article.article_id, position, start, start + len(words))


def ferry_sentences(article: Article) -> tuple[Sentence, ...]:
    """The four sentences of ``TEXT``."""
    words = (
        "The ferry left at seven.",
        "It struck Pier No. 4 at 7:40 a.m.",
        "Nobody was hurt.",
        "The captain is Ruth Aldersey.",
    )
    return tuple(sentence_at(article, each, position) for position, each in enumerate(words))


def cite_words(article: Article, words: str) -> Citation:
    """Cite ``words``, which stand in one of the article's four sentences."""
    start = article.text.index(words)
    return cite(article, ferry_sentences(article), start, start + len(words))


def answer_with(cited: Sequence[Citation], **changes: object) -> Answer:
    spans = tuple(
        AnswerSpan(each.quote, each.article_id, each.quote_start_char, each.quote_end_char, 1.0) for each in cited
    )
    given = {
        "question": "When?",
        "query": "When?",
        "answered": True,
        "spans": spans,
        "best": spans[0] if spans else None,
        "confidence": None,
        "citations": tuple(cited),
        "closest": (),
        **changes,
    }
    return Answer(**given)  # type: ignore[arg-type]


def abstention_with(closest: Sequence[Citation], **changes: object) -> Answer:
    return answer_with(closest, answered=False, spans=(), citations=(), closest=tuple(closest), **changes)


def with_copy(citation: Citation, copy: Article) -> Citation:
    """The citation, with its sentence also at its place in ``copy``."""
    start = copy.text.index(citation.sentence)
    return replace(
        citation, also_at=(place(copy, Sentence(copy.article_id, 0, start, start + len(citation.sentence))),)
    )


@dataclass
class FakeCollection:
    """Holds articles of four sentences; answers every question with ``answer``, or raises it."""

    held: dict[str, Article]
    answer: Answer | Exception | None = None
    asked: list[tuple[str, tuple[Answer | Turn, ...], str | None, date | None]] = field(default_factory=list)
    filters: list[Filter | None] = field(default_factory=list)
    generation: int = 1

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Answer | Turn],
        where: Filter | None,
        query: str | None,
        today: date | None,
    ) -> Answer:
        self.asked.append((question, tuple(history), query, today))
        self.filters.append(where)
        if isinstance(self.answer, Exception):
            raise self.answer
        assert self.answer
        return replace(self.answer, question=question)

    def check(self, citation: Citation) -> CitationCheck:
        return check_citation(citation, self.held.get(citation.article_id))

    def article(self, article_id: str) -> Article:
        if article_id not in self.held:
            raise ArticleNotFoundError(f"no article {article_id!r}")
        return self.held[article_id]

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        return ferry_sentences(self.article(article_id))

    def articles(self) -> tuple[ArticleSummary, ...]:
        return tuple(summary_of(article) for article in self.held.values())


def summary_of(article: Article) -> ArticleSummary:
    return ArticleSummary(
        article_id=article.article_id,
        source_key=article.source_key,
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published=article.published.isoformat() if article.published else None,
        content_sha256=article.content_sha256,
        record_sha256="",
        sentences=4,
        chunks=1,
    )
