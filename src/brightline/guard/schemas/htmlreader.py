"""The inputs of HTML forms with the words a person reads beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from brightline.guard.extras import needs
from brightline.guard.schemas.field import Field, Schema

__all__ = ["read_html"]

_CONTROLS = ("input", "select", "textarea")
_NOT_ASKED = ("submit", "button", "reset", "image")
_BLOCKS = (
    "p",
    "div",
    "li",
    "td",
    "th",
    "tr",
    "fieldset",
    "form",
    "section",
    "body",
    "dd",
    "dt",
    "article",
    "main",
    "table",
)
_HEADINGS = ("h1", "h2", "h3", "title", "caption")
_HELP = re.compile(r"help|hint|note|desc|tip|info|caption", re.IGNORECASE)
_LONGEST = 400


def read_html(text: str, place: str, name: str = "") -> Schema:
    """The inputs of a page. Inputs of one name, such as radio buttons, are one field."""
    parser = needs("selectolax.lexbor").LexborHTMLParser(text)
    page = _Page(parser.root, text, place)
    merged: dict[tuple[str, str], list[Field]] = {}
    for field in page.fields():
        merged.setdefault((field.table, field.name), []).append(field)
    return Schema("html_form", name or place, tuple(map(_merged, merged.values())), notes=tuple(page.notes()))


def _merged(parts: list[Field]) -> Field:
    first = parts[0]
    if len(parts) == 1:
        return first
    return Field(
        first.name, first.kind, first.place, first.table,
        label="\n".join(dict.fromkeys(part.label for part in parts if part.label)),
        help="\n".join(dict.fromkeys(part.help for part in parts if part.help)),
        choices=tuple(dict.fromkeys(one for part in parts for one in part.choices)),
        samples=tuple(one for part in parts for one in part.samples),
    )  # fmt: skip


class _Page:
    def __init__(self, root: Any, text: str, place: str) -> None:
        self.root, self.text, self.place = root, text, place
        self.ids: dict[str, Any] = {}
        self.labels: dict[str, list[str]] = {}
        self.order = list(root.traverse(include_text=True)) if root is not None else []
        self.forms = 0
        for node in self.order:
            if node.attributes.get("id"):
                self.ids.setdefault(node.attributes["id"], node)
            if node.tag == "label" and node.attributes.get("for"):
                self.labels.setdefault(node.attributes["for"], []).append(_words(node))

    def notes(self) -> Iterator[str]:
        """Headings, and paragraphs that stand in no group with an input."""
        for node in self.order:
            if node.tag in _HEADINGS or (
                node.tag in ("p", "footer", "small", "em") and not node.css_first("input,select,textarea")
            ):
                words = _words(node)
                if words and len(words) <= _LONGEST:
                    yield words

    def fields(self) -> Iterator[Field]:
        for index, node in enumerate(self.order):
            if node.tag in _CONTROLS and (node.attributes.get("type") or "").lower() not in _NOT_ASKED:
                name = node.attributes.get("name") or node.attributes.get("id")
                if name:
                    yield self.field(name, node, index)

    def field(self, name: str, node: Any, index: int) -> Field:
        kind = (node.attributes.get("type") or node.tag).lower()
        is_choice = kind in ("radio", "checkbox")
        label = self.label(node, index, is_choice)
        legend = self.legend(node)
        attributes = [node.attributes.get(key) or "" for key in ("placeholder", "title", "data-label", "alt")]
        value = node.attributes.get("value") or ""
        choices = [*self.options(node), *((label, value) if kind == "radio" else ())]
        said = [legend, "" if kind == "radio" and legend else label, *attributes]
        return Field(
            name,
            "input",
            f"{self.place}:{self.line(name)}",
            self.form(node),
            label="\n".join(filter(None, said)),
            help="\n".join(filter(None, self.help(node))),
            choices=tuple(dict.fromkeys(one for one in choices if one)),
            samples=(value,) if value and kind in ("text", "hidden") else (),
        )

    def form(self, node: Any) -> str:
        above = _above(node, ("form",))
        return (above.attributes.get("id") or above.attributes.get("name") or "") if above is not None else ""

    def line(self, name: str) -> int:
        found = re.search(rf"""\b(?:name|id)\s*=\s*["']?{re.escape(name)}(?![\w-])""", self.text)
        return self.text.count("\n", 0, found.start()) + 1 if found else 1

    def label(self, node: Any, index: int, is_choice: bool) -> str:
        given = node.attributes
        named = " ".join(
            _words(self.ids[one]) for one in (given.get("aria-labelledby") or "").split() if one in self.ids
        )
        wrapping = _above(node, ("label",))
        found = [
            given.get("aria-label") or "",
            named,
            *self.labels.get(given.get("id") or "", ()),
            _words(wrapping) if wrapping is not None else "",
        ]
        words = "\n".join(filter(None, found))
        return words or self.beside(node, index, is_choice)

    def beside(self, node: Any, index: int, is_choice: bool) -> str:
        """The words right before an input that has no label, or right after a box to tick."""
        after = self.run(index + 1, 1) if is_choice else ""
        return after or self.run(index - 1, -1) or self.cell(node)

    def run(self, index: int, step: int) -> str:
        words: list[str] = []
        while 0 <= index < len(self.order):
            node = self.order[index]
            if node.tag in (*_CONTROLS, *_BLOCKS, "br", "hr", "legend", "label"):
                break
            if node.tag == "-text" and node.parent is not None and node.parent.tag not in ("option", "script", "style"):
                words.append(node.text(deep=False).strip())
            index += step
        return " ".join(filter(None, words[::step]))

    def cell(self, node: Any) -> str:
        """The words of the cell before the one that an input stands in."""
        cell = _above(node, ("td", "dd"))
        before = cell.prev if cell is not None else None
        while before is not None and before.tag not in ("td", "th", "dt"):
            before = before.prev
        return _words(before) if before is not None else ""

    def legend(self, node: Any) -> str:
        group = _above(node, ("fieldset",))
        if group is None:
            return ""
        legend = group.css_first("legend")
        named = group.attributes.get("aria-label") or ""
        return "\n".join(filter(None, (_words(legend) if legend is not None else "", named)))

    def options(self, node: Any) -> Iterator[str]:
        for option in node.css("option") if node.tag == "select" else ():
            yield _words(option)
            yield option.attributes.get("value") or ""
            yield option.attributes.get("label") or ""
        listed = self.ids.get(node.attributes.get("list") or "")
        for option in listed.css("option") if listed is not None else ():
            yield option.attributes.get("value") or ""
            yield _words(option)

    def help(self, node: Any) -> Iterator[str]:
        """What `aria-describedby` names, and a hint that follows the input or its label."""
        for one in (node.attributes.get("aria-describedby") or "").split():
            if one in self.ids:
                yield _words(self.ids[one])
        for base in (node, _above(node, ("label",))):
            after = base.next if base is not None else None
            while after is not None and after.tag in ("-text", "br") and not after.text(deep=True).strip():
                after = after.next
            if after is not None and _is_hint(after):
                yield _words(after)


def _is_hint(node: Any) -> bool:
    said = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    is_hint = node.tag in ("small", "em", "i") or (node.tag in ("span", "p", "div") and _HELP.search(said))
    return bool(is_hint) and node.css_first("input,select,textarea,label") is None


def _above(node: Any, tags: tuple[str, ...]) -> Any:
    parent = node.parent
    while parent is not None and parent.tag not in tags:
        parent = parent.parent
    return parent


def _words(node: Any) -> str:
    """The words of a node, without those of the choices in it."""
    words = []
    for part in node.traverse(include_text=True):
        if (
            part.tag == "-text"
            and part.parent is not None
            and (node.tag == "option" or part.parent.tag not in ("option", "script", "style", "textarea"))
        ):
            words.append(part.text(deep=False))
    return " ".join(" ".join(words).split())
