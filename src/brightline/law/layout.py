"""The one canonical layout of a law file and of a scenario file, so that a pull request shows law and not style.

Comments on lines of their own stay with the key or list item that follows them. What is written is read again
before it is handed back: a layout that would change a value or lose a comment is refused.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from brightline.law.authorityfile import AUTHORITY_FIELDS, NORM_FIELDS
from brightline.law.errors import BrightlineError, shown
from brightline.law.scalars import WIDTH, inline, key_text, text_lines
from brightline.law.yamlfile import load_text

__all__ = ["CASE_FIELDS", "formatted"]

CASE_FIELDS = (
    "id", "part_of", "profile", "as_of", "facts", "readings", "strict", "action", "expect", "accept", "duties", "no_duties", "decides",
    "conditions", "cites", "basis", "strength", "contested", "situation", "asked", "source", "note",
)  # fmt: skip
_ENTRY_FIELDS = ("says", "cites", "evidence")
_INTERVAL_FIELDS = ("from", "to", "paths", "by")
_ORDER = {
    "authority": AUTHORITY_FIELDS,
    "norms": NORM_FIELDS,
    "cases": CASE_FIELDS,
    "context": _ENTRY_FIELDS,
    "enjoined": _INTERVAL_FIELDS,
}
# Always one key or item a line, however short.
_OPEN = frozenset({"norms", "context", "enjoined", "definitions", "extends", "accept", "cases"})
_SPACED = frozenset({"norms", "cases"})
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_COMMENT = re.compile("#[^\r\n\x85\u2028\u2029]*")
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
    whole, comments = _read(text, value, label)
    whole.attach(comments)
    found = "".join(f"{line}\n" for line in (*_block(whole, kind, 0), *whole.last))
    again = load_text(found, label)
    if not _same(again, value) or sorted(c for _, c in _read(found, again, label)[1]) != sorted(c for _, c in comments):
        raise BrightlineError(
            "layout", "the file has no layout that means the same", "write it with fewer quotes and comments", label
        )
    return found


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "authority" if "authority" in value else ""
    return "cases" if isinstance(value, list) and value and all(isinstance(v, dict) for v in value) else ""


def _read(text: str, value: Any, label: str) -> tuple[_Part, list[tuple[int, str]]]:
    """Take apart a file that `load_text` has accepted: its parts, and its comments with their places."""
    node: Any = yaml.compose(text, Loader=_LOADER)
    whole = _Part(value, node.start_mark.index)
    whole.read(node)
    return whole, list(_comments(text, node, label))


@dataclass(slots=True)
class _Part:
    """A value with the place before which a comment is about it, the parts in it, and the comments found."""

    value: Any
    at: int
    parts: dict[Any, _Part] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)

    def read(self, node: yaml.Node) -> None:
        """Take the parts from the composed nodes, which stand in the order of the values."""
        pairs = node.value if isinstance(node, yaml.MappingNode) else [(below, below) for below in node.value]
        for key, (start, below) in zip(
            self.value if isinstance(self.value, dict) else range(len(pairs)), pairs, strict=True
        ):
            # A comment between a key and its one word is about the key; before a longer value, about its first part.
            at = below if not below.value or isinstance(below, yaml.ScalarNode) else start
            self.parts[key] = _Part(self.value[key], at.start_mark.index)
            if isinstance(below, yaml.CollectionNode):
                self.parts[key].read(below)

    def attach(self, comments: Iterable[tuple[int, str]]) -> None:
        """Give each comment to the first part after it, the widest if several start there; or keep it for the end."""
        parts = self.walk()
        part = next(parts, None)
        for at, comment in comments:
            while part and part.at <= at:
                part = next(parts, None)
            (part.comments if part else self.last).append(comment)

    def walk(self) -> Iterator[_Part]:
        """Give every part below this one, in the order of the file."""
        for part in self.parts.values():
            yield part
            yield from part.walk()

    def is_open(self, name: str) -> bool:
        """Whether it must stand on several lines: by its name, or because a comment stands in it."""
        holds_rows = isinstance(self.value, dict) or any(isinstance(v, dict) for v in self.value)
        return bool(self.value) and ((name in _OPEN and holds_rows) or any(part.comments for part in self.walk()))


def _comments(text: str, node: yaml.Node, label: str) -> Iterator[tuple[int, str]]:
    """Every comment with its place. Raises: BrightlineError `comment` for one beside content."""
    lines = [0, *(match.end() for match in _BREAK.finditer(text))]
    end = 0
    for start, after in [*sorted(_scalar_spans(text, node)), (len(text), 0)]:
        for match in _COMMENT.finditer(text, end, start):
            number = bisect(lines, match.start())
            if text[lines[number - 1] : match.start()].strip(" \t"):
                raise BrightlineError(
                    "comment",
                    f"the comment {shown(match[0])} stands beside content",
                    "move it to its own line, above",
                    f"{label}:{number}",
                )
            yield match.start(), match[0].rstrip(" \t")
        end = after


def _scalar_spans(text: str, node: yaml.Node) -> Iterator[tuple[int, int]]:
    """Where the words of the file stand: a `#` there is no comment."""
    if isinstance(node, yaml.ScalarNode):
        start, after = node.start_mark.index, node.end_mark.index
        header = _BREAK.search(text, start) if node.style in ("|", ">") else None
        yield (header.start() if header else start), after
        return
    for part in node.value:
        for below in part if isinstance(part, tuple) else (part,):
            yield from _scalar_spans(text, below)


def _block(part: _Part, name: str, indent: int) -> Iterator[str]:
    """Lay out a mapping or a list that is not empty, one key or item after the other."""
    if isinstance(part.value, dict):
        for number, key in enumerate(_ordered(part.value, name)):
            if key == "norms" and name == "authority" and number:
                yield ""
            yield from _entry(part.parts[key], key, indent)
        return
    for index, below in part.parts.items():
        if index and name in _SPACED and isinstance(below.value, dict):
            yield ""
        yield from _item(below, name, indent)


def _ordered(row: dict[str, Any], name: str) -> list[str]:
    known = _ORDER.get(name, ())
    return sorted(row, key=lambda key: known.index(key) if key in known else len(known))


def _entry(part: _Part, key: str, indent: int) -> Iterator[str]:
    yield from (" " * indent + comment for comment in part.comments)
    head = f"{' ' * indent}{key_text(key)}:"
    if not isinstance(part.value, (dict, list)):
        yield from text_lines(head, part.value, indent + 2)
    elif _fits(part, key, head):
        yield f"{head} {inline(part.value)}"
    else:
        yield head
        yield from _block(part, key, indent + 2)


def _item(part: _Part, name: str, indent: int) -> Iterator[str]:
    yield from (" " * indent + comment for comment in part.comments)
    head = f"{' ' * indent}-"
    if not isinstance(part.value, (dict, list)):
        yield from text_lines(head, part.value, indent + 2)
    elif _fits(part, name, head) or (isinstance(part.value, list) and not part.is_open(name)):
        yield f"{head} {inline(part.value)}"
    else:
        yield from _dashed(list(_block(part, name, indent + 2)), head)


def _dashed(lines: list[str], head: str) -> Iterator[str]:
    """Put the dash of an item on its first line of content; comments before that come out of the item."""
    first = next(number for number, line in enumerate(lines) if not line.lstrip(" ").startswith("#"))
    yield from (line[2:] for line in lines[:first])
    yield f"{head} {lines[first][len(head) + 1 :]}"
    yield from lines[first + 1 :]


def _fits(part: _Part, name: str, head: str) -> bool:
    return not part.is_open(name) and (not part.value or len(head) + 1 + len(inline(part.value)) <= WIDTH)


def _same(one: Any, other: Any) -> bool:
    """Whether two parsed files mean the same; the order of keys means nothing."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return str(one) == str(other)
