"""The one canonical layout of a law file and of a scenario file, so that a pull request shows law and not style.

Comments on lines of their own stay with the key or list item that follows them. What is written is read again
before it is handed back: a layout that would change a value or lose a comment is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from brightline.law.authorityfile import AUTHORITY_FIELDS, NORM_FIELDS
from brightline.law.errors import BrightlineError
from brightline.law.scalars import WIDTH, inline, text_lines
from brightline.law.yamlfile import load_text

__all__ = ["CASE_FIELDS", "formatted"]

CASE_FIELDS = (
    "id", "part_of", "profile", "as_of", "facts", "readings", "strict", "action", "expect", "accept", "duties", "decides",
    "conditions", "cites", "basis", "strength", "contested", "situation", "asked", "source", "note",
)  # fmt: skip
_ENTRY_FIELDS = ("says", "cites", "evidence")
_INTERVAL_FIELDS = ("from", "to", "paths", "by")
_ORDER = {"authority": AUTHORITY_FIELDS, "norms": NORM_FIELDS, "cases": CASE_FIELDS, "context": _ENTRY_FIELDS, "enjoined": _INTERVAL_FIELDS}
# Always one key or item a line, however short.
_OPEN = frozenset({"norms", "context", "enjoined", "definitions", "extends", "accept", "cases"})
_SPACED = frozenset({"norms", "cases"})
_BREAKS = "\r\n\x85\u2028\u2029"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def formatted(text: str, label: str) -> str:
    """Lay out a law file or a list of scenarios; text of any other kind comes back as it is.

    Raises: BrightlineError `yaml` if it cannot be read, `comment` for a comment beside content, `layout` if
    the layout would not mean the same.
    """
    text = text.removeprefix("\ufeff")
    value = load_text(text, label)
    kind = _kind(value)
    if not kind:
        return text
    node: yaml.Node = yaml.compose(text, Loader=_LOADER)
    comments = _comments(text, node, label)
    part = _Part(value, node.start_mark.index)
    part.read(node)
    for at, comment in comments:
        part.attach(at, comment)
    found = "".join(f"{line}\n" for line in (*_block(part, kind, 0), *part.last))
    _check_same(found, value, [c for _, c in comments], label)
    return found


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "authority" if "authority" in value else ""
    return "cases" if isinstance(value, list) and value and all(isinstance(v, dict) for v in value) else ""


@dataclass(slots=True)
class _Part:
    """A value with the place where it starts, the parts in it and the comments before it."""

    value: Any
    at: int
    parts: dict[Any, _Part] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)

    def read(self, node: yaml.Node) -> None:
        """Take the places of the parts from the composed nodes, which stand in the order of the values."""
        if isinstance(node, yaml.MappingNode):
            inner = [(key, at.start_mark.index, below) for key, (at, below) in zip(self.value, node.value, strict=True)]
        elif isinstance(node, yaml.SequenceNode):
            inner = [(index, below.start_mark.index, below) for index, below in enumerate(node.value)]
        else:
            return
        for key, at, below in inner:
            self.parts[key] = _Part(self.value[key], at)
            self.parts[key].read(below)
            # A comment between a key and its value belongs to the key.
            self.parts[key].comments = []

    def attach(self, at: int, comment: str) -> None:
        """Give a comment to the first part that starts after it, the widest if several do; or keep it for the end."""
        for part in self.walk():
            if part.at > at:
                part.comments.append(comment)
                return
        self.last.append(comment)

    def walk(self) -> Iterator[_Part]:
        """Give every part below this one, in the order of the file."""
        for part in self.parts.values():
            yield part
            yield from part.walk()

    def is_open(self, name: str) -> bool:
        """Whether it must stand on several lines: by its name, or because a comment stands in it."""
        return name in _OPEN or any(part.comments for part in self.walk())
