"""Reads the page's HTML back, so that tests see what a browser would: elements, attributes and text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_TAGS = frozenset(
    [
        "a",
        "article",
        "bdi",
        "blockquote",
        "button",
        "code",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "br",
        "fieldset",
        "input",
        "label",
        "legend",
        "dt",
        "h1",
        "h2",
        "h3",
        "header",
        "input",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "q",
        "section",
        "span",
        "strong",
        "summary",
        "ul",
    ]
)
_VOID = ("br", "input")
_ATTRIBUTES = frozenset(
    [
        "aria-haspopup",
        "aria-label",
        "aria-live",
        "aria-labelledby",
        "aria-pressed",
        "class",
        "data-awaited",
        "data-pending",
        "data-preparing",
        "data-scope",
        "dir",
        "disabled",
        "href",
        "id",
        "rel",
        "role",
        "start",
        "tabindex",
        "target",
        "type",
        "aria-pressed",
        "checked",
        "for",
        "maxlength",
        "name",
        "open",
        "value",
        "data-again",
        "data-of",
        "data-collection",
        "data-delete",
        "data-delete-ticked",
        "data-do",
        "data-tick",
        "data-held-in",
        "data-to-sources",
        "data-version",
        "data-unseen",
        "data-article",
        "data-as-typed",
        "data-ask",
        "data-begin",
        "data-choose",
        "data-conversation",
        "data-delete",
        "data-exchange",
        "data-rename",
        "data-resume",
        "data-verdict",
        "download",
        "maxlength",
        "value",
        "data-at",
        "data-close",
        "data-copy",
        "data-keys",
        "data-keys-close",
        "data-number",
        "data-open",
        "data-shown",
        "data-source",
        "data-step",
        "data-target",
    ]
)


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def all(
        self, *, tag: str | None = None, css_class: str | None = None, attribute: str | None = None
    ) -> list[Element]:
        """The elements below this one, in order, that have all that is given."""
        return [
            element
            for element in self._below()
            if (tag is None or element.tag == tag)
            and (css_class is None or css_class in element.classes)
            and (attribute is None or attribute in element.attributes)
        ]

    def one(self, *, tag: str | None = None, css_class: str | None = None, attribute: str | None = None) -> Element:
        (element,) = self.all(tag=tag, css_class=css_class, attribute=attribute)
        return element

    def _below(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._below()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert tag in _TAGS, f"<{tag}> is none of the page's elements"
        assert set(names) <= _ATTRIBUTES, f"<{tag}> has {set(names) - _ATTRIBUTES}"
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl!r}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"a processing instruction: {data!r}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data!r}")


def parsed(html: str) -> Element:
    """The elements of ``html``. Fails on elements and attributes that the page does not use, and on bad nesting:
    whatever text got out of its place shows up as one of these."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root], f"<{reader.open[-1].tag}> is not closed"
    return reader.root
